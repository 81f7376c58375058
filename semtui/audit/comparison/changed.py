"""One difference between two snapshots of an organization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from semtui.api.models import RoleBinding

ChangeKind = Literal[
    # People
    "joined",
    "left",
    "roles",
    # Service accounts; they share `roles` and `renamed` with people
    "created",
    "deleted",
    "deactivated",
    "reactivated",
    "creator-gone",
    "renamed",
    "touched",
    # Groups
    "group-created",
    "group-deleted",
    "group-members",
    "group-role",
    "group-renamed",
    # Roles
    "role-created",
    "role-deleted",
    "role",
    "mapping",
    "role-renamed",
    # Projects
    "project-created",
    "project-deleted",
    "project-owner",
    "project-people",
    "project-renamed",
    # Any of them
    "described",
]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
About = Literal["person", "account", "group", "role", "project"]
_ABOUT: tuple[About, ...] = ("person", "account", "group", "role", "project")


@dataclass(frozen=True, slots=True)
class Part:
    """A binding, member, permission or project role that was added or removed."""

    id: str
    name: str
    source: str | None = None
    role_name: str | None = None
    """The role of a person on a project."""


@dataclass(frozen=True)
class Change:
    """One difference."""

    kind: ChangeKind
    about: About
    id: str
    name: str
    state: str = "not in the API"
    """An account's state now: `active` or `deactivated`."""
    removed: tuple[Part, ...] = ()
    added: tuple[Part, ...] = ()
    before: str | None = None
    after: str | None = None
    holders: int | None = None
    """How many people and accounts hold the role, directly or through groups."""
    same_name: str | None = None
    """Id of another account of that name, which has been deleted in the meantime."""
    roles_known: bool = True
    """False if the roles of a new or removed subject were not read."""


def place(change: Change) -> tuple[int, int, str, str]:
    """Sort key: by kind of subject, kind of change, and name."""
    return _ABOUT.index(change.about), KINDS.index(change.kind), change.name.casefold(), change.id


def parts(bindings: Iterable[RoleBinding]) -> tuple[Part, ...]:
    """Role bindings as parts."""
    return tuple(Part(binding.role_id, binding.role_name, binding.source) for binding in bindings)


def difference(before: Iterable[Part], after: Iterable[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What was removed and what was added; a new name alone is neither."""
    old = {(part.id, part.source, part.role_name): part for part in before}
    new = {(part.id, part.source, part.role_name): part for part in after}
    removed = (old[key] for key in old.keys() - new.keys())
    added = (new[key] for key in new.keys() - old.keys())
    return tuple(sorted(removed, key=part_place)), tuple(sorted(added, key=part_place))


def part_place(part: Part) -> tuple[bool, str, str, str, str]:
    """Sort key: by name; parts without one come last."""
    return not part.name, part.name.casefold(), part.id, part.role_name or "", part.source or ""
