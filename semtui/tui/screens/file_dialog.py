"""What dialogs that ask for the name of a file share: its line, a list of choices, a status and two buttons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label

from semtui.system.private_files import shown_path
from semtui.tui.screens.form_dialog import FormDialog, T
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace
from semtui.tui.widgets.key_hint import tell_keys
from semtui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from semtui.wording.styled_text import Tone


class FileDialog(FormDialog[T]):
    """The focus begins in the file's name: what is typed at once is text. Subclasses do what its button says."""

    BINDINGS = [
        Binding("escape,q", "leave", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # In the line of the file's name too, where they mean nothing else.
        Binding("down", "choose('cursor_down')", show=False),
        Binding("up", "choose('cursor_up')", show=False),
    ]

    LABEL: ClassVar[str] = "New file"
    BUTTON: ClassVar[str] = "Write the file"
    HINT: ClassVar[str] = ""
    """What stands in the line while it is empty."""
    WRITES: ClassVar[bool] = True
    """Whether its work writes the file; what is only read can be left at any time."""

    path = query_one("#path", Field)

    def __init__(self, heading: str) -> None:
        super().__init__()
        self._heading = heading
        self.busy = False
        """True while the button's work is done."""

    def choices(self) -> Iterable[Choice]:
        """What can be chosen from; the first is chosen to begin with."""
        raise NotImplementedError

    def chosen(self) -> None:
        """Follow what is chosen: suggest a name."""
        raise NotImplementedError

    async def carry_out(self, path: Path) -> None:
        """Do what the button says with the file, and dismiss or say why not."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay out the path of the file, the choices if there are any, and the buttons."""
        choices = tuple(self.choices())
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            with Horizontal(classes="field"):
                yield Label(self.LABEL)
                yield Field(id="path", placeholder=self.HINT, compact=True)
            yield FilePlace()
            if choices:
                yield ChoiceList(choices, choices[0].id, id="choices")
            yield StatusLine()
            with Horizontal(id="buttons"):
                yield Button(self.BUTTON, id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Suggest a name, and focus it."""
        self.chosen()
        self.path.focus()

    def tell_keys(self) -> None:
        """Say what the keys do; those that choose do so from the field too."""
        tell_keys(self.frame, self.focused, "↑ ↓ choose   enter, tab next field" if self.query(ChoiceList) else "")

    @property
    def chosen_id(self) -> str:
        """The id of what is chosen; empty where there is nothing to choose from."""
        return next((choices.chosen_id or "" for choices in self.query(ChoiceList)), "")

    @property
    def file(self) -> Path:
        """The file that is named."""
        return Path(self.path.value.strip())

    def suggest(self, path: str) -> None:
        """Put a path into the line; the next letter typed there takes its place."""
        self.path.prefill(path)
        if self.path.has_focus:
            self.path.action_select_all()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the fields; none if it is empty."""
        self.query_one(StatusLine).say(words, tone)

    def action_choose(self, how: str) -> None:
        """Move the cursor of the choices, whichever field has the focus."""
        for choices in self.query(ChoiceList):
            choices.action_move(how)

    @on(Button.Pressed, "#cancel")
    def action_leave(self) -> None:
        """Close; while a file is being written it is too late for that."""
        if not (self.busy and self.WRITES):
            self.dismiss()

    @on(ChoiceList.Changed)
    def _follow(self) -> None:
        self.chosen()

    @on(Input.Changed)
    def _say_where(self) -> None:
        self.query_one(FilePlace).show_place(self.path.value, shown_path(self.file))

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#send")
    def _send(self) -> None:
        if not self.busy:
            self.busy = True
            self.run_worker(self._carry_out(), group="file", description="")

    async def _carry_out(self) -> None:
        try:
            await self.carry_out(self.file)
        finally:
            self.busy = False
