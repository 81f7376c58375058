"""What the questions about access are answered with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

if TYPE_CHECKING:
    from semtui.organization.listing import ListName

Truth = Literal["yes", "no", "unknown"]
Kind = Literal["person", "account", "group", "unlisted"]
"""`unlisted`: an id that only a group names."""
State = Literal["active", "deactivated", "being removed", "unknown", "not in the API"]
"""Of an account; of anybody else the API tells none. `being removed`: deleted, and still shown as holding roles."""
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
"""Why something is not known: the roles of an account, who is in the groups, or the roles of a group were not read;
what a role permits, or which project role it brings along, was not told; an id is in a group and in no list; the people
of a project were not read; roles of groups, or of accounts, on one project are not in the API."""
LevelName = Literal["Owner", "Admin", "Owner/Admin", "none"]
"""`Owner/Admin` is on Community, where both permit the same."""

T = TypeVar("T")


class Rows(Sequence[T], Generic[T]):
    """Rows that are made when they are asked for: there may be 100,000, of which a screen shows twenty."""

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


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """Who an answer is about; the id is what identifies them."""

    id: str
    name: str
    kind: Kind
    state: State
    kind_known: bool = True
    """False for a person who may be an account, because the list of accounts was not read."""


@dataclass(frozen=True, slots=True)
class UnknownSubject:
    """Somebody of whom the answer is not known."""

    subject: SubjectRef
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One way in which a subject holds a permission."""

    role_id: str
    role_name: str
    source: str
    """Where the binding comes from: of the group's, where there is a group."""
    group_id: str | None = None
    group_name: str | None = None
    mapped_to: str | None = None
    """Name of the project role the role brings along, where that is what permits it."""
    project_id: str | None = None
    """The role is held on this project only."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What several subjects hold a permission by: one role from one source, or one role through groups."""

    role_id: str
    role_name: str
    source: str | None
    """None for groups, whose bindings may be from several."""
    groups: int = 0
    """How many groups give it; 0 for a binding of one's own."""
    mapped_to: str | None = None
    on_project: bool = False
    """The binding is on the project that was asked about, and not in the organization."""
    people: int = 0
    accounts: int = 0
    deactivated: int = 0
    """How many of the accounts cannot use it now."""
    only_this: int = 0
    """How many people and accounts have it from nothing else that is known."""


@dataclass(frozen=True)
class WhoCan:
    """Who holds a permission, in the order of the People page; nobody is counted whose answer is unknown."""

    permission: str
    project_id: str | None
    """None for the organization, or for every project."""
    people: Sequence[SubjectRef]
    accounts: Sequence[SubjectRef]
    groups: Sequence[SubjectRef]
    """Groups whose roles permit it, members or not."""
    empty_groups: Sequence[SubjectRef]
    """Those of them with nobody in them: whoever can add members can hand it out."""
    unknown: Sequence[UnknownSubject]
    """People, accounts, and ids that no list names."""
    unknown_groups: Sequence[UnknownSubject]
    unknown_by_reason: Mapping[Reason, int]
    """How many of `unknown` have it among their reasons."""
    causes: tuple[Cause, ...]
    """Most people and accounts first."""
    deactivated: int
    """How many of the accounts are deactivated, or being removed, and so cannot use it."""
    at_least: tuple[ListName, ...]
    """Lists that are not whole, so that others may hold it too who are not seen at all."""
    unseen: tuple[ListName, ...]
    """`groups` where that list is not whole and groups give it, or may: their members who are in no other list are not
    seen at all."""
    stale: tuple[ListName, ...]
    """Lists the last reload of which failed: the answer is as of `loaded_at`."""
    held_by: Callable[[Cause], Sequence[SubjectRef]]
    """The people and accounts who hold it by one of the `causes`."""

    @property
    def complete(self) -> bool:
        """True if everybody who holds it is named, and as of now."""
        return not (self.unknown or self.unknown_groups or self.at_least or self.unseen or self.stale)


