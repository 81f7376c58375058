"""The rows of an answer, or its text, wrapped to the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from semtui.text.folding import haystack, holds, search_words
from semtui.tui.answers.answer import Answer, Cells
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import WHOLE_ROW, RowTable
from semtui.wording.page_search import PageSearch
from semtui.wording.styled_text import Line, Piece, Target, wrapped

_ONE_COLUMN = (Column(WHOLE_ROW, "", 1, share=1),)
_LEAST_WIDTH = 20
_LEADING = 2
"""The cells that show that a line leads somewhere."""


@dataclass(frozen=True, slots=True)
class _TextRow:
    """One line of a text, as it was wrapped."""

    id: str
    pieces: list[Piece]
    leads: Target | None = None
    row: Any = None
    """The row of the answer that it is a part of."""


class AnswerTable(RowTable):
    """Shows an answer's rows, or those that a search finds."""

    def __init__(self, *, moved: Callable[[], object], id: str) -> None:
        super().__init__((), self._cells_of, moved=moved, id=id)
        self._answer: Answer | None = None
        self._whole_ids = False

    @property
    def row(self) -> Any:
        """The row of the answer that the cursor is on; None in a text."""
        return self.selected.row if isinstance(self.selected, _TextRow) else self.selected

    @property
    def target(self) -> Target | None:
        """What the line of a text under the cursor leads to, if it leads anywhere."""
        return self.selected.leads if isinstance(self.selected, _TextRow) else None

    def show_answer(self, answer: Answer, search: str, *, ids: bool) -> None:
        """Show what `search` finds of an answer; `ids` says whether whole ids are shown."""
        self._answer, self._whole_ids = answer, ids
        columns = answer.columns_with_ids if ids and answer.columns_with_ids else answer.columns
        self.take_columns(columns or _ONE_COLUMN, self._cells_of)
        words = search_words(search)
        rows: Sequence[Any] = answer.rows
        if answer.lines:
            rows = self._wrapped(PageSearch(answer.lines).found(search))
        elif words and answer.find is not None:
            rows = answer.find(words)
        elif words:
            text = answer.text or self._text_of
            rows = [row for row in rows if holds(text(row), words)]
        if answer.wraps:
            rows = self._wrapped_rows(rows)
        self.show(rows, [[("Nothing here matches." if words else answer.nothing, "muted")]])

    @property
    def _width(self) -> int:
        return max(_LEAST_WIDTH, (self.size.width or self.screen.size.width - 4) - 2)

    def _wrapped_rows(self, rows: Sequence[Any]) -> list[_TextRow]:
        return [
            _TextRow(f"{row.id} {number}", part, row=row)
            for row in rows
            for number, part in enumerate(
                self._parts(Line(self._cells_of(row)[WHOLE_ROW], row.hang), leads=row.deeper is not None)
            )
        ]

    def _wrapped(self, lines: Sequence[Line]) -> list[_TextRow]:
        parts = [(line, part) for line in lines for part in self._parts(line, leads=line.leads is not None)]
        return [_TextRow(str(number), part, line.leads) for number, (line, part) in enumerate(parts)]

    def _parts(self, line: Line, *, leads: bool) -> list[list[Piece]]:
        """A line wrapped to the window, with a sign where it leads somewhere."""
        parts = wrapped(line, self._width - _LEADING * leads)
        return [[*part, (" ›", "muted")] for part in parts] if leads else parts

    def _cells_of(self, row: Any) -> Cells:
        if isinstance(row, _TextRow):
            return {WHOLE_ROW: row.pieces}
        return self._answer.cells(row, self._whole_ids) if self._answer else {}

    def _text_of(self, row: Any) -> str:
        return haystack(" ".join(text for pieces in self._cells_of(row).values() for text, _ in pieces), str(row.id))
