"""Change the organization role of a person or a group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.getters import query_one
from textual.widgets import Button, Static

from semtui.audit.what_if.operations import Operation
from semtui.changes import assign_role
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.effect import ROLE_PAGE, Effect
from semtui.tui.screens.form import Form, FormError
from semtui.tui.styling import styled
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.reserved import Reserved
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.edits import change_line
from semtui.wording.granting import change_warnings, withheld_roles
from semtui.wording.permissions import description
from semtui.wording.styled_text import Line
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role


class ChangeRole(Form):
    """Replaces the one role that was assigned directly; roles from elsewhere stay (`API.md#assigning`)."""

    role_list = query_one("#roles", RoleList)

    def __init__(self, store: OrganizationStore, subject: Subject) -> None:
        super().__init__(store.session, subject.id)
        self._store = store
        self._people = store.people
        self._own_id = store.own_id
        self._subject = subject
        self._manual = subject.manual_role
        self._request = assign_role.RoleChange(store.session, subject)

    def heading(self) -> str:
        """Name whose role is changed."""
        return f"Change the role of {name_of(self._subject)}"

    def compose_body(self) -> ComposeResult:
        """Lay out warnings, the roles to choose from, and what the chosen one means and changes."""
        for words in change_warnings(self._subject, self._people, self._own_id):
            yield Static(words, classes="warning", markup=False)
        roles, note = self._people.role_offers
        yield RoleList(roles, self._manual.role_id if self._manual else "", self._withheld(), id="roles")
        if note:
            yield Static(note, classes="note", markup=False)
        yield Reserved(lambda: (styled(description(each)) for each in roles), id="meaning")
        yield Effect(self._store, told=("caller", "stays"), more=ROLE_PAGE)
        yield Paragraphs(id="changes")

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Change role" and "Cancel"."""
        yield Button("Change role", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def _withheld(self) -> dict[str, str]:
        others = (role for role in self._people.role_offers[0] if not self._holds(role))
        return withheld_roles(others, self._people, self.session.permissions.not_held)

    def _holds(self, role: Role) -> bool:
        return self._manual is not None and role.id == self._manual.role_id

    def on_mount(self) -> None:
        """Focus the list of roles."""
        self.role_list.focus()

    def differences(self) -> Sequence[Line]:
        """The change from the present role to the chosen one; empty if there is none."""
        role = self.role_list.chosen
        if role is None or self._holds(role):
            return ()
        return [change_line("Role", self._manual.role_name if self._manual else "", role.name)]

    def review(self) -> None:
        """Show the chosen role's description, and who gains and loses what by it."""
        role = self.role_list.chosen
        prompt = styled([("Each role's meaning shows here.", "muted")])
        self.query_one("#meaning", Static).update(styled(description(role)) if role else prompt)
        self.query_one(Effect).ask([self._operation(role)] if role is not None and not self._holds(role) else ())

    def _operation(self, role: Role) -> Operation:
        return Operation("role", self._subject.id, role.id)

    def validation_error(self) -> FormError | None:
        """Refuse when no role is chosen, or the one that is held already."""
        role = self.role_list.chosen
        if role is None:
            return FormError("A role is needed: ↑ ↓ choose one.", self.role_list)
        if self._holds(role):
            return FormError(f"{name_of(self._subject)} holds {role.name} already.", self.role_list, "plain")
        return None

    def submit(self) -> None:
        """Send the change to the chosen role."""
        if (role := self.role_list.chosen) is not None:
            self._change(role)

    @work(group="request", description="")
    async def _change(self, role: Role) -> None:
        await self.carry_out(
            f"Giving {name_of(self._subject)} the role {role.name}…",
            partial(self._request.send, role),
            partial(self._request.check, role),
        )
        if self.is_attached:
            self.role_list.withhold(self._withheld())
            self._reviewed()

    def role_page(self, role: Role) -> tuple[str, Sequence[Line]]:
        """The page of what giving a role would change, and of what it permits."""
        operations = [] if self._holds(role) else [self._operation(role)]
        return f"{name_of(self._subject)} as {role.name}", self.query_one(Effect).role_page(role, operations)
