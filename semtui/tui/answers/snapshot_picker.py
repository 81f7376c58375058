"""Asks for a snapshot to compare with, and compares."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.changes.snapshot_files import load_same_projects, offered_snapshots, open_snapshot
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import shown_path
from semtui.text.clean import clean
from semtui.tui.answers.comparison_screen import ComparisonQuestions
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace
from semtui.wording.answer import moment_words

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.wording.styled_text import Tone


class SnapshotPicker(Dialog[ComparisonQuestions | None]):
    """Answers with the comparison, once it can be made; the newest snapshots of the organization are offered."""

    BINDINGS = [
        Binding("escape,q", "leave", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # In the line of the file's name too, where they mean nothing else.
        Binding("down", "choose('cursor_down')", show=False),
        Binding("up", "choose('cursor_up')", show=False),
    ]

    path = query_one("#path", Field)

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__()
        self._store = store
        self._offered = offered_snapshots(store.session.context.host)
        self._reading = False

    def compose(self) -> ComposeResult:
        """Lay out the path of the file, the newest snapshots, and the buttons."""
        with Vertical(id="frame") as frame:
            frame.border_title = "What has changed since a snapshot"
            choosing = "↑ ↓ choose   " if self._offered else ""
            frame.border_subtitle = f"{choosing}enter, tab next field"
            with Horizontal(classes="field"):
                yield Label("Snapshot")
                yield Field(id="path", compact=True)
            yield FilePlace()
            if self._offered:
                yield ChoiceList(map(_choice, self._offered), str(self._offered[0][0]), id="choices")
            yield Static(id="status")
            with Horizontal(id="buttons"):
                yield Button("Compare", id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Suggest the newest, and focus the path: what is typed at once is text."""
        self._suggest()
        self.path.focus()

    def action_choose(self, how: str) -> None:
        """Move the cursor of the choices, whichever field has the focus."""
        for choices in self.query(ChoiceList):
            choices.action_move(how)

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the fields; an empty one hides it."""
        status = self.query_one("#status", Static)
        status.update(styled([(words, tone)]))
        status.display = bool(words)

    @on(ChoiceList.Changed)
    def _suggest(self) -> None:
        for choices in self.query(ChoiceList):
            self.path.prefill(choices.chosen_id or "")
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
        """Close; what is still being read is dropped."""
        self.dismiss()

    @on(Button.Pressed, "#send")
    def _send(self) -> None:
        if not self._reading:
            self._reading = True
            self._compare()

    @work(group="compare", description="")
    async def _compare(self) -> None:
        try:
            self.say("Reading the snapshot…")
            snapshot = await asyncio.to_thread(open_snapshot, Path(self.path.value.strip()))
            self.say("Reading the projects…")
            await load_same_projects(self._store, snapshot)
            self.say("Comparing…")
            questions = ComparisonQuestions(self._store, snapshot)
            await asyncio.to_thread(questions.work_out)
            if questions.problem:
                self.say(questions.problem, "bad")
            elif self.is_attached:
                self.dismiss(questions)
        except ConfigurationError as error:
            self.say(str(error), "bad")
        finally:
            self._reading = False


def _choice(offered: tuple[Path, float]) -> Choice:
    path, at = offered
    name = clean(path.name)
    return Choice(str(path), name, ((f"{name}  ", "plain"), (f"written {moment_words(at)}", "muted")))
