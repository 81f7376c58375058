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
from semtui.tui.styling import styled

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
_ALWAYS = "n N next row  / finds  q leaves"
_FOLLOWED = "enter follows ›   backspace goes back   y copies all"


class DetailsScreen(AnswerScreen):
    """Shows a row and what it leads to; `details_of` adds the keys of a page."""

    BINDINGS = [
        Binding("n", "neighbor(1)", "Next row", show=False, priority=True),
        Binding("N", "neighbor(-1)", "Row before", show=False, priority=True),
    ]

    NOTHING_BEHIND = "This line does not lead on; those with › do."

    def __init__(self, store: OrganizationStore, page: RowPage, target: Target) -> None:
        self._questions = DetailsQuestions(store)
        self._page = page
        super().__init__(store, self._questions.of(target))

    def on_mount(self) -> None:
        """Say what enter does here."""
        self.say(_FOLLOWED, "muted")

    def _new_level(self) -> None:
        super()._new_level()
        self.say(_FOLLOWED, "muted")

    def action_export(self) -> None:
        """Details have no file of their own."""
        self.say("Details have no file of their own: y copies them, E on the page writes its rows to a file.", "warn")

    def _draw_title(self) -> None:
        super()._draw_title()
        target = self._target
        if target is None or self.finder.has_keys:
            return
        room = self.size.width - 6
        line = Content("")
        for action, word, obstacle in self._page.row_actions(target):
            entry = styled([(action.shown_key, "muted" if obstacle else "strong"), (f" {word}  ", "muted")])
            if line.cell_length + entry.cell_length + cell_len(_ALWAYS) <= room:
                line += entry
        self.frame.border_subtitle = line + _ALWAYS

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

    def action_neighbor(self, rows: int) -> None:
        """Show the next row of the page, or the one before."""
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
