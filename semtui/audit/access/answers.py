"""The answers to the questions about access."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

if TYPE_CHECKING:
    from semtui.organization.listing import ListName

Truth = Literal["yes", "no", "unknown"]
Kind = Literal["person", "account", "group", "unlisted"]
"""`unlisted`: an id that appears only among a group's members."""
State = Literal["active", "deactivated", "being removed", "unknown", "not in the API"]
"""The state of an account; the API has none for anybody else. `being removed`: deleted, but still listed as holding
roles."""
Reason = Literal[
    "roles-missing",
    "groups-missing",
    "group-roles-missing",
    "role-unlisted",
    "mapping",
    "unlisted",
    "project-people-missing",
    "project-groups",
    "project-accounts",
]
"""Why something is not known, in this order: the roles of an account, the members of groups, or the roles of a group
were not read; Semaphore did not say what a role permits, or which project role it maps to; an id is in a group but in
no list; the people of a project were not read; the API has no roles of groups or accounts on one project."""
LevelName = Literal["Owner", "Admin", "Owner/Admin", "none"]
"""`Owner/Admin` is on Community, where both permit the same."""

T = TypeVar("T")
U = TypeVar("U")


class Rows(Sequence[T], Generic[T]):
    """A sequence of rows that are made on access: there may be 100,000, of which a screen shows twenty."""

    def __init__(self, keys: Sequence[int], make: Callable[[int], T]) -> None:
        self._keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Rows[T]: ...
    def __getitem__(self, at: int | slice) -> T | Rows[T]:
        return Rows(self._keys[at], self._make) if isinstance(at, slice) else self._make(self._keys[at])

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._keys)

    def where(self, test: Callable[[int], bool]) -> Rows[T]:
        """The rows at those positions in the index that pass a test; no row is made for it."""
        return Rows([key for key in self._keys if test(key)], self._make)

    def mapped(self, change: Callable[[T], U]) -> Rows[U]:
        """The same rows, each changed when it is made."""
        return Rows(self._keys, lambda key: change(self._make(key)))


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """A subject in an answer, identified by its id."""

    id: str
    name: str
    kind: Kind
    state: State
    kind_known: bool = True
    """False for a person who may be an account, because the list of accounts was not read."""


@dataclass(frozen=True, slots=True)
class UnknownSubject:
    """A subject for whom the answer is not known."""

    subject: SubjectRef
    reasons: tuple[Reason, ...]


NOBODY: Rows[UnknownSubject] = Rows((), lambda _: UnknownSubject(SubjectRef("", "", "unlisted", "unknown"), ()))
"""No rows."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way a subject holds a permission: a role, held directly or through a group."""

    role_id: str
    role_name: str
    source: str
    """The source of the binding; with a group, of the group's binding."""
    group_id: str | None = None
    group_name: str | None = None
    mapped_to: str | None = None
    """Name of the project role the role maps to, if that is what permits it."""
    project_id: str | None = None
    """Set if the role is held on this project only."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What gives several subjects a permission: one role from one source, or one role through groups."""

    role_id: str
    role_name: str
    source: str | None
    """None for groups, whose bindings may have several sources."""
    groups: int = 0
    """How many groups give it; 0 for direct bindings."""
    mapped_to: str | None = None
    on_project: bool = False
    """True if the binding is on the project in question, not in the organization."""
    people: int = 0
    accounts: int = 0
    deactivated: int = 0
    """How many of the accounts cannot use it now."""
    only_this: int = 0
    """How many people and accounts are known to hold it through nothing else."""


@dataclass(frozen=True)
class WhoCan:
    """Who holds a permission, in the order of the People page; those for whom it is unknown are not counted."""

    permission: str
    project_id: str | None
    """None for the organization, or for every project."""
    people: Sequence[SubjectRef]
    accounts: Sequence[SubjectRef]
    groups: Sequence[SubjectRef]
    """Groups whose roles permit it, with or without members."""
    empty_groups: Rows[SubjectRef]
    """Those of `groups` without members: whoever can add members can grant it."""
    unknown: Sequence[UnknownSubject]
    """People, accounts, and ids that are in no list."""
    unknown_groups: Sequence[UnknownSubject]
    unknown_by_reason: Mapping[Reason, int]
    """How many of `unknown` have each reason."""
    unknown_by: Mapping[tuple[Reason, ...], Rows[UnknownSubject]]
    """Those of `unknown`, by the reasons they share."""
    unknown_groups_by: Mapping[tuple[Reason, ...], Rows[UnknownSubject]]
    causes: tuple[Cause, ...]
    """Those with the most people and accounts first."""
    deactivated: int
    """How many of the accounts are deactivated, or being removed, and so cannot use it."""
    at_least: tuple[ListName, ...]
    """Incomplete lists, because of which other holders may be missing altogether."""
    unseen: tuple[ListName, ...]
    """`groups` if that list is incomplete and groups give it, or may: members who are in no other list are missing."""
    stale: tuple[ListName, ...]
    """Lists whose last reload failed: the answer is as of `loaded_at`."""
    held_by: Callable[[Cause], Rows[SubjectRef]]
    """The people and accounts who hold it through one of the `causes`."""

    @property
    def complete(self) -> bool:
        """True if everybody who holds it is named, and as of now."""
        return not (self.unknown or self.unknown_groups or self.at_least or self.unseen or self.stale)


