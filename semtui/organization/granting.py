"""Which roles may be granted, and what a subject has besides its directly assigned role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.people import People
    from semtui.organization.subject import Subject


def groups_of(subject: Subject, people: People) -> Iterable[Subject]:
    """The groups a person or account belongs to."""
    return (people.by_id[group.id] for group in people.groups.items if subject.id in group.member_ids)


def ungrantable(role: Role, people: People, not_held: Iterable[str]) -> tuple[str, ...]:
    """Permissions of `role` that this API token is known not to hold, so that Semaphore would refuse to grant it.

    Owner takes one permission only, and on Community nothing is checked (`API.md#granting`).
    """
    if people.community:
        return ()
    if role.name == "Owner" and role.readonly:
        return tuple(name for name in (CHANGE_OWNER,) if name in not_held)
    return tuple(sorted(set(not_held) & set(role.permissions)))


def owners(people: People) -> tuple[Subject, ...]:
    """Everyone known to hold the role Owner."""
    return tuple(row for row in people.subjects if row.is_owner)
