"""Secrets of the organization, by v1beta (API.md#organization-secrets)."""

import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

from semtui.demo.access import Access
from semtui.demo.errors import (
    FAILED_PRECONDITION,
    INVALID_ARGUMENT,
    NOT_FOUND,
    PERMISSION_DENIED_CODE,
    UNKNOWN,
    gateway_refusal,
)
from semtui.demo.paging import page_size
from semtui.demo.records import AccessPolicy, Params, SecretRecord, State
from semtui.demo.secret_content import (
    ACCESS_POLICY,
    CLOSED,
    EXPOSED_CONTENT,
    MANAGE,
    MANAGE_POLICY,
    Content,
    cursor_page,
    gateway_data,
    gateway_policy,
    gateway_times,
    mistake_in,
    read_content,
    read_policy,
)
from semtui.demo.texts import is_blank

# The dash makes a range, from the space to the full stop.
_NAME = re.compile(r"[@: -._a-zA-Z0-9]+")
_UUID_WITHIN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BAD_NAME = "name can only include alpha-numeric characters, dashes, underscores and dots"
NAME_IS_ID = "name should not be in uuid format"
NAME_TAKEN = "name has already been taken"


class SecretRights:
    """The permission answers of the service for secrets, which it remembers."""

    def __init__(self, state: State, access: Access) -> None:
        self.memory = 0.0
        """Seconds an answer is remembered, yes or no; 300 on Semaphore (API.md#secrets)."""
        self._state = state
        self._access = access
        self._known: dict[tuple[str, str, str], tuple[bool, float]] = {}

    def hold(self, caller: str, permission: str, project_id: str = "") -> bool:
        """Whether the caller holds a permission, as this service believes."""
        now, key = self._state.clock(), (caller, permission, project_id)
        answer, until = self._known.get(key, (False, 0.0))
        if now < until:
            return answer
        answer = self._access.holds(caller, permission, project_id)
        if self.memory > 0:
            self._known[key] = (answer, now + self.memory)
        return answer


