"""What `y` copies of each kind of row."""

from __future__ import annotations

import json

import pytest

from semtui.wording.copies import copies

URL = "https://acme.semaphoreci.com"
API = f"{URL}/api/v1alpha"


@pytest.mark.parametrize(
    ("kind", "path", "command"),
    [
        ("person", "members?member_type=user", "sem-ai org member list"),
        ("account", "service_accounts/1d", "sem-ai service-account show 1d"),
        ("group", "groups", "sem-ai group list"),
        ("role", "roles/1d", "sem-ai org role show 1d"),
        ("project", "projects/1d", "sem-ai project show 'it'\"'\"'s; here'"),
    ],
)
def test_every_kind_of_row_has_its_copies_and_none_has_a_token(kind: str, path: str, command: str) -> None:
    name = "it's; here"
    found = dict(copies(kind, ("subject", "1d"), name, [(name, "strong"), (" · more", "plain")], {"id": "1d"}, URL))
    assert (found["name"], found["id"], found["one line"]) == (name, "1d", f"{name} · more")
    assert json.loads(found["JSON, as an export writes it"]) == {"id": "1d"}
    url = f"'{API}/{path}'" if "?" in path else f"{API}/{path}"
    assert found["curl command that reads it"] == f'curl -H "Authorization: Token $SEMAPHORE_API_TOKEN" {url}'
    assert found["sem-ai command that reads it"] == command
