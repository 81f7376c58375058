"""What a snapshot contains for each row: every field by name, and nothing else.

Texts are as Semaphore sent them, and must be cleaned before they are shown. Each time is there twice: as the number
that was sent, and as a date people can read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from semtui.system.timestamps import utc
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.api.models import Group, Member, Project, Role, RoleBinding, ServiceAccount

Record = dict[str, Any]


def rfc3339(seconds: float | None) -> str | None:
    """`2026-11-26T09:00:01Z` for epoch seconds; None for None and for times out of range."""
    moment = utc(seconds)
    return None if moment is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)


def binding_records(bindings: Iterable[RoleBinding]) -> list[Record]:
    """Role bindings, sorted by role and source."""
    return [
        {"role_id": role_id, "role_name": role_name, "source": source}
        for role_id, source, role_name in sorted((raw(b.role_id), raw(b.source), raw(b.role_name)) for b in bindings)
    ]


def member_record(member: Member) -> Record:
    """A row of one of the lists of members."""
    return {
        "id": raw(member.id),
        "name": raw(member.name),
        "roles": binding_records(member.roles),
        "subject_type": raw(member.subject_type),
    }


def account_record(account: ServiceAccount) -> Record:
    """A service account."""
    return {
        "created_at": account.created_at,
        "created_at_utc": rfc3339(account.created_at),
        "creator_id": raw(account.creator_id),
        "deactivated": account.deactivated,
        "description": raw(account.description),
        "id": raw(account.id),
        "name": raw(account.name),
        "org_id": raw(account.org_id),
        "updated_at": account.updated_at,
        "updated_at_utc": rfc3339(account.updated_at),
    }


def group_record(group: Group) -> Record:
    """A group."""
    return {
        "description": raw(group.description),
        "id": raw(group.id),
        "member_ids": sorted(map(raw, group.member_ids)),
        "name": raw(group.name),
    }


def role_record(role: Role) -> Record:
    """A role, without the descriptions of its permissions, which are in Semaphore's documentation."""
    return {
        "description": raw(role.description),
        "id": raw(role.id),
        "name": raw(role.name),
        "org_id": raw(role.org_id),
        "permissions": sorted(map(raw, role.permissions)),
        "readonly": role.readonly,
        "scope": raw(role.scope),
    }


def project_record(project: Project) -> Record:
    """A project, without its people."""
    return {
        "description": raw(project.description),
        "id": raw(project.id),
        "name": raw(project.name),
        "org_id": raw(project.org_id),
        "owner_id": raw(project.owner_id),
    }


RECORDS: Mapping[str, Callable[[Any], Record]] = {
    "users": member_record,
    "account_members": member_record,
    "group_members": member_record,
    "accounts": account_record,
    "groups": group_record,
    "roles": role_record,
}
"""The function that writes a row, for each of the organization's lists."""


def in_order(items: Iterable[Any]) -> list[Any]:
    """Rows sorted by id: Semaphore's own order means nothing and changes."""
    return sorted(items, key=lambda item: (raw(item.id), raw(item.name)))
