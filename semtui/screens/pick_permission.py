"""Choose a permission, found by typing a part of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from semtui.catalog import explanation
from semtui.presentation import styled


class PickPermission(ModalScreen[str | None]):
    """Answers with a permission's name, or None."""

    BINDINGS = [
        Binding("escape", "dismiss", "Close", show=False),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
    ]

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = "Who can…"
            frame.border_subtitle = "type a part, arrows choose, enter shows who, escape leaves"
            yield Input(placeholder="secrets manage", id="finder", compact=True, select_on_focus=False)
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
        for name in self._names:
            words_of = f"{name} {explanation(name)}"
            if all(word in words_of.lower() for word in words):
                prompt = styled([(f"{name}  ", "plain"), (explanation(name), "muted")])
                choices.add_option(Option(prompt, id=name))
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
