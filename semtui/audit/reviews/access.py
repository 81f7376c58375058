"""The access of a subject at one time, and how two such records differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from semtui.audit.access.answers import Kind, Level, Path, State


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A group that a subject is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """The access of a subject in the organization."""

    kind: Kind
    name: str
    state: State
    held: tuple[Path, ...]
    """Every role known to be held; direct ones first."""
    groups: tuple[GroupRef, ...]
    """The groups known to have this member, sorted by name."""
    level: Level
    sensitive: tuple[str, ...]
    """The sensitive permissions that are held."""
    sensitive_unknown: tuple[str, ...]
    """Sensitive permissions that may be held."""
    roles_known: bool = True
    """False if a list was not read that may show more roles."""
    groups_known: bool = True
    """The same for groups."""

    @property
    def whole(self) -> bool:
        """True if nothing is unknown."""
        sure = self.level.certain == self.level.possible and not self.sensitive_unknown
        return self.roles_known and self.groups_known and sure and self.state != "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """How the access of a subject differs from before, as far as both records are known."""

    renamed_from: str | None
    """The name before; None if it is the same."""
    state: tuple[State, State] | None
    """The states before and after, if both are known and differ."""
    level: tuple[str, str] | None
    """The same for the effective level."""
    gained: tuple[Path, ...]
    lost: tuple[Path, ...]
    """Roles no longer held, and where they came from."""
    joined: tuple[GroupRef, ...]
    left: tuple[GroupRef, ...]
    """Groups this is no longer a member of."""
    sensitive_gained: tuple[str, ...]
    sensitive_lost: tuple[str, ...]
    """Sensitive permissions no longer held, from whatever role."""
    whole: bool
    """False if more may differ, because something is unknown in either record."""

    @property
    def nothing(self) -> bool:
        """True if no difference is known. A new name alone does not count."""
        lists = (self.gained, self.lost, self.joined, self.left, self.sensitive_gained, self.sensitive_lost)
        return not (any(lists) or self.state or self.level)


def difference(before: Access, after: Access) -> Difference:
    """How access differs. What is unknown in one record is neither gained nor lost."""
    old, new = _bindings(before.held), _bindings(after.held)
    roles_gained = [new[key] for key in new if key not in old] if before.roles_known else []
    roles_lost = [old[key] for key in old if key not in new] if after.roles_known else []
    old_groups, new_groups = set(_ids(before.groups)), set(_ids(after.groups))
    levels = (before.level, after.level)
    levels_known = all(each.certain == each.possible for each in levels)
    states_known = "unknown" not in (before.state, after.state)
    unsure = {*before.sensitive_unknown, *after.sensitive_unknown}
    return Difference(
        renamed_from=before.name if before.name != after.name else None,
        state=(before.state, after.state) if states_known and before.state != after.state else None,
        level=(
            (before.level.certain, after.level.certain)
            if levels_known and before.level.certain != after.level.certain
            else None
        ),
        gained=tuple(roles_gained),
        lost=tuple(roles_lost),
        joined=tuple(each for each in after.groups if before.groups_known and each.id not in old_groups),
        left=tuple(each for each in before.groups if after.groups_known and each.id not in new_groups),
        sensitive_gained=tuple(each for each in after.sensitive if each not in before.sensitive and each not in unsure),
        sensitive_lost=tuple(each for each in before.sensitive if each not in after.sensitive and each not in unsure),
        whole=before.whole and after.whole,
    )


def _ids(groups: Iterable[GroupRef]) -> Iterable[str]:
    return (each.id for each in groups)


def _bindings(held: Iterable[Path]) -> dict[tuple[str, str, str | None], Path]:
    return {(path.role_id, path.source, path.group_id): path for path in held}
