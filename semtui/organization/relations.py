"""Who is related to whom in an organization: roles by id, the groups of a member, the accounts somebody created."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import Group, Role
    from semtui.organization.subject import Subject


def role_order(name: str) -> tuple[int, str]:
    """Sort key: Owner, Admin, Member, then the rest by name, as on the web page (`API.md#web-page`)."""
    first = ("Owner", "Admin", "Member")
    return (first.index(name) if name in first else len(first), name.casefold())


class Relations:
    """Each relation is worked out when it is asked for first."""

    def __init__(self, roles: Sequence[Role], groups: Sequence[Group], subjects: Sequence[Subject]) -> None:
        self._roles = roles
        self._groups = groups
        self._subjects = subjects

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        """The listed roles by id."""
        return {role.id: role for role in self._roles}

    @cached_property
    def group_ids_of(self) -> dict[str, list[str]]:
        """The ids of the groups somebody is a member of, by their id."""
        found: dict[str, list[str]] = {}
        for group in self._groups:
            for member_id in group.member_ids:
                found.setdefault(member_id, []).append(group.id)
        return found

    @cached_property
    def created_by(self) -> dict[str, list[Subject]]:
        """The service accounts somebody created, by the creator's id."""
        found: dict[str, list[Subject]] = {}
        for subject in self._subjects:
            if subject.creator_id:
                found.setdefault(subject.creator_id, []).append(subject)
        return found

    @cached_property
    def _permits(self) -> dict[str, int]:
        return {role.name: len(role.permissions) for role in self._roles if role.scope != "project"}

    def role_strength(self, name: str) -> tuple[int, int, str]:
        """Sort key: Owner, Admin, then roles by the number of permissions, the most first."""
        first, words = role_order(name)
        return (min(first, 2), -self._permits.get(name, 0), words)
