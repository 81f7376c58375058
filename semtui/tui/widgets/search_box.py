"""The line in which a page is searched."""

from __future__ import annotations

from collections.abc import Callable

from textual.binding import Binding

from semtui.tui.widgets.field import Field


class SearchBox(Field):
    """Enter keeps what is searched for and Escape drops it, whichever keys the page has."""

    BINDINGS = [
        Binding("enter", "screen.keep_search", show=False, priority=True),
        Binding("escape", "screen.drop_search", show=False, priority=True),
    ]

    def __init__(self, hint: str, turned: Callable[[], None], *, id: str) -> None:
        """`turned` is called when keys begin to come here, and when they no longer do."""
        super().__init__(placeholder=hint, id=id, compact=True, select_on_focus=False)
        self._turned = turned

    def on_focus(self) -> None:
        self._turned()

    def on_blur(self) -> None:
        self._turned()