@dataclass(frozen=True)
class Can:
    """What a subject, or a role, permits. Permissions are sorted."""

    subject: SubjectRef | None
    """None for a role."""
    organization: tuple[str, ...]
    every_project: tuple[str, ...]
    projects: Mapping[str, tuple[str, ...]]
    """By project id, what is held there and not on every project, as far as the people of projects were read."""
    projects_unknown: Mapping[str, tuple[str, ...]]
    """The same, what is unknown of the project that was asked about."""
    organization_unknown: tuple[str, ...]
    every_project_unknown: tuple[str, ...]
    reasons: tuple[Reason, ...]
    """Of everything that is unknown."""
    of_organization: int
    """How many permissions there are."""
    of_projects: int
    projects_read: int
    projects_listed: int

    @property
    def complete(self) -> bool:
        """True if nothing is unknown of the organization, of every project, and of the one that was asked about."""
        return not (self.organization_unknown or self.every_project_unknown or any(self.projects_unknown.values()))


@dataclass(frozen=True)
class Why:
    """Whether a subject holds a permission, by which paths, and if not, which roles would give it."""

    subject: SubjectRef
    permission: str
    project_id: str | None
    verdict: Truth
    paths: tuple[Path, ...]
    """Bindings of one's own first, then groups', then those on the project; each by role."""
    reasons: tuple[Reason, ...]
    """What would have to be known, where the verdict is unknown."""
    bindings: tuple[Path, ...]
    """Every role the subject is seen to hold in the organization, whether it permits this or not."""
    nearest: tuple[RoleGiving, ...]
    """Roles of the organization that permit it, the least of them first; empty unless the verdict is no."""

    @property
    def usable(self) -> Truth:
        """Whether the subject can use it now; a person's state is not in the API, and counts as usable."""
        state = self.subject.state
        if self.verdict != "yes" or state in ("active", "not in the API"):
            return self.verdict
        return "unknown" if state == "unknown" else "no"


@dataclass(frozen=True, slots=True)
class RoleGiving:
    """A role that permits something."""

    role_id: str
    role_name: str
    permissions: int
    """How many permissions it gives in all, of the organization and on every project."""
    mapped_to: str | None = None


@dataclass(frozen=True)
class Comparison:
    """What roles permit in effect, with the project roles they bring along."""

    role_ids: tuple[str, ...]
    differences: Mapping[tuple[Truth, ...], tuple[str, ...]]
    """Permissions by which of the roles give them, in their order; those all give come last."""
    mapping_unknown: tuple[str, ...]
    """Ids of roles of which it is not known what they give on projects."""
    content_unknown: tuple[str, ...]
    """Ids of roles of which it is not known what they permit."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far somebody's permissions reach, whatever their roles are called."""

    certain: LevelName
    possible: LevelName
    """The highest that cannot be ruled out."""


@dataclass(frozen=True, slots=True)
class EffectiveRoles:
    """Names of the roles somebody holds, by bindings of their own and through groups, in the order of the web page."""

    names: tuple[str, ...]
    complete: bool
    """False where a list is missing that may show more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call that lets a subject act with more permissions."""

    edge: Literal["token", "join", "take Owner"]
    target: SubjectRef | None
    """The account whose token is replaced, or the group that is joined."""
    certain: bool


@dataclass(frozen=True, slots=True)
class StepsOf:
    """How one subject comes to act with all permissions of a target: one step after the other."""

    subject: SubjectRef
    steps: tuple[Step, ...]

    @property
    def certain(self) -> bool:
        """True if every step is known to work."""
        return all(step.certain for step in self.steps)


@dataclass(frozen=True)
class Steps:
    """Who is within so many steps of a target, and does not hold it."""

    target: str
    depth: int
    found: tuple[StepsOf, ...]
    at_least: tuple[ListName, ...]
    """Lists that are not whole, so that there may be more subjects, more steps, or more that one of them may do."""
    stale: tuple[ListName, ...]

    @property
    def complete(self) -> bool:
        """True if every step there is was found, and each is certain."""
        return not (self.at_least or self.stale) and all(each.certain for each in self.found)
