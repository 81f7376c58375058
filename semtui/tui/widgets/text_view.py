"""Text wrapped to the window: it is scrolled, lines that lead on are stepped through, a search jumps in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.strip import Strip

from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.row_table import WHOLE_ROW, RowTable
from semtui.tui.widgets.wrapped_text import Hits, Spot, Text, WrappedText
from semtui.wording.styled_text import Line, Piece

ONE_COLUMN = (Column(WHOLE_ROW, "", 1, share=1),)
_MARK = 2
"""Cells beside the text: for the mark of the line that is chosen, and for the end of the line."""
_FOUND, _HERE = Style(underline=True, bold=True), Style(reverse=True, bold=True, underline=True)
"""What a search has found, and the hit it stands on: told apart without color too, and in a row that is reversed."""
_NOTHING = WrappedText((), 0)


class TextView(RowTable):
    """Shows rows like any table, or a text.

    In a text the cursor is always within what is in view. It is shown on lines that lead on only; where none is in
    view, the keys that move it scroll.
    """

    BINDINGS = [Binding("space", "page(1)", show=False, priority=True)]

    def __init__(self, *, moved: Callable[[], object] = lambda: None, id: str) -> None:
        super().__init__(ONE_COLUMN, self.part_cells, moved=moved, id=id)
        self._text: Text | None = None
        self._search = ""
        self._wrapped = _NOTHING
        self._wrapped_to = 0
        self.hits = Hits(_NOTHING, "")
        """What is found in the text."""

    @property
    def is_text(self) -> bool:
        """Whether a text is shown, not rows."""
        return self._text is not None

    @property
    def selected(self) -> Any:
        """What is under the cursor; in a text None where the line does not lead on."""
        part = super().selected
        return part if not self.is_text or (part is not None and part.behind is not None) else None

    @property
    def leads(self) -> bool:
        """Whether any line of the text leads on."""
        return self._wrapped.leads

    @property
    def lines(self) -> list[Line]:
        """The lines of the text."""
        return [each.line for each in self._wrapped.lines]

    # Showing

    def part_cells(self, part: Any) -> dict[str, list[Piece]]:
        """A line of the window as the one cell of its row."""
        return {WHOLE_ROW: part.pieces}

    def show_text(self, text: Text, search: str = "") -> None:
        """Show a text in place of what was shown, with what `search` finds marked; the cursor stays at its line."""
        if not self.is_text:
            self._rows = ()
        self._text, self._search = text, search
        self._wrap(text, self._width)

    def show_rows(self, rows: Sequence[Any], placeholder: list[list[Piece]]) -> None:
        """Show rows in place of what was shown."""
        if self.is_text:
            self._rows = ()
        self._text, self._wrapped, self.hits = None, _NOTHING, Hits(_NOTHING, "")
        self.show(rows, placeholder)

    def _wrap(self, text: Text, width: int) -> None:
        self._wrapped, self._wrapped_to = WrappedText(text(width), width), width
        self.pin_cursor()
        self.show(self._wrapped.parts, [])
        self.hits = Hits(self._wrapped, self._search, self.cursor)
        self.refresh(layout=self.styles.auto_dimensions)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines of the text when wrapped to `width` cells."""
        if self._text is None:
            return super().get_content_height(container, viewport, width)
        return len(WrappedText(self._text(width - _MARK), width - _MARK).parts)

    @property
    def _width(self) -> int:
        return (self.size.width or self.screen.size.width - 4) - _MARK

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        if self._text is not None and self._wrapped_to != self._width:
            self._wrap(self._text, self._width)
        elif self._text is not None:
            self._stand(self.spot)

    # Where it is

    @property
    def _header(self) -> int:
        return 0 if self.is_text else super()._header

    @property
    def last_top(self) -> int:
        """The first line in view at the end."""
        return max(0, len(self._rows) - self._page)

    @property
    def spot(self) -> Spot:
        """Where the view and the cursor are, for `start_again`."""
        return self._top, self.cursor

    def start_again(self, spot: Spot) -> None:
        """Put the view and the cursor back where they were; at the beginning of a text the first line that leads on is
        chosen."""
        if not self.is_text:
            self.start_over(spot[1])
        elif not self.size.height:
            self.call_after_refresh(self.start_again, spot)
        else:
            self._stand(spot if spot != (0, 0) else self._wrapped.chosen(0, self._page, first=True))
            self.hits = Hits(self._wrapped, self._search, self.cursor)

    @property
    def place_words(self) -> str:
        """`1–18 of 63`: the lines in view; empty where all are."""
        if not self.is_text or not self.size.height or self._page >= len(self._rows):
            return ""
        return f"{self._top + 1}–{min(len(self._rows), self._top + self._page)} of {len(self._rows)}"

    def _stand(self, spot: Spot) -> None:
        """Put the view there, and the cursor at a place within it."""
        top, cursor = spot
        self._top = max(0, min(top, self.last_top))
        last = min(self._top + self._page, len(self._rows)) - 1
        self.set_reactive(RowTable.cursor, max(0, self._top, min(cursor, last)))
        self.refresh()
        self._moved()

    # Moving

    def action_move(self, rows: int) -> None:
        """Go to the next line that leads on if it is in view; otherwise scroll by a line."""
        if not self.is_text:
            super().action_move(rows)
        elif not self.size.height:
            self.call_after_refresh(self.action_move, rows)
        else:
            self._stand((self._wrapped.below if rows > 0 else self._wrapped.above)(self.spot, self._page))

    def action_page(self, pages: int) -> None:
        """Scroll by whole pages."""
        if self.is_text:
            self._scroll(pages * self._page)
        else:
            super().action_page(pages)

    def action_half_page(self, halves: int) -> None:
        """Scroll by halves of a page."""
        if self.is_text:
            self._scroll(halves * max(1, self._page // 2))
        else:
            super().action_half_page(halves)

    def _scroll(self, lines: int) -> None:
        if self.size.height:
            self._stand(self._wrapped.chosen(self._top + lines, self._page, first=lines > 0))
        else:
            self.call_after_refresh(self._scroll, lines)

    def action_go(self, index: int) -> None:
        """Go to the beginning, or with a negative index to the end."""
        if not self.is_text:
            super().action_go(index)
        elif self.size.height:
            top = index if index >= 0 else self.last_top
            self._stand(self._wrapped.chosen(top, self._page, first=index >= 0))
        else:
            self.call_after_refresh(self.action_go, index)

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked line if it leads on; follow it if it was chosen already."""
        if not self.is_text:
            return
        # The table would go to any row.
        event.prevent_default()
        place, parts = self._top + event.y, self._wrapped.parts
        if place < len(parts) and parts[place].behind is not None:
            if parts[place].number == parts[self.cursor].number:
                self.post_message(self.Chosen())
            self._stand((self._top, place))

    # Searching

    def find(self, search: str, start: int) -> None:
        """Search the text, and go to the first hit at or after the line `start` of the window, or else to the first."""
        self._search = search
        self.hits = Hits(self._wrapped, search, start)
        self.next_hit(0)

    def next_hit(self, step: int) -> None:
        """Go to another hit; if it is out of view, with some of what stands above it."""
        self.hits.step(step)
        if self.hits.numbers:
            place = self._wrapped.start(self.hits.here)
            in_view = self._top <= place and self._wrapped.ending(place) < self._top + self._page
            self._stand((self._top if in_view else place - self._page // 3, place))
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line, with what a search has found in it."""
        place, parts = self._top + y, self._wrapped.parts
        if not self.is_text or place >= len(parts):
            return super().render_line(y)
        part = parts[place]
        chosen = self.selected is not None and part.number == parts[self.cursor].number
        strip = self._strip(self._cells(part), self.size.width, "cursor" if chosen else "", "▌" if chosen else " ")
        if part.number not in self.hits:
            return strip
        return _marked(strip, self.hits.cells(part), _HERE if part.number == self.hits.here else _FOUND)


def _marked(strip: Strip, spans: Sequence[tuple[int, int]], style: Style) -> Strip:
    """A drawn line with these cells of its text in a style."""
    if not spans:
        return strip
    cuts = [1 + edge for span in spans for edge in span]
    parts = strip.divide([*cuts, strip.cell_length])
    return Strip.join([each.apply_style(style) if at % 2 else each for at, each in enumerate(parts)])
