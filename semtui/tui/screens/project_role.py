"""Grant somebody a role on a project, or remove it. On Community a request must name no role
(`API.md#project-roles`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.widgets import Button, Static

from semtui.changes import project_role
from semtui.organization.roles import known_roles
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.form import Form, FormError
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.edits import change_line
from semtui.wording.sources import source_words
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.api.models import (
        Member,
        Project,
        Role,
        RoleBinding,
    )


class AssignProjectRole(Form):
    """Chooses among the project roles that are known; on Community only membership can be given."""

    def __init__(
        self,
        store: OrganizationStore,
        project: Project,
        subject: Subject,
        name: str,
        held: Sequence[RoleBinding],
    ) -> None:
        super().__init__(store.session, subject.id)
        self._subject = subject
        self._project = project
        self._called = name
        self._community = store.people.community
        self._held = project_role.held_values(store.projects.members_of(project.id), subject)
        manual = [binding.role_id for binding in held if binding.is_manual]
        self._present = manual[0] if manual else ""
        known = known_roles(store.people, store.projects)
        self._roles = [each.role for each in known if each.known_by == "project"]

    def heading(self) -> str:
        """Name the subject and the project."""
        return f"{self._called} on {self._project.name}"

    def compose_body(self) -> ComposeResult:
        """Lay out the project roles to choose from, or on Community what membership means."""
        if self._community:
            yield Static(
                f"{project_role.community_words(self._called)} For an Owner or Admin nothing changes: they are on "
                "every project.",
                markup=False,
            )
            return
        yield RoleList(self._roles, self._present, id="roles")
        words = project_role.ONLY_ROLES_SEEN if self._roles else project_role.NO_ROLE_KNOWN
        yield Static(words, classes="note", markup=False)
        if words := project_role.not_shown_words(self._subject):
            yield Static(words, classes="note", markup=False)
        yield Paragraphs(id="changes")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Give the role" ("Add to the project" on Community) and "Cancel"."""
        words = "Add to the project" if self._community else "Give the role"
        yield Button(words, id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Focus the roles, or "Cancel" where there are none to choose."""
        if self._community:
            self.query_one("#cancel").focus()
        else:
            self.query_one(RoleList if self._roles else "#cancel").focus()

    def validation_error(self) -> FormError | None:
        """Refuse when no role is chosen, or the one that is held already."""
        if self._community:
            return None
        roles = self.query_one(RoleList)
        if roles.chosen is None:
            return (
                FormError("A role is needed: ↑ ↓ choose one.", roles)
                if self._roles
                else FormError(project_role.NO_ROLE_KNOWN)
            )
        if roles.chosen.id == self._present:
            return FormError(f"{self._called} holds {roles.chosen.name} here already.", roles, "plain")
        return None

    def differences(self) -> Sequence[Line]:
        """The change from the present role to the chosen one; empty if there is none."""
        role = None if self._community else self.query_one(RoleList).chosen
        if role is None or role.id == self._present:
            return ()
        before = next((each.name for each in self._roles if each.id == self._present), "")
        return [change_line("Role", before, role.name)]

    def submit(self) -> None:
        """Give the chosen role or, on Community, membership."""
        self._give(None if self._community else self.query_one(RoleList).chosen)

    @work(group="request", description="")
    async def _give(self, role: Role | None) -> None:
        give = (self.session, self._project, self._subject, self._called, role)
        await self.carry_out(
            f"Adding {self._called} to {self._project.name}…",
            partial(project_role.assign, *give, self._held),
            partial(project_role.check_assigned, *give),
        )


class RemoveProjectRole(RequestModal):
    """Removes the directly assigned role; names what stays."""

    def __init__(self, store: OrganizationStore, project: Project, member: Member) -> None:
        super().__init__(store.session, member.id)
        self._project = project
        self._member = member

    def heading(self) -> str:
        """Ask whether to remove this member's role on the project."""
        return f"Take {self._member.name}'s role on {self._project.name} away?"

    def compose_body(self) -> ComposeResult:
        """Lay out which role is lost, and which stay because they come from elsewhere."""
        yield Static(project_role.removal_words(self._member), markup=False)
        for binding in self._member.roles:
            if not binding.is_manual:
                words = f"{binding.role_name} stays: it is {source_words(binding.source)}."
                yield Static(words, classes="warning", markup=False)

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is" and "Remove"."""
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Remove", id="send", variant="error", compact=True)

    def on_mount(self) -> None:
        """Focus the button that changes nothing."""
        self.query_one("#cancel").focus()

    def confirm(self) -> None:
        """Send the removal."""
        self._retract()

    @work(group="request", description="")
    async def _retract(self) -> None:
        member, project = self._member, self._project
        await self.carry_out(
            f"Removing the role of {member.name}…",
            partial(project_role.remove, self.session, project, member),
            partial(project_role.check_removed, self.session, project, member),
        )
