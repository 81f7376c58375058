"""The cells of a table: words cut or padded to a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.style import Style

    from semtui.wording.styled_text import Piece, Tone

_SHORT = 5


def cell(pieces: list[Piece], width: int, paint: Callable[[Tone], Style]) -> list[Segment]:
    """Pieces in exactly `width` cells, with … where they are cut. A short last piece, as ` +2`, is never cut off."""
    *others, (tail, tail_tone) = pieces or [("", "plain")]
    if others and cell_len(tail) <= min(_SHORT, width - 2) and sum(cell_len(text) for text, _ in pieces) > width:
        return [*cell(others, width - cell_len(tail), paint), Segment(tail, paint(tail_tone))]
    left = width
    segments: list[Segment] = []
    for position, (text, tone) in enumerate(pieces):
        last = position == len(pieces) - 1
        more = not last and any(rest for rest, _ in pieces[position + 1 :])
        if cell_len(text) > left or (more and cell_len(text) == left):
            text = set_cell_size(text, max(0, left - 1)) + "…" if left else ""
        segments.append(Segment(text, paint(tone)))
        left -= cell_len(text)
        if left <= 0:
            break
    return [*segments, Segment(" " * max(0, left), paint("plain"))]


def wrapped_cells(lines: Iterable[list[Piece]], width: int) -> list[list[Piece]]:
    """Lines of a single piece wrapped to `width` cells rather than cut: their end often says what would help."""
    wrapped: list[list[Piece]] = []
    for pieces in lines:
        text, tone = pieces[0]
        if len(pieces) > 1 or cell_len(text) <= width:
            wrapped.append(pieces)
        else:
            wrapped += [[(part.plain, tone)] for part in Content(text).wrap(max(1, width))]
    return wrapped
