"""Which edition of Semaphore the lists are from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semtui.organization.people import COMMUNITY_ROLES

if TYPE_CHECKING:
    from semtui.organization.people import People

Edition = Literal["ee", "ce", "unknown"]
"""`ee` includes Semaphore Cloud."""

BUILT_IN = ("Owner", "Admin", "Member")


def edition_of(people: People) -> tuple[Edition, str]:
    """The edition, judged by the roles listed or else by those held, and what it was judged by (`API.md#editions`)."""
    roles = people.roles.items
    if people.community:
        return "ce", "ids of the built-in roles"
    if any(role.org_id for role in roles):
        return "ee", "roles carry an organization id"
    if roles and all(role.name in BUILT_IN for role in roles) and not people.group_members.items:
        return "ce", "roles carry no organization id"
    if roles:
        return "ee", "there are roles or groups that Community does not have"
    held = {binding.role_id for bindings in people.bindings_of.values() for binding in bindings}
    if held.intersection(COMMUNITY_ROLES):
        return "ce", "ids of the roles that are held"
    if held:
        return "ee", "ids of the roles that are held, which are not Community's"
    return "unknown", "roles were not read"
