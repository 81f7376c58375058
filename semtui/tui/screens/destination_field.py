"""Where the token is to go, asked before there is one."""

from __future__ import annotations

import os

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widgets import Input, Label

from semtui.api.errors import NotSentError
from semtui.tokens.delivery import (
    DeliveryError,
    Destination,
    check_destination,
    destination,
)
from semtui.tui.widgets.field import Field


class DestinationField(Horizontal):
    """A line of a form. Left empty, the token is shown."""

    where = query_one("#destination", Input)

    def __init__(self) -> None:
        super().__init__(classes="field")

    def compose(self) -> ComposeResult:
        """Lay out the label and the input for a file or a command."""
        yield Label("Token to")
        words = "shown here; or a new file; or | and a command that reads it"
        yield Field(placeholder=words, id="destination", compact=True)

    async def checked_destination(self) -> Destination | None:
        """Where the token shall go, seen to be possible; None to show it. Raises NotSentError, before anything is."""
        to = destination(self.where.value)
        if to is not None:
            try:
                await check_destination(to, os.environ)
            except DeliveryError as error:
                raise NotSentError(f"{error} Nothing was sent.") from None
        return to
