"""The HTTP API itself: who may call what, how requests are read, and how answers look."""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from semtui.demo.errors import RefusedError, denied
from semtui.demo.gateway import Gateway
from semtui.demo.organization import Organization
from semtui.demo.records import Params
from semtui.demo.routes import Route, routes
from semtui.demo.secrets_v2 import SecretsV2

PREFIX = "/api/v1alpha"
LARGEST_BODY = 8_000_000
SOMETHING_WRONG = "Something went wrong"
WEB_404 = (
    "<!DOCTYPE html>\n<html><head><title>404 - Page not found</title></head>"
    "<body><h1>404</h1><p>The page you are looking for doesn't exist.</p></body></html>\n"
)
UPGRADE = "curl https://storage.googleapis.com/sem-cli-releases/get.sh | bash"
ELSEWHERE = (
    "  You cannot access this organization from your current IP address ({}) due to the security settings "
    "enabled by the organization administrator.\n"
    "  Please contact the organization owner/administrator if you think this is a mistake or reach out to our "
    "support team.\n"
)
JSON_TYPE = {"content-type": "application/json"}
METHODS_WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Request:
    """An HTTP request as it reached the server."""

    method: str
    path: str
    """Without the query, still percent-encoded."""
    query: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    ip: str


@dataclass(frozen=True)
class Answer:
    """An HTTP answer to send."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    """Semaphore's API over one organization: v1alpha, the gRPC gateway's services, and v2."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._gateway = Gateway(organization)
        self._v2 = SecretsV2(organization)
        self._routes = routes(organization)
        self._prefixes = {route.segments[0] for route in self._routes}

    def answer(self, request: Request) -> Answer:
        """Answer one request, after making the queued changes that are due."""
        if request.path != "/api" and not request.path.startswith("/api/"):
            return _web_404()
        with self._organization.lock:
            self._organization.state.catch_up()
            try:
                return self._authenticated(request)
            except RefusedError as refusal:
                return _refused(refusal)

    def holder(self, request: Request) -> str | None:
        """The id of the subject whose token the request carries."""
        with self._organization.lock:
            return self._organization.tokens.holder(_token(request) or "")

    def _authenticated(self, request: Request) -> Answer:
        if any(name.startswith("x-semaphore") for name in request.headers):
            raise RefusedError(404, "Not Found", "text")
        if _outdated(request.headers.get("user-agent", "")):
            message = "Call rejected because the client is outdated. To continue, upgrade Semaphore CLI with "
            raise RefusedError(400, f"{message}'{UPGRADE}'.", "object")
        allowed = self._organization.ip_allow_list
        if allowed is not None and request.ip not in allowed:
            raise RefusedError(404, ELSEWHERE.format(request.ip), "text")
        caller = self._organization.tokens.authenticate(_token(request) or "")
        if caller is None:
            raise RefusedError(401, "Unauthorized", "text")
        for service in (self._gateway, self._v2):
            if service.serves(request.path):
                query = dict(parse_qsl(request.query, keep_blank_values=True))
                value, headers = service.answer(caller, request.method, request.path, query, request.body)
                return Answer(200, json_bytes(value), {**JSON_TYPE, **headers})
        segments = _segments(request.path.removeprefix(PREFIX))
        if not request.path.startswith(f"{PREFIX}/") or not segments or segments[0] not in self._prefixes:
            return _web_404()
        return self._routed(request, segments, caller)

    def _routed(self, request: Request, segments: list[str], caller: str) -> Answer:
        """Body syntax first, then permission, then parameters (API.md#requests)."""
        params = {**_query(request.query), **_body(request)}
        # Only routes below a project are matched with the whole path, which a trailing slash makes another one.
        foreign = segments[0] == "projects" and len(segments) > 2 and request.path.endswith("/")
        for route in [] if foreign else self._routes:
            in_path = route.match(request.method, segments)
            if in_path is not None:
                return self._called(route, caller, {**params, **in_path})
        raise RefusedError(404, "oops", "text")

    def _called(self, route: Route, caller: str, params: Params) -> Answer:
        organization = self._organization
        if route.permission.startswith("project."):
            organization.projects.authorize(caller, params, route.permission)
        elif route.permission and not organization.access.holds(caller, route.permission):
            raise denied()
        value = route.call(caller, params)
        headers = {}
        if isinstance(value, tuple):
            value, headers = value
        return Answer(200, json_bytes(value), headers)


def json_bytes(value: object) -> bytes:
    """Encode a value as compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _refused(refusal: RefusedError) -> Answer:
    if refusal.whole is not None:
        return Answer(refusal.status, json_bytes(refusal.whole), dict(JSON_TYPE))
    forms: dict[str, Callable[[str], bytes]] = {
        "json": json_bytes,
        "text": str.encode,
        "object": lambda message: json_bytes({"message": message}),
    }
    return Answer(refusal.status, forms[refusal.form](refusal.message))


def _web_404() -> Answer:
    return Answer(404, WEB_404.encode(), {"content-type": "text/html; charset=utf-8"})


def _token(request: Request) -> str | None:
    """The token of the request; the word before it is case-sensitive (API.md#authentication)."""
    match = re.fullmatch(r"(?:Token|Bearer) (.+)", request.headers.get("authorization", ""))
    return match[1] if match else None


def _outdated(user_agent: str) -> bool:
    """Whether the version is too old. Each part is compared alone, so 1.0.0 is older than 0.30.0
    (API.md#authentication)."""
    version = re.match(r"SemaphoreCLI/v\d+\.(\d+)\.\d+", user_agent)
    return version is not None and int(version[1]) < 30


def _segments(path: str) -> list[str]:
    try:
        return [unquote(segment, errors="strict") for segment in path.split("/") if segment]
    except UnicodeDecodeError as error:
        raise RefusedError(400, SOMETHING_WRONG, "text") from error


def _query(query: str) -> Params:
    if re.search(r"%(?![0-9A-Fa-f]{2})", query):
        raise RefusedError(400, SOMETHING_WRONG, "text")
    try:
        return dict(parse_qsl(query, keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise RefusedError(400, SOMETHING_WRONG, "text") from error


def _body(request: Request) -> Params:
    """The parameters in the body; without a content type the server knows there are none (API.md#requests)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method not in METHODS_WITH_BODY or not request.body:
        return {}
    if len(request.body) > LARGEST_BODY:
        raise RefusedError(413, SOMETHING_WRONG, "text")
    if kind == "application/x-www-form-urlencoded":
        return _query(request.body.decode("utf-8", "replace"))
    if kind == "application/json" or kind.endswith("+json"):
        value = _json(request.body)
        return value if isinstance(value, dict) else {}
    return {}


def _json(body: bytes) -> Any:
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant)
        # Python's parser accepts a lone surrogate, the server's does not.
        json_bytes(value)
    except json.JSONDecodeError as error:
        token = error.doc[error.pos : error.pos + 1]
        place = f"Unexpected token at position {error.pos}: {token}"
        raise _malformed(place if token else f"Unexpected end of input at position {error.pos}") from error
    except (ValueError, RecursionError) as error:
        raise _malformed("Unexpected token at position 0: " + body[:1].decode("utf-8", "replace")) from error
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _malformed(message: str) -> RefusedError:
    return RefusedError(400, f"Malformed request: {html.escape(message)}", "text")
