"""Text broken into lines of a width, counted in terminal cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHITESPACE = str.maketrans("\t\n\v\f\r", "     ")
_PARTS = re.compile(r"[^-_.,:;@+=&]*[-_.,:;@+=&]+|[^-_.,:;@+=&]+")


def wrap(text: str, width: int, hang: int = 0, *, break_words: bool = True) -> list[str]:
    """Lines of at most `width` cells, the second and later ones indented by `hang`.

    They break at blanks. With `break_words` a word that is longer than a line is broken too, after a hyphen or the like
    if it has one; but not what has a slash in it, which is taken for a path or an address, to be copied.
    """
    indent = " " * hang
    lines: list[str] = []
    line, used = "", 0
    for blank, piece in _pieces(text.translate(_WHITESPACE), width - hang if break_words else None):
        long = _cells(piece)
        if line.strip() and used + len(blank) + long > width:
            lines.append(line.rstrip())
            line, used = indent, hang
        if line.strip():
            line, used = line + blank, used + len(blank)
        line, used = line + piece, used + long
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str, room: int | None) -> Iterator[tuple[str, str]]:
    """What is not broken further, each with the blank before it; parts of one word have none between them."""
    for word in text.split(" "):
        if room is None or "/" in word or _cells(word) <= room:
            yield " ", word
            continue
        blank = " "
        for part in _PARTS.findall(word):
            for piece in _cut(part, room):
                yield blank, piece
                blank = ""


def _cut(part: str, room: int) -> Iterator[str]:
    """Pieces of at most `room` cells; marks stay with their letter."""
    piece, used = "", 0
    for char in part:
        long = _cells(char)
        if piece and used + long > room:
            yield piece
            piece, used = "", 0
        piece, used = piece + char, used + long
    yield piece


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
