"""Changes to roles and projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from semtui.audit.comparison.changed import Change, Part, difference
from semtui.audit.comparison.sides import Side, Sides, are_whole
from semtui.organization.listing import ListName

if TYPE_CHECKING:
    from semtui.api.models import Member


def role_list_changes(sides: Sides) -> Iterator[Change]:
    """Which roles are new, deleted, renamed, or permit something else; one change per role, however many hold it."""
    before, after = sides.rows("roles")
    for each in after.keys() - before.keys():
        added, holders = _permissions(after[each].permissions), _holders(sides, each)
        yield Change("role-created", "role", each, after[each].name, added=added, holders=holders)
    for each in before.keys() - after.keys():
        removed = _permissions(before[each].permissions)
        yield Change("role-deleted", "role", each, before[each].name, removed=removed)
    for each in before.keys() & after.keys():
        removed, added = difference(*(_permissions(rows[each].permissions) for rows in (before, after)))
        if removed or added:
            holders, name = _holders(sides, each), after[each].name
            yield Change("role", "role", each, name, removed=removed, added=added, holders=holders)
    yield from sides.renamed("role-renamed", "role", before, after)
    yield from sides.described("role", before, after)


def _permissions(names: Iterable[str]) -> tuple[Part, ...]:
    return tuple(Part(name, name) for name in sorted(names))


def _holders(sides: Sides, role_id: str) -> int | None:
    """How many hold the role; None if a list is missing that may show more."""
    lists: list[ListName] = ["users", "account_members"]
    lists += [] if sides.community else ["group_members", "groups"]
    if not are_whole(*(sides.after.people.listing(name) for name in lists)):
        return None
    return len(sides.after.holders.get(role_id, ()))


def project_changes(sides: Sides) -> Iterator[Change]:
    """Which projects are new, deleted or renamed, or have another owner or other people."""
    before, after = sides.projects
    for each in after.keys() - before.keys():
        yield Change("project-created", "project", each, after[each].name)
    for each in before.keys() - after.keys():
        yield Change("project-deleted", "project", each, before[each].name)
    for each in before.keys() & after.keys():
        old, new = before[each].owner_id, after[each].owner_id
        if old != new:
            yield Change("project-owner", "project", each, after[each].name, before=old, after=new)
    for each in _with_people(sides):
        removed, added = difference(*(_people(side, each) for side in (sides.before, sides.after)))
        if removed or added:
            yield Change("project-people", "project", each, after[each].name, removed=removed, added=added)
    yield from sides.renamed("project-renamed", "project", before, after)
    yield from sides.described("project", before, after)


def _with_people(sides: Sides) -> Iterator[str]:
    """The ids of projects whose people were read on both sides."""
    before, after = sides.projects
    for each in before.keys() & after.keys():
        if are_whole(*(side.projects.members_of(each) for side in (sides.before, sides.after))):
            yield each


def project_people_comparable(sides: Sides) -> bool:
    """True if the people of all projects that exist on both sides were read on both."""
    before, after = sides.projects
    return len(list(_with_people(sides))) == len(before.keys() & after.keys())


def _people(side: Side, project_id: str) -> list[Part]:
    rows: Iterable[Member] = side.projects.members_of(project_id).items
    return [Part(row.id, row.name, each.source, each.role_name) for row in rows for each in row.roles]
