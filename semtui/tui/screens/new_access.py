"""What a new token comes to reach: the role its account is given, then groups and projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical

from semtui.changes.new_account_access import NOTHING, NewAccountAccess
from semtui.changes.token_questions import wait_until_settled
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.wording.styled_text import Line
from semtui.wording.tokens import ASKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import NewToken, Role
    from semtui.changes.lacking import Missing
    from semtui.session.session import Session
    from semtui.wording.styled_text import Piece, Tone

_LABEL = 7


class NewAccess(Vertical):
    """Gives the account of a new token what it is to have and tells how that went, and what the token reaches then."""

    DEFAULT_CSS = """
    NewAccess { height: auto; }
    """

    def __init__(self, session: Session, token: NewToken, role: Role | None, also: Missing | None = None) -> None:
        super().__init__(id="access")
        self._session = session
        self._token = token
        self._access = NewAccountAccess(session, token, role, also or NOTHING)
        self._giving = False

    def compose(self) -> ComposeResult:
        """Lay out a line for the role, lines for groups and projects, and one for what the token reaches."""
        yield Paragraphs(id="role")
        yield Paragraphs(id="more")
        yield Paragraphs(id="reach")

    def on_mount(self) -> None:
        """Give what is to be given."""
        self.query_one("#role").display = self._access.role.role is not None
        self.query_one("#more").display = self._access.has_more
        self.give()

    @work(group="request", description="")
    async def give(self) -> None:
        """Give what is still lacking, and ask what the token reaches."""
        if self._giving:
            return
        self._giving = True
        try:
            await self._access.give(self._show_role, self._show_more)
            await self.ask_reach()
        finally:
            self._giving = False

    async def ask_reach(self) -> None:
        """Ask what the token reaches."""
        self._show("reach", "Token", [(ASKING, "muted")])
        await wait_until_settled(
            self._session, self._token, lambda words: self._show("reach", "Token", [(words, "muted")])
        )
        self._show("reach", "Token", [await self._access.reach()])
        self._show_more(self._access.progress)

    def _show_role(self, words: str, tone: Tone) -> None:
        again = " r tries again." if self._access.role.to_try_again else ""
        self._show("role", "Role", [(f"{words}{again}", tone)])

    def _show_more(self, told: Sequence[tuple[str, Tone]]) -> None:
        again = " r tries again." if self._access.to_try_again and not self._access.role.to_try_again else ""
        first, *others = told or [("", "plain")]
        self._show("more", "Also", [(f"{first[0]}{again if first[1] in ('bad', 'warn') else ''}", first[1]), *others])

    def _show(self, place: str, label: str, told: Sequence[tuple[str, Tone]]) -> None:
        lines = []
        for number, (words, tone) in enumerate(told):
            pieces: list[Piece] = [(f"{'' if number else label:<{_LABEL}}", "muted"), (words, tone)]
            lines.append(Line(pieces, _LABEL))
        self.query_one(f"#{place}", Paragraphs).update(lines)

    @property
    def lacking(self) -> str:
        """What the account was to be given and does not have, in sentences after a space; empty for nothing."""
        return self._access.lacking
