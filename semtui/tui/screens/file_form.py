"""Asks for the name of a new file and a format, and writes a text to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from semtui.system.private_files import PrivateFileError, write_new
from semtui.tui.screens.file_dialog import FileDialog
from semtui.tui.widgets.choice_list import Choice
from semtui.wording.answered import FORM_WORDS, FORMS, Form, ending_of


class FileForm(FileDialog[str | None]):
    """Answers with what was written where, in a sentence, or None; subclasses write it."""

    FORMS: ClassVar[tuple[Form, ...]] = FORMS
    """The formats offered."""

    def __init__(self, heading: str, stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__(heading)
        self._stem = stem

    def choices(self) -> Iterable[Choice]:
        """The formats."""
        return (Choice(form, FORM_WORDS[form], ((FORM_WORDS[form], "plain"),)) for form in self.FORMS)

    @property
    def _form(self) -> Form:
        return next((form for form in self.FORMS if form == self.chosen_id), self.FORMS[0])

    def chosen(self) -> None:
        """The suggested name follows the format."""
        if self.path.value in ("", *(f"{self._stem}.{ending_of(form)}" for form in FORMS)):
            self.suggest(f"{self._stem}.{ending_of(self._form)}")

    async def carry_out(self, path: Path) -> None:
        """Write the file."""
        self.say("Writing…")
        try:
            sentence = await asyncio.to_thread(self.save, path, self._form)
        except PrivateFileError as error:
            self.say(str(error), "bad")
            return
        self.dismiss(sentence)

    def save(self, path: Path, form: Form) -> str:
        """Write the file, on another thread; returns what was written where. Raises PrivateFileError."""
        raise NotImplementedError


class TextExport(FileForm):
    """Writes the text of a page."""

    FORMS: ClassVar[tuple[Form, ...]] = ("text",)

    def __init__(self, title: str, text: str, stem: str) -> None:
        super().__init__(f"Write to a file: {title}", stem)
        self._text = text

    def choices(self) -> Iterable[Choice]:
        """None: a text is written as it is."""
        return ()

    def save(self, path: Path, form: Form) -> str:
        """Write the text."""
        return f"Written to {write_new(path, self._text)}."
