"""What of a row can be copied: its name, its id, a line about it, JSON, and commands that read it. Never a token."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.wording.styled_text import Piece, Target

_PATHS: Mapping[str, str] = {"account": "service_accounts/{}", "role": "roles/{}", "project": "projects/{}"}
"""Where the API shows one of a kind; people and groups are only in lists (`API.md#members`, `API.md#groups`)."""
_LISTS: Mapping[str, str] = {"person": "members?member_type=user", "group": "groups"}
_SEM_AI: Mapping[str, str] = {
    "account": "sem-ai service-account show {id}",
    "person": "sem-ai org member list",
    "group": "sem-ai group list",
    "role": "sem-ai org role show {id}",
    "project": "sem-ai project show {name}",
}


def copies(
    kind: str, target: Target, name: str, line: Sequence[Piece], record: Mapping[str, Any], base_url: str
) -> list[tuple[str, str]]:
    """What each copy is called, and its text. `kind` is person, account, group, role or project; `line` tells of the
    row, `record` is the row as an export writes it."""
    row_id = target[1]
    found = [
        ("name", name),
        ("id", row_id),
        ("one line", "".join(text for text, _ in line)),
        ("JSON, as an export writes it", json.dumps(record, indent=2)),
        ("curl command that reads it", _curl(kind, row_id, base_url)),
    ]
    command = _SEM_AI[kind].format(id=shlex.quote(row_id), name=shlex.quote(name))
    return [*found, ("sem-ai command that reads it", command)]


def _curl(kind: str, row_id: str, base_url: str) -> str:
    """The token stays in a variable: what is pasted ends up in the shell's history."""
    path = _PATHS[kind].format(row_id) if kind in _PATHS else _LISTS[kind]
    url = shlex.quote(f"{base_url}/api/v1alpha/{path}")
    return f'curl -H "Authorization: Token $SEMAPHORE_API_TOKEN" {url}'
