"""Wrapped text with hanging indents."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from semtui.tui.styling import styled
from semtui.wording.styled_text import Line

_NARROWEST = 20


class Paragraphs(Widget):
    """Lines wrapped to the width, each with its own hanging indent."""

    DEFAULT_CSS = "Paragraphs { height: auto; }"

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines = tuple(lines)

    def update(self, lines: Sequence[Line]) -> None:
        """Replace the lines."""
        self._lines = tuple(lines)
        width, height = self.size
        # Arranging the whole screen anew takes longer than everything else that follows a key.
        self.refresh(layout=not width or len(self._wrapped(width)) != height)

    def _wrapped(self, width: int) -> list[Content]:
        return [part for line in self._lines for part in _wrap(line, width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines after wrapping to `width` cells."""
        return len(self._wrapped(width))

    def render(self) -> Content:
        """The lines, wrapped to the present width."""
        return Content("\n").join(self._wrapped(self.size.width))


def _wrap(line: Line, width: int) -> list[Content]:
    content = styled(line.pieces)
    hang = line.hang if width - line.hang >= _NARROWEST else 0
    if content.cell_length <= width or not hang:
        return content.wrap(max(1, width)) or [Content("")]
    head, rest = content.divide([_characters(content.plain, hang)])
    first, *others = rest.wrap(width - hang)
    return [head + first, *(other.pad_left(hang) for other in others)]


def _characters(text: str, cells: int) -> int:
    """How many characters fit into so many cells; wide characters take two."""
    number = 0
    for character in text:
        if cells <= 0:
            break
        cells -= cell_len(character)
        number += 1
    return number
