"""Shows an answer, leads to those behind its rows and back, and exports it to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from semtui.organization.store import MANY
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.answer_table import AnswerTable
from semtui.tui.screens.exportable import written
from semtui.tui.screens.reading import ReadingScreen
from semtui.tui.screens.unbound_keys import does_nothing
from semtui.tui.styling import styled
from semtui.tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.store import OrganizationStore
    from semtui.tui.screens.actions import Action

_MOST_ROWS_COPIED = 500


@dataclass
class _Level:
    """One answer on the way down to where the user is."""

    ask: Ask
    spot: tuple[int, int] = (0, 0)
    search: str = ""
    answer: Answer | None = None


class AnswerScreen(ReadingScreen):
    """Shows an answer, those below it, and the way back."""

    BINDINGS = [
        Binding("enter", "deeper", "What is behind the row", show=False, priority=True),
        Binding("v,tab", "other", "The other side", show=False, priority=True),
        Binding("i", "ids", "Whole ids", show=False, priority=True),
        Binding("question_mark", "help", "Keys", show=False, priority=True),
    ]
    AUTO_FOCUS = "#answer-rows"
    INSTEAD = "q leaves, ? shows the keys."
    NOTHING_BEHIND: ClassVar[str] = "There is nothing more behind this line."
    """What enter says on a line that does not lead on."""

    rows = query_one("#answer-rows", AnswerTable)

    def __init__(self, store: OrganizationStore, ask: Ask) -> None:
        super().__init__()
        self._store = store
        self._levels = [_Level(ask)]
        self._ids = False
        self._lists: tuple[People, Projects] | None = None
        """What the answer shown was made from."""

    def compose(self) -> ComposeResult:
        """Lay out the lines, the rows, the search, and what the keys do."""
        with Vertical(id="frame"):
            yield Static(id="answer-head")
            yield AnswerTable(moved=self.moved, id="answer-rows")
            yield from self.compose_foot()

    def on_mount(self) -> None:
        """Show the answer."""
        self._show()

    # Showing

    @property
    def _level(self) -> _Level:
        return self._levels[-1]

    def lists_changed(self) -> None:
        """Ask again if the lists are others than those the answer was made from."""
        shown = self._lists
        # Before it has shown anything it asks by itself.
        if shown and (shown[0] is not self._store.people or shown[1] is not self._store.projects):
            self._show(again=True)

    def _show(self, *, again: bool = False) -> None:
        """Show the answer of the level; for many rows they are worked out first, in the background."""
        from semtui.audit.access.current import graph_of

        graph = graph_of(self._store.people, self._store.projects)
        if graph.is_prepared or self._store.people.size <= MANY:
            self._draw(again=again)
            return
        if not again:
            self.query_one("#answer-head", Static).update(Content("Working out who may do what…"))
        self._prepare(again)

    @work(group="prepare", exclusive=True, description="")
    async def _prepare(self, again: bool) -> None:
        from semtui.audit.access.current import graph_of

        await asyncio.to_thread(graph_of(self._store.people, self._store.projects).prepare)
        if self.is_attached:
            self._show(again=again)

    def _draw(self, *, again: bool = False) -> None:
        level = self._level
        self._lists = (self._store.people, self._store.projects)
        level.answer = level.ask()
        self._fill()
        if not again:
            self.rows.start_again(level.spot)
        self.draw_frame()

    def _fill(self) -> None:
        if (answer := self._level.answer) is not None:
            lines = answer.head_with_ids if self._ids and answer.head_with_ids else answer.head
            head = self.query_one("#answer-head", Static)
            head.update(Content("\n").join(styled(line.pieces) for line in lines))
            head.display = bool(lines)
            self.rows.show_answer(answer, self.search, ids=self._ids)

    def draw_frame(self) -> None:
        """Write the title and what the keys do once there is an answer."""
        if self._level.answer is not None:
            super().draw_frame()

    @property
    def heading(self) -> str:
        """What was asked."""
        return self._level.answer.title if self._level.answer else ""

    @property
    def as_of(self) -> str:
        """Of when the lists are."""
        return self._level.answer.as_of if self._level.answer else ""

    @property
    def hints(self) -> Sequence[str]:
        """What enter and v lead to, as far as they do on this row, and what is common to all answers."""
        answer = self._level.answer
        leads: list[str] = []
        if answer is not None:
            row = self.rows.row
            works = {"enter": row is not None or self.rows.is_text, "v": answer.other(row) is not None}
            leads = [each for each in answer.hint.split("  ") if works.get(each.partition(" ")[0], True)]
        finds = "/ finds" if self.rows.is_text else "/ narrows"
        return ("  ".join(leads), "" if self.search else finds, "E saves", "y copies", "q leaves")

    def action_help(self) -> None:
        """Show the keys of pages that are read."""
        from semtui.tui.screens.help import reading_help
        from semtui.tui.screens.text_page import TextPage

        self.app.push_screen(TextPage("Keys of this page", reading_help(self.own_actions)))

    @property
    def own_actions(self) -> Sequence[Action]:
        """What else has a key here."""
        return ()

    # Keys

    @on(RowTable.Chosen)
    def action_deeper(self) -> None:
        """Ask what is behind the row."""
        answer, row, target = self._level.answer, self.rows.row, self.rows.target
        if answer is not None and target is not None:
            self._down(answer.follow(target))
        elif answer is not None:
            self._down(answer.deeper(row) if row is not None else None)

    def action_other(self) -> None:
        """Ask the question turned round."""
        answer = self._level.answer
        if answer is not None and (ask := answer.other(self.rows.row)) is not None:
            self._down(ask)
        else:
            self.say(does_nothing("v", self.INSTEAD), "muted")

    def _down(self, ask: Ask | None) -> None:
        if ask is None:
            self.say(self.NOTHING_BEHIND, "muted")
            return
        self._level.spot, self._level.search = self.rows.spot, self.search
        self._levels.append(_Level(ask))
        self._new_level()

    def _new_level(self) -> None:
        self.say("")
        self.take_search(self._level.search)
        self._show()

    def go_back(self) -> None:
        """Go back to the answer before, or leave."""
        if len(self._levels) > 1:
            self._levels.pop()
            self._new_level()
        else:
            self.action_leave()

    def action_ids(self) -> None:
        """Show whole ids, or no longer."""
        self._ids = not self._ids
        self._fill()
        self.say("Whole ids are shown; i shortens them." if self._ids else "")

    def narrow(self) -> None:
        """Show the rows that the search finds."""
        self._fill()

    # Exporting

    def action_export(self) -> None:
        """Offer to write the answer to a file, a part of another as text."""
        from semtui.tui.answers.answer_export import AnswerExport
        from semtui.wording.dates import day_words

        answer = self._level.answer
        if answer is not None and answer.answered is not None:
            stem = f"~/semtui-{answer.stem}-{day_words(self._store.session.clock())}"
            self.open_export(AnswerExport(answer.title, answer.answered, stem))
        elif self.rows.is_text:
            super().action_export()
        else:
            self.say("This part is in the file of the previous answer; backspace goes there.", "warn")

    def action_copy(self) -> None:
        """Copy the answer as text."""
        answer = self._level.answer
        if answer is not None and not answer.answered and not self.rows.is_text:
            self.say("This part is in the text of the previous answer; backspace goes there.", "warn")
        elif answer is not None and answer.answered and answer.size > _MOST_ROWS_COPIED:
            self.say("The answer is too long for a clipboard; E writes it to a file.", "warn")
        else:
            super().action_copy()

    @property
    def page_text(self) -> str:
        """The answer as text, as a command gives it where one does."""
        answer = self._level.answer
        if answer is not None and answer.answered is not None:
            return answer.answered().write("text")
        return written(self.heading, [*(answer.head if answer else ()), *self.rows.lines])
