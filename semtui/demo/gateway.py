"""The gRPC gateway: how the services for secrets and notifications read requests (API.md#gateway-answers)."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from semtui.demo.errors import INVALID_ARGUMENT, NOT_FOUND, UNIMPLEMENTED, gateway_refusal
from semtui.demo.organization import Organization
from semtui.demo.records import Params

Call = Callable[[str, Params, Any], dict[str, Any]]
"""Takes the caller's id, the parameters of path and query, and the body's message."""

# The ingress matches the project with this pattern, so a name with a space or dot does not get here.
_SERVED = re.compile(r"/api/(?:v1beta/secrets|v1/projects/[a-zA-Z0-9_-]+/secrets|v1alpha/notifications)(?:/.*)?")


class Gateway:
    """Finds the service for a request, and reads the request as protobuf's JSON form allows."""

    def __init__(self, organization: Organization) -> None:
        secrets, of_projects = organization.secrets, organization.project_secrets
        notifications = organization.notifications
        self._routes: list[tuple[str, str, Call]] = [
            ("GET", "v1beta/secrets", lambda caller, params, _: secrets.page(caller, params)),
            ("POST", "v1beta/secrets", lambda caller, _, body: secrets.create(caller, body)),
            ("GET", "v1beta/secrets/:id", lambda caller, params, _: secrets.describe(caller, params)),
            ("PATCH", "v1beta/secrets/:id", secrets.update),
            ("DELETE", "v1beta/secrets/:id", lambda caller, params, _: secrets.delete(caller, params)),
            ("GET", "v1alpha/notifications", lambda caller, params, _: notifications.page(caller, params)),
            ("GET", "v1/projects/:project/secrets", lambda caller, params, _: of_projects.page(caller, params)),
            ("POST", "v1/projects/:project/secrets", of_projects.create),
            ("GET", "v1/projects/:project/secrets/:id", lambda caller, params, _: of_projects.describe(caller, params)),
            ("PATCH", "v1/projects/:project/secrets/:id", of_projects.update),
            ("DELETE", "v1/projects/:project/secrets/:id", lambda who, params, _: of_projects.delete(who, params)),
        ]

    def serves(self, path: str) -> bool:
        """Whether the ingress sends a path here."""
        return _SERVED.fullmatch(path) is not None

    def answer(self, caller: str, method: str, path: str, query: Params, body: bytes) -> tuple[object, dict[str, str]]:
        """The value and headers that answer one request; raises RefusedError."""
        # Decoded before it is split, so a slash in a name is one of the path.
        segments = unquote(path.removeprefix("/api/"), errors="replace").split("/")
        matches: dict[str, tuple[Params, Call]] = {}
        for verb, pattern, call in self._routes:
            if (in_path := _match(pattern, segments)) is not None:
                matches[verb] = in_path, call
        if not matches:
            raise gateway_refusal(NOT_FOUND, "Not Found")
        if method not in matches:
            raise gateway_refusal(UNIMPLEMENTED, "Method Not Allowed")
        in_path, call = matches[method]
        return call(caller, {**query, **in_path}, _message(body)), {}


def _match(pattern: str, segments: list[str]) -> Params | None:
    parts = pattern.split("/")
    if len(parts) != len(segments):
        return None
    found: Params = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith(":"):
            if not segment:
                return None
            found[part[1:]] = segment
        elif part != segment:
            return None
    return found


def _message(body: bytes) -> dict[str, Any]:
    """The body as a message. Its content type does not matter, and unknown fields are ignored."""
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise gateway_refusal(INVALID_ARGUMENT, "proto: syntax error (line 1:1): invalid value") from None
    if not isinstance(value, dict):
        raise gateway_refusal(INVALID_ARGUMENT, "proto: syntax error (line 1:1): unexpected token")
    return value
