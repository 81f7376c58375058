"""Take the role away that somebody was given by hand: a person leaves the organization, a group loses its role."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Static

from semtui import access, operations
from semtui.access_words import effect_lines
from semtui.errors import SemaphoreError
from semtui.keys import key
from semtui.people import Subject
from semtui.presentation import Line, name_of, source_words
from semtui.roster import Roster
from semtui.screens.request_modal import Done, RequestModal
from semtui.verdicts import Verdict
from semtui.widgets.paragraphs import Paragraphs


def removal_obstacle(subject: Subject, *, community: bool) -> str:
    """Why Semaphore would not remove this person or group; empty when it would (`api.md` §2.4)."""
    if subject.roles is None:
        return "The list of roles is missing, so nothing safe can be removed."
    if subject.manual_role is None:
        return f"{name_of(subject)} holds no role by hand, and only those can be taken away here."
    if not community and subject.is_owner:
        return f"{name_of(subject)} is an Owner, and Semaphore removes none; give another role first ({key('edit')})."
    return ""


class RemoveMember(RequestModal):
    """Says what is lost and what stays, asks, sends, and reports what is true afterwards."""

    cancel = query_one("#cancel", Button)

    def __init__(self, roster: Roster, subject: Subject) -> None:
        super().__init__(roster.session, subject.id)
        self._people = roster.people
        self._own = roster.own_id == subject.id
        self._subject = subject
        self._called = name_of(subject)

    @property
    def _staying(self) -> list[str]:
        """Roles from elsewhere, which keep the person in the organization."""
        others = [binding for binding in self._subject.roles or () if not binding.by_hand]
        return [f"{binding.role_name}, which is {source_words(binding.source)}" for binding in others]

    def heading(self) -> str:
        if self._subject.kind == "group":
            return f"Take the role of {self._called} away?"
        return f"Remove {self._called} from the organization?"

    def compose_body(self) -> ComposeResult:
        if caution := self._people.caution(self._subject):
            yield Static(Content(caution), classes="caution")
        if self._own:
            yield Static("This is you: you would lose your own access.", classes="warning", markup=False)
        if self._subject.is_owner:
            words = "An Owner; Community lets everybody who manages people remove the last one too."
            yield Static(words, classes="warning", markup=False)
        yield Static(self._words(), markup=False)
        subject, people = self._subject, self._people
        effect = access.effect(subject, people, None) if self._keeps else access.loss_of_all(subject, people)
        yield Paragraphs([Line(), *effect_lines(effect)], id="effect")

    def _words(self) -> str:
        if self._subject.kind == "group":
            members = len(self._subject.member_ids or ())
            return f"The group stays, but its role no longer reaches its members ({members})."
        if self._staying:
            return f"{self._called} stays a member through {'; '.join(self._staying)}: it cannot be removed here."
        words = f"{self._called} leaves the organization and all of its projects."
        if self._subject.groups:
            groups = ", ".join(self._subject.groups)
            words += f" Membership in {groups} ends too, but not before Semaphore's queue has run."
        return words

    def compose_buttons(self) -> ComposeResult:
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Take the role away" if self._keeps else "Remove", id="send", variant="error", compact=True)

    @property
    def _keeps(self) -> bool:
        return bool(self._staying) or self._subject.kind == "group"

    def on_mount(self) -> None:
        self.cancel.focus()

    def confirm(self) -> None:
        self._remove()

    @work(group="request", description="")
    async def _remove(self) -> None:
        subject_id, name = self._subject.id, self._called

        async def check() -> Verdict:
            return await self.session.read(lambda client: operations.check_removal(client, subject_id, name))

        async def send() -> Done:
            await self.session.write(lambda client: client.remove_member(subject_id))
            return await self._true_now()

        await self.carry_out(f"Removing {name}…", send, check)

    async def _true_now(self) -> Done:
        """Semaphore says yes to a removal that leaves the person a member too, so look (`api.md` §2.4)."""
        subject_id, name = self._subject.id, self._called
        try:
            bindings = await self.session.read(lambda client: operations.bindings_of(client, subject_id))
        except SemaphoreError as error:
            words = f"Semaphore said that {name} is removed; that it is so cannot be read. {error}"
            return Done(words, subject_id, tone="warn")
        if self._subject.kind == "group" and not bindings:
            return Done(f"The group {name} has no role any more.", subject_id)
        if not bindings:
            return Done(f"Removed {name}.")
        staying = ", ".join(f"{binding.role_name} ({binding.source})" for binding in bindings)
        return Done(f"{name} stays a member through {staying}.", subject_id, tone="warn")
