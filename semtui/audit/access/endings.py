"""What it would take to revoke a permission from a subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.audit.access.answers import Path, Why
    from semtui.audit.access.graph import AccessGraph


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing to end: a direct binding, or membership of a group."""

    path: Path
    loses: int
    """How many permissions, in the organization and on every project, no other known binding gives."""
    concerns: int | None
    """How many members of the group a change of its role would affect; None without a group."""


def endings(graph: AccessGraph, why: Why) -> tuple[Ending, ...]:
    """One for each binding and group that gives the permission: it takes all of them to revoke it."""
    members = {group.id: len(group.member_ids) for group in graph.people.groups.items}
    found: dict[tuple[str, ...], Ending] = {}
    for path in why.paths:
        key = _key(path)
        if key in found:
            continue
        if path.project_id is not None:
            found[key] = Ending(path, 0, None)
            continue
        everything = _given(graph, why.bindings)
        left = _given(graph, (each for each in why.bindings if _key(each) != key))
        group = None if path.group_id is None else members.get(path.group_id, 0)
        found[key] = Ending(path, (everything & ~left).bit_count(), group)
    return tuple(found.values())


def _key(path: Path) -> tuple[str, ...]:
    if path.group_id is not None:
        return "group", path.group_id
    return path.role_id, path.source, path.project_id or ""


def _given(graph: AccessGraph, paths: Iterable[Path]) -> int:
    found = 0
    for path in paths:
        found |= graph.grants.of(path.role_id, path.role_name).gives
    return found
