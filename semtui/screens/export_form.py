"""Take what the screen shows away as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from semtui.export import Format, What, export_text, gaps
from semtui.presentation import Tone, count
from semtui.private_files import PrivateFileError, write_new
from semtui.screens.dialog import Dialog
from semtui.styling import styled
from semtui.widgets.field import Field

if TYPE_CHECKING:
    from semtui.people import People


@dataclass(frozen=True)
class Offer:
    """Rows that can be taken away: `words` say which, `rows` are subjects, or roles for `what` = roles."""

    words: str
    what: What
    rows: Sequence[Any]


class ExportForm(Dialog[str | None]):
    """Answers with what was written where, in a sentence, or None."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    choices = query_one("#choices", OptionList)
    path = query_one("#path", Input)

    def __init__(self, people: People, offers: Sequence[Offer], stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__()
        self._people = people
        self._stem = stem
        self._choices: list[tuple[Offer, Format]] = [(offer, form) for offer in offers for form in ("csv", "json")]

    def compose(self) -> ComposeResult:
        with Vertical(id="frame") as frame:
            frame.border_title = "Export to a file"
            frame.border_subtitle = "enter writes it   tab next field   q in the list leaves"
            prompts = (styled([(f"{offer.words} as {form.upper()}", "plain")]) for offer, form in self._choices)
            yield OptionList(*(Option(prompt) for prompt in prompts), id="choices")
            with Horizontal(classes="field"):
                yield Label("New file")
                yield Field(id="path", compact=True, select_on_focus=False)
            yield Static(id="status")

    def on_mount(self) -> None:
        self.choices.highlighted = 0
        self.choices.focus()

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the fields; an empty one hides it."""
        status = self.query_one("#status", Static)
        status.update(styled([(words, tone)]))
        status.display = bool(words)

    @property
    def _chosen(self) -> tuple[Offer, Format]:
        return self._choices[self.choices.highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        """The suggested name follows the format; what the file will lack is said before it is written."""
        offer, form = self._chosen
        if self.path.value in ("", f"{self._stem}.csv", f"{self._stem}.json"):
            self.path.value = f"{self._stem}.{form}"
        lacking = gaps(self._people, offer.what, form)
        sentences = [*lacking.missing, *lacking.doubts]
        self.say(" ".join(sentences), "warn")

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    async def _write(self) -> None:
        offer, form = self._chosen
        lacking = gaps(self._people, offer.what, form)
        if lacking.missing:
            self.say(f"{' '.join(lacking.missing)} Nothing was written.", "bad")
            return
        if offer.what == "roles":
            text = export_text((), self._people, form, "roles", offer.rows)
        else:
            roles = self._people.roles.items if (offer.what, form) == ("all", "json") else None
            text = export_text(offer.rows, self._people, form, offer.what, roles)
        self.say("Writing…")
        try:
            path = await asyncio.to_thread(write_new, Path(self.path.value), text)
        except PrivateFileError as error:
            self.say(str(error), "bad")
            return
        doubts = f" {' '.join(lacking.doubts)}" if lacking.doubts else ""
        self.dismiss(f"Exported {count(len(offer.rows), 'row')} to {path}.{doubts}")
