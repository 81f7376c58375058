"""Secrets by v2, which is closed unless the organization has it (API.md#secrets-v2)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from semtui.demo.errors import RefusedError, invalid
from semtui.demo.organization import Organization
from semtui.demo.records import AccessPolicy, Params, SecretRecord, is_uuid
from semtui.demo.secret_content import (
    ACCESS_POLICY,
    MANAGE,
    MANAGE_POLICY,
    PROJECT_MANAGE,
    PROJECT_VIEW,
    VIEW,
    Content,
    cursor_page,
    data_of,
    digest,
    mistake_in,
    projects_access,
    read_content,
)

API_V2 = "public_api_v1"
"""The feature that opens v2, named as in Semaphore's source."""
DOCUMENTATION = "https://docs.semaphoreci.com/reference/api"
NOT_ENABLED = "APIv2 is not enabled for your organization. Please contact support for more information."
NO_FORM = "Semaphore could not format the response"
LONGEST_DESCRIPTION = 255


class SecretsV2:
    """The organization's and the projects' secrets as v2 serves them."""

    def __init__(self, organization: Organization) -> None:
        self._state = organization.state
        self._store = organization.secret_store
        self._rights = organization.secret_rights

    def serves(self, path: str) -> bool:
        """Whether the ingress sends a path here."""
        return path.startswith("/api/v2/")

    def answer(self, caller: str, method: str, path: str, query: Params, body: bytes) -> tuple[object, dict[str, str]]:
        """The value and headers that answer one request; raises RefusedError."""
        if API_V2 not in self._state.features:
            raise _missing(NOT_ENABLED)
        parts = [unquote(part, errors="replace") for part in path.removeprefix("/api/v2/").split("/")]
        project, rest = (parts[1], parts[2:]) if parts[0] == "projects" and len(parts) > 1 else ("", parts)
        if rest[:1] != ["secrets"] or len(rest) > 2:
            raise _missing("Not Found")
        kind = "ProjectSecret" if project else "Secret"
        sent = _checked(body, kind) if method in ("POST", "PUT") else {}
        size = _page_size(query) if method == "GET" else 0
        project_id = self._project(caller, method, project)
        one = rest[1] if len(rest) == 2 else ""
        calls: dict[tuple[str, bool], Callable[[], tuple[object, dict[str, str]]]] = {
            ("GET", False): lambda: self._page(project_id, query, size),
            ("POST", False): lambda: self._create(caller, project_id, sent),
            ("GET", True): lambda: (self._wire(self._found(project_id, one)), {}),
            ("PUT", True): lambda: self._replace(caller, self._found(project_id, one), sent),
            ("DELETE", True): lambda: self._delete(self._found(project_id, one)),
        }
        if (method, bool(one)) not in calls:
            raise _missing("Not Found")
        return calls[method, bool(one)]()

    def _project(self, caller: str, method: str, given: str) -> str:
        """The project's id, or "" for the organization. Without the permission, nothing is there."""
        reading = method == "GET"
        named = (one.id for one in self._state.projects.values() if given and given in (one.id, one.name))
        project_id = next(named, "")
        if given:
            permission = PROJECT_VIEW if reading else PROJECT_MANAGE
            allowed = bool(project_id) and self._rights.hold(caller, permission, project_id)
        else:
            allowed = self._rights.hold(caller, VIEW if reading else MANAGE)
        if not allowed:
            raise _missing("Not Found")
        return project_id

    def _page(self, project_id: str, query: Params, size: int) -> tuple[object, dict[str, str]]:
        """A page in reverse, without the entries that do not fit the schema; a project's list is whole."""
        found = self._store.of(project_id)
        if project_id:
            return [self._wire(secret) for secret in sorted(found, key=lambda one: one.name)], {}
        shown, following = cursor_page(found, lambda secret: secret.name, str(query.get("page_token", "")), size)
        headers = {"next-page-token": following} if following else {}
        return [self._wire(secret) for secret in reversed(shown) if _fits(secret)], headers

    def _create(self, caller: str, project_id: str, sent: dict[str, Any]) -> tuple[object, dict[str, str]]:
        name, content = self._accepted(project_id, sent, None)
        secret = self._store.add(project_id, name, content, caller)
        self._settle(caller, secret, sent)
        return self._wire(secret), {}

    def _replace(self, caller: str, secret: SecretRecord, sent: dict[str, Any]) -> tuple[object, dict[str, str]]:
        name, content = self._accepted(secret.project_id, sent, secret)
        self._store.change(secret, name, content)
        self._settle(caller, secret, sent)
        return self._wire(secret), {}

    def _delete(self, secret: SecretRecord) -> tuple[object, dict[str, str]]:
        self._store.drop(secret)
        return {"secret_id": secret.id}, {}

    def _accepted(self, project_id: str, sent: dict[str, Any], own: SecretRecord | None) -> tuple[str, Content]:
        name, content = sent["name"], read_content(sent["data"])
        if project_id:
            taken = any(one.name == name and one is not own for one in self._store.of(project_id))
            words = mistake_in(content) or ("name: name must be unique in project" if taken else "")
        else:
            words = self._store.mistake(name, content, own) or ""
        if words:
            raise invalid(words)
        return name, content

    def _settle(self, caller: str, secret: SecretRecord, sent: dict[str, Any]) -> None:
        """Description and policy; a policy that may not be set leaves the stored one."""
        secret.description = sent.get("description", secret.description)
        config = sent.get("access_config")
        features = self._state.features
        if isinstance(config, dict) and ACCESS_POLICY in features and self._rights.hold(caller, MANAGE_POLICY):
            access = config.get("project_access", "ALL")
            project_ids = list(config.get("project_ids") or []) if access == "ALLOWED" else []
            debug, attach = config.get("debug_access", "YES"), config.get("attach_access", "YES")
            secret.policy = AccessPolicy(access == "ALL", project_ids, debug == "YES", attach == "YES")

    def _found(self, project_id: str, id_or_name: str) -> SecretRecord:
        secret = self._store.find(project_id, id_or_name.lower() if is_uuid(id_or_name) else id_or_name)
        if secret is None:
            raise _missing("Not found")
        return secret

    def _wire(self, secret: SecretRecord) -> dict[str, Any]:
        """A secret as v2 returns it; one restricted to some projects does not fit v2's own schema."""
        if not _fits(secret):
            raise RefusedError(500, NO_FORM, whole={"message": NO_FORM})
        policy = secret.policy
        metadata = {
            "id": secret.id,
            "org_id": self._state.org_id,
            "name": secret.name,
            "description": secret.description,
            "created_at": _moment(secret.created_at),
            "updated_at": _moment(secret.updated_at),
            "last_used_at": _moment(secret.used_at),
            "created_by": {"id": secret.creator_id},
            "updated_by": {"id": secret.creator_id},
            "last_used_by": None,
        }
        if secret.project_id:
            metadata["project_id"] = secret.project_id
        return {
            "apiVersion": "v2",
            "kind": "ProjectSecret" if secret.project_id else "Secret",
            "metadata": metadata,
            "spec": {
                "name": secret.name,
                "description": secret.description,
                "data": data_of(secret, digest),
                "access_config": {
                    "project_access": projects_access(policy),
                    "project_ids": list(policy.project_ids) if policy else [],
                    "debug_access": "YES" if policy is None or policy.debug else "NO",
                    "attach_access": "YES" if policy is None or policy.attach else "NO",
                },
            },
        }


