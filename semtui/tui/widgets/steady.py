"""A part of a dialog whose content changes while somebody moves in it."""

from __future__ import annotations

from textual.containers import Vertical
from textual.geometry import Size


class Steady(Vertical):
    """Grows with what it holds, and never gets lower while the window keeps its size, unless it is let go."""

    _window = Size(0, 0)
    _height = 0
    _is_let_go = False

    def on_resize(self) -> None:
        """Keep the height, unless the window has another size now."""
        if self._window != self.app.size:
            self._window = self.app.size
            self._height, self._is_let_go = 0, False
            self.styles.min_height = None
            self.call_after_refresh(self._keep_height)
        else:
            self._keep_height()

    def let_go(self) -> None:
        """Take only the room that is needed, until the window has another size."""
        self._is_let_go = True
        self.styles.min_height = None

    def _keep_height(self) -> None:
        if not self._is_let_go and self.outer_size.height > self._height:
            self._height = self.outer_size.height
            self.styles.min_height = self._height
