"""Take the role away that somebody was given by hand: a person leaves the organization, a group loses its role."""

from __future__ import annotations

from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Static

from semtui import access, member_requests
from semtui.access_words import effect_lines
from semtui.people import Subject
from semtui.presentation import Line, name_of
from semtui.roster import Roster
from semtui.screens.request_modal import RequestModal
from semtui.widgets.paragraphs import Paragraphs


class RemoveMember(RequestModal):
    """Says what is lost and what stays, asks, sends, and reports what is true afterwards."""

    cancel = query_one("#cancel", Button)

    def __init__(self, roster: Roster, subject: Subject) -> None:
        super().__init__(roster.session, subject.id)
        self._people = roster.people
        self._own = roster.own_id == subject.id
        self._subject = subject
        self._called = name_of(subject)
        self._keeps = member_requests.stays(subject)

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
        yield Static(member_requests.removal_words(self._subject), markup=False)
        subject, people = self._subject, self._people
        effect = access.effect(subject, people, None) if self._keeps else access.loss_of_all(subject, people)
        yield Paragraphs([Line(), *effect_lines(effect)], id="effect")

    def compose_buttons(self) -> ComposeResult:
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Take the role away" if self._keeps else "Remove", id="send", variant="error", compact=True)

    def on_mount(self) -> None:
        self.cancel.focus()

    def confirm(self) -> None:
        self._remove()

    @work(group="request", description="")
    async def _remove(self) -> None:
        await self.carry_out(
            f"Removing {self._called}…",
            partial(member_requests.remove, self.session, self._subject),
            partial(member_requests.check_removed, self.session, self._subject),
        )
