"""Invite a person by the login they have where their code is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.changes import invite
from semtui.changes.invite import PROVIDERS
from semtui.organization.store import OrganizationStore
from semtui.tui.screens.form import Form, FormError
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.reserved import Reserved
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.granting import withheld_roles
from semtui.wording.permissions import description
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import Role


class Invite(Form):
    """A login, its provider, for Bitbucket a uid, and perhaps a role."""

    providers = query_one("#providers", ChoiceList)
    handle = query_one("#handle", Input)
    uid = query_one("#uid", Input)
    role_list = query_one("#roles", RoleList)

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store.session)
        self._people = store.people

    def heading(self) -> str:
        """The dialog's title."""
        return "Invite a person"

    def compose_body(self) -> ComposeResult:
        """Lay out login, provider, Bitbucket uid and role."""
        with Horizontal(classes="field"):
            yield Label("Login")
            yield Field(id="handle", compact=True)
        with Horizontal(id="provider-field"):
            yield Label("Login at")
            choices = (Choice(provider, words, ((words, "plain"),)) for provider, words in PROVIDERS)
            yield ChoiceList(choices, PROVIDERS[0][0], id="providers")
        with Horizontal(classes="field", id="uid-field"):
            yield Label("Bitbucket uid")
            yield Field(id="uid", compact=True)
        roles, note = self._people.role_offers
        with Horizontal(id="role-field"):
            yield Label("Role")
            withheld = withheld_roles(roles, self._people, self.session.permissions.not_held)
            yield RoleList(self._offers(roles), "", withheld, chosen="none", id="roles")
        if note:
            yield Static(note, classes="note", markup=False)
        yield Reserved(lambda: (styled(description(each)) for each in roles), id="meaning")

    @staticmethod
    def _offers(roles: Sequence[Role]) -> tuple[Role, ...]:
        from semtui.api.models import Role

        words = "Semaphore makes them a Member"
        return (Role(id="none", name="no role", description=words), *roles)

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Invite" and "Cancel"."""
        yield Button("Invite", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Focus the login."""
        self.handle.focus()

    @property
    def _provider(self) -> str:
        return self.providers.chosen_id or PROVIDERS[0][0]

    @property
    def _role(self) -> Role | None:
        role = self.role_list.chosen
        return None if role is None or role.id == "none" else role

    def review(self) -> None:
        """Show the uid field for Bitbucket only, and describe the chosen role."""
        self.query_one("#uid-field").display = self._provider == "bitbucket"
        default = styled([("Without a role Semaphore makes the person a Member.", "muted")])
        self.query_one("#meaning", Static).update(styled(description(self._role)) if self._role else default)

    def validation_error(self) -> FormError | None:
        """Refuse an empty login and, for Bitbucket, an empty uid."""
        if not self.handle.value.strip():
            return FormError("A login is needed.", self.handle)
        if self._provider == "bitbucket" and not self.uid.value.strip():
            return FormError(invite.UID_NEEDED, self.uid)
        return None

    def submit(self) -> None:
        """Send the invitation."""
        self._invite()

    @work(group="request", description="")
    async def _invite(self) -> None:
        provider, handle, role = self._provider, self.handle.value.strip(), self._role
        uid = self.uid.value.strip() if provider == "bitbucket" else ""

        await self.carry_out(
            f"Inviting {handle}…",
            partial(invite.invite, self.session, provider, handle, uid, role),
            partial(invite.check_invited, handle),
        )

    def role_page(self, role: Role) -> tuple[str, Sequence[Line]]:
        """The page of what a role permits; empty for "no role"."""
        return ("", ()) if role.id == "none" else super().role_page(role)
