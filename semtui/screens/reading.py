"""Screens that are only read: a row's details, a role's permissions, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from semtui.presentation import Line
from semtui.widgets.paragraphs import Paragraphs


class ReadingScreen(ModalScreen[None]):
    """A page of text over everything else; almost any closing key closes it."""

    BINDINGS = [
        Binding("escape,enter,q,question_mark", "dismiss", "Close", show=False),
        Binding("j", "page('down')", show=False),
        Binding("k", "page('up')", show=False),
    ]

    def __init__(self, title: str, text: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._page_text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="frame") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = "enter closes, arrows scroll"
            yield Paragraphs(self._page_text, id="text")

    def on_mount(self) -> None:
        self.query_one("#frame").focus()

    def action_page(self, direction: str) -> None:
        frame = self.query_one("#frame", VerticalScroll)
        (frame.scroll_down if direction == "down" else frame.scroll_up)(animate=False)
