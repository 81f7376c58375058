"""Choose another organization among the contexts of ~/.sem.yaml."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from semtui.organizations import Listed
from semtui.presentation import Piece
from semtui.screens.dialog import Dialog
from semtui.styling import styled


class PickContext(Dialog[str | None]):
    """Answers with a context's name, or None."""

    BINDINGS = [
        Binding("escape,q,at", "dismiss", "Close", show=False),
        Binding("j", "app.simulate_key('down')", show=False),
        Binding("k", "app.simulate_key('up')", show=False),
    ]

    def __init__(self, contexts: tuple[Listed, ...], present: str) -> None:
        super().__init__()
        self._contexts = contexts
        self._present = present

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = "Open another organization"
            frame.border_subtitle = "enter opens it, q stays here"
            choices = OptionList(*(Option(styled(self._prompt(each))) for each in self._contexts), id="choices")
            places = [place for place, each in enumerate(self._contexts) if each.name == self._present]
            choices.highlighted = places[0] if places else 0
            yield choices

    def _prompt(self, context: Listed) -> list[Piece]:
        pieces: list[Piece] = [("✓ " if context.name == self._present else "  ", "good"), (context.host, "strong")]
        if context.environment.label:
            pieces.append((f"  {context.environment.label}", "warn"))
        if context.environment.read_only:
            pieces.append(("  read-only", "muted"))
        if context.name.replace("_", ".") != context.host:
            pieces.append((f"  context {context.name}", "muted"))
        return pieces

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._contexts[event.option_index].name)
