"""Reads the current role bindings of one subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.organization.loading import MEMBER_LISTS, whole_list

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import (
        RoleBinding,
    )
    from semtui.organization.subject import Kind


async def bindings_of(client: SemaphoreClient, subject_id: str, kind: Kind = "person") -> tuple[RoleBinding, ...]:
    """The role bindings of a subject, from the first list that shows it: Community mixes the lists up
    (`API.md#subject-types`). The list where a `kind` is most likely found is asked first."""
    likely = {"person": "users", "account": "account_members", "group": "group_members"}[kind]
    for name in sorted(MEMBER_LISTS, key=lambda each: each != likely):
        for member in await whole_list(client, name):
            if member.id == subject_id:
                roles: tuple[RoleBinding, ...] = member.roles
                return roles
    return ()
