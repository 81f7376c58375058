"""The orders in which people, accounts and groups can be shown, a column each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.subject import Subject

Key = Callable[["Subject", "People"], Any]
"""What to sort by; None for rows of which it is not known."""

_STATES = ("no role", "deactivated", "unknown", "being removed", "active", "")
_LAST = "\U0010ffff"


def _role(row: Subject, people: People) -> Any:
    return min((people.relations.role_strength(binding.role_name) for binding in row.roles or ()), default=None)


def _source(row: Subject, people: People) -> Any:
    return ", ".join(binding.source for binding in row.roles or ()) or None


def _creator(row: Subject, people: People) -> Any:
    if not row.creator_id:
        return None
    creator = people.by_id.get(row.creator_id)
    return creator.name.casefold() if creator else _LAST


_KEYS: Mapping[str, Key] = {
    "name": lambda row, people: row.name.casefold(),
    "role": _role,
    "source": _source,
    "groups": lambda row, people: ", ".join(row.groups).casefold() or None,
    "state": lambda row, people: _STATES.index(row.state),
    # How long ago: what changed first is oldest.
    "age": lambda row, people: None if row.updated_at is None else -row.updated_at,
    "creator": _creator,
    "members": lambda row, people: None if row.member_ids is None else len(row.member_ids),
    "created": lambda row, people: row.created_at,
}
FALLING = ("members", "created", "age")
"""Columns whose largest value comes first, unless the order is reversed."""


def in_order(rows: Iterable[Subject], column: str, people: People, *, reverse: bool = False) -> list[Subject]:
    """The rows by a column; `kind` keeps them by kind and then by name. What is not known comes last either way."""
    if column not in _KEYS:
        return list(rows)[:: -1 if reverse else 1]
    key = _KEYS[column]
    keyed = [(key(row, people), row) for row in rows]
    falling = (column in FALLING) != reverse
    known = sorted((each for each in keyed if each[0] is not None), key=lambda each: each[0], reverse=falling)
    return [row for _, row in known] + [row for value, row in keyed if value is None]
