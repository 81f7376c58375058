"""Text that never makes the widgets below it move."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static


class Reserved(Static):
    """A text as high as the highest of the texts that may stand here."""

    def __init__(self, possible: Callable[[], Iterable[Content]], *, id: str) -> None:
        """`possible` gives every text that may be shown; it is asked once for each width."""
        super().__init__(id=id, classes="note")
        self._possible = possible
        self._heights: dict[int, int] = {}
        self._is_let_go = False

    def let_go(self) -> None:
        """Take only the room that is needed, from now on."""
        if not self._is_let_go:
            self._is_let_go = True
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines of the longest text when wrapped to `width` cells; of this one after `let_go`."""
        if self._is_let_go:
            return super().get_content_height(container, viewport, width)
        if width not in self._heights:
            self._heights[width] = max((len(each.wrap(max(1, width))) for each in self._possible()), default=0)
        return max(self._heights[width], super().get_content_height(container, viewport, width))
