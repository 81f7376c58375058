"""Screens that are only read: a row's details, a role's permissions, the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from semtui.tui.screens.dialog import Dialog
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.moving import moving_keys
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.type_ahead import caught_up
from semtui.wording.page_search import PageSearch
from semtui.wording.styled_text import Line

WIDE = 96
"""Cells from which on a text may have two columns."""


class TextPage(Dialog[None]):
    """A page of text over everything else; almost any closing key closes it, and / searches it."""

    # With priority, what is typed next meets the search line, or what is behind this page, however fast.
    BINDINGS = [
        Binding("enter", "read_on", "Keep what was found", show=False, priority=True),
        Binding("slash", "search", "Search", show=False, priority=True),
        Binding("enter,q,question_mark", "close", "Close", show=False, priority=True),
        Binding("backspace", "leave", "Drop the search, or close", show=False),
        Binding("escape", "leave", "Drop the search, or close", show=False, priority=True),
        *moving_keys(
            {
                "down": "move(1)",
                "up": "move(-1)",
                "page_down": "page(1)",
                "page_up": "page(-1)",
                "half_page_down": "page(0.5)",
                "half_page_up": "page(-0.5)",
                "top": "go(0)",
                "bottom": "go(-1)",
            },
            priority=True,
        ),
        Binding("space", "page(1)", show=False, priority=True),
    ]

    frame = query_one("#frame", VerticalScroll)
    finder = query_one("#finder", Input)

    def __init__(self, title: str, text: Sequence[Line], wide: Callable[[int], Sequence[Line]] | None = None) -> None:
        """`wide` gives the text for a number of cells where that is at least `WIDE`."""
        super().__init__()
        self._wide = wide
        self._title = title
        self._page_text = text
        self._search = PageSearch(text)

    def compose(self) -> ComposeResult:
        """Lay out the search field, hidden at first, and the text."""
        with VerticalScroll(id="frame") as frame:
            frame.border_title = Content(self._title)
            yield Field(placeholder="search this page", id="finder", compact=True, select_on_focus=False)
            yield Paragraphs(self._page_text, id="text")

    def on_mount(self) -> None:
        """Focus the text."""
        self._read()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed into the search line, what closes or moves the page is text there, and enter ends
        it."""
        searching = self.focused is self.finder
        if action in ("search", "close", "move", "page", "go"):
            return not searching
        return searching if action == "read_on" else True

    def action_search(self) -> None:
        """Show and focus the search field."""
        self.finder.display = True
        self.set_focus(self.finder)
        self.frame.border_subtitle = "enter reads on with what is found"

    async def action_read_on(self) -> None:
        """Return from the search field to the text once all typed keys have been handled."""
        await caught_up(self.finder)
        self._read()

    def _read(self) -> None:
        self.set_focus(self.frame)
        searched = "backspace drops the search" if self.finder.display else "/ searches"
        self.frame.border_subtitle = Content(f"enter closes, arrows scroll, {searched}")

    @on(Input.Changed)
    def _find(self) -> None:
        found = self._search.found(self.finder.value) if self.finder.value else self._whole()
        self.query_one("#text", Paragraphs).update(found or [Line([("Nothing on this page matches.", "muted")])])
        self.frame.scroll_home(animate=False)

    def _whole(self) -> Sequence[Line]:
        width = self.frame.scrollable_content_region.width
        return self._wide(width) if self._wide is not None and width >= WIDE else self._page_text

    @on(events.Resize)
    def _resized(self) -> None:
        if self._wide is not None:
            self.call_after_refresh(self._find)

    def action_leave(self) -> None:
        """Drop the search if there is one, otherwise close."""
        if self.finder.display:
            self.finder.value = ""
            self.finder.display = False
            self._read()
        else:
            self.action_close()

    def action_close(self) -> None:
        """Close the page unless another screen is above it."""
        if self.is_active:
            self.dismiss()

    # Moving

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self._move(lambda: self.frame.scroll_y + lines)

    def action_page(self, pages: float) -> None:
        """Scroll by pages or parts of one."""
        self._move(lambda: self.frame.scroll_y + int(pages * self.frame.size.height))

    def action_go(self, line: int) -> None:
        """Scroll to a line; a negative number means the end."""
        self._move(lambda: line if line >= 0 else self.frame.max_scroll_y)

    def _move(self, where: Callable[[], float]) -> None:
        """Scroll at once, so that keys typed next start from there."""
        if self.frame.size.height:
            self.frame.scroll_to(y=where(), animate=False, immediate=True)
        else:
            self.call_after_refresh(self._move, where)
