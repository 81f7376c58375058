"""A text wrapped to a width: where its lines begin and end, which of them lead on, and where a key leads in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from semtui.text.folding import places, search_words
from semtui.wording.page_search import hits
from semtui.wording.styled_text import Line, Piece, wrapped

_LEAST_WIDTH = 20
_LEADS: Piece = (" ›", "strong")
"""What a line that leads on ends with."""
Spot = tuple[int, int]
"""The first line of the window that is in view, and that of the cursor, counted from 0."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text, and what is behind it if it leads on."""

    line: Line
    behind: Any = None


Text = Callable[[int], Sequence[TextLine]]
"""Gives the lines of a text for a width in cells."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the window: a line of the text, or a part of one that was wrapped."""

    id: str
    pieces: list[Piece]
    number: int
    """Of the line in the text."""
    behind: Any

    @property
    def text(self) -> str:
        """The same without tones."""
        return "".join(text for text, _ in self.pieces)


class WrappedText:
    """A text on lines of the window."""

    def __init__(self, lines: Sequence[TextLine], width: int) -> None:
        self.lines = lines
        self.parts: list[Part] = []
        self._starts: list[int] = []
        """Where each line of the text begins."""
        for number, (line, behind) in enumerate((each.line, each.behind) for each in lines):
            self._starts.append(len(self.parts))
            pieces = wrapped(line, max(_LEAST_WIDTH, width) - cell_len(_LEADS[0]) * (behind is not None))
            if behind is not None:
                pieces[-1].append(_LEADS)
            self.parts += [Part(f"{number} {place}", each, number, behind) for place, each in enumerate(pieces)]
        self._leading = [start for start in self._starts if self.parts[start].behind is not None]

    @property
    def leads(self) -> bool:
        """Whether any line leads on."""
        return bool(self._leading)

    def start(self, number: int) -> int:
        """Where a line of the text begins."""
        return self._starts[number]

    def ending(self, place: int) -> int:
        """The last part of the line that a part belongs to."""
        following = self.parts[place].number + 1
        return (self._starts[following] if following < len(self._starts) else len(self.parts)) - 1

    def chosen(self, top: int, page: int, *, first: bool) -> Spot:
        """With the view of `page` lines at `top`: the first or the last line in view that leads on."""
        top = max(0, min(top, len(self.parts) - page))
        here = [each for each in self._leading if top <= each < top + page]
        return top, here[0 if first else -1] if here else top

    def below(self, spot: Spot, page: int) -> Spot:
        """One key further: the next line that leads on if it is in view, otherwise a line further in the text."""
        top, cursor = spot
        following = next((each for each in self._leading if each > cursor), len(self.parts))
        if following < top + page:
            return max(top, min(following, self.ending(following) + 1 - page)), following
        if top < len(self.parts) - page:
            top += 1
        return top, following if following < top + page else cursor

    def above(self, spot: Spot, page: int) -> Spot:
        """One key back, in the same way."""
        top, cursor = spot
        before = next((each for each in reversed(self._leading) if each < cursor), -1)
        if before >= top:
            return top, before
        top = max(0, top - 1)
        return top, before if before >= top else cursor


class Hits:
    """The lines that a search finds in a text, and which of them it stands on."""

    def __init__(self, text: WrappedText, search: str, start: int = 0) -> None:
        """It stands on the first hit at or after the part `start`, or else on the first."""
        self._text = text
        self._words = search_words(search)
        self.numbers = hits([each.line for each in text.lines], search)
        first = text.parts[min(start, len(text.parts) - 1)].number if text.parts else 0
        self._at = next((at for at, number in enumerate(self.numbers) if number >= first), 0)

    def __contains__(self, number: int) -> bool:
        return number in self.numbers

    @property
    def here(self) -> int:
        """The line it stands on."""
        return self.numbers[self._at]

    def step(self, hits: int) -> None:
        """Go so many hits further; after the last comes the first."""
        if self.numbers:
            self._at = (self._at + hits) % len(self.numbers)

    @property
    def words(self) -> str:
        """`2 of 5`: the hit it stands on and how many there are; empty where nothing is searched for."""
        if not self._words:
            return ""
        return f"{self._at + 1:,} of {len(self.numbers):,}" if self.numbers else "not found"

    def cells(self, part: Part) -> list[tuple[int, int]]:
        """From which cell to which other a part of a hit was searched for; all of it where that cannot be told."""
        text, spans = part.text, places(part.text, self._words)
        if not spans and not places(self._text.lines[part.number].line.text, self._words):
            spans = [(len(text) - len(text.lstrip()), len(text.rstrip()))]
        return [(cell_len(text[:start]), cell_len(text[:end])) for start, end in spans]
