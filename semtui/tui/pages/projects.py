"""The Projects page: its columns, and the key that opens the people of a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from semtui.tui.content.projects import ProjectsContent
from semtui.tui.pages.page import Page
from semtui.tui.screens.actions import COMMON_ACTIONS, WHAT_IF, Action, bindings
from semtui.tui.widgets.columns import Column

if TYPE_CHECKING:
    from semtui.organization.store import OrganizationStore
    from semtui.tui.answers.answer import Ask

PROJECT_ACTIONS = (
    Action("people", "people", "Show the people of the project and change their roles", needs="row"),
    *COMMON_ACTIONS,
    # For the menu and the help, which say why not.
    replace(WHAT_IF, short=""),
)


class ProjectsScreen(Page):
    """Projects as rows."""

    ACTIONS = PROJECT_ACTIONS
    WIDEST = "projects"
    BINDINGS = bindings(PROJECT_ACTIONS)
    COLUMNS = (
        Column("name", "PROJECT", 18, share=1),
        Column("people", "PEOPLE", 6, rank=1),
        Column("roles", "ROLES", 26, share=1, rank=2),
        Column("owner", "OWNER", 18, rank=3),
        Column("description", "DESCRIPTION", 20, share=2, rank=4),
    )

    def __init__(self, store: OrganizationStore, open_tab: Callable[[str], None]) -> None:
        super().__init__(ProjectsContent(store), open_tab)

    @property
    def project_in_question(self) -> str | None:
        """The project under the cursor."""
        project = self.rows.selected
        return project.id if project else None

    def answer(self, ask: Ask, project_id: str | None = None) -> None:
        """Show the answer, and load the people of the project it is about if they are not loaded yet."""
        super().answer(ask, project_id)
        if project_id is not None and not self.store.projects.members_of(project_id).is_known:
            self._load_people(project_id)

    def action_people(self) -> None:
        """Open the people of the project, and load them if they are not loaded yet."""
        from semtui.tui.screens.project_people import ProjectPeople

        if not self.blocked("people") and (project := self.rows.selected) is not None:
            self.app.push_screen(ProjectPeople(self.store, project), self._left)
            if not self.store.projects.members_of(project.id).is_known:
                self._load_people(project.id)

    def _left(self, _: None) -> None:
        self.draw()

    @work(group="members", description="")
    async def _load_people(self, project_id: str) -> None:
        await self.store.load_project_members(project_id, self.draw)
