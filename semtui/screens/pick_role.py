"""Choose a role to filter by."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from semtui.presentation import role_tone
from semtui.screens.dialog import Dialog
from semtui.styling import styled


class PickRole(Dialog[str | None]):
    """Answers with a role's name, empty for any role, or None when nothing was chosen."""

    BINDINGS = [
        Binding("escape,q,f", "dismiss", "Close", show=False),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
    ]

    def __init__(self, roles: tuple[str, ...], present: str) -> None:
        super().__init__()
        self._roles = ("", *roles)
        self._present = present if present in self._roles else ""

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = "Show only holders of"
            frame.border_subtitle = "enter chooses, q leaves it"
            prompts = (styled([(role or "any role", role_tone(role) if role else "plain")]) for role in self._roles)
            choices = OptionList(*(Option(prompt) for prompt in prompts), id="choices", markup=False)
            choices.highlighted = self._roles.index(self._present)
            yield choices

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._roles[event.option_index])
