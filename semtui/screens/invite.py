"""Invite a person by the login they have where their code is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from semtui import member_requests
from semtui.access_words import withheld_roles
from semtui.member_requests import PROVIDERS
from semtui.permission_words import description
from semtui.presentation import Line
from semtui.roster import Roster
from semtui.screens.request_modal import RequestModal
from semtui.styling import styled
from semtui.widgets.field import Field
from semtui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.models import Role


class Invite(RequestModal):
    """A provider, a login, for Bitbucket a uid, and perhaps a role."""

    providers = query_one("#providers", OptionList)
    handle = query_one("#handle", Input)
    uid = query_one("#uid", Input)
    role_list = query_one("#roles", RoleList)

    def __init__(self, roster: Roster) -> None:
        super().__init__(roster.session)
        self._people = roster.people

    def heading(self) -> str:
        return "Invite a person"

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="provider-field"):
            yield Label("Login at")
            yield OptionList(*(Option(words) for _, words in PROVIDERS), id="providers")
        with Horizontal(classes="field"):
            yield Label("Login")
            yield Field(id="handle", compact=True, select_on_focus=False)
        with Horizontal(classes="field", id="uid-field"):
            yield Label("Bitbucket uid")
            yield Field(id="uid", compact=True, select_on_focus=False)
        roles, note = self._people.role_offers
        with Horizontal(id="role-field"):
            yield Label("Role")
            yield RoleList(
                self._offers(roles), "", withheld_roles(roles, self._people, self.session.not_held), id="roles"
            )
        if note:
            yield Static(note, classes="note", markup=False)
        yield Static(id="meaning", classes="note")

    @staticmethod
    def _offers(roles: Sequence[Role]) -> tuple[Role, ...]:
        from semtui.models import Role

        words = "Semaphore makes them a Member"
        return (Role(id="none", name="no role", description=words), *roles)

    def compose_buttons(self) -> ComposeResult:
        yield Button("Invite", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)
        yield Static("tab next field   p all permissions", id="hint")

    def on_mount(self) -> None:
        self.providers.highlighted = self.role_list.highlighted = 0
        self._explain()
        self.providers.focus()

    @property
    def _provider(self) -> str:
        return PROVIDERS[self.providers.highlighted or 0][0]

    @property
    def _role(self) -> Role | None:
        role = self.role_list.chosen
        return None if role is None or role.id == "none" else role

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        self.query_one("#uid-field").display = self._provider == "bitbucket"
        default = styled([("Without a role Semaphore makes the person a Member.", "muted")])
        self.query_one("#meaning", Static).update(styled(description(self._role)) if self._role else default)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def confirm(self) -> None:
        """Send, when everything that can be checked here is right."""
        if self.busy or not self.settled_in:
            return
        if not self.handle.value.strip():
            self.say("A login is needed.", "bad")
            self.handle.focus()
        elif self._provider == "bitbucket" and not self.uid.value.strip():
            self.say("Bitbucket needs the person's uid as well.", "bad")
            self.uid.focus()
        else:
            self._invite()

    @work(group="request", description="")
    async def _invite(self) -> None:
        provider, handle, role = self._provider, self.handle.value.strip(), self._role
        uid = self.uid.value.strip() if provider == "bitbucket" else ""

        await self.carry_out(
            f"Inviting {handle}…",
            partial(member_requests.invite, self.session, provider, handle, uid, role),
            partial(member_requests.check_invited, handle),
        )

    def reading_of(self, role: Role) -> tuple[str, Sequence[Line]]:
        return ("", ()) if role.id == "none" else super().reading_of(role)
