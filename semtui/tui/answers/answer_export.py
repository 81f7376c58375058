"""Asks for the name of a new file, and writes an answer to it in the formats of the commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from semtui.system.private_files import write_new, write_private
from semtui.tui.screens.file_form import FileForm
from semtui.wording.answered import Answered, Form


class AnswerExport(FileForm):
    """Writes an answer as a command would."""

    def __init__(self, title: str, answered: Callable[[], Answered], stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__(f"Export: {title}", stem)
        self._answered = answered

    def save(self, path: Path, form: Form) -> str:
        """Write the answer."""
        answered = self._answered()
        written = (write_private if answered.private else write_new)(path, answered.write(form))
        lacking = "" if answered.complete else " The answer is incomplete; the file says what is missing."
        unknown = f" Not known: {answered.unknown:,}." if answered.unknown else ""
        return f"Written to {written}.{lacking}{unknown}"
