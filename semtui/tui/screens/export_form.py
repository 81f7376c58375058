"""Export what the screen shows to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.export.contents import SHAPES, Shape, export_text, gaps
from semtui.export.csv_table import BYTE_ORDER_MARK
from semtui.export.offer import Offer
from semtui.system.private_files import PrivateFileError, write_new
from semtui.text.counting import count
from semtui.tui.screens.file_dialog import FileDialog
from semtui.tui.widgets.choice_list import Choice

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.store import OrganizationStore


class ExportForm(FileDialog[str | None]):
    """Answers with what was written where, in a sentence, or None."""

    def __init__(self, store: OrganizationStore, offers: Sequence[Offer], stem: str) -> None:
        """`stem` is the suggested file name without its ending."""
        super().__init__("Export to a file")
        self._people = store.people
        self._projects = store.projects
        self._stem = stem
        self._offered = [(offer, shape) for offer in offers for shape in SHAPES]

    def choices(self) -> Iterable[Choice]:
        """What can be exported, in each shape."""
        for number, (offer, shape) in enumerate(self._offered):
            words = self._words(offer, shape)
            yield Choice(str(number), words, ((words, "plain"),))

    def _words(self, offer: Offer, shape: Shape) -> str:
        roles = self._roles_beside(offer, shape)
        beside = f" and {count(len(roles), 'role')}" if roles else ""
        return f"{offer.words}{beside} as {shape.words}"

    def _roles_beside(self, offer: Offer, shape: Shape) -> Sequence[Role] | None:
        """JSON of all has a list of the roles too."""
        return self._people.roles.items if (offer.what, shape.form) == ("all", "json") else None

    @property
    def _choice(self) -> tuple[Offer, Shape]:
        return self._offered[int(self.chosen_id or 0)]

    def chosen(self) -> None:
        """The suggested name follows the format; what the file will lack is said before it is written."""
        offer, shape = self._choice
        if self.path.value in ("", f"{self._stem}.csv", f"{self._stem}.json"):
            self.suggest(f"{self._stem}.{shape.form}")
        lacking = gaps(self._people, offer.what, shape.form, self._projects)
        self.say(" ".join((*lacking.missing, *lacking.doubts)), "warn")

    async def carry_out(self, path: Path) -> None:
        """Write the file, unless it would lack a list."""
        offer, shape = self._choice
        lacking = gaps(self._people, offer.what, shape.form, self._projects)
        if lacking.missing:
            self.say(f"{' '.join(lacking.missing)} Nothing was written.", "bad")
            return
        roles = self._roles_beside(offer, shape)
        exported = export_text(offer.rows, self._people, shape.form, offer.what, roles, self._projects)
        self.say("Writing…")
        text = BYTE_ORDER_MARK + exported.text if shape.bom else exported.text
        try:
            written = await asyncio.to_thread(write_new, path, text)
        except PrivateFileError as error:
            self.say(str(error), "bad")
            return
        rows = count(len(offer.rows), "row") + (f" and {count(len(roles), 'role')}" if roles else "")
        self.dismiss(" ".join((f"Exported {rows} to {written}.", *lacking.doubts, *exported.remarks)))
