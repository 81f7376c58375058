"""A table that draws only the rows in view, so that a hundred thousand rows are as fast as ten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Literal, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from semtui.tui.styling import TONES
from semtui.tui.widgets.cells import cell, wrapped_cells
from semtui.tui.widgets.columns import Column, fit
from semtui.tui.widgets.moving import moving_keys
from semtui.wording.styled_text import Piece, Tone

WHOLE_ROW = ""
"""The key of a text that goes across all columns."""
MARGINS = 2
"""The cells of a line that belong to no column."""


class Row(Protocol):
    """Anything with an id can be a row."""

    @property
    def id(self) -> str:
        """The row's key in the table."""


class RowTable(Widget, can_focus=True):
    """Rows keyed by id, with a cursor that stays on its row when the rows are replaced.

    The headings are above the rows, where there are any. There is no scroll bar: the number of rows stands in the tabs,
    and one costs more bytes over a slow link than everything else together.
    """

    ALLOW_SELECT = False
    ONE_CLICK: ClassVar[bool] = False
    """A click chooses any row, not only the one under the cursor."""
    CURSOR_STAYS: ClassVar[bool] = True
    """The cursor is shown without the focus too: what is done elsewhere is done to its row."""
    HEADINGS: ClassVar[bool] = True
    COMPONENT_CLASSES = {
        "row-table--header",
        "row-table--cursor",
        "row-table--mark",
        "row-table--marked",
        *(f"row-table--{tone}" for tone in TONES),
    }
    DEFAULT_CSS = """
    RowTable {
        height: 1fr;
        & > .row-table--header { color: $faint; text-style: none; }
        & > .row-table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & > .row-table--mark { color: $accent; }
        & > .row-table--marked { background: $panel; }
        & > .row-table--strong { text-style: bold; }
        & > .row-table--muted { color: $muted; }
        & > .row-table--owner { color: $role-owner; text-style: bold; }
        & > .row-table--admin { color: $role-admin; text-style: bold; }
        & > .row-table--other { color: $role-other; }
        & > .row-table--good { color: $success; }
        & > .row-table--warn { color: $warning; }
        & > .row-table--bad { color: $error; }
        &:ansi > .row-table--cursor { text-style: reverse; }
    }
    """
    # With priority, a move is made before the next key is looked at, however fast they are typed.
    BINDINGS = [
        *moving_keys(
            {
                "down": "move(1)",
                "up": "move(-1)",
                "page_down": "page(1)",
                "page_up": "page(-1)",
                "half_page_down": "half_page(1)",
                "half_page_up": "half_page(-1)",
                "top": "go(0)",
                "bottom": "go(-1)",
            },
            priority=True,
        )
    ]

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """Position of the cursor among the rows."""

    class Chosen(Message):
        """The row under the cursor was clicked."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        cells: Callable[[Any], dict[str, list[Piece]]],
        *,
        moved: Callable[[], object] = lambda: None,
        mark_of: Callable[[str], str] = lambda _: "",
        id: str | None = None,
    ) -> None:
        """`cells` gives a row's text by column, or under `WHOLE_ROW` one text across all. `moved` is called when the
        cursor stands on another row, or on none: at once, so that whatever tells of the row is drawn in the same frame.
        `mark_of` gives what stands between the cursor and the first cell of the row with an id, always as wide."""
        super().__init__(id=id)
        self._columns = columns
        self._cells = cells
        self._moved = moved
        self._mark_of = mark_of
        self._rows: Sequence[Row] = ()
        self._top = 0
        self._touched = False
        self._placeholder: list[list[Piece]] = []
        self._styles: dict[str, Style] = {}

    @property
    def selected(self) -> Any:
        """The row under the cursor, or None."""
        return self._rows[self.cursor] if self._rows else None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rows, including those out of view."""
        return tuple(row.id for row in self._rows)

    @property
    def place(self) -> tuple[int, int]:
        """Which row the cursor is on, counted from 1, and how many there are; (0, 0) for none."""
        return (self.cursor + 1, len(self._rows)) if self._rows else (0, 0)

    def take_columns(self, columns: tuple[Column, ...], cells: Callable[[Any], dict[str, list[Piece]]]) -> None:
        """Take other columns and cells, for rows that `show` replaces next."""
        self._columns = columns
        self._cells = cells

    @property
    def _header(self) -> int:
        """The number of lines above the rows."""
        return 1 if self.HEADINGS else 0

    def start_over(self, place: int = 0) -> None:
        """Put the cursor back to a place, as if nobody had moved it."""
        self._touched = place > 0
        self.set_reactive(RowTable.cursor, self.validate_cursor(place))
        self._top = 0
        self._scroll_into_view()
        self.refresh()
        self._moved()

    def show(self, rows: Sequence[Row], placeholder: list[list[Piece]], select: str | None = None) -> None:
        """Replace the rows. The cursor goes to the row `select`, else stays on its row, else near its place."""
        # While lists still arrive, rows appear above; a cursor nobody has touched stays on the first.
        wanted = select or (self.selected.id if self.selected and self._touched else None)
        distance = self.cursor - self._top
        self._rows = rows
        self._placeholder = placeholder
        found = None if wanted is None else _place_of(wanted, rows, self.cursor)
        place = min(self.cursor, max(0, len(rows) - 1)) if found is None else found
        self._top = max(0, place - distance)
        self._touched = self._touched or select is not None
        self.set_reactive(RowTable.cursor, place)
        self._scroll_into_view()
        self.refresh()
        self._moved()

    def pin_cursor(self) -> None:
        """Keep the cursor on its present row when the rows are replaced, as after a move."""
        self._touched = True

    # Moving

    @property
    def _page(self) -> int:
        return max(1, self.size.height - self._header)

    def watch_cursor(self, old: int, new: int) -> None:
        """Scroll the cursor into view and redraw only the two rows it touched, or everything if scrolled."""
        top = self._top
        self._scroll_into_view()
        if top != self._top:
            self.refresh()
        else:
            for index in (old, new):
                self.refresh(Region(0, index - self._top + self._header, self.size.width, 1))
        self._moved()

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor within the rows."""
        return max(0, min(cursor, len(self._rows) - 1))

    def _scroll_into_view(self) -> None:
        lowest = max(0, len(self._rows) - self._page)
        self._top = max(0, min(self._top, self.cursor, lowest))
        if self.cursor >= self._top + self._page:
            self._top = self.cursor - self._page + 1

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._touched = True
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """Scroll and move the cursor by whole pages."""
        self._touched = True
        self._top = max(0, min(self._top + pages * self._page, len(self._rows) - self._page))
        self.refresh()
        self.cursor += pages * self._page

    def action_half_page(self, halves: int) -> None:
        """Move the cursor by halves of a page."""
        self.action_move(halves * max(1, self._page // 2))

    def action_go(self, index: int) -> None:
        """Move the cursor to a row; negative indexes count from the end."""
        self._touched = True
        self.cursor = index if index >= 0 else len(self._rows) + index

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; post `Chosen` if it was there already, or a single click is enough."""
        index = self._top + event.y - self._header
        if event.y < self._header or index >= len(self._rows):
            return
        if self.ONE_CLICK or index == self.cursor:
            self.post_message(self.Chosen())
        self.action_go(index)

    def on_mouse_scroll_down(self) -> None:
        """Move the cursor down one row."""
        self.action_move(1)

    def on_mouse_scroll_up(self) -> None:
        """Move the cursor up one row."""
        self.action_move(-1)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._scroll_into_view()
        # Other rows may be in view now.
        self.refresh()

    # Drawing

    def notify_style_update(self) -> None:
        """Drop the cached styles when the theme changes."""
        super().notify_style_update()
        self._styles.clear()

    def _tone_style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(f"row-table--{name}")
        return self._styles[name]

    def render_line(self, y: int) -> Strip:
        """Draw one line: the header, a row, or a placeholder when there are no rows."""
        width = self.size.width
        if y < self._header:
            return self._heading_line(y, width)
        if not self._rows:
            return self._placeholder_line(y, width)
        index = self._top + y - self._header
        if index >= len(self._rows):
            return Strip.blank(width, self._tone_style("plain"))
        row = self._rows[index]
        cursor = index == self.cursor and (self.CURSOR_STAYS or self.has_focus)
        mark = self._mark_of(row.id)
        overlay = "cursor" if cursor else "marked" if mark.strip() else ""
        return self._strip(self._cells(row), width, overlay, ("▌" if cursor else " ") + mark)

    def _heading_line(self, _: int, width: int) -> Strip:
        """One of the lines above the rows, counted from 0."""
        return self._strip({each.key: [(each.title, "plain")] for each in self._columns}, width, "header", " ")

    def _strip(self, cells: dict[str, list[Piece]], width: int, overlay: str, marks: str) -> Strip:
        """One line: the marks, then each cell cut or padded to its column."""
        paint = partial(self._paint, overlay=overlay)
        segments = [Segment(marks, paint("mark"))]
        if WHOLE_ROW in cells:
            segments += cell(cells[WHOLE_ROW], max(0, width - 2), paint)
            return Strip(segments).adjust_cell_length(width, paint("plain"))
        for column, cell_width in fit(self._columns, width - MARGINS):
            segments += cell(cells[column.key], cell_width, paint)
            segments.append(Segment(" ", paint("plain")))
        return Strip(segments).adjust_cell_length(width, paint("plain"))

    def _paint(self, tone: Tone | Literal["mark"], overlay: str) -> Style:
        """A tone as a full style. Under the cursor the ground changes; the tone's own color stays, unless the row is
        reversed, where it would become a ground of its own."""
        style = self._tone_style(tone)
        if overlay == "header":
            return self._tone_style("header")
        if overlay == "cursor":
            cursor = self._tone_style("cursor")
            color = None if cursor.reverse else style.color
            return cursor if tone in ("plain", "muted") else cursor + Style(color=color, bold=style.bold)
        return style + Style(bgcolor=self._tone_style("marked").bgcolor) if overlay == "marked" else style

    def _placeholder_line(self, y: int, width: int) -> Strip:
        first, lines = 3, wrapped_cells(self._placeholder, width - 2)
        if not first <= y < first + len(lines):
            return Strip.blank(width, self._tone_style("plain"))
        pieces: list[Piece] = [("  ", "plain"), *lines[y - first]]
        return Strip(cell(pieces, width, partial(self._paint, overlay=""))).adjust_cell_length(
            width, self._tone_style("plain")
        )


def _place_of(wanted: str, rows: Sequence[Row], near: int) -> int | None:
    """The place of a row; the place `near` is looked at first, because rows may be made as they are asked for."""
    if near < len(rows) and rows[near].id == wanted:
        return near
    return next((index for index, row in enumerate(rows) if row.id == wanted), None)
