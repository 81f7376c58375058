"""What the question what would change is answered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from semtui.audit.answers import Level, Path, SubjectRef, UnknownSubject
    from semtui.audit.graph import AccessGraph
    from semtui.audit.operations import Operation
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
whoever joins a group holds no role of their own; the subject, group or role is not there; a role of the organization
cannot permit that."""

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
"""`nothing`: an operation changes nothing. `leaves`: the organization. `gone`: an account or a group that is deleted.
`without-a-role`: it stays and may do nothing. `cannot-act`: a deactivated account holds what it held. `nobody-…`: that
is held by nobody any more. `caller`: it concerns whoever asks. `created-account`: somebody may know its token.
`no-creator`: it can be edited no longer. `on-projects`: roles on single projects go too. `stays`: bindings that are not
touched. `queue`: it happens later. `mapping-dropped`: of an edited role. `group-projects`: what roles a group has on
projects is not in the API."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Semaphore would refuse an operation. It is then left out of what would change."""

    operation: Operation
    code: RefusalCode
    certain: bool = True
    """False where a list is missing that would tell: then it is not left out."""
    subjects: tuple[SubjectRef, ...] = ()
    """Who holds the role."""
    permissions: tuple[str, ...] = ()
    """What is lacking, or cannot be."""


@dataclass(frozen=True)
class Difference:
    """What several subjects gain and lose, the same for each, whatever else they hold. Permissions are sorted."""

    subjects: tuple[SubjectRef, ...]
    """People, service accounts, and whoever only a group names, in the order of the People page."""
    gained: tuple[str, ...]
    """Of projects: on every project."""
    lost: tuple[str, ...]
    all_projects: Literal["", "gained", "lost"] = ""
    """The permissions of projects among them are all that the project role Admin permits."""
    loses_all: bool = False
    """Nothing is left to them, for certain."""


@dataclass(frozen=True)
class Kept:
    """Subjects from whom something is taken that they hold by other bindings too, so that they lose nothing."""

    subjects: tuple[SubjectRef, ...]
    paths: tuple[Path, ...]
    """Those bindings."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know before it is done."""

    code: NoteCode
    subject: SubjectRef | None = None
    level: Level | None = None
    """How far the permissions of a `created-account` reach afterwards."""
    names: tuple[str, ...] = ()
    """Of the projects that are owned, or on which roles are held; of the role whose mapping is dropped."""
    paths: tuple[Path, ...] = ()
    """Bindings that stay."""
    number: int = 0
    """Of `cannot-act` how many permissions are held; of `on-projects` of how many projects the people were read."""
    complete: bool = True
    """False where a list is missing that could tell otherwise, or tell more."""
    operation: Operation | None = None
    """That changes nothing."""


@dataclass(frozen=True)
class WhatIf:
    """What would change."""

    operations: tuple[Operation, ...]
    before: AccessGraph
    after: AccessGraph
    """The access there would be. The people of projects are as they were."""
    refusals: tuple[Refusal, ...]
    differences: tuple[Difference, ...]
    """Losses first, most permissions first."""
    kept: tuple[Kept, ...]
    notes: tuple[Note, ...]
    unknown: tuple[UnknownSubject, ...]
    """Those who may gain or lose something that is not told in `differences`."""
    at_least: tuple[ListName, ...]
    """Lists that are not whole, so that it may concern others who are not seen at all."""
    stale: tuple[ListName, ...]

    @property
    def complete(self) -> bool:
        """True if everything that would change is told."""
        unsure = any(not refusal.certain for refusal in self.refusals)
        return not (self.unknown or self.at_least or self.stale or unsure or self._notes_lack)

    @property
    def _notes_lack(self) -> bool:
        return any(note.code.startswith("nobody-") and not note.complete for note in self.notes)

    def everybody(self) -> Iterator[tuple[SubjectRef, Difference]]:
        """Everybody who gains or loses something, with what."""
        for difference in self.differences:
            for subject in difference.subjects:
                yield subject, difference
