"""One thing that differs between two readings of an organization."""

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
    # Service accounts, whose `roles` and `renamed` are people's kinds too
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
    """A binding, a member, a permission or somebody's role on a project that came or went."""

    id: str
    name: str
    source: str | None = None
    role_name: str | None = None
    """Of somebody on a project."""


@dataclass(frozen=True)
class Change:
    """One thing that differs."""

    kind: ChangeKind
    about: About
    id: str
    name: str
    state: str = "not in the API"
    """Of an account: `active` or `deactivated`, as it is now."""
    removed: tuple[Part, ...] = ()
    added: tuple[Part, ...] = ()
    before: str | None = None
    after: str | None = None
    holders: int | None = None
    """How many people and accounts hold the role, directly or through groups."""
    same_name: str | None = None
    """Id of another account of that name, which was deleted meanwhile."""
    roles_known: bool = True
    """False where it was not read which roles somebody new has, or somebody gone had."""


def place(change: Change) -> tuple[int, int, str, str]:
    """By whom it is about, by kind, by name."""
    return _ABOUT.index(change.about), KINDS.index(change.kind), change.name.casefold(), change.id


def parts(bindings: Iterable[RoleBinding]) -> tuple[Part, ...]:
    """Bindings, each as a part."""
    return tuple(Part(binding.role_id, binding.role_name, binding.source) for binding in bindings)


def difference(before: Iterable[Part], after: Iterable[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What went and what came; a name that changed is neither."""
    old = {(part.id, part.source, part.role_name): part for part in before}
    new = {(part.id, part.source, part.role_name): part for part in after}
    removed = (old[key] for key in old.keys() - new.keys())
    added = (new[key] for key in new.keys() - old.keys())
    return tuple(sorted(removed, key=part_place)), tuple(sorted(added, key=part_place))


def part_place(part: Part) -> tuple[bool, str, str, str, str]:
    """Sort key: by name; those without one come last."""
    return not part.name, part.name.casefold(), part.id, part.role_name or "", part.source or ""
