"""What the Roles page shows: every role this API token can know, what it permits, and who holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from semtui.changes.availability import NO_CUSTOM_ROLES
from semtui.organization.filters.row_filter import RowFilter, role_filter
from semtui.organization.roles import KnownRole, known_roles
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.tui.content.filtered import FilteredContent
from semtui.tui.content.searched import Lines
from semtui.tui.content.sorts import SORTS
from semtui.wording import roles as role_words
from semtui.wording.styled_text import Line, Piece, Target, Tone

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.changes.availability import RequestedAction
    from semtui.export.offer import Offer
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.subject import Kind


_HELD_BY: dict[str, Kind] = {"people": "person", "accounts": "account", "groups": "group"}


class RolesContent(FilteredContent[KnownRole]):
    """The roles of the organization, and those of projects that are seen on projects."""

    SORTS = SORTS["roles"]
    FALLING = ("permissions", "people", "accounts", "groups")
    SEARCH_HINT = "search name, description, can: scope: kind:"
    TERM_HINT = "can: scope: kind:"
    LOADED = "the roles and who holds them"

    _known: tuple[KnownRole, ...] = ()
    _known_from: tuple[People, Projects] | None = None
    """What `_known` was worked out from."""

    @property
    def everything(self) -> tuple[KnownRole, ...]:
        """Every role, whatever the search. Who holds each is worked out once for the lists as they are."""
        people, projects = self.store.people, self.store.projects
        if self._known_from is None or self._known_from[0] is not people or self._known_from[1] is not projects:
            self._known, self._known_from = known_roles(people, projects), (people, projects)
        return self._known

    @property
    def graph(self) -> AccessGraph:
        """Who holds which permission, by the lists as they are."""
        from semtui.audit.access.current import graph_of

        return graph_of(self.store.people, self.store.projects)

    @property
    def tab(self) -> str:
        """Always `roles`."""
        return "roles"

    @property
    def row_filter(self) -> RowFilter:
        """Finds roles: `can:`, `scope:`, `kind:`."""
        return role_filter()

    def rows(self) -> Sequence[KnownRole]:
        """The roles that match the search."""
        rows, sort = list(self.found.rows), self.view.sort
        if sort == "name":
            rows.sort(key=lambda each: each.role.name.casefold())
        elif sort == "permissions":
            rows.sort(key=lambda each: -len(each.role.permissions))
        elif sort in _HELD_BY:
            rows.sort(key=lambda each: -each.counts[_HELD_BY[sort]])
        return rows[::-1] if self.view.reverse else rows

    def cells(self, row: KnownRole) -> dict[str, list[Piece]]:
        """Name, scope, kind, number of permissions, holders by kind, and description."""
        return role_words.cells(row)

    def why_empty(self) -> Lines:
        """Why no role is shown."""
        if self.view.narrowed:
            return [[("No role matches.", "strong")], [(f"{key('clear')} drops the search", "muted")]]
        if self.store.people.roles.loading:
            return [[("Loading roles…", "muted")]]
        return [[("This API token shows no role.", "strong")]]

    def list_notices(self) -> Lines:
        """Whether the list of roles is missing, and what stands in for it."""
        error = self.store.people.roles.error
        if error is None:
            return []
        if self.store.people.roles.is_known:
            return [[(f"The roles could not be reloaded. {error}", "warn")]]
        if not self.everything:
            return [[(f"Roles: {error}", "warn")]]
        return [[(f"Roles: {error} Shown are those somebody holds; * is {role_words.CATALOG_NOTE}.", "warn")]]

    def summary(self, row: KnownRole) -> list[Piece]:
        """The role's name and description."""
        return [(row.role.name, "strong"), (f" · {row.role.description}", "plain")]

    def details(self, row: KnownRole) -> list[Line]:
        """The role's permissions, by resource, and its holders."""
        return role_words.details(row)

    def title(self, row: KnownRole) -> str:
        """The role's name."""
        return row.role.name

    def target(self, row: KnownRole) -> Target:
        """A role by its id."""
        return ("role", row.id)

    def row_of(self, target: Target) -> KnownRole | None:
        """The role with that id."""
        return next((each for each in self.everything if target == ("role", each.id)), None)

    def kind(self, row: KnownRole) -> str:
        """Always `role`."""
        return "role"

    def record(self, row: KnownRole) -> dict[str, Any]:
        """The role as an export writes it."""
        from semtui.export.records import Records

        return Records(self.store.people, self.store.projects).role_record(row.role)

    def export_offers(self) -> Sequence[Offer]:
        """The roles shown, without those that only stand in for a role that could not be read."""
        from semtui.export.offer import Offer

        shown = self.rows()
        listed = [each.role for each in shown if each.known_by == "listed"]
        return [Offer(role_words.exported_words(len(listed), len(shown)), "roles", listed)] if listed else ()

    async def load(self, changed: Callable[[], None]) -> tuple[str, Tone]:
        """Load the six lists of the organization, then the project roles seen on projects."""
        await self.store.load_people(changed)
        await self.store.load_project_roles(changed)
        if self.store.people.roles.error is not None:
            return f"The roles could not be loaded; {key('reload')} tries again.", "warn"
        return f"Loaded {count(len(self.everything), 'role')}.", "plain"

    def permission_for(self, action: RequestedAction, row: KnownRole | None) -> str:
        """None on Community: it has no custom roles, so no permission would help."""
        return "" if self.store.people.community else super().permission_for(action, row)

    def row_obstacle(self, action: RequestedAction, row: KnownRole | None) -> str:
        """Why the role cannot be edited or deleted, or none created."""
        if action.method == "create" and self.store.people.community:
            return NO_CUSTOM_ROLES
        if row is not None and action.method in ("what_can", "what_if") and row.role.scope == "project":
            return f"{row.role.name} is held on projects only; {key('details')} shows what it permits there."
        if row is None or action.method not in ("edit", "delete", "what_if"):
            return ""
        return role_words.change_obstacle(row, self.store.people, deleting=action.method == "delete")
