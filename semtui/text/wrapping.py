"""Wraps text to a width in terminal cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHITESPACE = str.maketrans("\t\n\v\f\r", "     ")
_PARTS = re.compile(r"[^-_.,:;@+=&]*[-_.,:;@+=&]+|[^-_.,:;@+=&]+")


def wrap(text: str, width: int, hang: int = 0, *, break_words: bool = True) -> list[str]:
    """Lines of at most `width` cells, all but the first indented by `hang` cells.

    Lines break at spaces. With `break_words`, a word longer than a line is broken too, after a hyphen or similar if it
    has one; but not a word with a slash, which is probably a path or an address that somebody will copy.
    """
    indent = " " * hang
    lines: list[str] = []
    line, used = "", 0
    for blank, piece in _pieces(text.translate(_WHITESPACE), width - hang if break_words else None):
        long = cell_width(piece)
        if line.strip() and used + len(blank) + long > width:
            lines.append(line.rstrip())
            line, used = indent, hang
        if line.strip():
            line, used = line + blank, used + len(blank)
        line, used = line + piece, used + long
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, room: int | None) -> Iterator[tuple[str, str]]:
    """The unbreakable pieces, each with the space that goes before it: "" between parts of one word."""
    for word in text.split(" "):
        if room is None or "/" in word or cell_width(word) <= room:
            yield " ", word
            continue
        blank = " "
        for part in _PARTS.findall(word):
            for piece in _cut(part, room):
                yield blank, piece
                blank = ""


def _cut(part: str, room: int) -> Iterator[str]:
    """Pieces of at most `room` cells; combining marks stay with their letter."""
    piece, used = "", 0
    for char in part:
        long = cell_width(char)
        if piece and used + long > room:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + long
    yield piece


def cell_width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
