"""Choose another organization among the contexts of ~/.sem.yaml."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from semtui.session.manager import ContextEntry
from semtui.tui.screens.dialog import Dialog
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.wording.organizations import context_words
from semtui.wording.styled_text import Piece


class ContextPicker(Dialog[str | None]):
    """Answers with a context's name, or None."""

    BINDINGS = [Binding("escape,q,at", "dismiss", "Close", show=False)]

    def __init__(self, contexts: tuple[ContextEntry, ...], present: str) -> None:
        super().__init__()
        self._contexts = contexts
        self._present = present

    def compose(self) -> ComposeResult:
        """List the contexts, with the present one chosen."""
        with Vertical(id="frame") as frame:
            frame.border_title = "Open another organization"
            frame.border_subtitle = "enter, space open it   q stays here"
            choices = (Choice(each.name, each.host, tuple(self._prompt(each))) for each in self._contexts)
            present = [each.name for each in self._contexts if each.name == self._present]
            yield ChoiceList(choices, *(present or [self._contexts[0].name]), id="choices")

    def _prompt(self, context: ContextEntry) -> list[Piece]:
        pieces: list[Piece] = [(context.host, "strong")]
        if context.name == self._present:
            pieces.append(("  now", "good"))
        if context.mark.label:
            pieces.append((f"  {context.mark.label}", "warn"))
        if context.mark.read_only:
            pieces.append(("  read-only", "muted"))
        if words := context_words(context.name, context.host):
            pieces.append((f"  {words}", "muted"))
        return pieces

    @on(ChoiceList.Confirmed)
    def _chosen(self) -> None:
        self.dismiss(self.query_one(ChoiceList).chosen_id)