@dataclass(frozen=True)
class Can:
    """What a subject can do, or a role permits. Permissions are sorted."""

    subject: SubjectRef | None
    """None for a role."""
    organization: tuple[str, ...]
    every_project: tuple[str, ...]
    projects: Mapping[str, tuple[str, ...]]
    """By project id, what is held there but not on every project, as far as the people of projects were read."""
    projects_unknown: Mapping[str, tuple[str, ...]]
    """By project id, what is unknown there; only for the project in question."""
    organization_unknown: tuple[str, ...]
    every_project_unknown: tuple[str, ...]
    reasons: tuple[Reason, ...]
    """Why anything is unknown."""
    of_organization: int
    """How many organization permissions exist."""
    of_projects: int
    projects_read: int
    projects_listed: int

    @property
    def complete(self) -> bool:
        """True if nothing is unknown, in the organization, on every project, or on the project in question."""
        return not (self.organization_unknown or self.every_project_unknown or any(self.projects_unknown.values()))


@dataclass(frozen=True)
class Why:
    """Whether a subject holds a permission, by which paths, and if not, which roles would give it."""

    subject: SubjectRef
    permission: str
    project_id: str | None
    verdict: Truth
    paths: tuple[Path, ...]
    """Direct bindings first, then those of groups, then those on the project; each by role."""
    reasons: tuple[Reason, ...]
    """Why it is unknown, if it is."""
    bindings: tuple[Path, ...]
    """Every role the subject is known to hold in the organization, whether or not it gives the permission."""
    nearest: tuple[RoleGiving, ...]
    """Organization roles that permit it, the one with the fewest permissions first; empty unless the answer is no."""

    @property
    def usable(self) -> Truth:
        """Whether the subject can use it now. The API does not have the state of people, so they always can."""
        state = self.subject.state
        if self.verdict != "yes" or state in ("active", "not in the API"):
            return self.verdict
        return "unknown" if state == "unknown" else "no"


@dataclass(frozen=True, slots=True)
class RoleGiving:
    """A role that gives a permission."""

    role_id: str
    role_name: str
    permissions: int
    """How many permissions it gives in all, in the organization and on every project."""
    mapped_to: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What roles permit in effect, including the project roles they map to."""

    role_ids: tuple[str, ...]
    differences: Mapping[tuple[Truth, ...], tuple[str, ...]]
    """Permissions, by whether each role gives them; the ones that all roles give come last."""
    mapping_unknown: tuple[str, ...]
    """Ids of roles for which it is not known what they give on projects."""
    content_unknown: tuple[str, ...]
    """Ids of roles for which it is not known what they permit."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far a subject's permissions reach, whatever its roles are called."""

    certain: LevelName
    possible: LevelName
    """The highest level that cannot be ruled out."""


@dataclass(frozen=True, slots=True)
class EffectiveRoles:
    """The names of the roles a subject holds, directly or through groups, in the order of the web page."""

    names: tuple[str, ...]
    complete: bool
    """False if a list is missing that may show more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call to the API that lets a subject act with more permissions."""

    edge: Literal["token", "join", "take Owner"]
    target: SubjectRef | None
    """The account whose token is replaced, or the group that is joined; None for taking the role Owner."""
    certain: bool


@dataclass(frozen=True, slots=True)
class StepsOf:
    """The steps by which one subject comes to act with all permissions of a target, in order."""

    subject: SubjectRef
    steps: tuple[Step, ...]

    @property
    def certain(self) -> bool:
        """True if every step is certain to work."""
        return all(step.certain for step in self.steps)


@dataclass(frozen=True)
class Steps:
    """Who can reach a target within a number of steps, without holding it already."""

    target: str
    depth: int
    found: tuple[StepsOf, ...]
    at_least: tuple[ListName, ...]
    """Incomplete lists, because of which there may be more subjects, more steps, or more permissions."""
    stale: tuple[ListName, ...]

    @property
    def complete(self) -> bool:
        """True if all steps were found, and each is certain."""
        return not (self.at_least or self.stale) and all(each.certain for each in self.found)
