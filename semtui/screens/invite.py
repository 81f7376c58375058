"""Invite a person by the login they have where their code is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Button, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from semtui.access_words import withheld_roles
from semtui.permission_words import description
from semtui.presentation import Line
from semtui.roster import Roster
from semtui.screens.request_modal import Done, RequestModal
from semtui.styling import styled
from semtui.verdicts import Verdict
from semtui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.models import Invitation, Role

PROVIDERS = (("github", "GitHub"), ("bitbucket", "Bitbucket"), ("gitlab", "GitLab"))


def outcome_words(invitation: Invitation, handle: str, role: Role | None) -> tuple[str, bool]:
    """What became of an invitation, and whether it is all that was asked for (`api.md` §2.2)."""
    name = role.name if role else "Member"
    sentences = {
        "assigned": (f"Invited {handle}, who holds the role {name}.", True),
        "pending": (
            f"Invited {handle}, who has no Semaphore account yet. "
            + (f"Give the role {name} after the first sign-in: until then they are a Member." if role else ""),
            role is None,
        ),
        "denied": (f"Invited {handle}, but the role {name} was not given: you may not grant it.", False),
        "defaulted_to_member": (f"Invited {handle} as a Member.", True),
    }
    unknown = (f"Semaphore answered, but not what became of the invitation of {handle}.", False)
    words, whole = sentences.get(invitation.status, unknown)
    return words.strip(), whole


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
            yield Input(id="handle", compact=True, select_on_focus=False)
        with Horizontal(classes="field", id="uid-field"):
            yield Label("Bitbucket uid")
            yield Input(id="uid", compact=True, select_on_focus=False)
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
        for field in (self.handle, self.uid):
            field.cursor_blink = False
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

        async def send() -> Done:
            invitation = await self.session.write(
                lambda client: client.invite_member(provider, handle, uid=uid, role_id=role.id if role else "")
            )
            words, whole = outcome_words(invitation, handle, role)
            return Done(words, invitation.user_id, tone="good" if whole else "warn")

        async def check() -> Verdict:
            # Whom a login belongs to is in none of Semaphore's lists, so nothing can be looked up.
            words = f"{handle} may or may not have been invited. Inviting again is safe: it makes no second entry."
            return Verdict("not done", words)

        await self.carry_out(f"Inviting {handle}…", send, check)

    def reading_of(self, role: Role) -> tuple[str, Sequence[Line]]:
        return ("", ()) if role.id == "none" else super().reading_of(role)
