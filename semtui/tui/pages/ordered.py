"""A page whose rows can be sorted by its columns."""

from __future__ import annotations

from textual import on

from semtui.tui.pages.auditing import AuditingPage
from semtui.tui.widgets.sorted_table import SortedTable


class OrderedPage(AuditingPage):
    """A page with keys, headings and a list to choose the order from."""

    def action_sort(self) -> None:
        """Let the user choose the column to sort by."""
        from semtui.tui.pages.sort_chooser import sort_chooser

        self.app.push_screen(*sort_chooser(self.content, self._sort_by))

    def action_sort_left(self) -> None:
        """Sort by the column to the left of the present one."""
        self.content.sort_step(-1)
        self._sorted()

    def action_sort_right(self) -> None:
        """Sort by the column to the right of the present one."""
        self.content.sort_step(1)
        self._sorted()

    def action_sort_reverse(self) -> None:
        """Reverse the order."""
        self._sort_by(self.content.view.sort)

    @on(SortedTable.HeadingClicked)
    def _heading_clicked(self, event: SortedTable.HeadingClicked) -> None:
        if event.column in self.content.sorts:
            self._sort_by(event.column)

    def _sort_by(self, column: str) -> None:
        self.content.sort_by(column)
        self._sorted()

    def _sorted(self) -> None:
        self.draw()
        self.say(f"Sorted by {self.content.sort_words}.")