def _fits(secret: SecretRecord) -> bool:
    return projects_access(secret.policy) != "ALLOWED"


def _missing(message: str) -> RefusedError:
    return RefusedError(404, message, whole={"message": message, "documentation_url": DOCUMENTATION})


def _moment(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z") if seconds else None


def _page_size(query: Params) -> int:
    text = str(query.get("page_size", 20))
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 100:
        raise _unprocessable("Invalid integer", "/page_size")
    return int(text)


def _checked(body: bytes, kind: str) -> dict[str, Any]:
    """The `spec` of a body with all that the schema requires. This comes before the permission."""
    try:
        value = json.loads(body)
    except ValueError:
        raise RefusedError(400, "Malformed request: Unexpected token at position 0", "text") from None
    if not isinstance(value, dict):
        raise _unprocessable("Invalid object", "/")
    for key, only in (("apiVersion", "v2"), ("kind", kind)):
        if value.get(key) != only:
            raise _unprocessable("Invalid value for enum", f"/{key}")
    spec = value.get("spec")
    if not isinstance(spec, dict):
        raise _unprocessable("Missing field: spec", "/spec")
    data = spec.get("data")
    if not isinstance(spec.get("name"), str) or not spec["name"]:
        raise _unprocessable("Missing field: name", "/spec/name")
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("env_vars", "files")):
        raise _unprocessable("Missing field: data", "/spec/data")
    if len(str(spec.get("description", ""))) > LONGEST_DESCRIPTION:
        raise _unprocessable("String length is larger than maxLength: 255", "/spec/description")
    return spec


def _unprocessable(detail: str, pointer: str) -> RefusedError:
    errors = [{"title": "Invalid value", "detail": detail, "source": {"pointer": pointer}}]
    message = "Validation Failed"
    return RefusedError(422, message, whole={"message": message, "errors": errors})
