"""What a rule is, and the look-ups that several rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from semtui.audit.access.answers import Level
from semtui.audit.access.fates import GROUP_LISTS
from semtui.audit.findings.findings import About, Finding, Severity, Unsure

if TYPE_CHECKING:
    from semtui.api.models import ServiceAccount
    from semtui.audit.access.answers import Kind, LevelName, Reason, SubjectRef
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Held

DAY = 86_400
"""Seconds."""
CONFIRMING = 60
"""Seconds after which the queue of removals has run (`API.md#delays`)."""
RANKS: tuple[LevelName, ...] = ("none", "Admin", "Owner")

SUBJECTS = ("users", "accounts", "account_members")
"""The lists that show who there is."""
REACH = ("account_members", "group_members", "groups", "roles")
"""The lists that show how far a subject's permissions reach."""


@dataclass(frozen=True)
class Rule:
    """A rule, and what it needs to be evaluated."""

    id: str
    severities: tuple[Severity, ...]
    """The severities its findings may have, the worst first."""
    lists: tuple[str, ...]
    """Lists that must be whole and current; on Community, which has no groups, those of groups are not needed."""
    find: Callable[[Evidence], Iterable[Finding | Unsure]]
    edition: Literal["ee", "ce", "both"] = "both"
    elsewhere: tuple[str, ...] = ()
    """Further lists it needs unless the edition is Enterprise, because accounts may be listed among people
    (`API.md#subject-types`)."""

    def needs(self, edition: str) -> tuple[str, ...]:
        """The lists it needs on an edition."""
        lists = dict.fromkeys((*self.lists, *(() if edition == "ee" else self.elsewhere)))
        return tuple(each for each in lists if edition != "ce" or each not in GROUP_LISTS)


class Evidence:
    """The lists, and the look-ups that several rules share."""

    def __init__(self, graph: AccessGraph, now: float, earlier: tuple[AccessGraph, float] | None = None) -> None:
        self.graph = graph
        self.now = now
        """When the lists were read, in epoch seconds; ages are as of then."""
        self.people = graph.people
        self.index = graph.index
        self._earlier = earlier
        self._levels: dict[int, Level] = {}
        self._roles: dict[int, tuple[str, ...]] = {}

    def ok(self, name: str) -> bool:
        """True if a list is whole and current; the list of roles must also say what they permit."""
        told = name != "roles" or not self.graph.grants.by_catalog
        return told and self.graph.fates[name].fate == "ok"

    def missing(self, rule: Rule) -> tuple[str, ...]:
        """The lists because of which a rule cannot be evaluated."""
        unknown = self.graph.edition == "unknown" and rule.edition != "both"
        return tuple(
            dict.fromkeys([each for each in rule.needs(self.graph.edition) if not self.ok(each)] + ["roles"] * unknown)
        )

    @cached_property
    def accounts(self) -> tuple[tuple[ServiceAccount, int], ...]:
        """Every listed account with the number of its profile, except those being removed."""
        profile_of, gone = self.index.profile_of, self.people.gone
        return tuple(
            (each, profile_of[each.id])
            for each in self.people.accounts.items
            if each.id in profile_of and each.id not in gone
        )

    @cached_property
    def listed(self) -> frozenset[str]:
        """Ids of all people and accounts."""
        lists = (self.people.users.items, self.people.accounts.items, self.people.account_members.items)
        return frozenset(each.id for items in lists for each in items)

    @cached_property
    def unlisted_before(self) -> frozenset[str]:
        """Ids that, in a snapshot at least a minute before, were in a group but in no list."""
        if self._earlier is None or self.now - self._earlier[1] < CONFIRMING:
            return frozenset()
        graph = self._earlier[0]
        whole = all(graph.fates[name].fate == "ok" for name in (*SUBJECTS, "groups"))
        return frozenset(graph.index.unlisted) if whole else frozenset()

    # Levels

    def level(self, number: int) -> Level:
        """How far the permissions of a profile reach: certainly, and at most."""
        if number not in self._levels:
            held = self.graph.holdings(number)
            level_of = self.graph.level_of
            self._levels[number] = Level(level_of(held.gives), self._highest or level_of(held.gives | held.unknown))
        return self._levels[number]

    @cached_property
    def _highest(self) -> LevelName | None:
        """The level that can be ruled out for nobody, because a list is out of date; None if all are current."""
        stale = [each for each in self.graph.stale if self.graph.edition != "ce" or each not in GROUP_LISTS]
        return self.graph.level_of(self.graph.permissions.everything) if stale else None

    def severity(self, number: int, privileged: Severity, otherwise: Severity) -> tuple[Severity, Severity | None]:
        """The severity for the subjects of a profile, and a worse one that cannot be ruled out."""
        level = self.level(number)
        if level.certain != "none":
            return privileged, None
        return otherwise, None if level.possible == "none" else privileged

    def reasons(self, number: int) -> tuple[Reason, ...]:
        """Why it is not known how far the permissions of a profile reach."""
        wanted = self.graph.target("Owner") | self.graph.target("Admin")
        return tuple(reason for reason, mask in self.graph.holdings(number).perhaps if mask & wanted)

    def gives(self, held: Iterable[Held]) -> tuple[int, int]:
        """What these roles permit, certainly and at most."""
        certain = possible = 0
        for each in held:
            grant = self.graph.grant(each)
            certain |= grant.gives
            possible |= grant.unlisted | grant.mapping
        return certain, certain | possible

    def reach(self, held: Iterable[Held]) -> Level:
        """How far these roles reach together."""
        certain, possible = map(self.graph.level_of, self.gives(held))
        return Level(certain, self._highest or possible)

    def role_names(self, held: Iterable[Held]) -> tuple[str, ...]:
        """The names of roles, sorted."""
        return tuple(sorted({self.graph.grant(each).role_name or each[0] for each in held}))

    def roles_of(self, number: int) -> tuple[str, ...]:
        """The names of the roles of a profile, held directly or through groups."""
        if number not in self._roles:
            profile = self.index.profiles[number]
            self._roles[number] = self.role_names(profile.direct | profile.by_groups)
        return self._roles[number]

    # Subjects

    def of_kind(self, kind: Kind) -> Iterator[tuple[int, list[int]]]:
        """The number and positions of every profile of a kind, except subjects being removed."""
        for number, profile in enumerate(self.index.profiles):
            if profile.kind == kind and profile.state != "being removed":
                yield number, self.index.places[number]

    def at(self, place: int) -> About:
        """The subject at a position."""
        return about(self.index.subject(place))

    def about(self, subject_id: str) -> About:
        """The subject of an id that is in a list or a group."""
        return self.at(self.index.place_of[subject_id])

    def somebody(self, subject_id: str) -> About:
        """The subject of an id, without a name if it is in no list."""
        place = self.index.place_of.get(subject_id)
        return About(subject_id, "", "unlisted", "unknown") if place is None else self.at(place)

    def groups_giving(self, subject_id: str) -> tuple[About, ...]:
        """The groups with a role that a subject is in, by name."""
        ids = self.index.groups_of.get(subject_id, ())
        found = (self.about(each) for each in ids if self.graph.profile(each).direct)
        return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.id)))


def about(subject: SubjectRef) -> About:
    """The same subject in a finding."""
    return About(subject.id, subject.name, subject.kind, subject.state)


def level_rank(level: LevelName) -> int:
    """Sort key: 0 for none; Community's only level counts as the highest."""
    return RANKS.index("Owner" if level == "Owner/Admin" else level)
