"""Chooses the projects of a new account, each with a role there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button, Label, Static

from semtui.changes import project_role
from semtui.changes.lacking import ProjectRole
from semtui.changes.result import ChangeResult
from semtui.organization.roles import known_roles
from semtui.text.folding import haystack
from semtui.tui.screens.form import Form, FormError
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.picker import Choice, Picker
from semtui.tui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from semtui.api.models import Project, Role
    from semtui.organization.store import OrganizationStore


class ProjectPicker(Form):
    """Marks projects; each gets the role that is chosen above when it is marked. The choice is in `grants` once it has
    been answered with a result. The projects are loaded before."""

    KEEPS_DRAFT: ClassVar[bool] = False
    UNDONE: ClassVar[str] = "Nothing was changed"

    def __init__(self, store: OrganizationStore, chosen: Sequence[ProjectRole]) -> None:
        super().__init__(store.session)
        self._store = store
        self._given: dict[str, ProjectRole] = {each.project_id: each for each in chosen}
        self._roles = self._known_roles()

    def _known_roles(self) -> list[Role]:
        """The project roles that are known; none on Community, which has none."""
        return [
            each.role
            for each in known_roles(self._store.people, self._store.projects)
            if each.known_by == "project" and not self._store.people.community
        ]

    def heading(self) -> str:
        """Say what is chosen."""
        return "The projects of the new account"

    def compose_body(self) -> ComposeResult:
        """Lay out the roles on projects and the projects."""
        community = self._store.people.community
        with Horizontal(id="role-field"):
            yield Label("Role there")
            least = min(self._roles, key=lambda role: len(role.permissions), default=None)
            yield RoleList(self._roles, chosen=least.id if least else "", id="roles")
        words = project_role.NO_ROLES_ON_COMMUNITY if community else project_role.ONLY_ROLES_SEEN
        yield Static(words, classes="note", markup=False)
        yield Picker(
            self._choices(),
            (),
            columns=(Column("name", "PROJECTS", 20, share=2), Column("words", "", 16, share=1, rank=1)),
            hint="find projects; space adds one with the role above",
            nothing="No project matches.",
            id="projects",
        )

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Take these" and "Cancel"."""
        yield Button("Take these", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Mark what was chosen before, and focus the search."""
        self.query_one("#role-field").display = not self._store.people.community
        self._show()
        self.query_one(Picker).finder.focus()

    def _show(self) -> None:
        picker = self.query_one(Picker)
        picker.offer(self._choices())
        picker.toggle(self._given)

    def _choices(self) -> list[Choice]:
        projects = sorted(self._store.projects.listing.items, key=lambda project: project.name.casefold())
        return [
            Choice(
                each.id,
                each.name,
                (self._given[each.id].role or "member") if each.id in self._given else "",
                haystack(each.name, each.description),
            )
            for each in projects
        ]

    @on(Picker.Changed)
    def _marked(self) -> None:
        """Give what was just marked the role that is chosen above."""
        picker = self.query_one(Picker)
        self._given = {each: self._given.get(each) or self._grant(self._projects[each]) for each in picker.chosen}
        picker.offer(self._choices())

    @property
    def _projects(self) -> Mapping[str, Project]:
        return {each.id: each for each in self._store.projects.listing.items}

    def _grant(self, project: Project) -> ProjectRole:
        role = self.query_one(RoleList).chosen if self._roles else None
        return ProjectRole(project.id, project.name, role.id if role else "", role.name if role else "")

    @property
    def grants(self) -> tuple[ProjectRole, ...]:
        """What is chosen, by name."""
        return tuple(sorted(self._given.values(), key=lambda each: each.project.casefold()))

    def validation_error(self) -> FormError | None:
        """Refuse a project without a role, which only Community takes."""
        if not self._store.people.community and any(not each.role_id for each in self._given.values()):
            return FormError(project_role.NO_ROLE_KNOWN)
        return None

    def submit(self) -> None:
        """Answer; nothing is sent."""
        self.dismiss(ChangeResult(""))
