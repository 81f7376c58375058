"""What the Projects page shows: the projects this API token may see, and the people on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from semtui.organization.filters.row_filter import RowFilter, project_filter
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.tui.content.filtered import FilteredContent
from semtui.tui.content.searched import Lines
from semtui.tui.content.sorts import SORTS
from semtui.wording import projects as project_words
from semtui.wording.styled_text import Line, Piece, Target, Tone

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.changes.availability import RequestedAction
    from semtui.export.offer import Offer


class ProjectsContent(FilteredContent["Project"]):
    """The projects, each with the people on it as far as they are loaded."""

    SORTS = SORTS["projects"]
    FALLING = ("people",)
    SEARCH_HINT = "search name, description, id, owner:"
    TERM_HINT = "owner:"
    LOADED = "the projects and their people"

    @property
    def tab(self) -> str:
        """Always `projects`."""
        return "projects"

    @property
    def everything(self) -> tuple[Project, ...]:
        """Every project, whatever the search."""
        return self.store.projects.by_name

    @property
    def row_filter(self) -> RowFilter:
        """Finds projects: `owner:`."""
        return project_filter(self.store.people, self.store.projects)

    def rows(self) -> Sequence[Project]:
        """The projects that match the search."""
        projects, rows = self.store.projects, list(self.found.rows)
        if self.view.sort == "people":
            rows.sort(key=lambda project: -len(projects.members_of(project.id).items))
        elif self.view.sort == "owner":
            rows.sort(key=lambda project: project_words.owner_words(project, self.store.people).casefold())
        return rows[::-1] if self.view.reverse else rows

    def cells(self, row: Project) -> dict[str, list[Piece]]:
        """Name, number of people, the roles they hold there, owner and description."""
        return project_words.cells(row, self.store.projects, self.store.people)

    def why_empty(self) -> Lines:
        """Why no project is shown."""
        listing = self.store.projects.listing
        if listing.loading:
            return [[("Loading projects…", "muted")]]
        if self.view.narrowed:
            return [[("No project matches.", "strong")], [(f"{key('clear')} drops the search", "muted")]]
        if listing.error is not None:
            return [[("The projects could not be loaded.", "bad")], [(str(listing.error), "plain")]]
        return [[("This API token sees no project.", "strong")]]

    def list_notices(self) -> Lines:
        """Whether the projects shown are out of date."""
        listing = self.store.projects.listing
        if listing.error is not None and listing.is_known:
            return [[(f"The projects could not be reloaded. {listing.error}", "warn")]]
        return []

    def summary(self, row: Project) -> list[Piece]:
        """The project's name and description."""
        return [(row.name, "strong"), (f" · {row.description}" if row.description else "", "plain")]

    def details(self, row: Project) -> list[Line]:
        """Everything about the project, and who is on it with which role."""
        return project_words.details(row, self.store.projects, self.store.people)

    def title(self, row: Project) -> str:
        """The project's name."""
        return row.name

    def target(self, row: Project) -> Target:
        """A project by its id."""
        return ("project", row.id)

    def row_of(self, target: Target) -> Project | None:
        """The project with that id."""
        return next((each for each in self.everything if target == ("project", each.id)), None)

    def kind(self, row: Project) -> str:
        """Always `project`."""
        return "project"

    def record(self, row: Project) -> dict[str, Any]:
        """The project as an export writes it."""
        from semtui.export.records import Records

        return Records(self.store.people, self.store.projects).project_record(row)

    def export_offers(self) -> Sequence[Offer]:
        """The projects shown, and all of them where the search hides some."""
        from semtui.export.offer import Offer

        shown, everything = self.rows(), self.everything
        offers = [Offer(f"The {count(len(shown), 'project')} shown", "projects", shown)]
        if len(everything) > len(shown):
            offers.append(Offer(f"All {count(len(everything), 'project')}", "projects", everything))
        return offers if everything else ()

    async def load(self, changed: Callable[[], None]) -> tuple[str, Tone]:
        """Load the projects and the people on them."""
        await self.store.load_projects(changed)
        if self.store.projects.listing.error is not None:
            return f"The projects could not be loaded; {key('reload')} tries again.", "warn"
        return project_words.load_words(self.store.projects), "plain"

    def row_obstacle(self, action: RequestedAction, row: Project | None) -> str:
        """That nothing of a project can be asked about beforehand."""
        if action.method == "what_if":
            return "What would change is asked of people, service accounts, groups and roles, not of projects."
        return ""
