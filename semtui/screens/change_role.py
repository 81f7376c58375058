"""Change the organization role of a person or a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Button, OptionList, Static

from semtui import operations
from semtui.operations import Verdict
from semtui.people import People, Subject
from semtui.presentation import SOURCE_WORDS, meaning, name_of, permissions_page, styled
from semtui.screens.reading import ReadingScreen
from semtui.screens.request_modal import Done, RequestModal
from semtui.session import Session
from semtui.widgets.role_list import RoleList

if TYPE_CHECKING:
    from semtui.models import Role


class ChangeRole(RequestModal):
    """Replaces the one role that was assigned by hand; roles from elsewhere stay (`api.md` §3.4)."""

    def __init__(self, session: Session, people: People, subject: Subject) -> None:
        super().__init__(session, subject.id)
        self._people = people
        self._subject = subject
        self._manual = subject.manual_role

    def heading(self) -> str:
        return f"Change the role of {name_of(self._subject)}"

    def compose_body(self) -> ComposeResult:
        for words in self._warnings():
            yield Static(words, classes="warning", markup=False)
        roles, note = self._people.role_offers
        yield RoleList(roles, self._manual.role_id if self._manual else "", id="roles")
        if note:
            yield Static(note, classes="note", markup=False)
        yield Static(id="meaning", classes="note")

    def compose_buttons(self) -> ComposeResult:
        yield Button("Change role", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)
        yield Static("enter changes it   p: all permissions", id="hint")

    def _warnings(self) -> list[str]:
        """What the present bindings mean for a change, before anything is sent."""
        bindings = self._subject.roles or ()
        words = []
        if any(binding.role_name == "Owner" for binding in bindings):
            owners = [row for row in self._people.subjects if any(b.role_name == "Owner" for b in row.roles or ())]
            last = "This is the last Owner shown here; Semaphore does not stop you from leaving none. "
            words.append(
                (last if len(owners) == 1 else "") + "Changing an Owner takes the permission organization.change_owner."
            )
        for binding in bindings:
            if binding.source != "manually":
                source = SOURCE_WORDS.get(binding.source, f"from “{binding.source}”")
                words.append(f"{binding.role_name} stays whatever is chosen here: it is {source}.")
        return words

    def on_mount(self) -> None:
        self.query_one(RoleList).focus()
        self._explain()

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        role = self.query_one(RoleList).chosen
        present = role is not None and self._manual is not None and role.id == self._manual.role_id
        prompt = styled([("Each role's meaning shows here.", "muted")])
        self.query_one("#meaning", Static).update(meaning(role) if role else prompt)
        self.query_one("#send", Button).disabled = role is None or present

    @on(OptionList.OptionSelected)
    def confirm(self) -> None:
        role = self.query_one(RoleList).chosen
        if role is None or self.busy or not self.settled_in:
            return
        if self._manual is not None and role.id == self._manual.role_id:
            self.say(f"{name_of(self._subject)} holds {role.name} already.")
        else:
            self._change(role)

    @work(group="request", description="")
    async def _change(self, role: Role) -> None:
        subject, name = self._subject, name_of(self._subject)

        async def send() -> Done:
            await self.session.write(lambda client: client.assign_role(subject.id, role.id))
            return Done(f"The role of {name} is now {role.name}.", subject.id)

        async def check() -> Verdict:
            return await self.session.read(lambda client: operations.check_role(client, subject.id, name, role))

        await self.carry_out(f"Giving {name} the role {role.name}…", send, check)

    @on(RoleList.PermissionsAsked)
    def _show_permissions(self, event: RoleList.PermissionsAsked) -> None:
        self.app.push_screen(ReadingScreen(f"What {event.role.name} permits", permissions_page(event.role)))
