"""What all dialogs share: their style sheet, loaded when the first one opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from textual.screen import ModalScreen

from semtui.tui.screens.sized import WindowSizedScreen

if TYPE_CHECKING:
    from semtui.wording.styled_text import Tone

T = TypeVar("T")


@runtime_checkable
class AnnouncingScreen(Protocol):
    """A screen with a place of its own for messages."""

    def say(self, words: str, tone: Tone = ...) -> None:
        """Show a message."""


class Dialog(WindowSizedScreen[T], ModalScreen[T]):
    """A dialog over a page; returns its result when it closes."""

    CSS_PATH = "dialogs.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]
