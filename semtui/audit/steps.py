"""Who can come to act with permissions they do not hold, by calls that Semaphore lets them make.

`token`: whoever manages service accounts can have the token of any of them replaced, an Owner's too, and then act with
it (`API.md#service-accounts`). `join`: whoever manages people can put themselves into any group; what the group permits
is not compared with what they hold (`API.md#granting`). `take Owner`: so is it with the role Owner, for whoever may
change owners. Granting any other role compares permissions, and so is no step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER, MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.audit.answers import Step, Steps, StepsOf
from semtui.audit.causes import OFF
from semtui.audit.questions import UnknownPermissionError

if TYPE_CHECKING:
    from semtui.audit.graph import AccessGraph, Holdings
    from semtui.audit.profiles import Profile
    from semtui.organization.listing import ListName


@dataclass(frozen=True, slots=True)
class _Acting:
    """What somebody acts with after some steps, as bit sets of permissions."""

    gives: int
    possible: int
    """With what is not certain."""
    bound: bool
    """Holds a role in the organization by a binding of their own."""
    bound_possible: bool


Route = tuple[Step, ...]


def steps(graph: AccessGraph, target: str, depth: int = 1) -> Steps:
    """Who reaches all permissions of `target` by at most `depth` steps and does not hold them: Owner, Admin, another
    role of the organization by its name, or a permission by its full name.

    Each with the shortest way, one that is certain before one that is not. A first step is not certain where a role
    was not described; whoever may only hold more because a list is missing takes none. Raises UnknownPermissionError.
    """
    wanted = graph.target(target)
    if not wanted:
        raise UnknownPermissionError(target)
    search = _Search(graph, wanted, depth)
    found = (each for number in range(len(graph.index.profiles)) for each in search.of_profile(number))
    ordered = sorted(found, key=lambda each: each[0])
    return Steps(target, depth, tuple(steps_of for _, steps_of in ordered), _unread(graph), graph.stale)


def _unread(graph: AccessGraph) -> tuple[ListName, ...]:
    """Lists that are not whole, for want of which there may be more subjects, more steps, or more that one may do."""
    names: tuple[ListName, ...] = ("users", "account_members", "accounts", "group_members", "groups")
    return tuple(name for name in names[: 5 if graph.has_groups else 3] if not graph.whole(name))


class _Search:
    """Looks for ways, breadth first. Those who act with the same permissions have the same ways, but for their own
    accounts."""

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
        """The ways of those of a profile, each with the place of the subject."""
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
                # Its own token is nothing new to an account.
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
        """Of each kind of account the first two by name: one of them is not whoever takes the step."""
        index = self._graph.index
        return tuple(
            (place, profile.state != "unknown", _acting(profile, self._graph.holdings(number)))
            for number, profile in enumerate(index.profiles)
            if profile.kind == "account" and profile.state != "being removed"
            for place in index.places[number][:2]
        )

    @cached_property
    def _groups(self) -> tuple[tuple[int, Holdings], ...]:
        """Of each kind of group the first by name."""
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
