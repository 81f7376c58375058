"""Keeps every screen the size of the window."""

from __future__ import annotations

from typing import TypeVar

from textual.geometry import Size
from textual.screen import Screen

T = TypeVar("T")


class WindowSizedScreen(Screen[T]):
    """A screen laid out for the present window size, whatever an older event says.

    In Textual each new layout tells the screen its size in an event; with two sizes under way, as when a window is
    resized while the program starts, the events answer each other for ever.
    """

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)
