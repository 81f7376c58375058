"""The outcome and the token of a command, whatever strikes it: the status is what is true, no token is lost or told."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.support.commands import Run, account_id, shell
from tests.support.fault_proxy import Strike, Truth, Wire
from tests.support.faults import TROUBLES, Trouble
from tests.support.terminal import SEMTUI, Terminal, clean_environment

SURE = ("--yes", "--confirm", "terraform")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
STATUSES = {"done": 0, "partly": 5}
EVERY = 7
"""Without --whole every so-manieth fault strikes."""


@dataclass(frozen=True)
class Struck:
    """How a command ended whose request was struck."""

    status: int
    told: str
    sent: int
    """How often the request was sent."""
    arrived: bytes
    """What came back of its answer."""


def struck(change: Run, server: DemoServer, trouble: Trouble, truth: Truth, path: str, *arguments: str) -> Struck:
    with Wire(server.address) as wire:
        wire.strike(Strike(trouble.play, WRITES, truth, path=path))
        ended = change(*arguments, on=server, address=f"http://127.0.0.1:{wire.port}")
        sent = sum(each.endswith(path.removeprefix("*")) for method, each in wire.requests if method in WRITES)
        return Struck(ended.status, ended.out + ended.err, sent, wire.sent)


def cells(whole: bool) -> list[tuple[Trouble, Truth]]:
    quick = [each for each in TROUBLES if not each.slow]
    every = [(each, truth) for each in quick for truth in each.truths]
    return every if whole else every[:: EVERY * 2 + 1]


def test_the_status_is_what_is_true(change: Run, server: DemoServer, whole: bool) -> None:
    ours = account_id(server, "terraform")
    for trouble, truth in cells(whole):
        server.organization.reactivate_service_account(ours)
        ended = struck(change, server, trouble, truth, "*/deactivate", "account", "deactivate", "terraform", *SURE)
        account = server.organization.service_account(ours)
        assert account is not None
        case = f"{trouble.name} / {truth}: {ended.told}"
        assert ended.sent == 1, case
        assert ended.status == (0 if account.deactivated else 1), case


@pytest.fixture
def ticking() -> Iterator[DemoServer]:
    """The demo organization, with a clock on which time passes with every look, so that each change shows."""
    with DemoServer(clock=count(REFERENCE_TIME, 10).__next__) as running:
        yield running


def test_a_token_that_arrived_is_where_it_was_sent(
    change: Run, ticking: DemoServer, tmp_path: Path, whole: bool
) -> None:
    server = ticking
    ours = account_id(server, "terraform")
    for number, (trouble, truth) in enumerate(cells(whole)):
        before = server.organization.token_of(ours)
        file = tmp_path / f"{number}.token"
        arguments = ("account", "regenerate", "terraform", *SURE, "--token-to", str(file))
        ended = struck(change, server, trouble, truth, "*/regenerate_token", *arguments)
        token = server.organization.token_of(ours)
        case = f"{trouble.name} / {truth}: {ended.told}"
        assert token is not None
        assert ended.sent == 1, case
        assert token not in ended.told, case
        if token.encode() + b'"' in ended.arrived:
            assert file.read_text().strip() == token, case
            assert ended.status in STATUSES.values(), case
        else:
            assert not file.exists(), case
            # What was replaced and did not arrive is half done.
            assert ended.status == (1 if token == before else 5), case
        for record in (tmp_path / ".local/state/semtui").glob("*.json"):
            # An earlier request of this account keeps the next one waiting.
            record.unlink()


# Ended from outside


def access(server: DemoServer) -> dict[str, str]:
    return {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": server.tokens["owner"]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_a_signal_while_a_token_is_on_its_way_saves_it(
    server: DemoServer, tmp_path: Path, number: signal.Signals
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    command = [SEMTUI, "account", "regenerate", "terraform", *SURE, "--token-to", "-"]
    running = subprocess.Popen(
        command,
        env=clean_environment(tmp_path, **access(server)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.wait_until_held()
    running.send_signal(number)
    server.release()
    out, err = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert "Traceback" not in err
    token = server.organization.token_of(account_id(server, "terraform"))
    saved = list(tmp_path.rglob("*.token"))
    # It may still arrive where it was to go, and is nowhere else then.
    assert [path.read_text().strip() for path in saved] + out.split() == [token]
    assert all(f"an API token that was not stored was saved to {path}" in err for path in saved)
    assert "`semtui journal` tells what was sent and how it ended." in err


def test_the_next_command_finds_out_what_became_of_a_request_that_was_cut_off(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    command = [SEMTUI, "account", "regenerate", "terraform", *SURE, "--token-to", "-"]
    environment = clean_environment(tmp_path, **access(server))
    running = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert server.wait_until_held()
    running.kill()
    running.wait()
    server.release()
    ended = change("account", "create", "night-bot", "--role", "Member", "--token-to", str(tmp_path / "t"))
    assert ended.status == 0, ended.err
    assert "It is not known how this ended: regenerating the token of terraform" in ended.err
    assert "terraform was" in ended.err or "The token of terraform was not replaced" in ended.err
    again = change("account", "create", "day-bot", "--role", "Member", "--token-to", str(tmp_path / "u"))
    assert "It is not known how this ended" not in again.err


@pytest.mark.usefixtures("_unwritable_state")
def test_another_place_for_what_is_not_stored_is_taken_without_asking_twice(
    change: Run, server: DemoServer, tmp_path: Path
) -> None:
    ended = change("account", "create", "night-bot", "--role", "Member", "--token-to", "| cat >/dev/null; exit 3")
    assert ended.status == 5, ended.err
    (path,) = tmp_path.rglob("*.token")
    assert path.read_text().strip() == server.organization.token_of(account_id(server, "night-bot"))
    assert str(path) in ended.err


@pytest.fixture
def _unwritable_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no directory")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))


def test_a_reader_that_does_not_read_costs_no_token(server: DemoServer, tmp_path: Path) -> None:
    command = "$SEMTUI account create night-bot --role Member --token-to - | true; echo ${PIPESTATUS[0]}"
    done = shell(tmp_path, command, **access(server))
    assert done.stdout.decode() == "5\n"
    (path,) = tmp_path.rglob("*.token")
    assert path.read_text().strip() == server.organization.token_of(account_id(server, "night-bot"))
    assert "Standard output cannot be written: Broken pipe." in done.stderr.decode()
    assert str(path) in done.stderr.decode()


def test_a_terminal_is_shown_a_token_only_when_that_is_asked_for(server: DemoServer, tmp_path: Path) -> None:
    create = [SEMTUI, "account", "create", "night-bot", "--role", "Member", "--token-to", "-"]
    environment = clean_environment(tmp_path, **access(server))
    with Terminal(create, environment) as terminal:
        assert terminal.wait_for_end() == 2
    assert b"Standard output is a terminal, where the token would stay readable." in terminal.output
    assert server.organization.service_account_named("night-bot") is None
    with Terminal([*create, "--show"], environment) as terminal:
        assert terminal.wait_for_end() == 0
    token = server.organization.token_of(account_id(server, "night-bot"))
    assert token is not None
    assert token.encode() in terminal.output
