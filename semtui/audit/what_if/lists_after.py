"""The lists as they would be after changes, once all queues have run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from semtui.audit.access.fates import WHOLE, fate_of
from semtui.audit.access.mappings import Mapping

if TYPE_CHECKING:
    from semtui.api.models import Member, RoleBinding
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.operations import Operation
    from semtui.organization.listing import ListName
    from semtui.organization.people import People

ALWAYS_PERMITTED = "organization.view"
"""Every organization role keeps it (`API.md#editing-a-role`)."""
_ROLE_LISTS: tuple[ListName, ...] = ("users", "account_members", "group_members")
_LIST_OF: dict[str, ListName] = {"person": "users", "account": "account_members", "group": "group_members"}


class ListsAfter:
    """Applies changes one after another."""

    def __init__(self, graph: AccessGraph) -> None:
        self.graph = graph
        self._community = graph.edition == "ce"
        self.people = graph.people
        self.mappings: dict[str, Mapping] = dict(graph.grants.mappings)
        self.touched: set[str] = set()
        """Ids of people and accounts whose bindings or groups have changed, perhaps without any effect."""
        self.bound: set[str] = set()
        """Those of them whose own bindings have changed."""
        self.edited: set[str] = set()
        """Ids of roles whose permissions change."""
        self.unsure: dict[str, set[str]] = {}
        """By subject id, groups it may be in if the list of groups is incomplete; `""` stands for all subjects."""
        self.gone: set[str] = set()
        """Ids of accounts, groups and roles that are deleted."""
        self.left: set[str] = set()
        """Ids of those who leave every group, also groups that were not read."""
        self.leaving_groups: set[str] = set()
        """Ids of those who leave groups because they leave the organization."""
        self._rows: set[str] = set()

    def after(self) -> People:
        """The lists after the changes. Unchanged rows are the same objects."""
        self.people.take_rows(self.graph.people, self._rows | self.touched)
        return self.people

    def apply(self, operation: Operation) -> None:
        """Apply one change that Semaphore would not refuse. Without effect on who is already deleted."""
        if operation.id in self.gone:
            return
        getattr(self, f"_{operation.kind.replace('-', '_')}")(operation)

    def changes_nothing(self, operation: Operation) -> bool:
        """True if it is already so, as far as is known. Editing a role always drops the project role it maps to."""
        kind = operation.kind
        if operation.id in self.gone:
            return True
        if kind == "role":
            manual = [each.role_id for each in self.bindings(operation.id) if each.is_manual]
            return manual == [operation.other_id]
        if kind in ("join", "leave"):
            members = self.members(operation.other_id)
            return members is not None and (operation.id in members) is (kind == "join")
        if kind == "deactivate":
            return any(each.id == operation.id and each.deactivated for each in self.people.accounts.items)
        bindings = self.bindings(operation.id)
        return kind == "remove" and bool(bindings) and not any(each.is_manual for each in bindings)

    # The operations

    def _role(self, operation: Operation) -> None:
        from semtui.api.models import RoleBinding

        subject_id, role_id = operation.id, operation.other_id
        name = self.graph.grants.of(role_id, "").role_name or self._held_name(role_id)
        staying = (each for each in self.bindings(subject_id) if not each.is_manual)
        self._bind(subject_id, (*staying, RoleBinding(role_id, name, "manually")))

    def _remove(self, operation: Operation) -> None:
        staying = tuple(each for each in self.bindings(operation.id) if not each.is_manual)
        self._bind(operation.id, staying)
        # A subject that loses its last role also leaves its groups (`API.md#removing`).
        if not staying and self._kind(operation.id) != "group" and self._leave_groups(operation.id):
            self.leaving_groups.add(operation.id)

    def _join(self, operation: Operation) -> None:
        from semtui.api.models import Group

        members = self.members(operation.other_id)
        if members is None:
            name = self.graph.subject(operation.other_id).name
            unseen = Group(operation.other_id, name, "", (operation.id,))
            self._put("groups", (*self.people.groups.items, unseen), [operation.other_id])
            self.unsure.setdefault(operation.id, set()).add(operation.other_id)
        elif operation.id not in members:
            self._set_members({operation.other_id: (*members, operation.id)})
        self.touched.add(operation.id)

    def _leave(self, operation: Operation) -> None:
        members = self.members(operation.other_id)
        if members is None or not self.whole("groups"):
            self.unsure.setdefault(operation.id, set()).add(operation.other_id)
        if members is not None:
            self._set_members({operation.other_id: tuple(each for each in members if each != operation.id)})
        self.touched.add(operation.id)

    def _delete_group(self, operation: Operation) -> None:
        self._touch_members(operation.id)
        self._drop("groups", operation.id)
        self._drop("group_members", operation.id)
        self._rows.add(operation.id)
        self.gone.add(operation.id)

    def _delete_role(self, operation: Operation) -> None:
        self.gone.add(operation.id)
        self._drop("roles", operation.id)

    def _edit_role(self, operation: Operation) -> None:
        self.edited.add(operation.id)
        roles = self.people.roles.items
        edited = tuple(
            replace(role, permissions=edited_permissions(role.permissions, operation), rbac_permissions=())
            if role.id == operation.id
            else role
            for role in roles
        )
        self._put("roles", edited)
        # Every edit drops the project role that the web page gave it (`API.md#editing-a-role`).
        self.mappings[operation.id] = Mapping(frozenset(), True, "")

    def _deactivate(self, operation: Operation) -> None:
        accounts = self.people.accounts.items
        off = tuple(replace(each, deactivated=True) if each.id == operation.id else each for each in accounts)
        self._put("accounts", off, [operation.id])

    def _delete(self, operation: Operation) -> None:
        orphans = [each.id for each in self.people.accounts.items if each.creator_id == operation.id]
        left = (each for each in self.people.accounts.items if each.id != operation.id)
        self._put(
            "accounts",
            tuple(replace(each, creator_id="") if each.creator_id == operation.id else each for each in left),
            [*orphans, operation.id],
        )
        self._drop("users", operation.id)
        self._drop("account_members", operation.id)
        self._leave_groups(operation.id)
        self.people = self.people.without([operation.id])
        self.gone.add(operation.id)

    # What they have in common

    def whole(self, name: ListName) -> bool:
        """True if a list has all rows."""
        return fate_of(self.people.listing(name)).fate in WHOLE

    def bindings(self, subject_id: str) -> tuple[RoleBinding, ...]:
        """The roles a subject holds directly, as far as they are known."""
        found: dict[RoleBinding, None] = {}
        for name in _ROLE_LISTS:
            for member in self.people.listing(name).items:
                if member.id == subject_id:
                    found.update(dict.fromkeys(member.roles))
        return tuple(found)

    def members(self, group_id: str) -> tuple[str, ...] | None:
        """The ids of a group's members; None for a group that was not read."""
        return next((group.member_ids for group in self.people.groups.items if group.id == group_id), None)

    def _kind(self, subject_id: str) -> str:
        return self.graph.subject(subject_id).kind

    def _held_name(self, role_id: str) -> str:
        held = (name for profile in self.graph.index.profiles for each, name, _ in profile.direct if each == role_id)
        return next(held, "")

    def _bind(self, subject_id: str, bindings: tuple[RoleBinding, ...]) -> None:
        """Give a subject exactly these bindings."""
        subject = self.graph.subject(subject_id)
        listed = [
            name for name in _ROLE_LISTS if any(each.id == subject_id for each in self.people.listing(name).items)
        ]
        if not listed and (bindings or subject.kind in ("account", "group")):
            # Community lists accounts with a role given through the API among people (`API.md#subject-types`).
            own = "users" if self._community else _LIST_OF.get(subject.kind, "users")
            listed = [own]
            self._put(own, (*self.people.listing(own).items, self._new_member(subject_id)))
        for name in listed:
            # An account or group without a role still exists; a person is then in no list.
            if bindings or name != "users":
                rows: Iterable[Member] = self.people.listing(name).items
                self._put(name, tuple(replace(row, roles=bindings) if row.id == subject_id else row for row in rows))
            else:
                self._drop(name, subject_id)
        if subject.kind == "group":
            self._touch_members(subject_id)
        else:
            self.touched.add(subject_id)
            self.bound.add(subject_id)
        self._rows.add(subject_id)

    def _new_member(self, subject_id: str) -> Member:
        from semtui.api.models import Member

        subject = self.graph.subject(subject_id)
        kinds = {"account": "service_account", "group": "group"}
        return Member(subject_id, subject.name, kinds.get(subject.kind, "user"))

    def _leave_groups(self, subject_id: str) -> bool:
        """Remove a subject from all groups; returns whether it was known to be in any."""
        groups = [each for each in self.people.groups.items if subject_id in each.member_ids]
        self._set_members({each.id: tuple(one for one in each.member_ids if one != subject_id) for each in groups})
        self.touched.add(subject_id)
        self.left.add(subject_id)
        return bool(groups)

    def _touch_members(self, group_id: str) -> None:
        members = self.members(group_id)
        if members is None or not self.whole("groups"):
            self.unsure.setdefault("", set()).add(group_id)
        self.touched.update(members or ())

    def _set_members(self, members: dict[str, tuple[str, ...]]) -> None:
        groups = self.people.groups.items
        if members:
            found = tuple(replace(each, member_ids=members[each.id]) if each.id in members else each for each in groups)
            self._put("groups", found, members)

    def _drop(self, name: ListName, row_id: str) -> None:
        self._put(name, tuple(each for each in self.people.listing(name).items if each.id != row_id), [row_id])

    def _put(self, name: ListName, items: tuple[Any, ...], rows: Collection[str] = ()) -> None:
        changed: dict[str, Any] = {name: replace(self.people.listing(name), items=items)}
        self.people = replace(self.people, **changed)
        self._rows.update(rows)


def edited_permissions(permissions: Iterable[str], operation: Operation) -> tuple[str, ...]:
    """The permissions of a role after an edit."""
    removed = set(operation.removed) - {ALWAYS_PERMITTED}
    kept = [each for each in permissions if each not in removed]
    return tuple(dict.fromkeys((*kept, *operation.added)))
