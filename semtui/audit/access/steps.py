"""Who can come to act with permissions they do not hold, by calls that Semaphore lets them make.

`token`: whoever manages service accounts can regenerate the token of any of them, even of one that is Owner, and act
with it (`API.md#service-accounts`). `join`: whoever manages people can join any group; Semaphore does not compare what
the group permits with what they hold (`API.md#granting`). `take Owner`: whoever may also change owners can take the
role Owner. For any other role Semaphore does compare permissions, so granting one is not a step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER, MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.audit.access.answers import Step, Steps, StepsOf
from semtui.audit.access.causes import OFF
from semtui.audit.access.questions import UnknownPermissionError

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph, Holdings
    from semtui.audit.access.profiles import Profile
    from semtui.organization.listing import ListName


@dataclass(frozen=True, slots=True)
class _Acting:
    """What a subject can act with after some steps, as bit sets of permissions."""

    gives: int
    possible: int
    """Including what is not certain."""
    bound: bool
    """Whether it holds an organization role directly."""
    bound_possible: bool


Route = tuple[Step, ...]


def steps(graph: AccessGraph, target: str, depth: int = 1) -> Steps:
    """Who can reach all permissions of `target` in at most `depth` steps without holding them already. The target is
    Owner, Admin, another organization role by name, or a permission by full name.

    Each with the shortest route, certain ones first. A first step is not certain if a role was not described; whoever
    only may hold more, because a list is missing, takes no step. Raises UnknownPermissionError.
    """
    wanted = graph.target(target)
    if not wanted:
        raise UnknownPermissionError(target)
    search = _Search(graph, wanted, depth)
    found = (each for number in range(len(graph.index.profiles)) for each in search.of_profile(number))
    ordered = sorted(found, key=lambda each: each[0])
    return Steps(target, depth, tuple(steps_of for _, steps_of in ordered), _unread(graph), graph.stale)


def _unread(graph: AccessGraph) -> tuple[ListName, ...]:
    """Incomplete lists, because of which there may be more subjects, more steps, or more permissions."""
    names: tuple[ListName, ...] = ("users", "account_members", "accounts", "group_members", "groups")
    return tuple(name for name in names[: 5 if graph.has_groups else 3] if not graph.whole(name))


class _Search:
    """Searches for routes, breadth first. Subjects with the same permissions have the same routes, except that an
    account cannot use its own token as a step."""

    def __init__(self, graph: AccessGraph, wanted: int, depth: int) -> None:
        self._graph = graph
        self._wanted = wanted
        self._depth = depth
        bit = graph.permissions.bit
        self._manage_accounts = bit(MANAGE_SERVICE_ACCOUNTS)
        self._manage_people = bit(MANAGE_PEOPLE)
        self._take_owner = bit(MANAGE_PEOPLE) | bit(CHANGE_OWNER)
        self._routes: dict[tuple[_Acting, str], Route | None] = {}

    def of_profile(self, number: int) -> Iterator[tuple[int, StepsOf]]:
        """The routes of the subjects of a profile, each with the subject's position."""
        index = self._graph.index
        profile = index.profiles[number]
        if profile.kind not in ("person", "account") or profile.state in OFF:
            return
        held = self._graph.holdings(number)
        undescribed = next((mask for reason, mask in held.perhaps if reason == "role-unlisted"), 0)
        bound = bool(profile.direct)
        acting = _Acting(held.gives, held.gives | undescribed, bound, bound)
        if not self._wanted & ~acting.gives:
            return
        common = self._route(acting, "")
        for place in index.places[number] if common else ():
            subject, route = index.subject(place), common
            if any(step.target and step.target.id == subject.id for step in common or ()):
                # An account gains nothing from its own token.
                route = self._route(acting, subject.id)
            if route:
                yield place, StepsOf(subject, route)

    def _route(self, acting: _Acting, own_id: str) -> Route | None:
        key = (acting, own_id)
        if key not in self._routes:
            certain = self._shortest(acting, own_id, only_certain=True)
            self._routes[key] = certain or self._shortest(acting, own_id, only_certain=False)
        return self._routes[key]

    def _shortest(self, acting: _Acting, own_id: str, *, only_certain: bool) -> Route | None:
        seen = {acting}
        frontier: list[tuple[_Acting, Route]] = [(acting, ())]
        for _ in range(self._depth):
            following: list[tuple[_Acting, Route]] = []
            arrived: list[Route] = []
            for before, route in frontier:
                for step, after in self._edges(before, own_id):
                    if only_certain and not step.certain:
                        continue
                    if not self._wanted & ~(after.gives if only_certain else after.possible):
                        arrived.append((*route, replace(step, certain=step.certain and self._reached(after))))
                    elif after not in seen:
                        seen.add(after)
                        following.append((after, (*route, step)))
            if arrived:
                return min(arrived, key=_by_name)
            frontier = following
        return None

    def _reached(self, acting: _Acting) -> bool:
        return not self._wanted & ~acting.gives

    def _edges(self, before: _Acting, own_id: str) -> Iterator[tuple[Step, _Acting]]:
        if before.possible & self._manage_accounts:
            certain = bool(before.gives & self._manage_accounts)
            for place, state_known, after in self._accounts:
                subject = self._graph.index.subject(place)
                if subject.id != own_id:
                    yield Step("token", subject, certain and state_known), after
        if not self._graph.has_groups:
            return
        if before.possible & self._manage_people and before.bound_possible:
            certain = bool(before.gives & self._manage_people) and before.bound and self._graph.edition == "ee"
            for place, group in self._groups:
                after = replace(
                    before, gives=before.gives | group.gives, possible=before.possible | group.gives | group.unknown
                )
                yield Step("join", self._graph.index.subject(place), certain), after
        if not self._take_owner & ~before.possible:
            owner = before.gives | self._graph.target("Owner")
            certain = not self._take_owner & ~before.gives and self._graph.edition == "ee"
            yield Step("take Owner", None, certain), _Acting(owner, before.possible | owner, True, True)

    @cached_property
    def _accounts(self) -> tuple[tuple[int, bool, _Acting], ...]:
        """The first two accounts of each profile by name: at least one is not the subject that takes the step."""
        index = self._graph.index
        return tuple(
            (place, profile.state != "unknown", _acting(profile, self._graph.holdings(number)))
            for number, profile in enumerate(index.profiles)
            if profile.kind == "account" and profile.state != "being removed"
            for place in index.places[number][:2]
        )

    @cached_property
    def _groups(self) -> tuple[tuple[int, Holdings], ...]:
        """The first group of each profile by name."""
        index, gone = self._graph.index, self._graph.people.gone
        found = []
        for number, profile in enumerate(index.profiles):
            if profile.kind == "group":
                there = [place for place in index.places[number] if index.rows[place].id not in gone]
                found += [(place, self._graph.holdings(number)) for place in there[:1]]
        return tuple(found)


def _acting(profile: Profile, held: Holdings) -> _Acting:
    bound = bool(profile.direct)
    return _Acting(held.gives, held.gives | held.unknown, bound, bound or profile.roles_missing)


def _by_name(route: Route) -> tuple[bool, list[tuple[bool, str, str]]]:
    targets = [step.target for step in route]
    names = [(False, target.name.casefold(), target.id) if target else (True, "", "") for target in targets]
    return not all(step.certain for step in route), names
