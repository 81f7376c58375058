"""Shows an answer, leads to those behind its rows and back, and takes it away as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from semtui.organization.store import MANY
from semtui.text.clean import shorten
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.answer_table import AnswerTable
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.row_table import RowTable
from semtui.tui.widgets.search_line import SearchLine
from semtui.wording.styled_text import Tone

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.store import OrganizationStore

_MOST_COPIED = 60_000
"""Bytes that terminals still take for their clipboard."""
_MOST_ROWS_COPIED = 500
_SEARCHING = "enter goes to what is found  escape drops the search"


@dataclass
class _Level:
    """One answer on the way down to where the user is."""

    ask: Ask
    place: int = 0
    search: str = ""
    answer: Answer | None = None


class AnswerScreen(Dialog[None]):
    """Shows an answer, those below it, and the way back."""

    BINDINGS = [
        Binding("enter", "deeper", "What is behind the row", show=False, priority=True),
        Binding("v,tab", "other", "The other side", show=False, priority=True),
        Binding("slash", "search", "Search", show=False, priority=True),
        Binding("i", "ids", "Whole ids", show=False, priority=True),
        Binding("E", "export", "Take the answer away", show=False, priority=True),
        Binding("y", "copy", "Copy the answer", show=False, priority=True),
        Binding("backspace,escape", "back", "Back", show=False, priority=True),
        Binding("q", "leave", "Leave", show=False, priority=True),
    ]
    AUTO_FOCUS = "#answer-rows"
    NOTHING_BEHIND: ClassVar[str] = "There is nothing more behind this line."
    """What enter says on a line that does not lead on."""

    frame = query_one("#frame", Vertical)
    rows = query_one("#answer-rows", AnswerTable)
    finder = query_one("#search-line", SearchLine)

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
            yield AnswerTable(moved=self._moved, id="answer-rows")
            yield SearchLine(
                "search this answer",
                searched=self._find,
                left=self._search_left,
                focus_changed=self._draw_title,
                id="search-line",
            )
            yield Static(id="answer-message")

    def on_mount(self) -> None:
        """Show the answer."""
        self.finder.display = False
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
            self.rows.start_over(level.place)
        self._draw_title()

    def _fill(self) -> None:
        if (answer := self._level.answer) is not None:
            lines = answer.head_with_ids if self._ids and answer.head_with_ids else answer.head
            head = self.query_one("#answer-head", Static)
            head.update(Content("\n").join(styled(line.pieces) for line in lines))
            head.display = bool(lines)
            self.rows.show_answer(answer, self._level.search, ids=self._ids)

    def _draw_title(self) -> None:
        answer = self._level.answer
        if answer is None:
            return
        room, as_of = self.size.width - 6, f" {answer.as_of}"
        title = f"{shorten(answer.title, max(8, room - len(as_of) - 2))} "
        self.frame.border_title = Content(f"{title}{'─' * max(1, room - cell_len(title) - len(as_of))}{as_of}")
        away = "E saves it" if answer.answered else ""
        keys = [each for each in (answer.hint, away, "/ finds", "q leaves") if each]
        while len(keys) > 1 and cell_len("  ".join(keys)) > room:
            del keys[-2]
        self.frame.border_subtitle = Content(_SEARCHING if self.finder.has_keys else "  ".join(keys))

    @on(events.Resize)
    def _resized(self) -> None:
        if self._level.answer is not None:
            self._draw_title()
            if self._level.answer.lines or self._level.answer.wraps:
                self.call_after_refresh(self._fill)

    def _moved(self) -> None:
        if self.is_mounted:
            place, total = self.rows.place
            self.finder.show_position([(f"{place:,}/{total:,}", "muted")])

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the last line, where it stays until the next."""
        self.query_one("#answer-message", Static).update(styled([(words, tone)]))

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the search has the focus, letters are text and no keys of the answer."""
        return not self.finder.has_keys if self.is_mounted else True

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
        if (answer := self._level.answer) is not None:
            self._down(answer.other(self.rows.row))

    def _down(self, ask: Ask | None) -> None:
        if ask is None:
            self.say(self.NOTHING_BEHIND, "muted")
            return
        self._level.place = self.rows.cursor
        self._levels.append(_Level(ask))
        self._new_level()

    def _new_level(self) -> None:
        self.say("")
        self.finder.fill(self._level.search)
        self.finder.display = bool(self._level.search)
        self._show()

    def action_back(self) -> None:
        """Drop the search, go back to the answer before, or leave."""
        if self._level.search:
            self._level.search = ""
            self.finder.clear()
            self.finder.display = False
            self._fill()
        elif len(self._levels) > 1:
            self._levels.pop()
            self._new_level()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Close the answer unless another screen is above it."""
        if self.is_active:
            self.dismiss()

    def action_ids(self) -> None:
        """Show whole ids, or no longer."""
        self._ids = not self._ids
        self._fill()
        self.say("Whole ids are shown; i shortens them." if self._ids else "")

    # Searching

    def action_search(self) -> None:
        """Move the focus into the search line."""
        self.finder.display = True
        self.finder.edit()

    def _find(self, text: str) -> None:
        if text != self._level.search and self.finder.display:
            self._level.search = text
            self._fill()

    def _search_left(self, keep: bool) -> None:
        if not keep:
            self._level.search = ""
            self.finder.clear()
            self._fill()
        self.finder.display = bool(self._level.search)
        self.set_focus(self.rows)

    # Taking it away

    def action_export(self) -> None:
        """Offer to write the answer to a file."""
        from semtui.tui.answers.answer_export import AnswerExport
        from semtui.wording.dates import day_words

        answer = self._level.answer
        if answer is None or answer.answered is None:
            self.say("This part is in the file of the previous answer; backspace goes there.", "warn")
            return

        def done(sentence: str | None) -> None:
            self.say(sentence or "Nothing was written.", "good" if sentence else "plain")

        stem = f"~/semtui-{answer.stem}-{day_words(self._store.session.clock())}"
        self.app.push_screen(AnswerExport(answer.title, answer.answered, stem), done)

    @work(group="copy", exclusive=True, description="")
    async def action_copy(self) -> None:
        """Copy the answer as text."""
        import os

        from semtui.tokens.clipboard import copy_text

        answer = self._level.answer
        text = _text_of(answer) if answer is not None else ""
        if answer is None or not (text or answer.answered):
            self.say("This part is in the text of the previous answer; backspace goes there.", "warn")
            return
        if not text or len(text.encode(errors="replace")) > _MOST_COPIED:
            self.say("The answer is too long for a clipboard; E writes it to a file.", "warn")
            return
        report = await copy_text(text, environ=os.environ, send_osc52=self.app.copy_to_clipboard)
        self.say(f"{answer.title} as text: {report.words}", "good" if report.known else "plain")


def _text_of(answer: Answer) -> str:
    """The answer as text; empty if it is too long, or part of another."""
    if answer.answered is not None:
        return answer.answered().write("text") if answer.size <= _MOST_ROWS_COPIED else ""
    return "\n".join([answer.title, "", *(line.text for line in answer.lines), ""]) if answer.lines else ""
