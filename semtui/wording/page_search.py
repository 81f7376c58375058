"""Searches a page of text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from semtui.text.folding import haystack, holds, search_words
from semtui.wording.styled_text import Line


def hits(lines: Sequence[Line], search: str) -> list[int]:
    """The numbers of the lines that contain a word of `search`, and with their headings all of them.

    The first line of a paragraph is its heading, unless it has a hanging indent.
    """
    words = search_words(search)
    return [number for number, line, hay in _folded(lines) if words and _is_hit(line, hay, words)]


def _folded(lines: Sequence[Line]) -> list[tuple[int, str, str]]:
    """For each line that is not empty its number, its folded text, and that of the line and its heading."""
    found: list[tuple[int, str, str]] = []
    for filled, group in groupby(enumerate(lines), key=lambda each: bool(each[1].pieces)):
        if filled:
            numbered = list(group)
            first = numbered[0][1]
            head = "" if first.hang else haystack(first.text)
            found += [(number, hay := haystack(line.text), f"{head}\n{hay}") for number, line in numbered]
    return found


def _is_hit(line: str, with_heading: str, words: Sequence[str]) -> bool:
    return holds(with_heading, words) and any(word in line for word in words)
