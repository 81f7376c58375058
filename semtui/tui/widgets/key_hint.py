"""Says what the keys do in the widget that has the focus."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.role_list import RoleList
from semtui.tui.widgets.row_table import RowTable

_WORDS: dict[type[Widget], tuple[str, ...]] = {
    RoleList: (
        "↑ ↓, space, enter choose   p permissions",
        "space, enter choose   p permissions",
        "space, enter choose",
    ),
    ChoiceList: ("↑ ↓, space, enter choose   tab next", "space, enter choose"),
    RowTable: ("space, enter mark   tab next", "space, enter mark"),
    Input: ("enter, tab next field", "enter, tab next"),
}
"""By kind of widget, the most particular kind first; the longest words first."""


class KeyHint(Static):
    """One line beside the buttons: the longest words that fit, for words that are cut say something else."""

    def __init__(self, *, in_field: str = "") -> None:
        """`in_field` is what to say of a field in place of the usual words."""
        super().__init__(id="hint")
        self._in_field = in_field
        self._words: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The words that are shown."""
        return next((words for words in self._words if cell_len(words) <= self.content_size.width), "")

    def show_for(self, focused: Widget | None) -> None:
        """Describe the keys of this widget; nothing for a button."""
        words = next((words for kind, words in _WORDS.items() if isinstance(focused, kind)), ())
        self._words = (self._in_field,) if self._in_field and isinstance(focused, Input) else words
        self.refresh()

    def render(self) -> Content:
        """What the keys do where the focus is."""
        return Content(self.said)
