"""Searches a page of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from semtui.text.folding import haystack, holds, search_words
from semtui.wording.styled_text import Line


@dataclass(frozen=True)
class _Block:
    """A paragraph: lines with no empty line between them."""

    head: list[Line]
    """The paragraph's heading, if it has one."""
    lines: list[Line]
    haystacks: list[str]
    """For each line, the folded text of the line and its heading."""


class PageSearch:
    """A page to search repeatedly; its text is folded once, at the first search."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def found(self, search: str) -> list[Line]:
        """The lines that contain every word of `search`, under their headings.

        A heading counts as part of each of its lines; a heading in a paragraph of its own covers all that follows.
        """
        words = search_words(search)
        if not words:
            return list(self._lines)
        found: list[Line] = []
        section: list[Line] = []
        for block in self._blocks:
            if block.head and not block.lines:
                section = block.head
            kept = [line for line, hay in zip(block.lines, block.haystacks, strict=True) if holds(hay, words)]
            if kept:
                found += [*([Line()] if found else []), *section, *([Line()] if section else []), *block.head, *kept]
                section = []
        return found

    @cached_property
    def _blocks(self) -> list[_Block]:
        return [
            _block(list(group)) for filled, group in groupby(self._lines, key=lambda line: bool(line.pieces)) if filled
        ]


def _block(lines: list[Line]) -> _Block:
    head = [] if lines[0].hang else lines[:1]
    rest = lines[len(head) :]
    return _Block(head, rest, [haystack(*(line.text for line in (*head, each))) for each in rest])
