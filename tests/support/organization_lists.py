"""The lists Semaphore gives of a small organization, with the fate each has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from semtui.api.errors import IncompleteListError, NoAnswerError, PermissionDeniedError, SemaphoreError
from semtui.api.models import Group, Member, Permission, Project, Role, RoleBinding, ServiceAccount
from semtui.demo.catalog import Edition, built_in_roles, permissions_of
from semtui.organization.listing import Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from tests.support.organizations import MANUALLY, ORG_ID, Held, ListTrouble, Organization

if TYPE_CHECKING:
    from tests.support.organizations import Project as Written

DAY = 86_400
INHERITED = "inherited_from_org_role"
EARLIER = 3_600
"""Seconds since a stale list was whole."""
ASKED_FOR = {
    "accounts": "organization.service_accounts.view",
    "roles": "organization.custom_roles.view",
}
"""What a list takes to be read; the others take people.view (`API.md#members`)."""
MAPPED = ("Owner", "Admin")
"""Roles that bring the project role Admin along (`API.md#built-in-roles`)."""


def people_of(organization: Organization, now: float) -> People:
    """The six lists as read at `now`, each in the order of names."""
    troubles = dict(organization.troubles)
    if organization.edition == "ce" and organization.trouble("groups") != "refused":
        # Community has no service for groups: it answers 500 (API.md#groups).
        troubles["groups"] = ListTrouble("failed")
    bound = [_member(organization, each.name, "service_account", _by_hand(each.role)) for each in organization.accounts]
    bound = [member for member in bound if member.roles]
    users = [_member(organization, each.name, "user", each.roles) for each in organization.persons if each.roles]
    if organization.edition == "ce":
        # Community takes every subject for a person (API.md#subject-types).
        users += [Member(each.id, each.name, "user", each.roles) for each in bound]
        bound = []
    groups = [_member(organization, each.name, "group", _by_hand(each.role)) for each in organization.groups]
    rows: dict[str, Iterable[Any]] = {
        "users": users,
        "account_members": bound,
        "group_members": [member for member in groups if member.roles],
        "accounts": _accounts(organization, int(now)),
        "groups": _groups(organization),
        "roles": roles_of(organization),
    }
    listings: dict[str, Any] = {name: _listing(name, items, troubles.get(name), now) for name, items in rows.items()}
    return People(**listings)


def projects_of(organization: Organization, now: float) -> Projects:
    """The projects, and the people of those that were read."""
    rows = [
        Project(organization.project_id(each.name), each.name, each.name, ORG_ID, organization.id(each.owner))
        for each in organization.owned
    ]
    members = {
        organization.project_id(each.name): _listing("", _on_project(organization, each), None, now)
        for each in organization.owned
        if each.read
    }
    return Projects(_listing("projects", rows, organization.troubles.get("projects"), now), members)


def roles_of(organization: Organization) -> list[Role]:
    """The roles of the organization; those of projects are listed nowhere (`API.md#listing-roles`)."""
    built_in = _built_in(organization.edition)
    custom = [
        Role(
            organization.role_id(each.name),
            each.name,
            ORG_ID,
            "org",
            each.name,
            each.permissions,
            _explained(each.permissions, organization.edition),
        )
        for each in organization.custom_roles
    ]
    return [*built_in, *custom]


@cache
def _built_in(edition: Edition) -> tuple[Role, ...]:
    return tuple(
        Role(
            each.id,
            each.name,
            each.org_id,
            "org",
            each.description,
            tuple(each.permissions),
            _explained(each.permissions, edition),
            readonly=True,
        )
        for each in built_in_roles(edition, ORG_ID)
        if each.scope == "org"
    )


def _explained(names: Iterable[str], edition: Edition) -> tuple[Permission, ...]:
    known = permissions_of(edition)
    return tuple(Permission(name, known[name].description) for name in names)


def _by_hand(role: str) -> tuple[Held, ...]:
    return (Held(role),) if role else ()


def _member(organization: Organization, name: str, kind: str, held: Iterable[Held]) -> Member:
    return Member(organization.id(name), name, kind, _bindings(organization, held))


def _bindings(organization: Organization, held: Iterable[Held], scope: Any = "org") -> tuple[RoleBinding, ...]:
    ordered = sorted(held, key=lambda each: (each.role, each.source != MANUALLY))
    return tuple(RoleBinding(organization.role_id(each.role, scope), each.role, each.source) for each in ordered)


def _accounts(organization: Organization, now: int) -> list[ServiceAccount]:
    return [
        ServiceAccount(
            organization.id(each.name),
            each.name,
            each.name,
            ORG_ID,
            "" if each.creator == "gone" else organization.id(each.creator),
            now - each.created * DAY,
            now - each.updated * DAY,
            each.off,
        )
        for each in organization.accounts
    ]


def _groups(organization: Organization) -> list[Group]:
    return [
        Group(organization.id(each.name), each.name, each.name, tuple(map(organization.id, each.members)))
        for each in organization.groups
    ]


def _on_project(organization: Organization, project: Written) -> list[Member]:
    """The people on a project: groups and accounts are not among them, whatever they were given
    (`API.md#project-members`)."""
    given = {person.name: person.roles for person in project.people}
    if organization.edition == "ce":
        return _on_project_of_community(organization, given)
    maps_to = {each.name: each.maps_to for each in organization.custom_roles} | dict.fromkeys(MAPPED, "Admin")
    rows = []
    for person in organization.persons:
        inherited = {maps_to.get(each.role, "") for each in person.roles} - {""}
        held = (*given.get(person.name, ()), *(Held(role, INHERITED) for role in inherited))
        if held:
            rows.append(
                Member(organization.id(person.name), person.name, "user", _bindings(organization, held, "project"))
            )
    return rows


def _on_project_of_community(organization: Organization, given: dict[str, tuple[Held, ...]]) -> list[Member]:
    """Owners, Admins and the Members assigned to it, each with the role in the organization."""
    held = {each.name: each.roles for each in organization.persons}
    held |= {each.name: _by_hand(each.role) for each in organization.accounts}
    return [
        _member(organization, name, "user", roles)
        for name, roles in held.items()
        if roles and (name in given or any(each.role in MAPPED for each in roles))
    ]


def _listing(name: str, items: Iterable[Any], trouble: ListTrouble | None, now: float) -> Listing[Any]:
    rows = tuple(sorted(items, key=lambda item: (item.name.casefold(), item.id)))
    if trouble is None:
        return Listing(rows, loading=False, loaded_at=now)
    if trouble.fate == "stale":
        return Listing(rows, loading=False, loaded_at=now - EARLIER, error=_error(name, trouble))
    came = rows[: trouble.rows]
    return Listing(came, loading=False, error=_error(name, trouble, came))


def _error(name: str, trouble: ListTrouble, came: tuple[Any, ...] = ()) -> SemaphoreError:
    if trouble.fate == "refused":
        missing = ASKED_FOR.get(name, "organization.people.view")
        words = f"This API token lacks the permission {missing}."
        return PermissionDeniedError(words, message="Permission denied", missing=missing)
    if trouble.fate == "partial":
        return IncompleteListError("acme.example.com sends fewer rows than it counts.", came)
    return NoAnswerError("acme.example.com answered with a server error (status 500: Internal error).")
