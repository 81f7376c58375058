"""Choose a role to filter by."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical

from semtui.tui.screens.dialog import Dialog
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.wording.role_bindings import role_tone
from semtui.wording.styled_text import Piece


class RoleFilter(Dialog[str | None]):
    """Answers with a role's name, empty for any role, or None when nothing was chosen."""

    BINDINGS = [Binding("escape,q,f", "dismiss", "Close", show=False)]

    def __init__(self, roles: tuple[str, ...], present: str) -> None:
        super().__init__()
        self._roles = ("", *roles)
        self._present = present if present in self._roles else ""

    def compose(self) -> ComposeResult:
        """List the roles, with the present filter chosen."""
        with Vertical(id="frame") as frame:
            frame.border_title = "Show only holders of"
            frame.border_subtitle = "enter, space choose   q leaves"
            yield ChoiceList((self._choice(role) for role in self._roles), self._present, id="choices")

    def _choice(self, role: str) -> Choice:
        name = role or "any role"
        now: Piece = ("  now", "good") if role == self._present else ("", "plain")
        return Choice(role, name, ((name, role_tone(role) if role else "plain"), now))

    @on(ChoiceList.Confirmed)
    def _chosen(self) -> None:
        self.dismiss(self.query_one(ChoiceList).chosen_id)
