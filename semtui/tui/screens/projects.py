"""The Projects page: the projects this API token sees, and who is on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import work

from semtui.settings.keymap import key
from semtui.tui.screens.actions import COMMON_ACTIONS, Action, bindings
from semtui.tui.screens.page import Lines, Page
from semtui.tui.widgets.row_table import Column
from semtui.wording import projects as project_words
from semtui.wording.styled_text import (
    Line,
    Piece,
    Tone,
    count,
)

PROJECT_ACTIONS = (
    Action("people", "people", "Show the people of the project and change their roles", needs="row"),
    *COMMON_ACTIONS,
)

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.export.offer import Offer


class ProjectsScreen(Page):
    """Projects as rows."""

    ACTIONS = PROJECT_ACTIONS
    BINDINGS = bindings(PROJECT_ACTIONS)
    SORTS = ("name", "people")
    SEARCH_HINT = "search name, description, id"
    CONTENTS = "the projects and their people"
    COLUMNS = (
        Column("name", "PROJECT", 18, share=1),
        Column("people", "PEOPLE", 6, rank=1),
        Column("roles", "ROLES THERE", 26, share=1, rank=2),
        Column("owner", "OWNER", 18, rank=3),
        Column("description", "DESCRIPTION", 20, share=2, rank=4),
    )

    @property
    def tab(self) -> str:
        return "projects"

    def selection(self) -> Sequence[Project]:
        projects = self.roster.projects
        rows = projects.found(self.view.search)
        rows.sort(key=lambda project: project.name.casefold())
        if self.view.sort == "people":
            rows.sort(key=lambda project: -len(projects.members_of(project.id).items))
        return rows

    def cells(self, row: Project) -> dict[str, list[Piece]]:
        return project_words.cells(row, self.roster.projects, self.roster.people)

    def nothing(self) -> Lines:
        listing = self.roster.projects.listing
        if listing.loading:
            return [[("Loading projects…", "muted")]]
        if self.view.narrowed:
            return [[("No project matches.", "strong")], [(f"{key('clear')} drops the search", "muted")]]
        if listing.trouble is not None:
            return [[("The projects could not be loaded.", "bad")], [(str(listing.trouble), "plain")]]
        return [[("This API token sees no project.", "strong")]]

    def notices(self) -> Lines:
        listing = self.roster.projects.listing
        if listing.trouble is not None and listing.known:
            return [[(f"The projects could not be reloaded. {listing.trouble}", "warn")]]
        return []

    def sentence(self, row: Project) -> list[Piece]:
        return [(row.name, "strong"), (f" · {row.description}" if row.description else "", "plain")]

    def details(self, row: Project) -> list[Line]:
        return project_words.details(row, self.roster.projects, self.roster.people)

    def heading(self, row: Project) -> str:
        return row.name

    async def load(self) -> tuple[str, Tone]:
        await self.roster.load_projects(self.draw)
        if self.roster.projects.listing.trouble is not None:
            return f"The projects could not be loaded; {key('reload')} tries again.", "warn"
        return project_words.load_words(self.roster.projects), "plain"

    def export_offers(self) -> Sequence[Offer]:
        from semtui.export.offer import Offer

        shown, everything = self.selection(), self.roster.projects.found("")
        offers = [Offer(f"The {count(len(shown), 'project')} shown", "projects", shown)]
        if len(everything) > len(shown):
            offers.append(Offer(f"All {count(len(everything), 'project')}", "projects", everything))
        return offers if everything else ()

    def action_people(self) -> None:
        from semtui.tui.screens.project_people import ProjectPeople

        if not self.blocked("people") and (project := self.rows.selected) is not None:
            self.app.push_screen(ProjectPeople(self.roster, project), self._left)
            if not self.roster.projects.members_of(project.id).known:
                self._read_people(project)

    def _left(self, _: None) -> None:
        self.draw()

    @work(group="members", description="")
    async def _read_people(self, project: Project) -> None:
        await self.roster.load_project_members(project.id, self.draw)
