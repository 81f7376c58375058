"""Lets the user pick which permissions a role would have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input

from semtui.text.folding import haystack
from semtui.tui.screens.form_dialog import FormDialog
from semtui.tui.widgets.columns import Column
from semtui.tui.widgets.picker import Choice, Picker

Edit = tuple[tuple[str, ...], tuple[str, ...]]
"""The permissions that are added, and those that are removed."""


class PermissionPicker(FormDialog[Edit | None]):
    """Answers with an edit, or None; nothing is sent from here."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "Close", show=False),
        # With priority, what is typed right after tab meets the next field, however fast.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#finder"

    picker = query_one("#permissions", Picker)

    def __init__(self, title: str, meanings: Mapping[str, str], present: Collection[str]) -> None:
        """`meanings` are of all permissions there are, by name; `present` are those of the role."""
        super().__init__()
        self._heading = title
        self._choices = [
            Choice(each, each.removeprefix("organization."), words, haystack(each, words))
            for each, words in meanings.items()
        ]
        self._present = present

    def compose(self) -> ComposeResult:
        """Lay out the permissions, and the buttons."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            yield Picker(
                self._choices,
                self._present,
                columns=(Column("name", "PERMISSIONS", 28), Column("words", "", 20, share=1, rank=1)),
                hint="find permissions by name or meaning",
                nothing="No permission matches.",
                id="permissions",
            )
            with Horizontal(id="buttons"):
                yield Button("What would change", id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#cancel")
    def _leave(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#send")
    def _take(self) -> None:
        self.dismiss((self.picker.added, self.picker.removed))
