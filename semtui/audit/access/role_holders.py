"""Who holds an organization role, directly or through a group, as far as the lists show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from semtui.audit.access import paths
from semtui.audit.access.answers import Path, Reason, Rows, SubjectRef, UnknownSubject

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Profile
    from semtui.organization.listing import ListName


@dataclass(frozen=True)
class RoleHolders:
    """Who holds a role, in the order of the People page: people, accounts, groups."""

    holders: Sequence[SubjectRef]
    unknown: Sequence[UnknownSubject]
    at_least: tuple[ListName, ...]
    """Incomplete lists, because of which other holders may be missing altogether."""
    stale: tuple[ListName, ...]
    ways: Callable[[str], tuple[Path, ...]]
    """The bindings through which a subject, given by id, holds the role."""

    @property
    def complete(self) -> bool:
        """True if everybody who holds it is named, and as of now."""
        return not (self.unknown or self.at_least or self.stale)


def role_holders(graph: AccessGraph, role_id: str) -> RoleHolders:
    """Who holds an organization role."""
    index = graph.index
    of_groups = any(role_id in _roles(each) for each in index.profiles if each.kind == "group")
    unseen = graph.has_groups and not graph.whole("groups") and (of_groups or not graph.whole("group_members"))
    holding: list[list[int]] = []
    reasons: dict[int, tuple[Reason, ...]] = {}
    for number, profile in enumerate(index.profiles):
        held = role_id in _roles(profile)
        if held and profile.kind != "unlisted":
            holding.append(index.places[number])
        elif found := (("unlisted",) if held else tuple(doubts(profile, unseen))):
            reasons.update(dict.fromkeys(index.places[number], found))
    groups_seen = not graph.has_groups or graph.whole("group_members") or graph.whole("groups")
    return RoleHolders(
        holders=Rows(sorted(chain.from_iterable(holding)), index.subject),
        unknown=Rows(sorted(reasons), lambda place: UnknownSubject(index.subject(place), reasons[place])),
        at_least=graph.at_least if groups_seen else (*graph.at_least, "group_members"),
        stale=graph.stale,
        ways=lambda subject_id: tuple(path for path in paths.bindings(graph, subject_id) if path.role_id == role_id),
    )


def _roles(profile: Profile) -> set[str]:
    return {role_id for role_id, _, _ in chain(profile.direct, profile.by_groups)}


def doubts(profile: Profile, unseen: bool) -> list[Reason]:
    """Why it is not known whether the subjects of a profile hold a role; `unseen` where any group may give it."""
    found: list[Reason] = []
    if profile.roles_missing:
        found.append("group-roles-missing" if profile.kind == "group" else "roles-missing")
    if profile.group_roles_missing:
        found.append("group-roles-missing")
    if unseen and profile.kind in ("person", "account"):
        found.append("groups-missing")
    return found
