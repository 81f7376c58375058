"""What the forms for a service account, a group and a custom role share: the rows for name and description."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.tui.screens.form import Form
from semtui.tui.styling import styled
from semtui.tui.widgets.field import Field


class DetailsForm(Form):
    """A form that begins with a name and a description."""

    name_input = query_one("#name", Input)
    description_input = query_one("#description", Input)

    @property
    def typed_name(self) -> str:
        """The name as typed, trimmed."""
        return self.name_input.value.strip()

    @property
    def typed_description(self) -> str:
        """The description as typed, trimmed."""
        return self.description_input.value.strip()

    def compose_name(self, saved: str, *, disabled: bool = False) -> ComposeResult:
        """Lay out the row for the name."""
        with Horizontal(classes="field"):
            yield Label("Name")
            yield Field(saved, id="name", compact=True, disabled=disabled)

    def compose_description(self, saved: str, *beside: Static, disabled: bool = False) -> ComposeResult:
        """Lay out the row for the description, with `beside` behind the field."""
        with Horizontal(classes="field"):
            yield Label("Description")
            yield Field(saved, id="description", compact=True, disabled=disabled)
            yield from beside

    def compose_form_buttons(self, send: str) -> ComposeResult:
        """Lay out the button that sends, called `send` and "Cancel"."""
        yield Button(Content(send), id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def show_error(self, selector: str, words: str) -> None:
        """Say in a line of the form why a field will not do; empty words hide the line."""
        line = self.query_one(selector, Static)
        line.update(styled([(words, "warn")]))
        line.display = bool(words)
