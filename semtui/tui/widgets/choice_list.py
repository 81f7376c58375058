"""A choice list in which the marked, highlighted and chosen row are always the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from semtui.text.folding import fold
from semtui.tui.styling import styled
from semtui.tui.widgets.moving import moving_keys
from semtui.wording.styled_text import Piece

_COMMANDS = "jkgGp"
"""Letters that mean something else where nothing begins with them."""


@dataclass(frozen=True)
class Choice:
    """A choice: its row's text, and the name that typed letters match."""

    id: str
    name: str
    pieces: tuple[Piece, ...]
    obstacle: str = ""
    """Why it cannot be chosen; empty when it can."""


class ChoiceList(OptionList):
    """Radio choices, a row each. Moving chooses, and so do Enter, space and the first letters of a name.

    There is no cursor besides the choice. Only while nothing is chosen yet, a row can be highlighted without a mark.
    """

    # Without the base class's select: what is chosen is never sent from here.
    BINDINGS = [
        Binding("enter,space", "take", "Choose", show=False),
        *moving_keys(
            {
                "down": "move('cursor_down')",
                "up": "move('cursor_up')",
                "page_down": "move('page_down')",
                "page_up": "move('page_up')",
                "half_page_down": "move('half_page_down')",
                "half_page_up": "move('half_page_up')",
                "top": "move('first')",
                "bottom": "move('last')",
            }
        ),
    ]
    DEFAULT_CSS = """
    ChoiceList, ChoiceList:focus {
        height: auto;
        max-height: 6;
        border: none;
        padding: 0;
        background: transparent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size: 1 1;
        scrollbar-background: $surface;
        scrollbar-color: $faint;
        scrollbar-corner-color: $surface;
    }
    /* Only where the focus is, a row is tinted. */
    ChoiceList:blur > .option-list--option-highlighted { background: transparent; }
    """

    class Changed(Message):
        """Another row is chosen."""

    class Confirmed(Message):
        """Enter or space was pressed on the row that is chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choices: Iterable[Choice], chosen: str = "", *, id: str | None = None) -> None:
        """`chosen` is the id of the initial choice."""
        self.choices = tuple(choices)
        self._open = True
        """Nothing is chosen yet."""
        self._typed = ""
        self._bar = ""
        """Marks the highlighted row while the list has the focus."""
        super().__init__(
            *(Option(self._prompt(each), disabled=bool(each.obstacle)) for each in self.choices),
            id=id,
            markup=False,
        )
        places = [index for index, each in enumerate(self.choices) if each.id == chosen]
        self.highlighted = places[0] if places else None
        self._open = not places
        self._announced = self.chosen_id
        self._drawn = -1
        self._mark()

    @property
    def chosen_id(self) -> str | None:
        """The id of the chosen row, or None."""
        return None if self._open or self.highlighted is None else self.choices[self.highlighted].id

    def choose(self, chosen: str) -> None:
        """Choose a row by id; an unknown id changes nothing."""
        for index, each in enumerate(self.choices):
            if each.id == chosen:
                self.highlighted = index
                self._choose_here()

    def replace_choice(self, index: int, choice: Choice) -> None:
        """Replace the text of one choice."""
        self.choices = (*self.choices[:index], choice, *self.choices[index + 1 :])
        self._mark(index)
        if choice.obstacle:
            self.disable_option_at_index(index)

    # Keys

    def action_move(self, how: str) -> None:
        """Move the cursor ("cursor_down", "first", …) and choose the row it reaches."""
        self._typed = ""
        getattr(self, f"action_{how}")()
        self._choose_here()

    def action_half_page_down(self) -> None:
        """Move the cursor half a page down, to a row that can be chosen."""
        self._go(max(1, self.size.height // 2))

    def action_half_page_up(self) -> None:
        """Move the cursor half a page up, to a row that can be chosen."""
        self._go(-max(1, self.size.height // 2))

    def _go(self, rows: int) -> None:
        """Move by `rows`, ending on a row that can be chosen."""
        able = [place for place, each in enumerate(self.choices) if not each.obstacle]
        wanted = (self.highlighted or 0) + rows
        if able and rows > 0:
            self.highlighted = max((place for place in able if place <= wanted), default=able[0])
        elif able:
            self.highlighted = min((place for place in able if place >= wanted), default=able[-1])

    def action_take(self) -> None:
        """Choose the highlighted row and post `Confirmed`."""
        self._typed = ""
        self._choose_here()
        if self.highlighted is not None:
            self.post_message(self.Confirmed(self.choices[self.highlighted]))

    # A click takes what it hits.
    action_select = action_take

    def on_key(self, event: events.Key) -> None:
        """Choose the row whose name begins with the letters typed so far."""
        letter = event.character if event.is_printable and event.character != " " else None
        if letter is None:
            return
        found = self._find(self._typed + letter) or self._find(letter)
        under_way, self._typed = bool(self._typed), found
        if found or (under_way and letter not in _COMMANDS):
            # A letter too many of a name is no command to leave.
            event.stop()
            event.prevent_default()

    def _find(self, typed: str) -> str:
        """Choose the row whose name begins with `typed` and return `typed`; return "" if there is none."""
        wanted, count = fold(typed), len(self.choices)
        # The same letter again goes on to the next; a longer beginning may stay where it is.
        first = -1 if self.highlighted is None else self.highlighted - (len(typed) > 1)
        places = [(first + step) % count for step in range(1, count + 1)]
        for begins in (str.startswith, _word_begins):
            for place in places:
                if not self.choices[place].obstacle and begins(fold(self.choices[place].name), wanted):
                    self.highlighted = place
                    self._choose_here()
                    return typed
        return ""

    def _choose_here(self) -> None:
        """Choose the highlighted row."""
        self._open = self.highlighted is None
        self._mark()
        if self.chosen_id != self._announced:
            self._announced = self.chosen_id
            self.post_message(self.Changed())

    # Drawing

    def on_focus(self) -> None:
        """Mark the cursor's row; without one, put the cursor on the first row and choose nothing."""
        self._bar = "▌"
        if self.highlighted is None:
            # The focus shows at once, and still nothing is chosen.
            self.action_first()
        self._mark()

    def on_blur(self) -> None:
        """Remove the focus mark and forget the letters typed."""
        self._typed = self._bar = ""
        self._mark()

    def _mark(self, *more: int) -> None:
        """Redraw the marks of the rows whose marks may have changed."""
        here = -1 if self.highlighted is None else self.highlighted
        for index in {self._drawn, here, *more} - {-1}:
            self.replace_option_prompt_at_index(index, self._prompt(self.choices[index], highlighted=index == here))
        self._drawn = here

    def _prompt(self, choice: Choice, *, highlighted: bool = False) -> Content:
        mark: Piece = ("(•) ", "strong") if highlighted and not self._open else ("( ) ", "muted")
        bar: Piece = (self._bar if highlighted and self._bar else " ", "strong")
        return styled([bar, mark, *choice.pieces])


def _word_begins(name: str, wanted: str) -> bool:
    return any(word.startswith(wanted) for word in name.split())
