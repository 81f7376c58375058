"""However semtui ends while a token goes into a secret, the token is there, or the next start says where to look."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.terminal import ENTER, SEMTUI, TAB, Terminal, clean_environment, token_files

SECRETS = "/api/v1beta/secrets"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(group_delay=0) as running:
        yield running


def started(terminal: Terminal) -> None:
    terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_a_token_on_its_way_into_a_secret_is_not_lost(
    server: DemoServer, tmp_path: Path, ending: signal.Signals
) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        started(terminal)
        server.inject(Fault("POST", SECRETS, "hold"))
        terminal.press(f"ccrew{TAB}{TAB}m{TAB}secret:crew-token{TAB}")
        terminal.insist(ENTER, lambda: server.held > 0)
        terminal.signal(ending)
        if ending == signal.SIGTERM:
            terminal.wait_for("waiting for the end of a request that is still under way")
        server.release()
        terminal.wait_for_end()
        account = server.organization.service_account_named("crew")
        assert account is not None
        token = server.organization.token_of(account.id)
        assert token is not None
        stored = server.organization.secret_store.named("crew-token")
        kept = token_files(tmp_path)
        if ending == signal.SIGTERM:
            # Once it is known to be there, the file that was written meanwhile is gone.
            assert stored is not None
            assert stored.env_vars == {"SEMAPHORE_API_TOKEN": token}
            assert kept == []
        else:
            (record,) = kept
            assert record.name.startswith("unfinished-")
            assert token not in record.read_text()
        assert token.encode() not in terminal.output
    if ending == signal.SIGKILL:
        with Terminal([SEMTUI], environment, columns=160) as terminal:
            terminal.wait_for("Its token was going to the secret crew-token of the organization.")
            terminal.wait_for("crew-token of the organization took it at ")
