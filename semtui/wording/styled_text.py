"""Text with a tone, which each front end draws or prints in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.text.clean import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence


Tone = Literal["plain", "strong", "muted", "owner", "admin", "member", "other", "good", "warn", "bad"]
Piece = tuple[str, Tone]


@dataclass(frozen=True)
class Line:
    """A line of a longer text; where it wraps, the rest is indented by `hang` cells."""

    pieces: Sequence[Piece] = ()
    hang: int = 0

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


def fact(label: str, *pieces: Piece) -> Line:
    """A label and its value."""
    return Line([(f"{label:<13}", "muted"), *pieces], 13)
