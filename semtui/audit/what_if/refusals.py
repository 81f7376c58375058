"""Why Semaphore would refuse a change, as far as the lists show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER, MANAGE_PEOPLE, MANAGE_ROLES, MANAGE_SERVICE_ACCOUNTS
from semtui.audit.access.edition import BUILT_IN
from semtui.audit.access.questions import roles_known
from semtui.audit.what_if.answers import Refusal
from semtui.audit.what_if.lists_after import edited_permissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.api.models import Role
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.lists_after import ListsAfter
    from semtui.audit.what_if.operations import Caller, Operation, OperationKind
    from semtui.organization.listing import ListName

_TAKES: dict[OperationKind, str] = {
    "delete-role": MANAGE_ROLES,
    "edit-role": MANAGE_ROLES,
    "deactivate": MANAGE_SERVICE_ACCOUNTS,
    "delete": MANAGE_SERVICE_ACCOUNTS,
}
"""The permission each operation's endpoint requires; for those not listed, `organization.people.manage`."""
_ROLE_LISTS: tuple[ListName, ...] = ("users", "account_members", "group_members")


class Refusals:
    """Checks each change against the state that the changes before it left."""

    def __init__(self, graph: AccessGraph, lists: ListsAfter, caller: Caller) -> None:
        self._graph = graph
        self._lists = lists
        self._caller = caller
        self._community = graph.edition == "ce"

    def of(self, operation: Operation) -> Refusal | None:
        """Why Semaphore would refuse it; None if it would not."""
        takes = _TAKES.get(operation.kind, MANAGE_PEOPLE)
        if takes in self._caller.not_held:
            return Refusal(operation, "lacks", permissions=(takes,))
        if operation.kind in ("role", "remove", "join"):
            judged = {"role": self._role, "remove": self._remove, "join": self._join}[operation.kind]
            return judged(operation)
        if operation.kind in ("leave", "delete-group"):
            return self._group_is_there(operation, operation.other_id or operation.id)
        if operation.kind in ("deactivate", "delete"):
            return self._account_is_there(operation)
        return self._custom_role(operation)

    def _role(self, operation: Operation) -> Refusal | None:
        if not self._role_is_there(operation.other_id):
            return Refusal(operation, "not-listed")
        if self._gone(operation.id):
            # Community gives a role to any id.
            return Refusal(operation, "not-listed", certain=not self._community)
        lacking = self._lacking(operation)
        if lacking:
            return Refusal(operation, "lacks", permissions=tuple(sorted(lacking)))
        if self._graph.subject(operation.id).kind == "unlisted":
            return Refusal(operation, "not-listed", certain=False)
        return None

    def _lacking(self, operation: Operation) -> set[str]:
        """The permissions the caller is known to lack of those in the role, and of those Owners require
        (`API.md#granting`)."""
        if self._community:
            return set()
        grant = self._graph.grants.of(operation.other_id, roles_known(self._graph).get(operation.other_id, ""))
        owner = grant.role_name == "Owner"
        not_held = self._caller.not_held
        lacking = set() if owner else not_held.intersection(self._graph.permissions.of(grant.gives))
        return {*lacking, *({CHANGE_OWNER} & not_held if owner or self._is_owner(operation.id) else ())}

    def _is_owner(self, subject_id: str) -> bool:
        return any(binding.role_name == "Owner" for binding in self._lists.bindings(subject_id))

    def _may_be_owner(self, subject_id: str) -> bool:
        """Whether its roles were not read, and may be another."""
        return self._graph.profile(subject_id).roles_missing and not self._lists.bindings(subject_id)

    def _remove(self, operation: Operation) -> Refusal | None:
        if not self._community and self._is_owner(operation.id):
            return Refusal(operation, "owner")
        if not self._community and self._may_be_owner(operation.id):
            return Refusal(operation, "owner", certain=False)
        return None

    def _join(self, operation: Operation) -> Refusal | None:
        absent = self._group_is_there(operation, operation.other_id)
        if absent is not None or self._lists.bindings(operation.id):
            return absent
        # Only subjects with a direct role can be in a group (`API.md#group-members`).
        kind = self._graph.subject(operation.id).kind
        lists: tuple[ListName, ...] = ("users", "account_members") if kind != "account" else ("account_members",)
        return Refusal(operation, "not-a-member", certain=all(map(self._lists.whole, lists)))

    def _group_is_there(self, operation: Operation, group_id: str) -> Refusal | None:
        return Refusal(operation, "not-listed") if self._gone(group_id) else None

    def _account_is_there(self, operation: Operation) -> Refusal | None:
        listed = any(account.id == operation.id for account in self._lists.people.accounts.items)
        if listed:
            return None
        return Refusal(operation, "not-listed", certain=self._lists.whole("accounts") or self._gone(operation.id))

    def _gone(self, subject_id: str) -> bool:
        """Whether an earlier change has deleted it."""
        return subject_id in self._lists.gone

    def _role_is_there(self, role_id: str) -> bool:
        return role_id not in self._lists.gone

    def _custom_role(self, operation: Operation) -> Refusal | None:
        if not self._role_is_there(operation.id):
            return Refusal(operation, "not-listed")
        role = next((each for each in self._lists.people.roles.items if each.id == operation.id), None)
        name = role.name if role is not None else roles_known(self._graph).get(operation.id, "")
        if name in BUILT_IN or self._community or (role is not None and role.readonly):
            return Refusal(operation, "built-in")
        return self._deleted(operation) if operation.kind == "delete-role" else self._edited(operation, role)

    def _deleted(self, operation: Operation) -> Refusal | None:
        holders: dict[str, None] = {}
        for name in _ROLE_LISTS:
            for member in self._lists.people.listing(name).items:
                if any(binding.role_id == operation.id for binding in member.roles):
                    holders[member.id] = None
        if holders:
            return Refusal(operation, "role-held", subjects=tuple(map(self._graph.subject, holders)))
        if not all(map(self._lists.whole, _ROLE_LISTS)):
            return Refusal(operation, "role-held", certain=False)
        return None

    def _edited(self, operation: Operation, role: Role | None) -> Refusal | None:
        if role is None:
            return Refusal(operation, "not-listed", certain=self._lists.whole("roles"))
        result = edited_permissions(role.permissions, operation)
        impossible = self._impossible(result)
        if impossible:
            return Refusal(operation, "no-such-permission", permissions=impossible)
        lacking = tuple(sorted(self._caller.not_held.intersection(result)))
        return Refusal(operation, "lacks", permissions=lacking) if lacking else None

    def _impossible(self, permissions: Iterable[str]) -> tuple[str, ...]:
        """The permissions that an edited organization role cannot have (`API.md#creating-a-role`)."""
        organization = set(self._graph.permissions.of(self._graph.permissions.organization))
        return tuple(sorted(set(permissions) - organization))
