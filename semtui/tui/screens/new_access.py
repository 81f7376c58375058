"""What a new token comes to reach: the role its account is given, and then the projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical

from semtui.changes.new_account_role import NewAccountRole
from semtui.changes.token_questions import reach_of, wait_until_settled
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.styled_text import Line
from semtui.wording.tokens import ASKING

if TYPE_CHECKING:
    from semtui.api.models import NewToken, Role
    from semtui.session.session import Session
    from semtui.wording.styled_text import Piece, Tone

_LABEL = 7


class NewAccess(Vertical):
    """Gives the account of a new token its role and tells how that went, and what the token reaches then."""

    DEFAULT_CSS = """
    NewAccess { height: auto; }
    """

    def __init__(self, session: Session, token: NewToken, role: Role | None) -> None:
        super().__init__(id="access")
        self._session = session
        self._token = token
        self._role = NewAccountRole(session, token, role)
        self._giving = False

    def compose(self) -> ComposeResult:
        """Lay out a line for the role and one for the projects."""
        yield Paragraphs(id="role")
        yield Paragraphs(id="reach")

    def on_mount(self) -> None:
        """Give the role."""
        self.query_one("#role").display = self._role.role is not None
        self.give()

    @work(group="request", description="")
    async def give(self) -> None:
        """Give the role, also as a second try after a failure, and ask what the token reaches."""
        if self._giving:
            return
        self._giving = True
        try:
            await self._role.give(self._show_role)
            await self.ask_reach()
        finally:
            self._giving = False

    async def ask_reach(self) -> None:
        """Ask what the token reaches."""
        self._show("reach", "Token", ASKING, "muted")
        await wait_until_settled(self._session, self._token, lambda words: self._show("reach", "Token", words, "muted"))
        self._show("reach", "Token", *await reach_of(self._session, self._token))

    def _show_role(self, words: str, tone: Tone) -> None:
        self._show("role", "Role", f"{words}{' r tries again.' if self._role.to_try_again else ''}", tone)

    def _show(self, place: str, label: str, words: str, tone: Tone) -> None:
        pieces: list[Piece] = [(f"{label:<{_LABEL}}", "muted"), (words, tone)]
        self.query_one(f"#{place}", Paragraphs).update([Line(pieces, _LABEL)])

    @property
    def lacking(self) -> str:
        """What the account was to be given and does not have, in a sentence after a space; empty for nothing."""
        return "" if self._role.needs_nothing else " It has no role yet."
