"""Remove the directly assigned role: a person leaves the organization, a group loses its role."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Static

from semtui.audit.what_if.operations import Operation
from semtui.changes import remove_member
from semtui.organization.store import OrganizationStore
from semtui.organization.subject import Subject
from semtui.tui.screens.effect import BUTTON, Effect, EffectButton
from semtui.tui.screens.impact import ImpactButton
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.typed_confirmation import TypedConfirmation
from semtui.tui.styling import styled
from semtui.wording import confirmations as confirmation_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class RemoveMember(RequestModal):
    """Says what is lost and what stays, asks, sends, and reports what is true afterwards."""

    cancel = query_one("#cancel", Button)

    def __init__(self, store: OrganizationStore, subject: Subject) -> None:
        super().__init__(store.session, subject.id)
        self._store = store
        self._subject = subject
        self._called = name_of(subject)

    def heading(self) -> str:
        """Ask whether to remove the subject or its role."""
        return _heading(self._subject)

    def compose_body(self) -> ComposeResult:
        """Lay out what is lost and what stays."""
        yield from _warnings(self._store, self._subject)

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is", and "Remove" or "Remove the role"."""
        words = "Remove the role" if remove_member.remains_member(self._subject) else "Remove"
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button(words, id="send", variant="error", compact=True)
        yield EffectButton()
        if self._subject.kind == "person":
            yield ImpactButton(self._store, self._subject)

    def on_mount(self) -> None:
        """Focus the button that changes nothing, and work out what is lost."""
        self.cancel.focus()
        self.query_one(Effect).ask(_operations(self._subject))

    def confirm(self) -> None:
        """Send the removal; it is asked about once more first, so that no burst of keys is an answer."""
        if self.asked:
            self._remove()
        else:
            self.ask_again(confirmation_words.removal_question(self._subject))

    @work(group="request", description="")
    async def _remove(self) -> None:
        await _carry_out(self, self._subject)


class RemoveLookalike(TypedConfirmation):
    """The same for somebody whose name is ambiguous: asks for the start of the id."""

    VERB = "remove"
    UNDONE = "Nothing was removed"
    LEAVE = "Leave as it is"

    def __init__(self, store: OrganizationStore, subject: Subject) -> None:
        alike = [row.id for row in store.people.alike(subject)]
        super().__init__(store.session, subject.id, name_of(subject), alike)
        self._store = store
        self._subject = subject
        self.operations = _operations(subject)

    def heading(self) -> str:
        """Ask whether to remove the subject or its role."""
        return _heading(self._subject)

    def compose_buttons(self) -> ComposeResult:
        """Lay out the buttons of every such question, and one that shows what depends on the person."""
        yield from super().compose_buttons()
        if self._subject.kind == "person":
            yield ImpactButton(self._store, self._subject)

    def compose_warning(self) -> ComposeResult:
        """Lay out what is lost and what stays, and the id that tells this subject from its namesake."""
        yield from _warnings(self._store, self._subject)
        yield Static(styled(confirmation_words.identity(self._subject)), classes="identity")

    @work(group="request", description="")
    async def send_typed(self) -> None:
        """Send the removal."""
        await _carry_out(self, self._subject)


def removal(store: OrganizationStore, subject: Subject) -> RequestModal:
    """The dialog that confirms removing somebody's role."""
    return (RemoveLookalike if store.people.alike(subject) else RemoveMember)(store, subject)


def _heading(subject: Subject) -> str:
    if subject.kind == "group":
        return f"Remove the role of {name_of(subject)}?"
    return f"Remove {name_of(subject)} from the organization?"


def _warnings(store: OrganizationStore, subject: Subject) -> Iterable[Static | Effect]:
    """Warnings to show first."""
    people = store.people
    if caution := people.caution(subject):
        yield Static(Content(caution), classes="caution")
    for words in remove_member.removal_warnings(subject, store.own_id):
        yield Static(words, classes="warning", markup=False)
    yield Static(remove_member.removal_words(subject), markup=False)
    yield Effect(store, remove_member.TOLD, BUTTON)


def _operations(subject: Subject) -> tuple[Operation, ...]:
    return (Operation("remove", subject.id),)


async def _carry_out(dialog: RequestModal, subject: Subject) -> None:
    await dialog.carry_out(
        f"Removing {name_of(subject)}…",
        partial(remove_member.remove, dialog.session, subject),
        partial(remove_member.check_removed, dialog.session, subject),
    )
