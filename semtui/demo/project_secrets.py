"""Secrets of a project, by v1 (API.md#project-secrets)."""

from typing import Any

from semtui.demo.errors import (
    FAILED_PRECONDITION,
    INVALID_ARGUMENT,
    NOT_FOUND,
    PERMISSION_DENIED_CODE,
    UNKNOWN,
    gateway_refusal,
)
from semtui.demo.organization_secrets import SecretRights, SecretStore, metadata_name
from semtui.demo.paging import page_size
from semtui.demo.records import Params, SecretRecord, State, is_uuid
from semtui.demo.secret_content import (
    CLOSED,
    EXPOSED_CONTENT,
    PROJECT_MANAGE,
    PROJECT_SECRETS,
    Content,
    cursor_page,
    gateway_data,
    gateway_times,
    mistake_in,
    read_content,
)
from semtui.demo.texts import is_blank

NAME_TAKEN = "name: name must be unique in project"


class ProjectSecrets:
    """The secrets of projects as v1 serves them."""

    def __init__(self, state: State, store: SecretStore, rights: SecretRights) -> None:
        self._state = state
        self._store = store
        self._rights = rights

    def page(self, caller: str, params: Params) -> dict[str, Any]:
        """One page of a project's secrets, always by name; the permission is checked before the size."""
        project_id = self._project(caller, params)
        size = page_size(params, 100, 100)
        token = str(params.get("page_token", ""))
        shown, following = cursor_page(self._store.of(project_id), lambda secret: secret.name, token, size)
        return {"secrets": [self.wire(secret) for secret in shown], "next_page_token": following}

    def describe(self, caller: str, params: Params) -> dict[str, Any]:
        """One secret by id or name."""
        return self.wire(self._found(caller, params))

    def create(self, caller: str, params: Params, body: dict[str, Any]) -> dict[str, Any]:
        """Create a secret in the project of the path, whatever the body says."""
        project_id = self._project(caller, params)
        metadata = body.get("metadata")
        if not isinstance(metadata, dict):
            raise gateway_refusal(UNKNOWN, "Internal Server Error")
        name, content = metadata_name(metadata), read_content(body.get("data"))
        self._check(project_id, name, content, None)
        return self.wire(self._store.add(project_id, name, content, caller))

    def update(self, caller: str, params: Params, body: dict[str, Any]) -> dict[str, Any]:
        """Replace a secret, which is refused unless contents are exposed."""
        project_id = self._project(caller, params)
        if EXPOSED_CONTENT not in self._state.features:
            raise gateway_refusal(FAILED_PRECONDITION, CLOSED)
        secret = self._found(caller, params)
        name = metadata_name(body.get("metadata") or {}) or secret.name
        content = read_content(body.get("data"))
        self._check(project_id, name, content, secret)
        self._store.change(secret, name, content)
        return self.wire(secret)

    def delete(self, caller: str, params: Params) -> dict[str, Any]:
        """Delete a secret."""
        self._store.drop(self._found(caller, params))
        return {}

    def _project(self, caller: str, params: Params) -> str:
        """The project's id, if the caller may manage its secrets. An unknown id is as good as a forbidden one."""
        if PROJECT_SECRETS not in self._state.features:
            message = "Project level secrets are not enabled for this organization"
            raise gateway_refusal(FAILED_PRECONDITION, message)
        given = params["project"]
        named = (one.id for one in self._state.projects.values() if one.name == given)
        project_id = given.lower() if is_uuid(given) else next(named, "")
        if not project_id:
            raise gateway_refusal(UNKNOWN, "Internal Server Error")
        if project_id not in self._state.projects or not self._rights.hold(caller, PROJECT_MANAGE, project_id):
            raise gateway_refusal(PERMISSION_DENIED_CODE, "User is not authorized to perform this operation")
        return project_id

    def _found(self, caller: str, params: Params) -> SecretRecord:
        secret = self._store.find(self._project(caller, params), params["id"])
        if secret is None:
            raise gateway_refusal(NOT_FOUND, "secret not found")
        return secret

    def _check(self, project_id: str, name: str, content: Content, own: SecretRecord | None) -> None:
        if words := mistake_in(content):
            raise gateway_refusal(INVALID_ARGUMENT, f"content: {words}")
        if is_blank(name):
            raise gateway_refusal(INVALID_ARGUMENT, "name: can't be blank")
        if any(secret.name == name and secret is not own for secret in self._store.of(project_id)):
            raise gateway_refusal(INVALID_ARGUMENT, NAME_TAKEN)

    def wire(self, secret: SecretRecord) -> dict[str, Any]:
        """A secret as v1 returns it."""
        exposed = EXPOSED_CONTENT in self._state.features
        return {
            "metadata": {
                "name": secret.name,
                "id": secret.id,
                **gateway_times(secret),
                "project_id_or_name": secret.project_id,
                "content_included": exposed,
            },
            "data": gateway_data(secret, exposed=exposed),
        }
