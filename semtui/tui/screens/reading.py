"""What all pages that are read have in common: they are searched with /, copied with y, written to a file with E.

A text is searched by going from hit to hit, so that what stands around a hit is not lost. Rows are narrowed to those
found, as everywhere.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from semtui.settings import keymap as keys
from semtui.text.clean import shorten
from semtui.tui.screens.actions import ELSEWHERE
from semtui.tui.screens.exportable import ExportablePage
from semtui.tui.screens.unbound_keys import does_nothing, unbound
from semtui.tui.styling import styled
from semtui.tui.widgets.search_line import SearchLine
from semtui.tui.widgets.text_view import TextView

if TYPE_CHECKING:
    from semtui.tui.screens.actions import Action
    from semtui.wording.styled_text import Tone

_CORNERS = 6
"""Cells of a frame's first and last line that take no words."""


class ReadingScreen(ExportablePage):
    """A page that is read: its frame has a `TextView`, and below it what `compose_foot` lays out."""

    BINDINGS = [
        Binding("slash", "search", "Search", show=False, priority=True),
        Binding("n", "hit(1)", "Next hit", show=False, priority=True),
        Binding("N", "hit(-1)", "Hit before", show=False, priority=True),
        Binding("backspace,escape", "back", "Drop the search, or go back", show=False, priority=True),
        Binding("q", "leave", "Leave", show=False, priority=True),
    ]

    frame = query_one("#frame", Vertical)
    view = query_one(TextView)
    finder = query_one("#search-line", SearchLine)
    INSTEAD: ClassVar[str] = "q leaves."
    """What is said after a key that does nothing."""
    search = ""
    """What is searched for."""
    _before = (0, 0)
    """Where the text was when the search began."""

    @property
    def as_of(self) -> str:
        """Of when it is; empty where it does not matter."""
        return ""

    @property
    @abstractmethod
    def hints(self) -> Sequence[str]:
        """What the page's own keys do; the last is never left out, and before it those that come last are left out
        first."""

    @abstractmethod
    def narrow(self) -> None:
        """Show the rows that `search` finds; rows only."""

    def compose_foot(self) -> ComposeResult:
        """Lay out the search and the message; above a text they take turns, so that it keeps its height."""
        yield SearchLine(
            "search this page", searched=self._find, left=self._search_left, focus_changed=self.draw_frame,
            id="search-line",
        )  # fmt: skip
        yield Static(id="read-message")

    def on_mount(self) -> None:
        """Hide the search until it is wanted."""
        self._show_search(False)

    # Showing

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence in the last line, where it stays until the next."""
        self.query_one("#read-message", Static).update(styled([(words, tone)]))
        self._show_search(self.finder.display and not (words and self.view.is_text))

    def message_lines(self, width: int) -> int:
        """How many lines the message takes on `width` cells."""
        message = self.query_one("#read-message", Static)
        return len(Content(str(message.content)).wrap(max(1, width))) if message.display else 1

    def _show_search(self, shown: bool) -> None:
        self.finder.display = shown
        self.query_one("#read-message").display = not (shown and self.view.is_text)
        self.fit()

    def fit(self) -> None:
        """Make room for what is said below the text."""

    def draw_frame(self) -> None:
        """Write the title, what is in view, and what the keys do."""
        room = (self.frame.outer_size.width or self.size.width) - _CORNERS
        right = " · ".join(filter(None, (self.view.place_words, self.as_of)))
        right = f" {right}" if right else ""
        title = f"{shorten(self.heading, max(8, room - len(right) - 2))} "
        line = f"{title}{'─' * max(1, room - cell_len(title) - len(right))}{right}" if right else title.rstrip()
        self.frame.border_title = Content(line)
        self.frame.border_subtitle = self.hint_line(room)

    def hint_line(self, room: int) -> Content:
        """What the keys do, in `room` cells."""
        if self.finder.has_keys:
            found = "enter keeps the search" if self.view.is_text else "enter goes to what is found"
            return Content(f"{found}  escape drops the search")
        keys = [*filter(None, self.hints)]
        if self.search and self.view.is_text:
            keys = [*(("n N next hit",) if self.view.hits.numbers else ()), "backspace drops the search", *keys]
        while len(keys) > 1 and cell_len("  ".join(keys)) > room:
            del keys[-2]
        return Content("  ".join(keys))

    def moved(self) -> None:
        """Show where the page is now."""
        if self.is_mounted and self.frame.is_mounted:
            self.draw_frame()
            self._draw_position()

    def _draw_position(self) -> None:
        place, total = self.view.place
        words = self.view.hits.words if self.view.is_text else f"{place:,}/{total:,}"
        self.finder.show_position([(words, "warn" if words == "not found" else "muted")])

    @on(events.Resize)
    def _size_changed(self) -> None:
        # How wide the frame is now is known only after the layout.
        self.call_after_refresh(self.moved)

    # Leaving

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the search has the focus, letters are text and no keys of the page."""
        return not (self.is_mounted and self.finder.has_keys)

    def action_back(self) -> None:
        """Drop the search, or go back."""
        if self.search:
            self.drop_search()
        else:
            self.go_back()

    def go_back(self) -> None:
        """Go back to what was shown before."""
        self.action_leave()

    def action_leave(self) -> None:
        """Close the page unless another screen is above it."""
        if self.is_active:
            self.dismiss()

    async def on_key(self, event: events.Key) -> None:
        """Leave for the tab or page whose key this is, or say that the key does nothing."""
        key = unbound(self, event)
        action = next((each for each in ELSEWHERE if key in keys.keys_of(each.name)), None)
        if key and not (action and await self._leave_for(action)):
            self.say(does_nothing(key, self.INSTEAD), "muted")

    async def _leave_for(self, action: Action) -> bool:
        """Close everything above the page and do it there; False if there is more than what is only read."""
        page, *above = self.app.screen_stack
        if not all(isinstance(each, ReadingScreen) for each in above):
            return False
        for each in reversed(above):
            await each.run_action("leave")
        if self.app.screen is page:
            # On the page's own turn: what a dialog answers goes to where it was opened from, and this page is closed.
            page.call_next(page.run_action, action.method)
        return True

    # Searching

    def action_search(self) -> None:
        """Move the focus into the search line."""
        self._before = self.view.spot
        self._show_search(True)
        self.finder.edit()
        self._draw_position()

    def action_hit(self, step: int) -> None:
        """Go to the next hit of the search, or the one before."""
        if not self.search:
            self.say("Nothing is searched for; / searches.", "muted")
        elif self.view.is_text:
            self._show_search(True)
            self.view.next_hit(step)
            self.moved()
        else:
            self.view.action_move(step)

    def take_search(self, text: str) -> None:
        """Search for a text from the start, as when one comes back to a page."""
        self.search = text
        self.finder.fill(text)
        self._show_search(bool(text))

    def drop_search(self) -> None:
        """Search for nothing; a text stays where it is."""
        self.search = ""
        self.finder.clear()
        self._show_search(False)
        self._search_changed()

    def _find(self, text: str) -> None:
        if text != self.search and self.finder.has_keys:
            self.search = text
            self._search_changed()

    def _search_changed(self) -> None:
        if self.view.is_text:
            self.view.find(self.search, self._before[0])
        else:
            self.narrow()
        self.moved()

    def _search_left(self, keep: bool) -> None:
        if not keep:
            self.drop_search()
            if self.view.is_text:
                self.view.start_again(self._before)
        self._show_search(bool(self.search))
        self.set_focus(self.view)
        self.moved()
