"""What the search line of the People page finds, for the lists as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.organization.query import Selection, View, select

if TYPE_CHECKING:
    from semtui.organization.filters.completion import Vocabulary
    from semtui.organization.filters.matching import Matching
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Kind


class PeopleFilter:
    """Selects rows; what was selected last is kept until the lists or the view change."""

    def __init__(self, store: OrganizationStore) -> None:
        self._store = store
        self._selected = Selection(())
        self._selected_from: tuple[People, Projects, View] | None = None
        """What `_selected` was worked out from."""
        self.lapsed = ""
        """Why the search line is no longer understood, since the lists have changed."""

    def selection(self, view: View) -> Selection:
        """The rows of a view; none, with `lapsed` set, where its search line is not understood."""
        people, projects = self._store.people, self._store.projects
        before = self._selected_from
        if before is None or before[0] is not people or before[1] is not projects or before[2] != view:
            self._selected, self.lapsed = self._select(view) if view.narrowed else (select(people, view), "")
            self._selected_from = (people, projects, view)
        return self._selected

    def _select(self, view: View) -> tuple[Selection, str]:
        from semtui.audit.access.selecting import shown
        from semtui.organization.filters.language import FilterError

        try:
            return shown(self._store.people, self._store.projects, view, self._store.as_of), ""
        except FilterError as error:
            return Selection(()), str(error)

    @property
    def _matching(self) -> Matching:
        from semtui.audit.access.selecting import matching_of

        return matching_of(self._store.people, self._store.projects)

    def problem(self, text: str) -> str:
        """Why a text cannot be understood; empty if it can."""
        from semtui.organization.filters.language import FilterError

        try:
            self._matching.matches(text, self._store.as_of)
        except FilterError as error:
            return str(error)
        return ""

    @property
    def vocabulary(self) -> Vocabulary:
        """What the search line understands besides words."""
        return self._matching.vocabulary

    def role_choices(self, kind: Kind | None) -> list[tuple[str, str, int]]:
        """For each role to filter by: the value to write, its name, and how many rows of a kind are known to hold it.

        First comes any role, which has no value, and last none.
        """
        from semtui.organization.filters.language import with_term
        from semtui.organization.filters.terms import NONE, written

        names = self._store.people.role_names
        choices = [("", "any role"), *((written("role", name), name) for name in names if name), (NONE, "no role")]
        views = [(value, name, View(kind, with_term("", "role", value))) for value, name in choices]
        return [(value, name, len(self._select(view)[0].rows)) for value, name, view in views]
