"""Asks for the name of a new file, and writes an answer to it in the formats of the commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.system.private_files import PrivateFileError, shown_path, write_new
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace
from semtui.wording.answered import FORM_WORDS, FORMS, Answered, Form, ending_of

if TYPE_CHECKING:
    from semtui.wording.styled_text import Tone


class FileForm(Dialog[str | None]):
    """Answers with what was written where, in a sentence, or None; subclasses write it."""

    BINDINGS = [
        Binding("escape,q", "leave", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # In the line of the file's name too, where they mean nothing else.
        Binding("down", "choose('cursor_down')", show=False),
        Binding("up", "choose('cursor_up')", show=False),
    ]

    FORMS: ClassVar[tuple[Form, ...]] = FORMS
    """The formats offered."""

    choices = query_one("#choices", ChoiceList)
    path = query_one("#path", Field)

    def __init__(self, heading: str, stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__()
        self._heading = heading
        self._stem = stem
        self._writing = False

    def compose(self) -> ComposeResult:
        """Lay out the path of the new file, the formats, and the buttons."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self._heading)
            frame.border_subtitle = "↑ ↓ choose   enter, tab next field"
            with Horizontal(classes="field"):
                yield Label("New file")
                yield Field(id="path", compact=True)
            yield FilePlace()
            yield ChoiceList(
                (Choice(form, FORM_WORDS[form], ((FORM_WORDS[form], "plain"),)) for form in self.FORMS),
                self.FORMS[0],
                id="choices",
            )
            yield Static(id="status")
            with Horizontal(id="buttons"):
                yield Button("Write the file", id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Suggest a name, and focus it: what is typed at once is text."""
        self._suggest()
        self.path.focus()

    def action_choose(self, how: str) -> None:
        """Move the cursor of the choices, whichever field has the focus."""
        self.choices.action_move(how)

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the fields; an empty one hides it."""
        status = self.query_one("#status", Static)
        status.update(styled([(words, tone)]))
        status.display = bool(words)

    @property
    def _form(self) -> Form:
        return next((form for form in self.FORMS if form == self.choices.chosen_id), self.FORMS[0])

    @on(ChoiceList.Changed)
    def _suggest(self) -> None:
        """The suggested name follows the format."""
        if self.path.value in ("", *(f"{self._stem}.{ending_of(form)}" for form in FORMS)):
            self.path.prefill(f"{self._stem}.{ending_of(self._form)}")
            if self.path.has_focus:
                self.path.action_select_all()

    @on(Input.Changed)
    def _say_where(self) -> None:
        self.query_one(FilePlace).show_place(self.path.value, shown_path(Path(self.path.value)))

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#cancel")
    def action_leave(self) -> None:
        """Close without a file; while one is being written it is too late for that."""
        if not self._writing:
            self.dismiss()

    @on(Button.Pressed, "#send")
    def _send(self) -> None:
        if not self._writing:
            self._writing = True
            self._write()

    @work(group="write", description="")
    async def _write(self) -> None:
        self.say("Writing…")
        form, path = self._form, Path(self.path.value)
        try:
            sentence = await asyncio.to_thread(self.save, path, form)
        except PrivateFileError as error:
            self.say(str(error), "bad")
            return
        finally:
            self._writing = False
        if self.is_attached:
            self.dismiss(sentence)

    def save(self, path: Path, form: Form) -> str:
        """Write the file, on another thread; returns what was written where. Raises PrivateFileError."""
        raise NotImplementedError


class AnswerExport(FileForm):
    """Writes an answer as a command would."""

    def __init__(self, title: str, answered: Callable[[], Answered], stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__(f"Take away: {title}", stem)
        self._answered = answered

    def save(self, path: Path, form: Form) -> str:
        """Write the answer."""
        answered = self._answered()
        written = write_new(path, answered.write(form))
        lacking = "" if answered.complete else " The answer is not complete; the file says what is missing."
        unknown = f" Not known: {answered.unknown:,}." if answered.unknown else ""
        return f"Written to {written}.{lacking}{unknown}"
