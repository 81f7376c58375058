"""What an edit changes: old and new side by side."""

from __future__ import annotations

from semtui.text.clean import shorten
from semtui.wording.styled_text import Line

_LONGEST = 60
"""The most cells of either side; the form's field shows the whole value."""
_LABEL = 13


def change_line(label: str, old: str, new: str) -> Line:
    """`label  old → new`, to be reviewed before saving."""
    before, after = _both(old, new, "(empty)")
    return Line([(f"{label:<{_LABEL}}", "muted"), (before, "muted"), (" → ", "muted"), (after, "strong")], _LABEL)


def spoken_change(old: str, new: str, none: str = "none") -> str:
    """The same in line mode: the value, or `old becomes new`."""
    before, after = _both(old, new, none)
    return after if old == new else f"{before} becomes {after}"


def _both(old: str, new: str, none: str) -> tuple[str, str]:
    before, after = shorten(old, _LONGEST), shorten(new, _LONGEST)
    if before == after:
        # They differ only in the part that would be cut off.
        before, after = (old, new) if old != new else (before, after)
    return before or none, after or none
