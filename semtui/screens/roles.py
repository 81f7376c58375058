"""The Roles page: every role this API token can know, and who holds it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from semtui import presentation
from semtui.models import Role
from semtui.presentation import Line, Piece, Tone
from semtui.screens.actions import COMMON_ACTIONS, bindings
from semtui.screens.page import Lines, Page
from semtui.widgets.row_table import Column


class RolesScreen(Page):
    """Roles as rows."""

    ACTIONS = COMMON_ACTIONS
    BINDINGS = bindings(COMMON_ACTIONS)
    SORTS = ("web order", "name")
    SEARCH_HINT = "search name and description"
    COLUMNS = (Column("name", "ROLE", 20), Column("description", "DESCRIPTION", 20, share=1))

    @property
    def tab(self) -> str:
        return "roles"

    def selection(self) -> Sequence[Role]:
        return self.roster.people.role_offers[0]

    def cells(self, row: Role) -> dict[str, list[Piece]]:
        return {"name": [(row.name, presentation.role_tone(row.name))], "description": [(row.description, "muted")]}

    def nothing(self) -> Lines:
        return [[("There are no roles to show.", "strong")]]

    def notices(self) -> Lines:
        return []

    def sentence(self, row: Role) -> Content:
        return Content(row.description)

    def details(self, row: Role) -> list[Line]:
        return presentation.permissions_page(row)

    def heading(self, row: Role) -> str:
        return row.name

    def open_first(self) -> None:
        # The roles are among the lists the People page has loaded already.
        self.say("")

    async def load(self) -> tuple[str, Tone]:
        await self.roster.load_people(self.draw)
        return presentation.load_words(self.roster.people)
