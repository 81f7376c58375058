"""Asks whether to undo a change, having said what was changed and what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.widgets import Button

from semtui.organization.store import OrganizationStore
from semtui.tui.screens.effect import BUTTON, Effect, EffectButton
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.journal import undo_lines
from semtui.wording.subjects import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.undo import Skipped, Undo


class UndoChange(RequestModal):
    """Undoes the last change that can be undone."""

    def __init__(self, store: OrganizationStore, undo: Undo, skipped: Sequence[Skipped]) -> None:
        """`skipped` are later changes that cannot be undone."""
        super().__init__(store.session, undo.entry.change.id)
        self._store = store
        self._undo = undo
        self._skipped = skipped
        self._operations = undo.operations(store.people)

    def heading(self) -> str:
        """Ask whether to undo it."""
        return "Undo the last change?"

    def compose_body(self) -> ComposeResult:
        """Lay out what was changed, what is sent, and who gains and loses what."""
        lines = undo_lines(self._undo.entry, self._undo.change, self._skipped, names_of(self._store.people))
        yield Paragraphs(lines)
        if self._operations:
            yield Effect(self._store, more=BUTTON)

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Leave as it is" and "Undo it"."""
        yield Button("Leave as it is", id="cancel", variant="primary", compact=True)
        yield Button("Undo it", id="send", variant="warning", compact=True)
        if self._operations:
            yield EffectButton()

    def on_mount(self) -> None:
        """Focus the button that changes nothing, and work out who gains and loses what."""
        self.query_one("#cancel").focus()
        for effect in self.query(Effect):
            effect.ask(self._operations)

    def confirm(self) -> None:
        """Send it."""
        self._send()

    @work(group="request", description="")
    async def _send(self) -> None:
        await self.carry_out("Undoing…", self._undo.send, self._undo.check)
