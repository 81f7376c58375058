"""What a dialog's change would do: shown while it is chosen, worked out without a key ever waiting for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.widgets import Button

from semtui.audit.what_if.operations import Operation, SenselessError
from semtui.changes import what_changes
from semtui.organization.store import OrganizationStore
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.permissions import permissions_page
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from typing import Self

    from semtui.api.models import Role
    from semtui.audit.what_if.answers import NoteCode, WhatIf
    from semtui.organization.people import People


ROLE_PAGE = "p shows all of it"
"""For a dialog with a list of roles."""
BUTTON = "“What changes” shows all of it"
"""For a dialog with the button of that name."""
WORKING = "Working out what changes…"


class Effect(Paragraphs):
    """Who gains and loses what by the operations asked about, in a few lines."""

    def __init__(
        self, store: OrganizationStore, told: Collection[NoteCode] = (), more: str = "", *, examples: bool = True
    ) -> None:
        """`told` are notes that the dialog has given already; `more` says how to read the rest; without `examples` no
        permissions are named, where there is little room."""
        super().__init__(id="effect")
        self._store = store
        self._told = told
        self._more = more
        self._examples = examples
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
        if answer is None:
            lines = effects.unknown_lines(error)
        else:
            lines = effects.effect_lines(answer, self._told, self._more, examples=self._examples)
        self.update(lines)

    def open_page(self) -> None:
        """Show all of what was asked about."""
        from semtui.tui.screens.text_page import TextPage

        self.app.push_screen(TextPage("What changes", self.page(self._operations)))

    def page(self, operations: Sequence[Operation]) -> list[Line]:
        """Everything these operations would do."""
        from semtui.wording import effects

        if not operations:
            return [Line([("Nothing is changed yet.", "muted")])]
        answer, error = self._answer, ""
        if answer is None or tuple(operations) != self._operations:
            answer, error = _worked_out(what_changes.asked(self._store, operations))
        return effects.page_lines(answer) if answer else effects.unknown_lines(error)

    def role_page(self, role: Role, operations: Sequence[Operation]) -> list[Line]:
        """Everything these operations would do, if there are any, and then everything `role` permits."""
        changes = [*self.page(operations), Line()] if operations else []
        return [*changes, Line([(f"Everything {role.name} permits", "strong")]), *permissions_page(role)]


class EffectButton(Button):
    """Shows everything that changes; sends nothing."""

    def __init__(self) -> None:
        super().__init__("What changes", id="more", compact=True)

    def press(self) -> Self:
        """Open the page."""
        self.screen.query_one(Effect).open_page()
        return self


def _worked_out(ask: Callable[[], WhatIf]) -> tuple[WhatIf | None, str]:
    """The answer, or why there is none."""
    try:
        return ask(), ""
    except SenselessError as error:
        return None, str(error)


def _nothing_first() -> None:
    """Nothing has to be prepared."""
