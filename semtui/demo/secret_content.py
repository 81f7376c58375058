"""What a secret may hold, and how it is read from and written to messages (API.md#secrets)."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from semtui.demo.errors import INVALID_ARGUMENT, UNKNOWN, RefusedError, gateway_refusal
from semtui.demo.records import AccessPolicy, SecretRecord
from semtui.demo.texts import is_blank

EXPOSED_CONTENT = "secrets_exposed_content"
ACCESS_POLICY = "secrets_access_policy"
PROJECT_SECRETS = "project_level_secrets"
MANAGE = "organization.secrets.manage"
VIEW = "organization.secrets.view"
MANAGE_POLICY = "organization.secrets_policy_settings.manage"
PROJECT_MANAGE = "project.secrets.manage"
PROJECT_VIEW = "project.secrets.view"
LARGEST_CONTENT = 6 * 1024 * 1024
CLOSED = "Secret can not be updated with API"

Content = tuple[dict[str, str], dict[str, str]]
"""Values by variable, contents by path."""


def read_content(data: object) -> Content:
    """The content in a message. A value that is not a string fails as protobuf's reader does."""
    if not isinstance(data, dict):
        return {}, {}
    return (
        {entry["name"]: entry["value"] for entry in _entries(data.get("env_vars"), "name", "value")},
        {entry["path"]: entry["content"] for entry in _entries(data.get("files"), "path", "content")},
    )


def _entries(value: object, *keys: str) -> list[dict[str, str]]:
    entries = [] if value is None else value
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise syntax_error()
    found = [{key: entry.get(key) or "" for key in keys} for entry in entries]
    if not all(isinstance(text, str) for entry in found for text in entry.values()):
        raise syntax_error()
    return found


def syntax_error() -> RefusedError:
    """The refusal of a field of another type."""
    return gateway_refusal(INVALID_ARGUMENT, "proto: syntax error (line 1:1): invalid value for string type")


def mistake_in(content: Content) -> str:
    """What Semaphore says is wrong with the content; "" if nothing is."""
    env_vars, files = content
    if sum(len(text.encode()) for texts in content for text in texts.values()) > LARGEST_CONTENT:
        return "size content is too big"
    for name, value in env_vars.items():
        if re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", name) is None:
            return "env_vars name of enviorment variable is invalid"
        if is_blank(value):
            return "env_vars value can't be blank"
    for path, text in files.items():
        if is_blank(path):
            return "files path can't be blank"
        if is_blank(text):
            return "files content can't be blank"
    return ""


def data_of(secret: SecretRecord, shown: Callable[[str], str]) -> dict[str, Any]:
    """The content as a message has it, each value as `shown` makes it."""
    return {
        "env_vars": [{"name": name, "value": shown(value)} for name, value in secret.env_vars.items()],
        "files": [{"path": path, "content": shown(text)} for path, text in secret.files.items()],
    }


def gateway_data(secret: SecretRecord, *, exposed: bool) -> dict[str, Any]:
    """The content as the gateway sends it: values only where they are exposed."""
    return data_of(secret, lambda text: text if exposed else "")


def digest(text: str) -> str:
    """What v2 sends instead of a value."""
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()


def gateway_times(secret: SecretRecord) -> dict[str, str]:
    """64-bit numbers are strings in protobuf's JSON."""
    return {
        "create_time": str(secret.created_at),
        "update_time": str(secret.updated_at),
        "checkout_at": str(secret.used_at),
    }


def cursor_page(
    found: Iterable[SecretRecord], key: Callable[[SecretRecord], str], token: str, size: int
) -> tuple[list[SecretRecord], str]:
    """The page after a token, and the token of the next page or ""."""
    ordered = sorted(found, key=lambda secret: (key(secret), secret.id))
    if token:
        try:
            after = tuple(json.loads(base64.urlsafe_b64decode(token)))
        except ValueError:
            raise gateway_refusal(UNKNOWN, "Internal Server Error") from None
        ordered = [secret for secret in ordered if (key(secret), secret.id) > after]
    shown = ordered[:size]
    if len(ordered) <= size:
        return shown, ""
    last = json.dumps([key(shown[-1]), shown[-1].id])
    return shown, base64.urlsafe_b64encode(last.encode()).decode()


# Access policies


def read_policy(config: dict[str, Any]) -> AccessPolicy:
    """The policy in a message; what is not given is open."""
    access = config.get("projects_access", "ALL")
    debug, attach = config.get("debug_access", "JOB_DEBUG_YES"), config.get("attach_access", "JOB_ATTACH_YES")
    if (
        access not in ("ALL", "ALLOWED", "NONE")
        or debug not in ("JOB_DEBUG_YES", "JOB_DEBUG_NO")
        or attach not in ("JOB_ATTACH_YES", "JOB_ATTACH_NO")
    ):
        raise gateway_refusal(INVALID_ARGUMENT, "proto: syntax error (line 1:1): invalid value for enum type")
    project_ids = [] if access == "NONE" else list(config.get("project_ids") or [])
    return AccessPolicy(access == "ALL", project_ids, debug.endswith("YES"), attach.endswith("YES"))


def projects_access(policy: AccessPolicy | None) -> str:
    """Which projects' jobs may use a secret with this policy: a list of none reads as NONE."""
    if policy is None or policy.all_projects:
        return "ALL"
    return "ALLOWED" if policy.project_ids else "NONE"


def gateway_policy(policy: AccessPolicy | None) -> dict[str, Any]:
    """The policy as a message; without one, everything is open."""
    return {
        "projects_access": projects_access(policy),
        "project_ids": list(policy.project_ids) if policy else [],
        "debug_access": "JOB_DEBUG_NO" if policy and not policy.debug else "JOB_DEBUG_YES",
        "attach_access": "JOB_ATTACH_NO" if policy and not policy.attach else "JOB_ATTACH_YES",
    }
