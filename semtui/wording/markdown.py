"""Markdown in which what others wrote stays a text: nothing in it becomes a link, an image, a tag or a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from semtui.text.clean import clean

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&@:/])")


def literal(text: str) -> str:
    """A text that is shown as it is."""
    return _MEANS_SOMETHING.sub(r"\\\1", clean(text))


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; the cells are texts, not Markdown."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return [*lines, *(f"| {' | '.join(literal(cell) for cell in row)} |" for row in rows)]
