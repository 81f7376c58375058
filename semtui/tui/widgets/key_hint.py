"""The one line of a dialog that says what the keys do where the focus is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Button, Input

from semtui.text.clean import shorten
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.role_list import RoleList
from semtui.tui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from textual.widget import Widget

_WORDS: dict[type[Widget], tuple[str, ...]] = {
    RoleList: (
        "↑ ↓, space, enter choose   p permissions   tab next",
        "space, enter choose   p permissions",
        "space, enter choose",
    ),
    ChoiceList: ("↑ ↓, space, enter choose   tab next", "space, enter choose"),
    RowTable: ("space, enter mark   tab next", "space, enter mark"),
    Input: ("enter, tab next field", "enter, tab next"),
    Button: ("enter presses   tab next",),
}
"""By kind of widget, the most particular kind first; the longest words first."""
_LEAVES = "   esc leaves"
_MORE = "   pgup pgdn more"
_MORE_IN_LIST = "   tab more"
_CORNERS = 6
"""Cells of a frame's last line that take no words."""


def tell_keys(frame: Widget, focused: Widget | None, in_field: str = "") -> None:
    """Write into the last line of a dialog's frame what the keys do while `focused` has the focus.

    `in_field` are words for a field in place of the usual ones.
    """
    width = frame.outer_size.width - _CORNERS
    frame.border_subtitle = Content(_hint(focused, width, longer=frame.show_vertical_scrollbar, in_field=in_field))


def tell_chosen(frame: Widget, name: str) -> None:
    """Write there instead that what enter was pressed on is chosen, and how to go on."""
    going_on = " is chosen   tab next"
    width = frame.outer_size.width - _CORNERS
    frame.border_subtitle = Content(f"{shorten(name, width - cell_len(going_on))}{going_on}")


def _hint(focused: Widget | None, width: int, *, longer: bool, in_field: str) -> str:
    """The longest words that fit into `width` cells; `longer` is whether the dialog is longer than the window."""
    if in_field and isinstance(focused, Input):
        words: tuple[str, ...] = (in_field,)
    elif isinstance(focused, Button) and focused.id == "cancel":
        words = ("enter leaves   tab next",)
    else:
        words = next((words for kind, words in _WORDS.items() if isinstance(focused, kind)), ("tab next",))
    more = ""
    if longer:
        # In a list these keys move through the list.
        more = _MORE_IN_LIST if isinstance(focused, ChoiceList | RowTable) else _MORE
    whole = [each + more + _LEAVES for each in words] + [each + more for each in words]
    return next((each for each in whole if cell_len(each) <= width), words[-1])
