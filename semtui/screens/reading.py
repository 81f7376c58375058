"""Screens that are only read: a row's details, a role's permissions, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from semtui.page_search import PageSearch
from semtui.presentation import Line
from semtui.screens.dialog import Dialog
from semtui.screens.type_ahead import caught_up
from semtui.widgets.field import Field
from semtui.widgets.paragraphs import Paragraphs


class ReadingScreen(Dialog[None]):
    """A page of text over everything else; almost any closing key closes it, and / searches it."""

    # With priority, what is typed next meets the search line, or what is behind this page, however fast.
    BINDINGS = [
        Binding("enter", "read_on", "Keep what was found", show=False, priority=True),
        Binding("slash", "search", "Search", show=False, priority=True),
        Binding("enter,q,question_mark", "close", "Close", show=False, priority=True),
        Binding("backspace", "leave", "Drop the search, or close", show=False),
        Binding("escape", "leave", "Drop the search, or close", show=False, priority=True),
        Binding("j", "page('down')", show=False),
        Binding("k", "page('up')", show=False),
    ]

    frame = query_one("#frame", VerticalScroll)
    finder = query_one("#finder", Input)

    def __init__(self, title: str, text: Sequence[Line]) -> None:
        super().__init__()
        self._title = title
        self._page_text = text
        self._search = PageSearch(text)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="frame") as frame:
            frame.border_title = Content(self._title)
            yield Field(placeholder="search this page", id="finder", compact=True, select_on_focus=False)
            yield Paragraphs(self._page_text, id="text")

    def on_mount(self) -> None:
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed into the search line, what closes the page is text there, and enter ends it."""
        searching = self.focused is self.finder
        return {"read_on": searching, "search": not searching, "close": not searching}.get(action, True)

    def action_search(self) -> None:
        self.finder.display = True
        self.set_focus(self.finder)
        self.frame.border_subtitle = "enter reads on with what is found"

    async def action_read_on(self) -> None:
        await caught_up(self.finder)
        self._read()

    def _read(self) -> None:
        self.set_focus(self.frame)
        searched = "backspace drops the search" if self.finder.display else "/ searches"
        self.frame.border_subtitle = Content(f"enter closes, arrows scroll, {searched}")

    @on(Input.Changed)
    def _find(self) -> None:
        found = self._search.found(self.finder.value)
        self.query_one("#text", Paragraphs).update(found or [Line([("Nothing on this page matches.", "muted")])])
        self.frame.scroll_home(animate=False)

    def action_leave(self) -> None:
        """Drop the search first, then close."""
        if self.finder.display:
            self.finder.value = ""
            self.finder.display = False
            self._read()
        else:
            self.action_close()

    def action_close(self) -> None:
        if self.is_active:
            self.dismiss()

    def action_page(self, direction: str) -> None:
        (self.frame.scroll_down if direction == "down" else self.frame.scroll_up)(animate=False)
