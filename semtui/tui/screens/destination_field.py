"""Where the token is to go, asked before there is one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Input, Label

from semtui.changes.secret_exposure import Exposure, exposure
from semtui.tokens.delivery import Destination, destination
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace
from semtui.wording.secrets import place_words


class DestinationField(Vertical):
    """A line of a form, and below it the full path of a file. Left empty, the token is shown."""

    where = query_one("#destination", Input)

    def __init__(self, stronger: Sequence[str] = ()) -> None:
        """`stronger` are the roles of the token's account that permit more than Member does."""
        super().__init__(id="destination-field")
        self._stronger = tuple(stronger)

    def compose(self) -> ComposeResult:
        """Lay out the label, the input for a file or a command, and the full path of a file."""
        with Horizontal(classes="field"):
            yield Label("Token to")
            words = "here; or a new file; or | and a command; or secret:NAME"
            yield Field(placeholder=words, id="destination", compact=True)
        yield FilePlace()

    @on(Input.Changed)
    def _say_where(self) -> None:
        to = self.chosen
        place = self.query_one(FilePlace)
        if to is not None and to.secret is not None:
            place.say(to.secret.mistake or f"{place_words(to.secret)}. {self.exposed.words}")
        else:
            place.show_place(self.where.value, to.place if to else "")

    def show_stronger(self, stronger: Sequence[str]) -> None:
        """Tell whom the token would make stronger, for these roles of its account."""
        if tuple(stronger) != self._stronger:
            self._stronger = tuple(stronger)
            self._say_where()

    @property
    def exposed(self) -> Exposure:
        """Who will be able to read the token at the place that is typed."""
        return exposure(self.chosen, self._stronger)

    @property
    def chosen(self) -> Destination | None:
        """Where the token is to go; None to show it."""
        return destination(self.where.value)
