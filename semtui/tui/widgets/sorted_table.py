"""A table whose headings show the order of its rows, and change it when clicked."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from semtui.tui.widgets.columns import fit
from semtui.tui.widgets.row_table import MARGINS, RowTable

_RULED_FROM = 12
"""The height in lines from which on there is a rule below the headings."""


class SortedTable(RowTable):
    """Rows below headings, one of which carries an arrow."""

    class HeadingClicked(Message):
        """The heading of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sorted_by = ("", "")

    def show_sort(self, column: str, arrow: str) -> None:
        """Put `arrow` behind the heading of the column the rows are sorted by, when they are drawn next."""
        self._sorted_by = (column, arrow)

    @property
    def _header(self) -> int:
        return 2 if self.size.height >= _RULED_FROM else 1

    def _heading_line(self, y: int, width: int) -> Strip:
        """The headings, or the rule below them."""
        if y:
            return Strip([Segment("─" * width, self._tone_style("header"))])
        by, arrow = self._sorted_by
        titles = {each.key: f"{each.title} {arrow}" if each.key == by else each.title for each in self._columns}
        return self._strip({key: [(title, "plain")] for key, title in titles.items()}, width, "header", "  ")

    def on_click(self, event: events.Click) -> None:
        """Post `HeadingClicked` for a heading; anything else is for the rows."""
        if event.y >= self._header:
            super().on_click(event)
            return
        right = MARGINS
        for column, width in fit(self._columns, self.size.width - MARGINS):
            right += width + 1
            if event.x < right:
                self.post_message(self.HeadingClicked(column.key))
                return
