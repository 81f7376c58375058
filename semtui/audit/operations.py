"""Changes that an organization could be asked to make, as far as they matter for who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OperationKind = Literal[
    "role", "remove", "join", "leave", "delete-group", "delete-role", "edit-role", "deactivate", "delete"
]
"""`role`: becomes the role somebody holds by hand. `remove`: the role by hand is taken away, and whoever has no other
leaves. `delete`: of a service account."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change."""

    kind: OperationKind
    id: str
    """Who or what is changed: a person, a service account, a group, or of `delete-role` and `edit-role` a role."""
    other_id: str = ""
    """Of `role` the role, of `join` and `leave` the group."""
    added: tuple[str, ...] = ()
    """Permissions an edited role comes to permit."""
    removed: tuple[str, ...] = ()
    """Permissions it permits no longer."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who would ask for it, as far as that is known."""

    id: str = ""
    """Empty where it is not known."""
    not_held: frozenset[str] = frozenset()
    """Permissions it is known to lack."""


class SenselessError(ValueError):
    """An operation that makes no sense, such as a role that is deactivated; a sentence says why."""
