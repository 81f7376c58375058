"""A log that can be sent to a stranger."""

from __future__ import annotations

import stat
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NotSentError, SemaphoreError
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.system.debug_log import DebugLog, shown_path
from tests.conftest import QUICK

pytestmark = pytest.mark.anyio
NAME, DESCRIPTION = "payroll-of-acme", "knows what everybody earns"


async def test_it_tells_what_was_asked_and_how_it_ended_and_nothing_else(server: DemoServer, tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path), "TERM": "xterm-256color"}
    log = DebugLog(environ, tmp_path)
    client = SemaphoreClient(server.address, server.tokens["owner"], host="acme.example.com", limits=QUICK, log=log)
    token = await client.create_service_account(NAME, DESCRIPTION)
    await client.list_members("user")
    for fault in (Fault("PATCH", kind="drop_after"), Fault("PATCH", status=500, body=f"no {NAME}")):
        server.inject(fault)
        with pytest.raises(SemaphoreError):
            await client.update_service_account(token.account_id, name=f"{NAME}2")
    server.stop()
    with pytest.raises(NotSentError):
        await client.regenerate_token(token.account_id, NAME)
    await client.aclose()
    log.close()
    text = log.path.read_text()
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert "#1 POST service_accounts\n" in text
    assert "#2 GET members?member_type=…&page_no=0&page_size=2000\n" in text
    assert "#3 GET members?member_type=…&page_no=1&page_size=2000\n" in text
    assert f"#4 PATCH service_accounts/{token.account_id[:8]}…\n" in text
    assert "#4 status 0, 0 bytes, the connection was cut" in text
    assert "#5 status 500" in text
    assert "#6 not sent" in text
    for secret in (
        NAME,
        DESCRIPTION,
        token.secret.get_secret_value(),
        server.tokens["owner"],
        "acme",
        "127.0.0.1",
        "127_0_0_1",
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("path", "query", "shown"),
    [
        ("projects/secret-project/members", {}, "projects/…/members"),
        ("service_accounts/d86c1bb9-8f3f-4b9b-8a76-0123456789ab", {}, "service_accounts/d86c1bb9…"),
        ("members", {"page_no": "3", "name": "pam"}, "members?page_no=3&name=…"),
        ("members", {"page_size": "a-token"}, "members?page_size=…"),
    ],
)
def test_a_path_is_shown_without_what_others_have_written(path: str, query: dict[str, str], shown: str) -> None:
    assert shown_path(path, query) == shown


async def test_a_log_that_cannot_be_written_stops_alone_and_says_so(server: DemoServer, tmp_path: Path) -> None:
    log = DebugLog({"XDG_STATE_HOME": str(tmp_path)}, tmp_path)
    with open("/dev/full", "w", buffering=1) as full:  # noqa: ASYNC230 - opens at once
        log._file.close()
        log._file = full
        async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK, log=log)) as client:
            new = await client.create_service_account(NAME, DESCRIPTION)
            assert server.organization.token_holder(new.secret.get_secret_value()) == new.account_id
        with suppress(OSError):
            full.close()
    log.close()
    assert log.words.endswith("and not complete: it could not be written (No space left on device).")
