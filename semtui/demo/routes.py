"""Every route of the API: its permission and what answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from semtui.demo.organization import Organization
from semtui.demo.records import Params

Call = Callable[[str, Params], Any]
"""Takes the caller's id and the parameters; answers a JSON value, or one with headers."""

VIEW_PEOPLE = "organization.people.view"
MANAGE_PEOPLE = "organization.people.manage"
VIEW_ROLES = "organization.custom_roles.view"
MANAGE_ROLES = "organization.custom_roles.manage"
VIEW_ACCOUNTS = "organization.service_accounts.view"
MANAGE_ACCOUNTS = "organization.service_accounts.manage"


@dataclass(frozen=True)
class Route:
    """One endpoint: its method and path, the permission it requires, and the function that answers it."""

    method: str
    segments: tuple[str, ...]
    permission: str
    """Empty if the answer is filtered by what the caller may see instead."""
    call: Call

    def match(self, method: str, segments: list[str]) -> Params | None:
        """The parameters in the path, or None when this is another route."""
        if method != self.method or len(segments) != len(self.segments):
            return None
        found: Params = {}
        for pattern, segment in zip(self.segments, segments, strict=True):
            if pattern.startswith(":"):
                found[pattern[1:]] = segment
            elif pattern != segment:
                return None
        return found


def routes(organization: Organization) -> list[Route]:
    """All routes of the API."""
    return [
        Route(method, tuple(path.strip("/").split("/")), permission, call)
        for method, path, permission, call in (
            *_people(organization),
            *_roles(organization),
            *_service_accounts(organization),
            *_projects(organization),
            *_activity(organization),
        )
    ]


def _people(organization: Organization) -> list[tuple[str, str, str, Call]]:
    members, groups = organization.members, organization.groups
    return [
        ("GET", "/members", VIEW_PEOPLE, lambda _, params: members.page(params)),
        ("POST", "/members", MANAGE_PEOPLE, members.invite),
        ("PUT", "/members/:subject_id/role", MANAGE_PEOPLE, members.assign),
        ("DELETE", "/members/:subject_id", MANAGE_PEOPLE, lambda _, params: members.retract(params)),
        ("GET", "/groups", VIEW_PEOPLE, lambda _, params: groups.page(params)),
        ("POST", "/groups", MANAGE_PEOPLE, lambda _, params: groups.create(params)),
        ("PATCH", "/groups/:id", MANAGE_PEOPLE, lambda _, params: groups.modify(params)),
        ("DELETE", "/groups/:id", MANAGE_PEOPLE, lambda _, params: groups.destroy(params)),
    ]


def _roles(organization: Organization) -> list[tuple[str, str, str, Call]]:
    roles = organization.roles
    return [
        ("GET", "/roles", VIEW_ROLES, lambda _, params: roles.index()),
        ("GET", "/roles/:id", VIEW_ROLES, lambda _, params: roles.describe(params)),
        ("POST", "/roles", MANAGE_ROLES, roles.create),
        ("PATCH", "/roles/:id", MANAGE_ROLES, roles.update),
        ("DELETE", "/roles/:id", MANAGE_ROLES, lambda _, params: roles.delete(params)),
        ("GET", "/permissions", VIEW_ROLES, lambda _, params: roles.permissions(params)),
    ]


def _service_accounts(organization: Organization) -> list[tuple[str, str, str, Call]]:
    accounts = organization.service_accounts
    one = "/service_accounts/:id"
    return [
        ("GET", "/service_accounts", VIEW_ACCOUNTS, lambda _, params: accounts.page(params)),
        ("POST", "/service_accounts", MANAGE_ACCOUNTS, accounts.create),
        ("GET", one, VIEW_ACCOUNTS, lambda _, params: accounts.describe(params)),
        ("PATCH", one, MANAGE_ACCOUNTS, lambda _, params: accounts.update(params)),
        ("DELETE", one, MANAGE_ACCOUNTS, lambda _, params: accounts.delete(params)),
        ("POST", f"{one}/deactivate", MANAGE_ACCOUNTS, lambda _, params: accounts.deactivate(params)),
        ("POST", f"{one}/reactivate", MANAGE_ACCOUNTS, lambda _, params: accounts.reactivate(params)),
        (
            "POST",
            f"{one}/regenerate_token",
            MANAGE_ACCOUNTS,
            lambda _, params: accounts.regenerate_token(params),
        ),
    ]


def _projects(organization: Organization) -> list[tuple[str, str, str, Call]]:
    projects = organization.projects
    members = "/projects/:project_id/members"
    one = f"{members}/:subject_id/role"
    return [
        ("GET", "/projects", "", projects.page),
        ("GET", "/projects/:name", "", projects.named),
        ("GET", members, "project.access.view", lambda _, params: projects.members(params)),
        ("PUT", one, "project.access.manage", projects.assign),
        ("DELETE", one, "project.access.manage", lambda _, params: projects.retract(params)),
    ]


def _activity(organization: Organization) -> list[tuple[str, str, str, Call]]:
    activity = organization.activity
    return [
        ("GET", "/plumber-workflows", "", activity.workflows),
        ("GET", "/tasks", "", activity.tasks),
        ("GET", "/schedules", "", activity.tasks),
        ("GET", "/deployment_targets", "", activity.targets),
        ("GET", "/deployment_targets/:target_id/history", "", activity.history),
    ]
