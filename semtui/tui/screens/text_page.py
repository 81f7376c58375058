"""Screens that are only read: a role's permissions, the messages, the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from semtui.tui.screens.exportable import written
from semtui.tui.screens.reading import ReadingScreen
from semtui.tui.widgets.text_view import TextView
from semtui.tui.widgets.wrapped_text import TextLine
from semtui.wording.styled_text import Line

WIDE = 96
"""Cells from which on a text may have two columns."""
_AROUND = 4
"""Lines of the frame besides the text: its edges, an empty one above, and the message."""
_PART = 0.95
"""How much of the window it takes at most."""


class TextPage(ReadingScreen):
    """A page of text over everything else; almost any closing key closes it."""

    # With priority, what is typed next meets what is behind this page, however fast.
    BINDINGS = [Binding("enter,question_mark", "leave", "Close", show=False, priority=True)]
    AUTO_FOCUS = "#text"

    def __init__(self, title: str, text: Sequence[Line], wide: Callable[[int], Sequence[Line]] | None = None) -> None:
        """`wide` gives the text for a number of cells where that is at least `WIDE`."""
        super().__init__()
        self._wide = wide
        self._title = title
        self._page_text = text

    def compose(self) -> ComposeResult:
        """Lay out the text, and the search, hidden at first."""
        with Vertical(id="frame"):
            yield TextView(moved=self.moved, id="text")
            yield from self.compose_foot()

    def on_mount(self) -> None:
        """Show the text."""
        self.fit()
        self.view.show_text(self._lines)
        self.draw_frame()

    @on(events.Resize)
    def fit(self) -> None:
        """Take no more of the window than a part of it, whatever is said."""
        said = self.message_lines(self.frame.content_size.width or self.app.size.width) - 1
        self.view.styles.max_height = max(1, int(self.app.size.height * _PART) - _AROUND - said)

    def _lines(self, width: int) -> list[TextLine]:
        wide = self._wide is not None and width >= WIDE
        return [TextLine(line) for line in (self._wide(width) if wide and self._wide else self._page_text)]

    @property
    def heading(self) -> str:
        """The title."""
        return self._title

    @property
    def hints(self) -> Sequence[str]:
        """What the keys do."""
        return ("↑ ↓ scroll", "" if self.search else "/ finds", "y copies", "E saves", "enter closes")

    @property
    def page_text(self) -> str:
        """The text."""
        return written(self._title, self._page_text)

    def narrow(self) -> None:
        """A text is not narrowed."""
