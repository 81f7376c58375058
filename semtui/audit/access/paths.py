"""The role bindings through which a subject holds a permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.answers import Path
from semtui.organization.relations import role_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Held
    from semtui.audit.access.project_access import ProjectAccess


def bindings(graph: AccessGraph, subject_id: str) -> tuple[Path, ...]:
    """Every role a subject is known to hold in the organization: direct ones first, then those of groups, by role.

    Raises KeyError if there is no such id.
    """
    return tuple(path for path, _ in _all(graph, subject_id))


def paths(
    graph: AccessGraph, subject_id: str, permission: str, project: ProjectAccess | None = None
) -> tuple[Path, ...]:
    """The bindings that give a permission, in the same order, then those on the project. Raises KeyError if there is no
    such id."""
    bit = graph.permissions.bit(permission)
    found = [_as_given(graph, path, held, bit) for path, held in _all(graph, subject_id)]
    everywhere = [path for path in found if path is not None]
    if project is None:
        return tuple(everywhere)
    there = project.giving(subject_id, bit, {path.role_id for path in everywhere})
    return (
        *everywhere,
        *(Path(each.role_id, each.role_name, each.source, project_id=project.id) for each in there),
    )


def _as_given(graph: AccessGraph, path: Path, held: Held, bit: int) -> Path | None:
    """The path if it gives the permission, else None; `mapped_to` is set only if that project role is what gives it."""
    grant = graph.grant(held)
    if not grant.gives & bit:
        return None
    mapped = None if grant.own & bit else grant.mapped_to
    return Path(path.role_id, path.role_name, path.source, path.group_id, path.group_name, mapped)


def _all(graph: AccessGraph, subject_id: str) -> Iterator[tuple[Path, Held]]:
    yield from _made(graph, sorted(graph.profile(subject_id).direct, key=_by_role))
    rows = graph.people.by_id
    through = [
        (held, rows[group_id])
        for group_id in graph.index.groups_of.get(subject_id, ())
        for held in graph.profile(group_id).direct
    ]
    for held, group in sorted(through, key=lambda each: (_by_role(each[0]), each[1].name.casefold(), each[1].id)):
        yield from _made(graph, [held], group.id, group.name)


def _made(
    graph: AccessGraph, all_held: list[Held], group_id: str | None = None, group_name: str | None = None
) -> Iterator[tuple[Path, Held]]:
    for held in all_held:
        role_id, _, source = held
        grant = graph.grant(held)
        yield Path(role_id, grant.role_name, source, group_id, group_name, grant.mapped_to), held


def _by_role(held: Held) -> tuple[tuple[int, str], str, str]:
    role_id, name, source = held
    return role_order(name), source, role_id
