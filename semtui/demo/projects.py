"""Projects and their members (API.md#projects, API.md#project-roles)."""

import re
from typing import Any

from semtui.demo.access import Access
from semtui.demo.catalog import Role
from semtui.demo.errors import (
    INVALID_UUID,
    RefusedError,
    denied,
    invalid,
)
from semtui.demo.members import Members, member_wire, window
from semtui.demo.records import (
    MANUALLY,
    Params,
    Project,
    State,
    given_text,
    is_uuid,
    optional_text,
    required_uuid,
)

ORG_ROLE = "You are trying to assign an org level role, but supplied a project_id with request."
STRANGER = "Project level role cant be assigned to a user that isn't already organization member"


class Projects:
    """The organization's projects."""

    def __init__(self, state: State, access: Access, members: Members) -> None:
        self._state = state
        self._access = access
        self._members = members
        self.per_page = 500
        """Fixed on the real server; smaller here when a test wants several pages."""

    def page(self, caller: str, params: Params) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """One page and its headers; the page is cut first and filtered afterwards (API.md#paging-projects)."""
        number = _page_number(params.get("page"))
        everything = list(self._state.projects.values())
        end = number * self.per_page
        shown = [project for project in everything[end - self.per_page : end] if self._may_view(caller, project.id)]
        more = "true" if end < len(everything) else "false"
        return [self.wire(project) for project in shown], {"x-page": str(number), "x-has-more": more}

    def named(self, caller: str, params: Params) -> dict[str, Any]:
        """One project by name; the projects service answers 401 where others answer 403."""
        project = next((one for one in self._state.projects.values() if one.name == params["name"]), None)
        if project is None:
            raise RefusedError(404, "Not found", "object")
        if not self._may_view(caller, project.id):
            raise RefusedError(401, "Unauthorized", "object")
        return self.wire(project)

    def _may_view(self, caller: str, project_id: str) -> bool:
        return self._access.holds(caller, "project.view", project_id)

    def authorize(self, caller: str, params: Params, permission: str) -> None:
        """The permission check of project routes: 404 or 403."""
        project_id = str(params["project_id"]).lower()
        known = project_id in self._state.projects
        if self._state.edition == "ce":
            if not is_uuid(project_id) and self._access.is_member(caller):
                raise RefusedError(404, "Not found", "text")
        elif not known:
            raise RefusedError(404, "Not found", "text")
        if not self._access.holds(caller, permission, project_id):
            raise denied()

    def members(self, params: Params) -> dict[str, Any]:
        """One page of a project's people, without `total_pages` (API.md#project-members)."""
        project_id = str(params["project_id"]).lower()
        start, size = window(params, self._state.edition)
        bindings = {}
        for one in {**self._state.org_bindings, **self._state.project_bindings_of(project_id)}:
            if self._access.type_of(one) == "user":
                bindings[one] = self._bindings_in(one, project_id)
        found = [one for one in bindings if bindings[one]]
        if self._state.edition == "ee":
            found.sort(key=lambda one: (self._access.name_of(one).casefold(), one))
        shown = found[start : start + size]
        return {"members": [member_wire(self._access, self._state, one, "user", bindings[one]) for one in shown]}

    def _bindings_in(self, subject_id: str, project_id: str) -> list[tuple[str, str]]:
        """A subject's (source, role id) pairs on a project; on CE those in the organization."""
        state = self._state
        org_bindings = state.org_bindings.get(subject_id, {})
        own = state.project_bindings_of(project_id).get(subject_id, {})
        if state.edition == "ce":
            included = bool(own) or self._access.has_role(subject_id, "Owner", "Admin")
            return list(org_bindings.items()) if included else []
        mapped = {state.roles[role_id].maps_to for role_id in org_bindings.values() if role_id in state.roles}
        inherited = [("inherited_from_org_role", role_id) for role_id in mapped if role_id]
        return [*own.items(), *inherited]

    def assign(self, caller: str, params: Params) -> dict[str, Any]:
        """Give a member a project role, if the caller may grant it; CE only records membership."""
        if self._state.edition == "ce":
            return self._assign_ce(caller, params)
        project_id = str(params["project_id"]).lower()
        subject_id = required_uuid(params, "subject_id")
        role = self._role_to_assign(params)
        if not self._access.is_member(subject_id):
            raise invalid(STRANGER)
        held = self._access.project_permissions(caller, project_id)
        self._access.check_grant(caller, subject_id, role, held)
        self.give(project_id, subject_id, role.id)
        return {"status": "assigned"}

    def give(self, project_id: str, subject_id: str, role_id: str, source: str = MANUALLY) -> None:
        """Bind a subject to a role on a project, replacing what the same source gave before."""
        self._state.project_bindings_of(project_id).setdefault(subject_id, {})[source] = role_id

    def _role_to_assign(self, params: Params) -> Role:
        role_id = optional_text(params, "role_id") or ""
        if not is_uuid(role_id):
            raise invalid(INVALID_UUID)
        role = self._state.roles.get(role_id.lower())
        if role is None:
            raise invalid(f"Role with id {role_id} does not exist.")
        if role.scope == "org":
            raise invalid(ORG_ROLE)
        return role

    def _assign_ce(self, caller: str, params: Params) -> dict[str, Any]:
        """Assign as CE does: a valid role id changes the ORGANIZATION role; without one, a Member joins the project."""
        if is_uuid(optional_text(params, "role_id")):
            return self._members.assign(caller, params)
        subject_id = required_uuid(params, "subject_id")
        if self._access.has_role(subject_id, "Member"):
            self.give(str(params["project_id"]).lower(), subject_id, "")
        return {"status": "assigned"}

    def retract(self, params: Params) -> bool:
        """Remove a subject's manually assigned role; in EE, roles from other sources stay."""
        subject_id = required_uuid(params, "subject_id")
        role_id = given_text(params, "role_id")
        bindings = self._state.project_bindings_of(str(params["project_id"]).lower())
        if self._state.edition == "ce":
            if is_uuid(role_id):
                self._members.retract_ce(subject_id, params)
            else:
                self._members.require_ce_role(subject_id)
                bindings.pop(subject_id, None)
            return True
        sources = bindings.get(subject_id, {})
        sources.pop(MANUALLY, None)
        if not sources:
            bindings.pop(subject_id, None)
        return True

    def wire(self, project: Project) -> dict[str, Any]:
        """A project as the API returns it."""
        return {
            "apiVersion": "v1alpha",
            "kind": "Project",
            "metadata": {
                "id": project.id,
                "name": project.name,
                "org_id": self._state.org_id,
                "owner_id": project.owner_id,
                "description": project.description,
            },
            "spec": {
                "repository": {
                    "url": project.url,
                    "name": project.name,
                    "owner": self._state.org_name,
                    "integration_type": "github_app",
                },
                "visibility": "private",
                "schedulers": [],
                "tasks": [],
            },
        }


def _page_number(value: object) -> int:
    if value is None:
        return 1
    match = re.fullmatch(r"[+-]?[0-9]{1,9}", str(value))
    if match is None:
        raise RefusedError(400, "page must be a number", "object")
    number = int(match[0])
    if number < 1:
        raise RefusedError(400, "page must be at least 1", "object")
    if number > 100:
        raise RefusedError(400, "page must be at most 100", "object")
    return number
