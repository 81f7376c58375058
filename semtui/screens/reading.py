"""Screens that are only read: a row's details, a role's permissions, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input

from semtui.presentation import Line, matching_lines
from semtui.widgets.paragraphs import Paragraphs


class ReadingScreen(ModalScreen[None]):
    """A page of text over everything else; almost any closing key closes it, and / searches it."""

    BINDINGS = [
        Binding("escape", "leave", "Close", show=False),
        Binding("enter,q,question_mark", "dismiss", "Close", show=False),
        Binding("slash", "search", "Search", show=False),
        Binding("j", "page('down')", show=False),
        Binding("k", "page('up')", show=False),
    ]

    frame = query_one("#frame", VerticalScroll)
    finder = query_one("#finder", Input)

    def __init__(self, title: str, text: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._page_text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="frame") as frame:
            frame.border_title = Content(self._title)
            frame.border_subtitle = "enter closes, arrows scroll, / searches"
            yield Input(placeholder="search this page", id="finder", compact=True, select_on_focus=False)
            yield Paragraphs(self._page_text, id="text")

    def on_mount(self) -> None:
        self.finder.cursor_blink = False
        self.frame.focus()

    def action_search(self) -> None:
        self.finder.display = True
        self.finder.focus()

    @on(Input.Changed)
    def _find(self) -> None:
        found = matching_lines(self._page_text, self.finder.value)
        self.query_one("#text", Paragraphs).update(found or [Line([("Nothing on this page matches.", "muted")])])
        self.frame.scroll_home(animate=False)

    @on(Input.Submitted)
    def _read_on(self) -> None:
        self.frame.focus()

    def action_leave(self) -> None:
        """Escape drops the search first, then closes."""
        if self.finder.display:
            self.finder.value = ""
            self.finder.display = False
            self.frame.focus()
        elif self.is_active:
            self.dismiss()

    def action_page(self, direction: str) -> None:
        (self.frame.scroll_down if direction == "down" else self.frame.scroll_up)(animate=False)