class SecretStore:
    """All secrets, and the rules that every API for them shares."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, project_id: str) -> list[SecretRecord]:
        """The secrets of a project, or of the organization for ""."""
        return [secret for secret in self._state.secrets.values() if secret.project_id == project_id]

    def named(self, name: str, project: str = "") -> SecretRecord | None:
        """A copy of the secret of this name, of the organization or of the project of that name; or None."""
        owners = [one.id for one in self._state.projects.values() if one.name == project] if project else [""]
        found = next((one for owner in owners for one in self.of(owner) if one.name == name), None)
        return replace(found, env_vars=dict(found.env_vars), files=dict(found.files)) if found else None

    def find(self, project_id: str, id_or_name: str) -> SecretRecord | None:
        """A secret by id or name; whatever contains an id is taken for one."""
        by_id = _UUID_WITHIN.search(id_or_name) is not None
        found = (one for one in self.of(project_id) if (one.id if by_id else one.name) == id_or_name)
        return next(found, None)

    def add(self, project_id: str, name: str, content: Content, creator_id: str) -> SecretRecord:
        """Store a new secret, unchecked."""
        now = self._state.now
        secret = SecretRecord(str(uuid4()), name, project_id, *content, creator_id, now, now)
        self._state.secrets[secret.id] = secret
        return secret

    def change(self, secret: SecretRecord, name: str, content: Content) -> None:
        """Replace name and content, unchecked."""
        secret.name, secret.updated_at = name, self._state.now
        secret.env_vars, secret.files = content

    def drop(self, secret: SecretRecord) -> None:
        """Delete a secret."""
        del self._state.secrets[secret.id]

    def mistake(self, name: str, content: Content, own: SecretRecord | None = None) -> str | None:
        """Why the organization cannot have such a secret; None for an error that nothing handles."""
        if words := mistake_in(content):
            return words
        if is_blank(name):
            return None
        if _NAME.fullmatch(name) is None:
            return BAD_NAME
        if _UUID_WITHIN.search(name):
            return NAME_IS_ID
        taken = any(secret.name == name and secret is not own for secret in self.of(""))
        return NAME_TAKEN if taken else ""


class Secrets:
    """The organization's secrets as v1beta serves them."""

    def __init__(self, state: State, store: SecretStore, rights: SecretRights) -> None:
        self._state = state
        self._store = store
        self._rights = rights

    def page(self, caller: str, params: Params) -> dict[str, Any]:
        """One page of secrets; the size is checked before the permission."""
        size = page_size(params, 100, 100)
        order = params.get("order", "BY_NAME_ASC")
        if order not in ("BY_NAME_ASC", "BY_CREATE_TIME_ASC"):
            raise gateway_refusal(INVALID_ARGUMENT, f"type mismatch, parameter: order, error: {order} is not valid")
        if not self._rights.hold(caller, MANAGE):
            raise gateway_refusal(PERMISSION_DENIED_CODE, "Can't list secrets in organization")
        by_name = order == "BY_NAME_ASC"
        shown, following = cursor_page(
            self._store.of(""),
            lambda secret: secret.name if by_name else f"{secret.created_at:012}",
            str(params.get("page_token", "")),
            size,
        )
        return {"secrets": [self.wire(secret) for secret in shown], "next_page_token": following}

    def describe(self, caller: str, params: Params) -> dict[str, Any]:
        """One secret by id or name."""
        return self.wire(self._found(caller, params))

    def create(self, caller: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create a secret; a policy that may not be set is dropped without a word."""
        name, content = _named(body), read_content(body.get("data"))
        if not self._rights.hold(caller, MANAGE):
            raise gateway_refusal(PERMISSION_DENIED_CODE, "You are not authorized to create secrets")
        policy = self._policy(caller, body)
        self._check(name, content, None)
        secret = self._store.add("", name, content, caller)
        secret.policy = policy
        return self.wire(secret)

    def update(self, caller: str, params: Params, body: dict[str, Any]) -> dict[str, Any]:
        """Replace a secret, which is refused unless contents are exposed."""
        if EXPOSED_CONTENT not in self._state.features:
            raise gateway_refusal(FAILED_PRECONDITION, CLOSED)
        name, content, policy = _named(body), read_content(body.get("data")), self._policy(caller, body)
        secret = self._found(caller, params)
        self._check(name, content, secret)
        self._store.change(secret, name, content)
        secret.policy = policy or secret.policy
        return self.wire(secret)

    def delete(self, caller: str, params: Params) -> dict[str, Any]:
        """Delete a secret."""
        self._store.drop(self._found(caller, params))
        return {}

    def _check(self, name: str, content: Content, own: SecretRecord | None) -> None:
        words = self._store.mistake(name, content, own)
        if words is None:
            raise gateway_refusal(UNKNOWN, "Unknown error")
        if words:
            raise gateway_refusal(INVALID_ARGUMENT, words)

    def _policy(self, caller: str, body: dict[str, Any]) -> AccessPolicy | None:
        config = body.get("org_config")
        if not isinstance(config, dict):
            return None
        policy = read_policy(config)
        honored = ACCESS_POLICY in self._state.features and self._rights.hold(caller, MANAGE_POLICY)
        return policy if honored else None

    def _found(self, caller: str, params: Params) -> SecretRecord:
        """The secret. One that is absent and one that may not be seen are the same 404."""
        secret = self._store.find("", params["id"])
        if secret is None or not self._rights.hold(caller, MANAGE):
            raise gateway_refusal(NOT_FOUND, f"Secret {params['id']} not found")
        return secret

    def wire(self, secret: SecretRecord) -> dict[str, Any]:
        """A secret as v1beta returns it."""
        features = self._state.features
        exposed = EXPOSED_CONTENT in features
        return {
            "metadata": {
                "name": secret.name,
                "id": secret.id,
                **gateway_times(secret),
                "content_included": exposed,
            },
            "data": gateway_data(secret, exposed=exposed),
            "org_config": gateway_policy(secret.policy) if ACCESS_POLICY in features else None,
        }


def _named(body: dict[str, Any]) -> str:
    """The name in a message; without metadata the service fails."""
    metadata = body.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(body.get("data"), dict):
        raise gateway_refusal(UNKNOWN, "Internal Server Error")
    return metadata_name(metadata)


def metadata_name(metadata: dict[str, Any]) -> str:
    """The name in a message's metadata."""
    name = metadata.get("name") or ""
    if not isinstance(name, str):
        raise gateway_refusal(INVALID_ARGUMENT, "proto: syntax error (line 1:1): invalid value for string type")
    return name
