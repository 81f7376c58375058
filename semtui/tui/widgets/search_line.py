"""The line above the rows: the search text and the cursor's position."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from semtui.tui.styling import styled
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.lines import show_line
from semtui.tui.widgets.type_ahead import caught_up
from semtui.wording.styled_text import Piece


class SearchLine(Horizontal):
    """A search box whose Enter keeps the search and whose Escape drops it, whichever keys the page has."""

    BINDINGS = [
        Binding("enter", "leave(True)", show=False, priority=True),
        Binding("escape", "leave(False)", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(
        self,
        hint: str,
        *,
        searched: Callable[[str], None],
        left: Callable[[bool], None],
        focus_changed: Callable[[], None],
        complete: Callable[[str, int], tuple[str, int]] | None = None,
        id: str,
    ) -> None:
        """Callbacks act at once rather than by message, so that the next key meets what they did.

        `searched` gets the text after each change; `left` gets whether the search is kept, and takes the focus away;
        `focus_changed` is called when the box gains or loses the focus; `complete` gets the text and the cursor, and
        returns both completed.
        """
        super().__init__(id=id)
        self._searched = searched
        self._left = left
        self._complete = complete
        self._box = _SearchBox(hint, focus_changed)

    def compose(self) -> ComposeResult:
        """A slash, the box, and the position at the right."""
        yield Static("/", id="slash")
        yield self._box
        yield Static(id="position")

    @property
    def value(self) -> str:
        """The text in the box."""
        return self._box.value

    @property
    def cursor(self) -> int:
        """Where in the text the next letter goes."""
        return self._box.cursor_position

    @property
    def has_keys(self) -> bool:
        """True while letters typed are text for the box."""
        return self.screen.focused is self._box

    def edit(self) -> None:
        """Move the focus into the box. Typing replaces the words behind the last term, or appends to them after an
        arrow key."""
        text, start = self._box.value, 0
        if text and self._complete is not None:
            from semtui.organization.filters.language import words_start

            start = words_start(text)
            if start > len(text):
                self._box.value = text = f"{text} "
        self._box.selection = Selection(start, len(text))
        self.screen.set_focus(self._box)

    def clear(self) -> None:
        """Empty the box."""
        self.fill("")

    def fill(self, text: str) -> None:
        """Put a text into the box."""
        self._box.value = text

    def show_position(self, pieces: Iterable[Piece]) -> None:
        """Show text at the right end of the line."""
        show_line(self.query_one("#position", Static), styled(pieces))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._searched(event.value)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where nothing is completed, tab goes on to the rows."""
        return action != "complete" or self._complete is not None

    async def action_complete(self) -> None:
        """Complete the word at the cursor once everything typed has arrived in the box."""
        await caught_up(self._box)
        self._searched(self.value)
        if self._complete is not None:
            self._box.value, cursor = self._complete(self.value, self._box.cursor_position)
            self._box.selection = Selection.cursor(cursor)
            self._searched(self.value)

    async def action_leave(self, keep: bool) -> None:
        """Leave the box once everything typed has arrived in it: the next key must meet the rows it was meant for."""
        await caught_up(self._box)
        self._searched(self.value)
        self._left(keep)


class _SearchBox(Field):
    """Reports when it gains or loses the focus."""

    def __init__(self, hint: str, focus_changed: Callable[[], None]) -> None:
        super().__init__(placeholder=hint, id="search", compact=True, select_on_focus=False)
        self._focus_changed = focus_changed

    def on_focus(self) -> None:
        """Report that the box has the focus."""
        self._focus_changed()

    def on_blur(self) -> None:
        """Report that the box has lost the focus."""
        self._focus_changed()
