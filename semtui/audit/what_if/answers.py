"""The answer to the question what would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from semtui.audit.access.answers import Level, Path, SubjectRef, UnknownSubject
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.operations import Operation
    from semtui.organization.listing import ListName

RefusalCode = Literal[
    "owner",
    "built-in",
    "role-held",
    "lacks",
    "not-a-member",
    "not-listed",
    "no-such-permission",
]
"""Why Semaphore would refuse: an Owner cannot be removed; the role is built in, or held; the caller lacks permissions;
whoever joins a group holds no role directly; the subject, group or role does not exist; an organization role cannot
permit that."""

NoteCode = Literal[
    "nothing",
    "leaves",
    "gone",
    "without-a-role",
    "cannot-act",
    "nobody-manages-people",
    "nobody-changes-owners",
    "caller",
    "created-account",
    "no-creator",
    "owns-projects",
    "on-projects",
    "stays",
    "queue",
    "mapping-dropped",
    "group-projects",
]
"""`nothing`: an operation changes nothing. `leaves`: a person leaves the organization. `gone`: an account or group is
deleted. `without-a-role`: an account or group stays but can do nothing. `cannot-act`: a deactivated account keeps its
permissions but cannot use them. `nobody-…`: nobody holds that any more. `caller`: it affects the caller.
`created-account`: its creator may know its token. `no-creator`: the account can no longer be edited. `on-projects`:
roles on single projects are lost too. `stays`: bindings that remain. `queue`: it happens later. `mapping-dropped`: an
edited role loses its project role. `group-projects`: the API does not show a group's roles on projects."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Semaphore would refuse an operation, which is then left out of the changes."""

    operation: Operation
    code: RefusalCode
    certain: bool = True
    """False if a list is missing that would show it; the operation is then not left out."""
    subjects: tuple[SubjectRef, ...] = ()
    """The holders of the role."""
    permissions: tuple[str, ...] = ()
    """The permissions that are missing, or not possible."""


@dataclass(frozen=True)
class Difference:
    """What several subjects each gain and lose. Permissions are sorted."""

    subjects: tuple[SubjectRef, ...]
    """People, service accounts, and ids that are only in groups, in the order of the People page."""
    gained: tuple[str, ...]
    """Project permissions are gained on every project."""
    lost: tuple[str, ...]
    all_projects: Literal["", "gained", "lost"] = ""
    """Set if the project permissions among them are all those of the project role Admin."""
    loses_all: bool = False
    """True if they certainly hold nothing afterwards."""


@dataclass(frozen=True)
class Kept:
    """Subjects who lose a binding but no permission, because other bindings give the same."""

    subjects: tuple[SubjectRef, ...]
    paths: tuple[Path, ...]
    """The other bindings."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know before the operations are done."""

    code: NoteCode
    subject: SubjectRef | None = None
    level: Level | None = None
    """How far the permissions of a `created-account` reach afterwards."""
    names: tuple[str, ...] = ()
    """Names of projects that are owned, or on which roles are held; or of the role whose mapping is dropped."""
    paths: tuple[Path, ...] = ()
    """Bindings that remain."""
    number: int = 0
    """For `cannot-act`, how many permissions are held; for `on-projects`, how many projects' people were read."""
    complete: bool = True
    """False if a list is missing that could show otherwise, or more."""
    operation: Operation | None = None
    """The operation that changes nothing."""


@dataclass(frozen=True)
class WhatIf:
    """What would change."""

    operations: tuple[Operation, ...]
    before: AccessGraph
    after: AccessGraph
    """The access afterwards. The people of projects are left as they are."""
    refusals: tuple[Refusal, ...]
    differences: tuple[Difference, ...]
    """Losses first, most permissions first."""
    kept: tuple[Kept, ...]
    notes: tuple[Note, ...]
    unknown: tuple[UnknownSubject, ...]
    """Subjects who may gain or lose something that is not in `differences`."""
    at_least: tuple[ListName, ...]
    """Incomplete lists, because of which others may be affected."""
    stale: tuple[ListName, ...]

    @property
    def complete(self) -> bool:
        """True if everything is known: all changes, and what the notes tell besides."""
        unsure = any(not refusal.certain for refusal in self.refusals)
        return not (self.unknown or self.at_least or self.stale or unsure or self.gaps)

    @property
    def gaps(self) -> tuple[Note, ...]:
        """The notes that say what is not known, such as roles on projects that were not read."""
        return tuple(note for note in self.notes if not note.complete)

    @property
    def number(self) -> int:
        """How many gain or lose something, keep everything by other means, or are unknown."""
        told = sum(len(each.subjects) for each in self.differences) + sum(len(each.subjects) for each in self.kept)
        return told + len(self.unknown)

    def everybody(self) -> Iterator[tuple[SubjectRef, Difference]]:
        """Every subject who gains or loses something, with the difference."""
        for difference in self.differences:
            for subject in difference.subjects:
                yield subject, difference
