"""Pages whose text can be copied with y, and written to a file with E."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import work
from textual.binding import Binding

from semtui.text.folding import fold
from semtui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.wording.styled_text import Line, Tone

_MOST_COPIED = 60_000
"""Bytes that terminals still take for their clipboard."""
_LONGEST_STEM = 40


class ExportablePage(Dialog[None]):
    """A page that can be copied and exported as text."""

    BINDINGS = [
        Binding("E", "export", "Write it to a file", show=False, priority=True),
        Binding("y", "copy", "Copy it", show=False, priority=True),
    ]

    @property
    @abstractmethod
    def heading(self) -> str:
        """What the page is called."""

    @property
    @abstractmethod
    def page_text(self) -> str:
        """All of the page."""

    @abstractmethod
    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence."""

    def action_export(self) -> None:
        """Offer to write the page to a file."""
        from semtui.tui.screens.file_form import TextExport

        self.open_export(TextExport(self.heading, self.page_text, file_stem(self.heading)))

    def open_export(self, form: Dialog[str | None]) -> None:
        """Open the dialog that writes the page to a file, and say how it ended."""

        def done(sentence: str | None) -> None:
            self.say(sentence or "Nothing was written.", "good" if sentence else "plain")

        self.app.push_screen(form, done)

    def action_copy(self) -> None:
        """Copy the page as text."""
        if len(self.page_text.encode(errors="replace")) > _MOST_COPIED:
            self.say("This is too long for a clipboard; E writes it to a file.", "warn")
        else:
            self.copy(f"{self.heading} as text", self.page_text)

    @work(group="copy", exclusive=True, description="")
    async def copy(self, what: str, text: str) -> None:
        """Copy a text, and say how that went."""
        from semtui.tui.screens.copying import copied

        self.say(*await copied(self.app, what, text))


def written(title: str, lines: Sequence[Line]) -> str:
    """A page as plain text."""
    return "\n".join([title, "", *(line.text.rstrip() for line in lines), ""])


def file_stem(title: str) -> str:
    """`~/semtui-who-holds-admin-2026-11-26`: a file name for a page, without its ending."""
    from semtui.wording.dates import day_words

    plain = "".join(each if each.isascii() and each.isalnum() else " " for each in fold(title))
    words = "-".join(plain.split())[:_LONGEST_STEM].strip("-")
    return f"~/semtui-{words or 'page'}-{day_words(time.time())}"
