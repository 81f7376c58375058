"""Text with a tone, which each front end draws or prints in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.text.clean import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence


Tone = Literal["plain", "strong", "muted", "owner", "admin", "member", "other", "good", "warn", "bad"]
Piece = tuple[str, Tone]
Target = tuple[Literal["subject", "role", "project", "can"], str]
"""What a line leads to: the details of something, or what a subject can do, by id."""


@dataclass(frozen=True)
class Line:
    """A line of a longer text; where it wraps, the rest is indented by `hang` cells."""

    pieces: Sequence[Piece] = ()
    hang: int = 0
    leads: Target | None = None
    """What the line leads to, where a front end can follow it."""

    @property
    def text(self) -> str:
        """The line without tones."""
        return "".join(text for text, _ in self.pieces)


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def padded(text: str, cells: int) -> str:
    """Cut or padded to a width in terminal cells (wide letters take two), followed by a space."""
    from rich.cells import set_cell_size

    return f"{set_cell_size(shorten(text, cells), cells)} "


def fact(label: str, *pieces: Piece, leads: Target | None = None) -> Line:
    """A label and its value."""
    return Line([(f"{label:<12} ", "muted"), *pieces], 13, leads)


def wrapped(line: Line, width: int) -> list[list[Piece]]:
    """A line broken at spaces into lines of at most `width` cells, all but the first indented by its `hang`."""
    from rich.cells import cell_len

    from semtui.text.wrapping import wrap

    rows: list[list[Piece]] = [[]]
    used = 0
    for text, tone in line.pieces:
        for number, word in enumerate(text.split(" ")):
            blank = " " if number else ""
            parts = wrap(word, max(1, width - line.hang)) if cell_len(word) > width - line.hang else [word]
            for part in parts:
                if used + len(blank) + cell_len(part) > width and used > line.hang:
                    rows.append([(" " * line.hang, "plain")])
                    used, blank = line.hang, ""
                rows[-1].append((blank + part, tone))
                used += len(blank) + cell_len(part)
                blank = ""
    return rows
