"""Lines of one row that are drawn again at every move of the cursor."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def show_line(place: Static, line: Content) -> None:
    """Show a line, and do no work for one that stands there already.

    The screen is laid out anew only if the place is as wide as its words and these became longer or shorter: laying
    out costs more than all else that a move of the cursor does.
    """
    shown = place.content
    if isinstance(shown, Content) and shown.is_same(line):
        return
    place.update(line, layout=place.styles.auto_dimensions and line.cell_length != place.content_size.width)
