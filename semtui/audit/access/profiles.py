"""Groups all subjects of an organization by the roles they hold and where those come from: their profile.

100,000 people and accounts have few distinct profiles, and a question is answered once per profile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.audit.access.answers import Kind, State, SubjectRef
from semtui.audit.access.fates import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.api.models import RoleBinding
    from semtui.audit.access.fates import ListFate
    from semtui.organization.people import People
    from semtui.organization.subject import Subject

Held = tuple[str, str, str]
"""Role id, role name and source of a binding."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a set of subjects have in common; their access is the same."""

    kind: Kind
    state: State
    direct: frozenset[Held] = frozenset()
    by_groups: frozenset[Held] = frozenset()
    in_group: bool = False
    roles_missing: bool = False
    """True if there may be more direct roles, because the list that would show them is incomplete."""
    group_roles_missing: bool = False
    """True if the subjects are in a group whose roles were not read."""


@dataclass
class Index:
    """All subjects, by position: the rows of the People page, then the ids that are only in groups."""

    rows: tuple[Subject, ...]
    unlisted: tuple[str, ...] = ()
    profiles: list[Profile] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)
    """For each profile, the positions of its subjects, ascending."""
    profile_of: dict[str, int] = field(default_factory=dict)
    groups_of: Mapping[str, list[str]] = field(default_factory=dict)
    """For each subject, the ids of its groups, as far as they were read."""
    kinds_known: bool = True
    """False if people may be accounts, because the list of accounts was not read."""

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Each subject's position, by id."""
        ids = (*(row.id for row in self.rows), *self.unlisted)
        return {each: place for place, each in enumerate(ids)}

    def subject(self, place: int) -> SubjectRef:
        """The subject at a position."""
        if place >= len(self.rows):
            return SubjectRef(self.unlisted[place - len(self.rows)], "", "unlisted", "unknown")
        row = self.rows[place]
        known = row.kind_known and (self.kinds_known or row.kind != "person")
        return SubjectRef(row.id, row.name, row.kind, state_of(row), known)


def state_of(row: Subject) -> State:
    """What is known about whether a subject's token is accepted."""
    if row.state == "being removed":
        return "being removed"
    if row.kind != "account":
        return "not in the API"
    if row.account is None:
        return "unknown"
    return "deactivated" if row.account.deactivated else "active"


class Indexing:
    """Builds the index of an organization."""

    def __init__(self, people: People, fates: Mapping[str, ListFate], *, edition: str) -> None:
        self._people = people
        self._has_groups = edition != "ce"
        self._groups_told = fates["group_members"].fate in WHOLE
        # On Community an account's roles may be listed among those of people (`API.md#subject-types`).
        lists = ("account_members",) if edition == "ee" else ("account_members", "users")
        self._accounts_told = all(fates[name].fate in WHOLE for name in lists)
        # Members that only a group lists may be in the missing part of another list, with direct roles.
        self._everybody_told = self._accounts_told and fates["users"].fate in WHOLE
        told = edition == "ee" and not self._accounts_told
        self._told = {member.id for member in people.account_members.items} if told else set()
        self._kinds_known = edition == "ee" or fates["accounts"].fate in WHOLE
        self._of_group = {each.id: _held(each.roles) for each in people.group_members.items}
        self._bindings: dict[int, frozenset[Held]] = {}
        self._of_groups: dict[tuple[str, ...], tuple[frozenset[Held], bool]] = {}
        self._numbers: dict[tuple[Kind, State, int, tuple[str, ...], bool], int] = {}
        self._by_profile: dict[Profile, int] = {}
        self._index = Index(people.subjects)

    def made(self) -> Index:
        """The index, built in one pass."""
        index = self._index
        index.kinds_known = self._kinds_known
        groups_of = self._memberships() if self._has_groups else {}
        index.groups_of = groups_of
        profile_of, places, nowhere = index.profile_of, index.places, ()
        for place, row in enumerate(index.rows):
            ids = tuple(groups_of[row.id]) if row.id in groups_of else nowhere
            missing = row.kind == "account" and not self._accounts_told and row.id not in self._told
            number = self._number(row.kind, state_of(row), row.roles or (), ids, missing)
            profile_of[row.id] = number
            places[number].append(place)
        index.unlisted = self._unlisted(groups_of)
        for place, each in enumerate(index.unlisted, len(index.rows)):
            number = self._number("unlisted", "unknown", (), tuple(groups_of[each]), not self._everybody_told)
            profile_of[each] = number
            places[number].append(place)
        return index

    def _memberships(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for group in self._people.groups.items:
            for member_id in dict.fromkeys(group.member_ids):
                found.setdefault(member_id, []).append(group.id)
        return found

    def _unlisted(self, groups_of: Iterable[str]) -> tuple[str, ...]:
        removed = self._people.deleted | self._people.gone
        return tuple(sorted(each for each in groups_of if each not in self._index.profile_of and each not in removed))

    def _number(
        self, kind: Kind, state: State, bindings: tuple[RoleBinding, ...], groups: tuple[str, ...], missing: bool
    ) -> int:
        """The number of a profile, which is created if it is new."""
        # Subjects with the same roles share the object, so its identity is enough as a key.
        key = (kind, state, id(bindings), groups, missing)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._new(kind, state, bindings, groups, missing)
        return number

    def _new(
        self, kind: Kind, state: State, bindings: tuple[RoleBinding, ...], groups: tuple[str, ...], missing: bool
    ) -> int:
        direct = self._bindings.get(id(bindings))
        if direct is None:
            direct = self._bindings[id(bindings)] = _held(bindings)
        by_groups, unknown = self._given(groups)
        if kind == "group":
            missing = not self._groups_told and not direct
        profile = Profile(kind, state, direct, by_groups, bool(groups), missing, unknown)
        number = self._by_profile.setdefault(profile, len(self._index.profiles))
        if number == len(self._index.profiles):
            self._index.profiles.append(profile)
            self._index.places.append([])
        return number

    def _given(self, groups: tuple[str, ...]) -> tuple[frozenset[Held], bool]:
        """The roles these groups give, and whether the roles of any of them are not known."""
        if groups not in self._of_groups:
            unknown = not self._groups_told and any(each not in self._of_group for each in groups)
            given = frozenset(held for each in groups for held in self._of_group.get(each, ()))
            self._of_groups[groups] = given, unknown
        return self._of_groups[groups]


def _held(bindings: Iterable[RoleBinding]) -> frozenset[Held]:
    return frozenset((each.role_id, each.role_name, each.source) for each in bindings)
