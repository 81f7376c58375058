"""Changes to an organization, as far as they matter for who can do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OperationKind = Literal[
    "role", "remove", "join", "leave", "delete-group", "delete-role", "edit-role", "deactivate", "delete"
]
"""`role`: assign a role directly. `remove`: remove the directly assigned role; a person with no other role leaves.
`delete`: delete a service account."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change."""

    kind: OperationKind
    id: str
    """The person, service account or group that is changed; for `delete-role` and `edit-role` the role."""
    other_id: str = ""
    """For `role` the role, for `join` and `leave` the group."""
    added: tuple[str, ...] = ()
    """Permissions an edited role gains."""
    removed: tuple[str, ...] = ()
    """Permissions an edited role loses."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who would make the changes, as far as that is known."""

    id: str = ""
    """Empty if not known."""
    not_held: frozenset[str] = frozenset()
    """Permissions the caller is known to lack."""


class SenselessError(ValueError):
    """An operation that makes no sense, such as a role that is deactivated; a sentence says why."""
