"""Roles and permissions (API.md#listing-roles and on)."""

from typing import Any
from uuid import uuid4

from semtui.demo.access import Access
from semtui.demo.catalog import Role, Scope
from semtui.demo.errors import internal_error, invalid, missing
from semtui.demo.records import (
    Params,
    State,
    given_text,
    required_uuid,
)
from semtui.demo.texts import is_blank, spelled

SCOPE_NUMBERS = {"org": 1, "project": 2}
ALWAYS_ON = {"org": "organization.view", "project": "project.view"}
LONGEST_TEXT = 255
"""The maximum length of a name or description, in code points, as the database counts them."""
BLANK_NAME = "Some required fields are misssing"


class Roles:
    """The organization's roles, built in and custom."""

    def __init__(self, state: State, access: Access) -> None:
        self._state = state
        self._access = access

    def index(self) -> list[dict[str, Any]]:
        """Organization roles only, as the raw records the gateway passes through (API.md#listing-roles)."""
        return [self._raw(role) for role in self._state.roles.values() if role.scope == "org"]

    def _raw(self, role: Role) -> dict[str, Any]:
        known = self._state.permissions
        return {
            "id": role.id,
            "name": role.name,
            "org_id": role.org_id,
            "scope": SCOPE_NUMBERS[role.scope],
            "description": role.description,
            "permissions": role.permissions,
            "rbac_permissions": [
                {
                    "id": known[name].id,
                    "name": name,
                    "description": known[name].description,
                    "scope": SCOPE_NUMBERS[known[name].scope],
                }
                for name in role.permissions
            ],
            "inherited_role": None,
            "maps_to": None,
            "readonly": role.readonly,
        }

    def describe(self, params: Params) -> dict[str, Any]:
        """Return one role."""
        return self.wire(self._found(params))

    def create(self, caller: str, params: Params) -> dict[str, Any]:
        """Create a custom role; the caller must be allowed to grant every permission in it."""
        scope: Scope = "project" if params.get("scope") == "project" else "org"
        names = _permission_names(params.get("permissions"), [])
        self._check_permissions(caller, scope, names)
        name, description = given_text(params, "name") or "", given_text(params, "description") or ""
        if is_blank(name):
            raise invalid(BLANK_NAME)
        role = self.add(name, description, scope, names)
        return self.wire(role)

    def add(self, name: str, description: str, scope: Scope, permissions: list[str]) -> Role:
        """Create a custom role; a name in use is an unhandled database error (API.md#creating-a-role)."""
        _check_each_once(permissions)
        self._check_storable(name, description, scope, None)
        description = _stored(description)
        role = Role(str(uuid4()), name, scope, description, _with_view(scope, permissions), self._state.org_id)
        self._state.roles[role.id] = role
        return role

    def update(self, caller: str, params: Params) -> dict[str, Any]:
        """Change a custom role; fields that are not given keep their values, except the mapping, which is lost."""
        role = self._found(params)
        scope = _given_scope(params.get("scope"), role.scope)
        names = _permission_names(params.get("permissions"), role.permissions)
        self._check_permissions(caller, scope, names)
        if role.readonly:
            raise invalid("This is the default role and it can not be edited nor deleted.")
        name = given_text(params, "name") or role.name
        description = given_text(params, "description") or role.description
        if is_blank(name):
            raise invalid(BLANK_NAME)
        _check_each_once(names)
        self._check_storable(name, description, scope, role)
        role.name = name
        role.description = _stored(description)
        role.scope = scope
        role.permissions = _with_view(scope, names)
        # The gateway never sends the mapping back, and RBAC stores what it was sent (API.md#editing-a-role).
        role.maps_to = None
        return self.wire(role)

    def _check_storable(self, name: str, description: str, scope: Scope, role: Role | None) -> None:
        """Fail as the database does, whose errors nothing handles: a 500 without an explanation."""
        too_long = max(len(name), len(description)) > LONGEST_TEXT
        if too_long or self._state.role_named(name, scope) not in (None, role):
            raise internal_error()

    def _check_permissions(self, caller: str, scope: Scope, names: list[str]) -> None:
        """Refuse what the caller does not hold, then what does not exist, in that order."""
        if scope == "org":
            unmatched = set(self._access.held_permissions(caller))
            lacking = []
            for name in names:
                # Each held permission covers one mention, so a duplicate counts as not held.
                if name in unmatched:
                    unmatched.remove(name)
                else:
                    lacking.append(name)
            if lacking:
                raise invalid(f"cannot grant permissions you do not hold: {', '.join(lacking)}")
        grantable = self._grantable(scope)
        unknown = [name for name in names if name not in grantable]
        if unknown:
            raise invalid(f"unknown permission(s): {', '.join(unknown)}")

    def _grantable(self, scope: Scope) -> set[str]:
        return {name for name, one in self._state.permissions.items() if one.scope == scope}

    def delete(self, params: Params) -> dict[str, Any]:
        """Delete a custom role that nobody holds and no other role maps to."""
        role = self._state.roles.get(required_uuid(params, "id"))
        if role is None:
            raise invalid("The role does not exist.")
        if role.readonly:
            raise invalid("This is the default role and it can not be edited nor deleted.")
        if self._is_assigned(role.id):
            raise invalid(f"The {role.name} role cannot be deleted because it is currently assigned to a user.")
        if any(other.maps_to == role.id for other in self._state.roles.values()):
            reason = "it is used for defining some organization level roles"
            raise invalid(f"The {role.name} role cannot be deleted because {reason}.")
        del self._state.roles[role.id]
        return {"status": "deleted"}

    def _is_assigned(self, role_id: str) -> bool:
        tables = [self._state.org_bindings, *self._state.project_bindings.values()]
        return any(role_id in sources.values() for table in tables for sources in table.values())

    def permissions(self, params: Params) -> dict[str, Any]:
        """All permissions of one scope; any scope but "project" means the organization."""
        scope = "project" if params.get("scope") == "project" else "org"
        found = [one for one in self._state.permissions.values() if one.scope == scope]
        wire = [{"id": one.id, "name": one.name, "description": one.description} for one in found]
        return {"permissions": wire}

    def _found(self, params: Params) -> Role:
        role_id = required_uuid(params, "id")
        role = self._state.roles.get(role_id)
        if role is None:
            raise missing(f"Role with id {role_id} not found")
        return role

    def wire(self, role: Role) -> dict[str, Any]:
        """A role by itself, where the scope is a word (API.md#one-role)."""
        return {
            "id": role.id,
            "name": role.name,
            "org_id": role.org_id,
            "scope": role.scope,
            "description": role.description,
            "permissions": role.permissions,
            "readonly": role.readonly,
        }


def _with_view(scope: Scope, names: list[str]) -> list[str]:
    always = ALWAYS_ON[scope]
    return list(names) if always in names else [always, *names]


def _permission_names(value: object, otherwise: list[str]) -> list[str]:
    """The names as given. One that is not a string is looked up like any other, and is not found."""
    if value is None or value is False:
        return otherwise
    if not isinstance(value, list):
        raise invalid("permissions must be a list")
    return [spelled(name) for name in value]


def _check_each_once(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise invalid("Some permissions do not exist")


def _stored(description: str) -> str:
    """The description as stored: a blank one becomes empty."""
    return "" if is_blank(description) else description


def _given_scope(value: object, current: Scope) -> Scope:
    if value is None or value is False:
        return current
    if value == "org":
        return "org"
    if value == "project":
        return "project"
    shown = f'"{value}"' if isinstance(value, str) else spelled(value)
    raise invalid(f'invalid scope: {shown} (expected "project" or "org")')
