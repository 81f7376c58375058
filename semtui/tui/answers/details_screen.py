"""Everything about a row, where lines lead on and the row's keys work as on the page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from semtui.settings import keymap as keys
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.answers.details_questions import DetailsQuestions
from semtui.tui.screens.actions import key_entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.organization.store import OrganizationStore
    from semtui.tui.screens.actions import Action
    from semtui.wording.styled_text import Target


class RowPage(Protocol):
    """The page behind the details, which does what their keys ask for."""

    def row_actions(self, target: Target) -> Sequence[tuple[Action, str, str]]:
        """What can be done to a thing: each action, its word, and why it is not available, or nothing."""

    async def act_on(self, target: Target, method: str) -> None:
        """Do it, as if the cursor were on the thing."""

    def neighbor(self, rows: int) -> Target | None:
        """Move the cursor by rows, and tell what is under it then; None where there is nothing."""


NOT_IN_DETAILS = ("details", "mark", "mark_range", "copy")
"""Actions on a row that mean something else in its details, or nothing."""
_ALWAYS = "n N next row  q leaves"
_LEADS = "enter follows ›   backspace comes back   / finds   y copies   E saves"
_ENDS = "backspace goes back   / finds   y copies   E saves"
_BACK = "backspace comes back"
_ALL = "all of this page"


class DetailsScreen(AnswerScreen):
    """Shows a row and what it leads to; `details_of` adds the keys of a page."""

    NOTHING_BEHIND = "No line in view leads on; those that do end with ›."

    def __init__(self, store: OrganizationStore, page: RowPage, target: Target) -> None:
        self._questions = DetailsQuestions(store)
        self._page = page
        super().__init__(store, self._questions.of(target))

    def _draw(self, *, again: bool = False) -> None:
        super()._draw(again=again)
        if not again:
            self.say(_LEADS if self.rows.leads else _ENDS if self.rows.is_text else _BACK, "muted")

    def hint_line(self, room: int) -> Content:
        """What can be done to the thing shown, unless something is searched for."""
        target = self._target
        if target is None or self.finder.has_keys or self.search:
            return super().hint_line(room)
        line = Content("")
        for action, word, obstacle in self._page.row_actions(target):
            entry = key_entry(action, word, obstacle)
            if line.cell_length + entry.cell_length + cell_len(_ALWAYS) <= room:
                line += entry
        return line + _ALWAYS

    @property
    def own_actions(self) -> Sequence[Action]:
        """What can be done to the thing shown."""
        return [action for action, _, _ in self._page.row_actions(self._target)] if self._target else []

    def action_copy(self) -> None:
        """Offer what of the thing shown can be copied, and the page."""
        from semtui.tui.content.of_target import copies_of
        from semtui.tui.screens.copying import copy_chooser

        if self._target is None:
            super().action_copy()
            return
        texts = {**dict(copies_of(self._store, self._target)), _ALL: self.page_text}

        def chosen(what: str | None) -> None:
            if what == _ALL:
                super(DetailsScreen, self).action_copy()
            elif what is not None:
                self.copy(what, texts[what])

        self.app.push_screen(copy_chooser(self.heading, texts), chosen)

    @property
    def _target(self) -> Target | None:
        answer = self._level.answer
        return answer.about if answer else None

    async def action_row(self, method: str) -> None:
        """Do what a key of the page does, to what is shown."""
        if self._target is None:
            self.say("backspace goes back to the row, where its keys work.", "warn")
        else:
            await self._page.act_on(self._target, method)

    def action_hit(self, step: int) -> None:
        """Go to the next hit of a search; where nothing is searched for, to the next row of the page."""
        if self.search or self._target is None:
            super().action_hit(step)
        else:
            self._show_neighbor(step)

    def _show_neighbor(self, rows: int) -> None:
        shown, target = self._target, self._page.neighbor(rows)
        if target is not None and target == shown:
            self.say(f"This is the {'last' if rows > 0 else 'first'} row.", "muted")
        elif target is not None:
            self._levels = [type(self._level)(self._questions.of(target))]
            self._new_level()


@cache
def details_of(actions: tuple[Action, ...]) -> type[DetailsScreen]:
    """The details of a page's rows, with the keys of its actions on a row."""
    row_actions = [each for each in actions if each.needs and each.name not in NOT_IN_DETAILS]
    bindings: list[BindingType] = [
        Binding(
            keys.for_textual(keys.DEFAULTS[each.name]), f"row('{each.method}')", show=False, priority=True, id=each.name
        )
        for each in row_actions
    ]
    return type("RowDetails", (DetailsScreen,), {"BINDINGS": bindings, "__doc__": DetailsScreen.__doc__})
