"""Choose one of many, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from semtui.styling import styled


@dataclass(frozen=True)
class Candidate:
    """One that can be chosen, with a few words about it."""

    id: str
    name: str
    words: str = ""


class FindOne(ModalScreen[str | None]):
    """Answers with a candidate's id, or None."""

    BINDINGS = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
    ]

    def __init__(self, title: str, candidates: Sequence[Candidate], hint: str = "") -> None:
        super().__init__()
        self._heading = title
        self._candidates = candidates
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            frame.border_subtitle = "type a part, arrows choose, enter takes it, escape leaves"
            yield Input(placeholder=self._hint, id="finder", compact=True, select_on_focus=False)
            yield OptionList(id="choices", markup=False)

    def on_mount(self) -> None:
        finder = self.query_one("#finder", Input)
        finder.cursor_blink = False
        finder.focus()
        self._find()

    @on(Input.Changed)
    def _find(self) -> None:
        words = self.query_one("#finder", Input).value.lower().split()
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        for each in self._candidates:
            haystack = f"{each.name} {each.words}".lower()
            if all(word in haystack for word in words):
                choices.add_option(Option(styled([(f"{each.name}  ", "plain"), (each.words, "muted")]), id=each.id))
        choices.highlighted = 0 if choices.option_count else None

    def action_move(self, how: str) -> None:
        choices = self.query_one("#choices", OptionList)
        (choices.action_cursor_down if how == "cursor_down" else choices.action_cursor_up)()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _choose(self) -> None:
        choices = self.query_one("#choices", OptionList)
        if choices.highlighted is not None:
            self.dismiss(choices.get_option_at_index(choices.highlighted).id)
