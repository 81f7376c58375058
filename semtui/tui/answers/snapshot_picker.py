"""Asks for a snapshot to compare with, and compares."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.changes.snapshot_files import load_same_projects, offered_snapshots, open_snapshot
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean
from semtui.tui.answers.comparison_screen import ComparisonQuestions
from semtui.tui.screens.file_dialog import FileDialog
from semtui.tui.widgets.choice_list import Choice
from semtui.wording.answer import moment_words

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore


class SnapshotPicker(FileDialog[ComparisonQuestions | None]):
    """Answers with the comparison, once it can be made; the newest snapshots of the organization are offered."""

    LABEL = "Snapshot"
    BUTTON = "Compare"
    HINT = "a file that S or semtui snapshot wrote"
    WRITES = False

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__("What has changed since a snapshot")
        self._store = store

    def choices(self) -> Iterable[Choice]:
        """The newest snapshots; the newest of all is suggested."""
        return map(_choice, offered_snapshots(self._store.session.context.host))

    def chosen(self) -> None:
        """Name the file that is chosen."""
        if self.chosen_id:
            self.suggest(self.chosen_id)

    async def carry_out(self, path: Path) -> None:
        """Read the snapshot and what is needed to compare with it."""
        try:
            self.say("Reading the snapshot…")
            snapshot = await asyncio.to_thread(open_snapshot, path)
            self.say("Reading the projects…")
            await load_same_projects(self._store, snapshot)
            self.say("Comparing…")
            questions = ComparisonQuestions(self._store, snapshot)
            await asyncio.to_thread(questions.work_out)
        except ConfigurationError as error:
            self.say(str(error), "bad")
            return
        if questions.problem:
            self.say(questions.problem, "bad")
        elif self.is_attached:
            self.dismiss(questions)


def _choice(offered: tuple[Path, float]) -> Choice:
    path, at = offered
    name = clean(path.name)
    return Choice(str(path), name, ((f"{name}  ", "plain"), (f"written {moment_words(at)}", "muted")))
