"""Markdown that is safe with untrusted text: nothing in it becomes a link, an image, a tag or a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from semtui.text.clean import clean

_MEANS_SOMETHING = re.compile(r"[\\`*_{}\[\]<>|~&@!]|:(?=//)|(?<=www)\.|^[ ]*[#+\-]", re.IGNORECASE)
"""Markup, tags, columns, entities and mentions; addresses, which many viewers turn into links; and what starts a list
or a heading."""


def literal(text: str) -> str:
    """`text` escaped, so that Markdown shows it as it is."""
    return _MEANS_SOMETHING.sub(lambda found: f"\\{found[0]}", clean(text).strip())


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; cells are escaped."""
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return [*lines, *(f"| {' | '.join(literal(cell) for cell in row)} |" for row in rows)]
