"""Which changes of a subject or a role can be asked about, and among what else each lets one choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.audit.access.edition import BUILT_IN
from semtui.audit.access.questions import roles_known
from semtui.audit.what_if.lists_after import ALWAYS_PERMITTED
from semtui.audit.what_if.operations import Operation
from semtui.organization.relations import role_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.operations import OperationKind

Needs = Literal["", "role", "group", "subject", "permissions"]
Lack = Literal[
    "", "no-group", "in-none", "in-all", "nobody-in", "everybody-in", "members-unread", "off", "role-unread", "built-in"
]
"""Why a change cannot be asked about: there is no group; it is in none, or in all; nobody, or everybody, is in the
group; who is in it was not read; the account is deactivated; what the role permits was not read; it is built in."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that can be asked about."""

    kind: OperationKind
    needs: Needs = ""
    """What has to be chosen besides; `subject` for whom to put into a group or take out."""

    def operation(
        self, row_id: str, other_id: str = "", added: tuple[str, ...] = (), removed: tuple[str, ...] = ()
    ) -> Operation:
        """The change of the row with this id, with what was chosen."""
        if self.needs == "subject":
            return Operation(self.kind, other_id, row_id)
        return Operation(self.kind, row_id, other_id, added, removed)


_ROLE = (Offer("edit-role", "permissions"), Offer("delete-role"))
_GROUP = (
    Offer("role", "role"),
    Offer("remove"),
    Offer("join", "subject"),
    Offer("leave", "subject"),
    Offer("delete-group"),
)
_IN_GROUPS = (Offer("join", "group"), Offer("leave", "group"))
_ACCOUNT = (Offer("deactivate"), Offer("delete"))


def offers(graph: AccessGraph, row_id: str) -> tuple[Offer, ...]:
    """The changes of a subject or of an organization role; none for an id that is in no list."""
    if not graph.knows(row_id):
        return _ROLE if row_id in roles_known(graph) else ()
    kind = graph.subject(row_id).kind
    if kind == "group":
        return _GROUP
    in_groups = _IN_GROUPS if graph.has_groups else ()
    return (Offer("role", "role"), Offer("remove"), *in_groups, *(_ACCOUNT if kind == "account" else ()))


def others(graph: AccessGraph, offer: Offer, row_id: str) -> Sequence[str]:
    """The ids of the roles, groups or subjects to choose from."""
    if offer.needs == "role":
        known = roles_known(graph)
        return sorted(known, key=lambda each: role_order(known[each]))
    if offer.needs == "group":
        joining = offer.kind == "join"
        read = {each.id: row_id in each.member_ids for each in graph.people.groups.items}
        # Of a group whose members were not read, nobody knows.
        return [each for each in _groups(graph) if read.get(each) is not joining]
    if offer.needs == "subject":
        members = members_of(graph, row_id) or ()
        if offer.kind == "leave":
            return members
        inside = {*members}
        rows = (each for each in graph.people.subjects if each.kind != "group" and each.state != "being removed")
        return [each.id for each in rows if each.id not in inside]
    return ()


def members_of(graph: AccessGraph, group_id: str) -> tuple[str, ...] | None:
    """The ids of a group's members; None for a group whose members were not read."""
    return next((each.member_ids for each in graph.people.groups.items if each.id == group_id), None)


def permissions_of(graph: AccessGraph, role_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The permissions a role has, and all that it might have, without the one that is part of every role."""
    own = next((each.permissions for each in graph.people.roles.items if each.id == role_id), ())
    names = graph.permissions
    every = {*names.of(names.organization), *own} - {ALWAYS_PERMITTED}
    return tuple(each for each in own if each != ALWAYS_PERMITTED), tuple(sorted(every))


def lack(graph: AccessGraph, offer: Offer, row_id: str) -> Lack:
    """Why a change cannot be asked about; empty if it can."""
    if offer.kind == "deactivate":
        return "off" if graph.subject(row_id).state == "deactivated" else ""
    if offer in _ROLE:
        return _role_lack(graph, row_id)
    if offer.needs not in ("group", "subject") or others(graph, offer, row_id):
        return ""
    if offer.needs == "group":
        return "no-group" if not _groups(graph) else "in-all" if offer.kind == "join" else "in-none"
    if offer.kind == "join":
        return "everybody-in"
    return "members-unread" if members_of(graph, row_id) is None else "nobody-in"


def _role_lack(graph: AccessGraph, role_id: str) -> Lack:
    role = next((each for each in graph.people.roles.items if each.id == role_id), None)
    if graph.edition == "ce" or roles_known(graph).get(role_id) in BUILT_IN or (role is not None and role.readonly):
        return "built-in"
    return "role-unread" if role is None else ""


def _groups(graph: AccessGraph) -> list[str]:
    return [each.id for each in graph.people.subjects if each.kind == "group" and each.state != "being removed"]
