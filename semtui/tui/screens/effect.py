"""What a dialog's change would do: shown while it is chosen, worked out without a key ever waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from textual import work

from semtui.audit.what_if.operations import Operation, SenselessError
from semtui.changes import what_changes
from semtui.organization.store import OrganizationStore
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.what_if.answers import NoteCode, WhatIf
    from semtui.organization.people import People


WORKING = "Working out what changes…"


class Effect(Paragraphs):
    """Who gains and loses what by the operations asked about, in a few lines."""

    def __init__(self, store: OrganizationStore, told: Collection[NoteCode] = (), more: str = "") -> None:
        """`told` are notes that the dialog has given already; `more` says how to read the rest."""
        super().__init__(id="effect")
        self._store = store
        self._told = told
        self._more = more
        self._operations: tuple[Operation, ...] = ()
        self._people: People | None = None
        """The lists that were asked."""
        self._question = object()
        """Stands for what was asked last."""
        self._answer: WhatIf | None = None
        self._working = False

    def on_mount(self) -> None:
        """Have everything ready before the first key asks for it."""
        if not what_changes.is_quick(self._store, ()):
            self._work_out(what_changes.prepare(self._store))

    def ask(self, operations: Sequence[Operation]) -> None:
        """Show what these operations would do, now or as soon as that is known; nothing for none."""
        if tuple(operations) != self._operations or self._people is None:
            self._operations = tuple(operations)
            self._ask_again()

    def lists_changed(self) -> None:
        """Work it out again if the lists are others now."""
        if self._people is not self._store.people:
            self._ask_again()

    def _ask_again(self) -> None:
        self._question, self._people, self._answer = object(), self._store.people, None
        if not self._operations:
            self.update(())
        elif what_changes.is_quick(self._store, self._operations):
            self._show(*_worked_out(what_changes.asked(self._store, self._operations)))
        else:
            lines = [Line([(WORKING, "muted")])]
            self.update(lines)
            if not self._working:
                self._work_out(_nothing_first)

    @work(group="effect", description="")
    async def _work_out(self, first: Callable[[], None]) -> None:
        """Work out what was asked last, on a thread of its own, until nothing newer is asked."""
        self._working = True
        try:
            await asyncio.to_thread(first)
            done: object = None
            while self._operations and done is not self._question:
                done = self._question
                found = await asyncio.to_thread(_worked_out, what_changes.asked(self._store, self._operations))
                if self.is_attached and done is self._question:
                    self._show(*found)
        finally:
            self._working = False

    def _show(self, answer: WhatIf | None, error: str) -> None:
        from semtui.wording import effects

        self._answer = answer
        lines = effects.effect_lines(answer, self._told, self._more) if answer else effects.unknown_lines(error)
        self.update(lines)

    def page(self, operations: Sequence[Operation]) -> list[Line]:
        """Everything these operations would do."""
        from semtui.wording import effects

        answer, error = self._answer, ""
        if answer is None or tuple(operations) != self._operations:
            answer, error = _worked_out(what_changes.asked(self._store, operations))
        return effects.page_lines(answer) if answer else effects.unknown_lines(error)


def _worked_out(ask: Callable[[], WhatIf]) -> tuple[WhatIf | None, str]:
    """The answer, or why there is none."""
    try:
        return ask(), ""
    except SenselessError as error:
        return None, str(error)


def _nothing_first() -> None:
    """Nothing has to be prepared."""
