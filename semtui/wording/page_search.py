"""Search in a page of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from semtui.text.folding import haystack, holds, search_words
from semtui.wording.styled_text import Line


@dataclass(frozen=True)
class _Block:
    """Lines without an empty one between them."""

    head: list[Line]
    """Their heading, if they have one."""
    lines: list[Line]
    haystacks: list[str]
    """For each line, its own text and the heading's, folded."""


class PageSearch:
    """A page that can be searched again and again; it is folded once, when the first word is typed."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def found(self, search: str) -> list[Line]:
        """The lines in which every word of `search` stands, under the headings they belong to; a heading counts with
        each of its lines, and one that stands by itself leads all that follows."""
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
