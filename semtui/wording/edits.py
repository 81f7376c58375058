"""What an edit changes: old and new side by side."""

from __future__ import annotations

from semtui.text.clean import shorten
from semtui.wording.styled_text import Line

_LONGEST = 60
"""Cells of either side; all of it stands in the field."""
_LABEL = 13


def change_line(label: str, old: str, new: str) -> Line:
    """One thing that changes, to be looked at."""
    before, after = _both(old, new, "(empty)")
    return Line([(f"{label:<{_LABEL}}", "muted"), (before, "muted"), (" → ", "muted"), (after, "strong")], _LABEL)


def spoken_change(old: str, new: str, none: str = "none") -> str:
    """The same in line mode: what there is, or what becomes of it."""
    before, after = _both(old, new, none)
    return after if old == new else f"{before} becomes {after}"


def _both(old: str, new: str, none: str) -> tuple[str, str]:
    before, after = shorten(old, _LONGEST), shorten(new, _LONGEST)
    if before == after:
        # They differ only where they would be cut.
        before, after = (old, new) if old != new else (before, after)
    return before or none, after or none
