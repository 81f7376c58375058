"""What a filter of rows asks the access graph: who holds a role or a permission, and for whom that is not known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from semtui.audit.access.role_holders import doubts
from semtui.organization.filters.matches import Matches

if TYPE_CHECKING:
    from semtui.audit.access.answers import Truth
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Profile


class GraphAccess:
    """Answers by rows of the People page, once per profile."""

    def __init__(self, graph: AccessGraph) -> None:
        self._graph = graph

    @property
    def permissions(self) -> Sequence[str]:
        """The full name of every permission."""
        return self._graph.permissions.names

    def holding(self, role_names: Collection[str]) -> Matches:
        """Who holds one of these roles, directly or through a group; without names, who holds no role."""
        graph = self._graph
        wanted = frozenset(role_names)
        profiles = graph.index.profiles
        by_groups = any(_names(each) & wanted or not wanted for each in profiles if each.kind == "group")
        unseen = graph.has_groups and not graph.whole("groups") and (by_groups or not graph.whole("group_members"))

        def truth(number: int) -> Truth:
            names = _names(profiles[number])
            if not wanted and names:
                return "no"
            if names & wanted:
                return "yes"
            return "unknown" if doubts(profiles[number], unseen) else "no" if wanted else "yes"

        return self._of_profiles(truth)

    def able(self, permission: str) -> Matches:
        """Who holds a permission: of the organization, or on every project."""
        bit = self._graph.permissions.bit(permission)
        return self._of_profiles(lambda number: self._graph.holdings(number).verdict(bit)[0])

    def _of_profiles(self, truth: Callable[[int], Truth]) -> Matches:
        index = self._graph.index
        size = len(index.rows)
        # Behind the rows stand the ids that are only in groups.
        yes, maybe = (bytearray(size + len(index.unlisted)) for _ in range(2))
        for number, places in enumerate(index.places):
            found = truth(number)
            if found != "no":
                for place in places:
                    maybe[place] = 1
            if found == "yes":
                for place in places:
                    yes[place] = 1
        return Matches(size, int.from_bytes(yes[:size], "little"), int.from_bytes(maybe[:size], "little"))


def _names(profile: Profile) -> set[str]:
    return {name or role_id for role_id, name, _ in profile.direct | profile.by_groups}
