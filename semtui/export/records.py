"""What an export contains about each person, account, group, role and project, as table cells and as JSON.

JSON keeps the API's own names where the API has one (`.github/EXPORT.md` explains each).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from semtui.export.csv_table import Value, Verbatim
from semtui.organization.projects import Projects
from semtui.organization.relations import role_order
from semtui.system.timestamps import utc
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.api.models import Project, Role, RoleBinding
    from semtui.audit.access.answers import EffectiveRoles
    from semtui.audit.access.graph import AccessGraph
    from semtui.organization.listing import ListName
    from semtui.organization.people import People
    from semtui.organization.subject import Kind, Subject

NO_ROLE = "(none)"
"""In the role cell of a subject that holds none; an empty cell means that it is not known."""
NOT_KNOWN = "(unknown)"
"""Follows the effective roles when there may be more."""

EXPORTED_KINDS: dict[Kind, str] = {"person": "person", "account": "service_account", "group": "group"}
JSON_KEYS: dict[Kind, str] = {"person": "people", "account": "service_accounts", "group": "groups"}

_UNUSABLE = ("deactivated", "being removed")
"""States in which a subject's token is refused, whatever roles it holds."""

_HALF = r"[\ud800-\udfff]"
"""A lone surrogate. Semaphore may send one, but valid JSON cannot contain it, and jq stops there. Compiled on first
use, because compiling is slow."""


