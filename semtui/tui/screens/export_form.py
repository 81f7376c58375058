"""Export what the screen shows to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.export.contents import SHAPES, Shape, export_text, gaps
from semtui.export.csv_table import BYTE_ORDER_MARK
from semtui.export.offer import Offer
from semtui.system.private_files import PrivateFileError, shown_path, write_new
from semtui.text.counting import count
from semtui.tui.screens.dialog import Dialog
from semtui.tui.styling import styled
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.tui.widgets.file_place import FilePlace
from semtui.wording.styled_text import Tone

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.store import OrganizationStore


class ExportForm(Dialog[str | None]):
    """Answers with what was written where, in a sentence, or None."""

    BINDINGS = [
        Binding("escape,q", "dismiss", "Close", show=False),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        # In the line of the file's name too, where they mean nothing else.
        Binding("down", "choose('cursor_down')", show=False),
        Binding("up", "choose('cursor_up')", show=False),
    ]

    choices = query_one("#choices", ChoiceList)
    path = query_one("#path", Field)

    def __init__(self, store: OrganizationStore, offers: Sequence[Offer], stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__()
        self._people = store.people
        self._projects = store.projects
        self._stem = stem
        self._choices = [(offer, shape) for offer in offers for shape in SHAPES]

    def compose(self) -> ComposeResult:
        """Lay out what can be exported, the path of the new file, and the buttons."""
        with Vertical(id="frame") as frame:
            frame.border_title = "Export to a file"
            frame.border_subtitle = "↑ ↓ choose   enter, tab next field"
            with Horizontal(classes="field"):
                yield Label("New file")
                yield Field(id="path", compact=True)
            yield FilePlace()
            yield ChoiceList(self._offered(), "0", id="choices")
            yield Static(id="status")
            with Horizontal(id="buttons"):
                yield Button("Write the file", id="send", variant="primary", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def _offered(self) -> Iterable[Choice]:
        for number, (offer, shape) in enumerate(self._choices):
            words = self._words(offer, shape)
            yield Choice(str(number), words, ((words, "plain"),))

    def on_mount(self) -> None:
        """Explain the first choice and focus the list."""
        self._explain()
        # Here what is typed at once is text. In the list some letters move, and q leaves: the rest met the page behind.
        self.path.focus()

    def action_choose(self, how: str) -> None:
        """Move the cursor of the choices, whichever field has the focus."""
        self.choices.action_move(how)

    def say(self, words: str, tone: Tone = "plain") -> None:
        """Show a sentence below the fields; an empty one hides it."""
        status = self.query_one("#status", Static)
        status.update(styled([(words, tone)]))
        status.display = bool(words)

    def _words(self, offer: Offer, shape: Shape) -> str:
        roles = self._roles_beside(offer, shape)
        beside = f" and {count(len(roles), 'role')}" if roles else ""
        return f"{offer.words}{beside} as {shape.words}"

    def _roles_beside(self, offer: Offer, shape: Shape) -> Sequence[Role] | None:
        """JSON of all has a list of the roles too."""
        return self._people.roles.items if (offer.what, shape.form) == ("all", "json") else None

    @property
    def _chosen(self) -> tuple[Offer, Shape]:
        return self._choices[int(self.choices.chosen_id or 0)]

    @on(ChoiceList.Changed)
    def _explain(self) -> None:
        """The suggested name follows the format; what the file will lack is said before it is written."""
        offer, shape = self._chosen
        if self.path.value in ("", f"{self._stem}.csv", f"{self._stem}.json"):
            self.path.prefill(f"{self._stem}.{shape.form}")
            if self.path.has_focus:
                self.path.action_select_all()
        lacking = gaps(self._people, offer.what, shape.form, self._projects)
        self.say(" ".join((*lacking.missing, *lacking.doubts)), "warn")

    @on(Input.Changed)
    def _say_where(self) -> None:
        self.query_one(FilePlace).show_place(self.path.value, shown_path(Path(self.path.value)))

    @on(Input.Submitted)
    def _go_on(self) -> None:
        self.focus_next()

    @on(Button.Pressed, "#cancel")
    def _leave(self) -> None:
        self.dismiss()

    @on(Button.Pressed, "#send")
    @work(group="write", exclusive=True, description="")
    async def _write(self) -> None:
        offer, shape = self._chosen
        lacking = gaps(self._people, offer.what, shape.form, self._projects)
        if lacking.missing:
            self.say(f"{' '.join(lacking.missing)} Nothing was written.", "bad")
            return
        roles = self._roles_beside(offer, shape)
        exported = export_text(offer.rows, self._people, shape.form, offer.what, roles, self._projects)
        self.say("Writing…")
        text = BYTE_ORDER_MARK + exported.text if shape.bom else exported.text
        try:
            path = await asyncio.to_thread(write_new, Path(self.path.value), text)
        except PrivateFileError as error:
            self.say(str(error), "bad")
            return
        rows = count(len(offer.rows), "row") + (f" and {count(len(roles), 'role')}" if roles else "")
        self.dismiss(" ".join((f"Exported {rows} to {path}.", *lacking.doubts, *exported.remarks)))
