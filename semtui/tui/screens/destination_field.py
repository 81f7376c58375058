"""Where the token is to go, asked before there is one."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Input, Label

from semtui.tokens.delivery import Destination, destination
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace


class DestinationField(Vertical):
    """A line of a form, and below it the full path of a file. Left empty, the token is shown."""

    where = query_one("#destination", Input)

    def __init__(self) -> None:
        super().__init__(id="destination-field")

    def compose(self) -> ComposeResult:
        """Lay out the label, the input for a file or a command, and the full path of a file."""
        with Horizontal(classes="field"):
            yield Label("Token to")
            words = "here; or a new file; or | and a command"
            yield Field(placeholder=words, id="destination", compact=True)
        yield FilePlace()

    @on(Input.Changed)
    def _say_where(self) -> None:
        to = destination(self.where.value)
        self.query_one(FilePlace).show_place(self.where.value, to.place if to else "")

    @property
    def chosen(self) -> Destination | None:
        """Where the token is to go; None to show it."""
        return destination(self.where.value)