class Records:
    """Looks up what the lists know about one row at a time."""

    def __init__(self, people: People, projects: Projects | None = None) -> None:
        self._people = people
        self._projects = projects or Projects()
        self.mended = 0
        """How many texts contained a lone surrogate, written as U+FFFD in JSON."""
        self._holders = Counter(
            (binding_id, subject.kind)
            for subject in people.subjects
            for binding_id in {binding.role_id for binding in subject.roles or ()}
        )
        self._deactivated = Counter(
            binding_id
            for subject in people.subjects
            if subject.state == "deactivated"
            for binding_id in {binding.role_id for binding in subject.roles or ()}
        )
        self._effective: dict[int, EffectiveRoles] = {}

    # As cells

    def subject_cells(self, subject: Subject) -> dict[str, Value]:
        """Table cells of a person, account or group, by column."""
        cells: dict[str, Value] = {
            "name": subject.name,
            "description": subject.description,
            "created_at": _instant(subject.created_at, " "),
            "updated_at": _instant(subject.updated_at, " "),
            "id": subject.id,
            "kind": EXPORTED_KINDS[subject.kind] if subject.kind_known else "unknown",
            "effective": self._effective_cell(subject),
            "state": subject.state,
        }
        if subject.account is not None:
            cells["deactivated"] = subject.account.deactivated
        if subject.roles is not None:
            bindings = _sorted_bindings(subject.roles)
            cells["role"] = [binding.role_name or binding.role_id for binding in bindings] or NO_ROLE
            cells["source"] = [binding.source for binding in bindings]
        return cells | _member_cells(self._members(subject))

    def role_cells(self, role: Role) -> dict[str, Value]:
        """Table cells of a role, by column."""
        return {
            "name": role.name,
            "description": role.description,
            "scope": role.scope,
            "permissions": len(role.permissions),
            "origin": "built-in" if role.readonly else "custom",
            **self._held_by(role),
            "id": role.id,
            "permission_names": sorted(role.permissions),
        }

    def project_cells(self, project: Project) -> dict[str, Value]:
        """Table cells of a project, by column."""
        listing = self._projects.members_of(project.id)
        people = sorted(listing.items, key=lambda member: _by_name(member.id, member.name))
        cells: dict[str, Value] = {
            "name": project.name,
            "description": project.description,
            "owner": self._owner_name(project),
            "owner_id": project.owner_id,
            "org_id": project.org_id,
            "id": project.id,
        }
        if not listing.is_known:
            return cells
        cells["member_roles"] = [", ".join(each.role_name for each in _sorted_bindings(one.roles)) for one in people]
        return cells | _member_cells([(member.id, member.name) for member in people])

    # As JSON

    def subject_record(self, subject: Subject) -> dict[str, Any]:
        """A person, account or group as JSON."""
        record: dict[str, Any] = {
            "id": self._sent(subject.id),
            "kind": EXPORTED_KINDS[subject.kind] if subject.kind_known else "unknown",
            "name": self._sent(subject.name),
        }
        if subject.kind == "account":
            record |= self._account_record(subject)
        if subject.kind == "group":
            members, ids = self._members(subject), subject.member_ids
            record["description"] = None if members is None else self._sent(subject.description)
            record["member_ids"] = None if ids is None else [self._sent(member_id) for member_id in ids]
            record["members"] = None if members is None else [self._named(*member) for member in members]
        record["state"] = subject.state
        record["roles"] = None if subject.roles is None else self._binding_records(subject.roles)
        effective = self._effective_roles(subject)
        record["effective"] = {
            "roles": [self._sent(name) for name in effective.names],
            "complete": effective.complete,
        }
        return record

    def role_record(self, role: Role) -> dict[str, Any]:
        """A role as JSON."""
        explained = sorted(role.rbac_permissions, key=lambda permission: permission.name)
        return {
            "id": self._sent(role.id),
            "name": self._sent(role.name),
            "description": self._sent(role.description),
            "scope": self._sent(role.scope),
            "org_id": self._sent(role.org_id),
            "readonly": role.readonly,
            "held_by": self._held_by(role),
            "permissions": [self._sent(name) for name in sorted(role.permissions)],
            "rbac_permissions": [
                {"name": self._sent(each.name), "description": self._sent(each.description)} for each in explained
            ],
        }

    def project_record(self, project: Project) -> dict[str, Any]:
        """A project as JSON."""
        listing = self._projects.members_of(project.id)
        owner = self._owner_name(project)
        people = sorted(listing.items, key=lambda member: _by_name(member.id, member.name))
        members = [
            self._named(member.id, member.name) | {"roles": self._binding_records(member.roles)} for member in people
        ]
        return {
            "id": self._sent(project.id),
            "name": self._sent(project.name),
            "description": self._sent(project.description),
            "org_id": self._sent(project.org_id),
            "owner_id": self._sent(project.owner_id),
            "owner_name": None if owner is None else self._sent(owner),
            "members": members if listing.is_known else None,
        }

    def _account_record(self, subject: Subject) -> dict[str, Any]:
        """The keys only a service account has; all null if the list of accounts does not have it."""
        account = subject.account
        return {
            "description": account and self._sent(account.description),
            "deactivated": account and account.deactivated,
            "org_id": account and self._sent(account.org_id),
            "creator_id": account and self._sent(account.creator_id),
            "created_at": subject.created_at,
            "created_at_utc": _instant(subject.created_at, "T") or None,
            "updated_at": subject.updated_at,
            "updated_at_utc": _instant(subject.updated_at, "T") or None,
        }

    def _binding_records(self, bindings: Iterable[RoleBinding]) -> list[dict[str, str]]:
        return [
            {
                "role_id": self._sent(binding.role_id),
                "role_name": self._sent(binding.role_name),
                "source": self._sent(binding.source),
            }
            for binding in _sorted_bindings(bindings)
        ]

    def _named(self, member_id: str, name: str | None) -> dict[str, Any]:
        return {"id": self._sent(member_id), "name": None if name is None else self._sent(name)}

    def _sent(self, text: str) -> str:
        """The text exactly as Semaphore sent it, as far as JSON can express it."""
        original = raw(text)
        if original.isascii():
            return original
        whole, halves = re.subn(_HALF, "\ufffd", original)
        self.mended += bool(halves)
        return whole

    # What is known

    def _held_by(self, role: Role) -> dict[str, int | None]:
        """How many of each kind hold a role directly, not through a group; None where a list is missing."""
        return {
            key: self._holders[role.id, kind] if self._roles_known(kind) else None for kind, key in JSON_KEYS.items()
        } | {"deactivated_service_accounts": self._deactivated[role.id] if self._roles_known("account") else None}

    def _roles_known(self, kind: Kind) -> bool:
        lists: dict[Kind, tuple[ListName, ...]] = {
            "person": ("users", "accounts"),
            "account": ("users", "account_members", "accounts"),
            "group": ("group_members",),
        }
        return all(self._people.listing(name).is_known for name in lists[kind])

    @cached_property
    def _graph(self) -> AccessGraph:
        # Imported when there are lists to ask: until then an export waits for the network. What is held in the
        # organization belongs to no project.
        from semtui.audit.access.current import graph_of_lists

        return graph_of_lists(self._people)

    def _effective_roles(self, subject: Subject) -> EffectiveRoles:
        """The roles a subject holds, directly or through a group; computed once for subjects with the same bindings."""
        number = self._graph.index.profile_of[subject.id]
        if number not in self._effective:
            self._effective[number] = self._graph.effective_roles(subject.id)
        return self._effective[number]

    def _effective_cell(self, subject: Subject) -> Value:
        effective = self._effective_roles(subject)
        names = [*effective.names, *(() if effective.complete else (NOT_KNOWN,))]
        unusable = names and subject.state in _UNUSABLE
        return [*names, f"({subject.state})"] if unusable else names or NO_ROLE

    def _members(self, subject: Subject) -> list[tuple[str, str | None]] | None:
        """Ids and names of a group's members, sorted by name (None where no list has it); None if not known."""
        if subject.kind != "group" or subject.member_ids is None:
            return None
        found = ((member_id, self._people.by_id.get(member_id)) for member_id in subject.member_ids)
        named = [(member_id, None if member is None else member.name) for member_id, member in found]
        return sorted(named, key=lambda member: _by_name(*member))

    def _owner_name(self, project: Project) -> str | None:
        owner = self._people.by_id.get(project.owner_id)
        return None if owner is None else owner.name


def _by_name(member_id: str, name: str | None) -> tuple[bool, str, str]:
    return name is None, (name or "").casefold(), member_id


def _member_cells(members: Sequence[tuple[str, str | None]] | None) -> dict[str, Value]:
    if members is None:
        return {}
    return {
        "members": len(members),
        "member_names": [name or "" for _, name in members],
        "member_ids": [member_id for member_id, _ in members],
    }


def _sorted_bindings(bindings: Iterable[RoleBinding]) -> list[RoleBinding]:
    return sorted(bindings, key=lambda binding: (role_order(binding.role_name), binding.source, binding.role_id))


def _instant(seconds: int | None, between: str) -> Verbatim:
    """`2025-07-16 01:04:15Z`, as the web page exports it; empty for None and for times out of range."""
    moment = utc(seconds)
    return Verbatim(time.strftime(f"%Y-%m-%d{between}%H:%M:%SZ", moment)) if moment else Verbatim()
