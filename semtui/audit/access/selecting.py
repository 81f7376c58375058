"""The rows a view shows, of the lists as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.organization.query import select

if TYPE_CHECKING:
    from semtui.organization.filters.lists import Access
    from semtui.organization.filters.matching import Matching
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.query import Selection, View

_latest: list[tuple[People, Projects, Matching]] = []
"""At most one: the lists change while they load."""


def matching_of(people: People, projects: Projects) -> Matching:
    """The filters of exactly these lists, which keep what they have worked out until the lists change."""
    from semtui.organization.filters.matching import Matching

    for of_people, of_projects, matching in _latest:
        if of_people is people and of_projects is projects:
            return matching

    def access() -> Access:
        # Words and most terms do without the graph.
        from semtui.audit.access.current import graph_of
        from semtui.audit.access.matching import GraphAccess

        return GraphAccess(graph_of(people, projects))

    matching = Matching(people, access)
    _latest[:] = [(people, projects, matching)]
    return matching


def shown(people: People, projects: Projects, view: View, now: float) -> Selection:
    """The rows `view` shows at a time, in epoch seconds. Raises FilterError."""
    if not view.narrowed:
        return select(people, view)
    return select(people, view, matching_of(people, projects).matches(view.search, now))
