"""What all dialogs share: their style sheet, loaded when the first one opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from textual.binding import Binding
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen

from semtui.tui.screens.sized import WindowSizedScreen

if TYPE_CHECKING:
    from textual.widget import Widget

    from semtui.wording.styled_text import Tone

T = TypeVar("T")


@runtime_checkable
class AnnouncingScreen(Protocol):
    """A screen with a place of its own for messages."""

    def say(self, words: str, tone: Tone = ...) -> None:
        """Show a message."""


@runtime_checkable
class FollowsLists(Protocol):
    """A screen that shows what it has worked out from the lists."""

    def lists_changed(self) -> None:
        """Work it out again if the lists are others now."""


class Dialog(WindowSizedScreen[T], ModalScreen[T]):
    """A dialog over a page; returns its result when it closes."""

    # Whole, because Textual looks for a relative one beside the module of the class that inherits it.
    CSS_PATH = Path(__file__).with_name("dialogs.tcss")
    VERTICAL_BREAKPOINTS = [(0, "-least"), (20, "-low"), (30, "-high")]


class FramedDialog(Dialog[T]):
    """A dialog that may be longer than the window: it opens at its first line, and pgdn and pgup show the rest."""

    BINDINGS = [
        # Where a list has the focus they move through the list.
        Binding("pagedown", "read_on(1)", show=False),
        Binding("pageup", "read_on(-1)", show=False),
    ]
    frame = query_one("#frame", Vertical)
    _is_open = False

    def on_mount(self) -> None:
        """Scroll to what has the focus only once the first lines have been shown."""
        self.call_after_refresh(setattr, self, "_is_open", True)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Move the focus; while the dialog opens, its warnings stay in view instead of what has the focus."""
        super().set_focus(widget, scroll_visible and self._is_open, from_app_focus)

    def lists_changed(self) -> None:
        """Work out again what changes, from lists that are others now."""
        for widget in self.query("#effect"):
            if isinstance(widget, FollowsLists):
                widget.lists_changed()

    def action_read_on(self, pages: int) -> None:
        """Scroll by almost the height of the window, down or up."""
        self.frame.scroll_relative(y=pages * max(1, self.frame.size.height - 1), animate=False, immediate=True)
