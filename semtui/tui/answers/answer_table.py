"""The rows of an answer, or its text, wrapped to the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from semtui.text.folding import haystack, holds, search_words
from semtui.tui.answers.answer import Answer, Cells
from semtui.tui.widgets.row_table import WHOLE_ROW
from semtui.tui.widgets.text_view import ONE_COLUMN, TextView
from semtui.tui.widgets.wrapped_text import TextLine
from semtui.wording.styled_text import Line, Target


class AnswerTable(TextView):
    """Shows an answer's rows, or those that a search finds; or its text."""

    def __init__(self, *, moved: Callable[[], object], id: str) -> None:
        super().__init__(moved=moved, id=id)
        self._answer: Answer | None = None
        self._whole_ids = False

    @property
    def row(self) -> Any:
        """The row of the answer that the cursor is on; None where there is none."""
        if not self.is_text:
            return self.selected
        return None if self._leading or self.selected is None else self.selected.behind

    @property
    def target(self) -> Target | None:
        """What the line of a text under the cursor leads to, if it leads anywhere."""
        return self.selected.behind if self._leading and self.selected else None

    @property
    def _leading(self) -> bool:
        """Whether the lines of the text name what they lead to."""
        return self.is_text and self._answer is not None and bool(self._answer.lines)

    def show_answer(self, answer: Answer, search: str, *, ids: bool) -> None:
        """Show an answer, of rows those that `search` finds; `ids` says whether whole ids are shown."""
        self._answer, self._whole_ids = answer, ids
        if answer.lines or answer.wraps:
            self.take_columns(ONE_COLUMN, self.part_cells)
            self.show_text(lambda _: self._text_lines(answer), search)
            return
        columns = answer.columns_with_ids if ids and answer.columns_with_ids else answer.columns
        self.take_columns(columns or ONE_COLUMN, self._cells_of)
        words = search_words(search)
        rows: Sequence[Any] = answer.rows
        if words and answer.find is not None:
            rows = answer.find(words)
        elif words:
            text = answer.text or self._text_of
            rows = [row for row in rows if holds(text(row), words)]
        self.show_rows(rows, [[("Nothing here matches." if words else answer.nothing, "muted")]])

    def _text_lines(self, answer: Answer) -> list[TextLine]:
        if answer.lines:
            return [TextLine(line, line.leads) for line in answer.lines]
        return [
            TextLine(Line(self._cells_of(row)[WHOLE_ROW], row.hang), row if row.deeper else None) for row in answer.rows
        ]

    def _cells_of(self, row: Any) -> Cells:
        return self._answer.cells(row, self._whole_ids) if self._answer else {}

    def _text_of(self, row: Any) -> str:
        return haystack(" ".join(text for pieces in self._cells_of(row).values() for text, _ in pieces), str(row.id))
