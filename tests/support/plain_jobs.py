"""What the tests of line mode share: the numbers of the main menu, a token that is known, and what was sent."""

from __future__ import annotations

from semtui.demo.server import DemoServer
from tests.conftest import writes

SECRET = "Tok3n-for_the-tests9"
CREATE, CREATE_GROUP, INVITE, EXPORT, RELOAD, AUDIT, CHANGES, SAVED = "7", "8", "9", "10", "11", "13", "14", "15"
KEEP_HERE = ""


def account_id(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None, f"there is no {name}"
    return account.id


def posts(server: DemoServer) -> list[str]:
    return [path for method, path, _ in writes(server) if method == "POST"]
