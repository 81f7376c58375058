"""`semtui --plain`, the installed program: on a terminal that can do nothing, over pipes, and however it ends."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import status_with
from tests.support.line_mode import MAIN_MENU, dumb, run
from tests.support.terminal import SEMTUI, Terminal, foreign, token_files
from tests.terminal.test_strangers import ACTING, MARKUP

MENU = f"{MAIN_MENU}, or q leaves:"
TOKEN_MENU = "or 0 done:"
CANARY = "Canary-that-no-crash-may-tell"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(group_delay=0) as running:
        yield running


def answer(terminal: Terminal, *exchanges: tuple[str, str]) -> None:
    """Wait for the end of each question, then type the answer to it."""
    for question, typed in exchanges:
        terminal.wait_for(lambda question=question: said(terminal).endswith(question))  # type: ignore[misc]
        enter(terminal, typed)


def enter(terminal: Terminal, typed: str) -> None:
    """Type a line, and see it echoed."""
    before = len(terminal.output)
    terminal.press(f"{typed}\r")
    terminal.wait_for(lambda: len(terminal.output) > before)


def said(terminal: Terminal) -> str:
    """All it wrote, however it was wrapped."""
    return " ".join(terminal.output.decode().split())


def account_token(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None
    token = server.organization.token_of(account.id)
    assert token is not None
    return token


FIND = "Enter for 1 more, 0 back:"
CREATE = (
    (MENU, "7"),
    ("Enter goes back:", "night-bot"),
    ("Enter for none:", "runs at night"),
    ("or 0 leaves it:", "3"),
    ("Enter keeps it here:", ""),
    ("or 0 creates nothing:", "6"),
)


def test_the_five_flows_of_the_guide_pass_on_a_terminal_that_can_do_nothing(server: DemoServer, tmp_path: Path) -> None:
    server.organization.revocation_delay = 0
    first, second = tmp_path / "first", tmp_path / "second"
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        # Create, and take the token.
        answer(terminal, *CREATE, (TOKEN_MENU, "1"), ("Enter goes back:", str(first)))
        # Use.
        answer(terminal, (TOKEN_MENU, "4"), (TOKEN_MENU, "5"), (TOKEN_MENU, ""))
        assert "Semaphore accepts this token." in said(terminal)
        assert f'"{server.address}/api/v1alpha/projects"' in said(terminal)
        old = first.read_text().strip()
        assert status_with(old, server) == 200
        # Edit.
        answer(terminal, (MENU, "3"), ("0 back:", "night-bot"), ("0 all rows:", "1"), ("or 0 back:", "1"))
        answer(terminal, ("or 0 leaves it:", "1"), ("Enter keeps it:", "day-bot"), ("or 0 leaves it:", "4"))
        # Reset its token.
        answer(terminal, ("or 0 back:", "2"), ("Enter keeps it here:", str(second)))
        answer(terminal, ("Enter keeps the current one:", "regenerate"), (TOKEN_MENU, ""))
        assert status_with(old, server) == 401
        assert status_with(second.read_text().strip(), server) == 200
        # Delete.
        answer(terminal, ("or 0 back:", "4"), ("Enter keeps it:", "day-bot"))
        answer(terminal, ("0 all rows:", "0"), ("0 back:", "0"), (MENU, "q"))
        assert terminal.wait_for_end() == 0
        assert b"\x1b" not in terminal.output
        assert foreign(terminal.output) == []
        assert terminal.output.isascii()
        for token in (old, second.read_text().strip(), server.tokens["owner"]):
            assert token.encode() not in terminal.output
    assert server.organization.service_account_named("day-bot") is None
    assert server.organization.service_account_named("night-bot") is None


@pytest.mark.parametrize(
    ("ahead", "question", "word"),
    [
        ("2\r\rregenerate\r", "Enter keeps the current one:", "regenerate"),
        ("2\r\rregenerate\rregenerate\rregen", "Enter keeps the current one:", "regenerate"),
        ("3\rdeactivate\r", "Enter cancels:", "deactivate"),
        ("4\rrenovate\r", "Enter keeps it:", "renovate"),
    ],
)
def test_what_is_typed_ahead_confirms_nothing_that_was_not_asked_yet(
    server: DemoServer, tmp_path: Path, ahead: str, question: str, word: str
) -> None:
    before = server.organization.service_account_named("renovate")
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        answer(terminal, (MENU, "3"), ("0 back:", "renovate"), ("0 all rows:", "1"))
        terminal.wait_for(lambda: said(terminal).endswith("or 0 back:"))
        server.requests.clear()
        terminal.press(ahead)
        terminal.wait_for(lambda: said(terminal).endswith(question))
        assert "What you typed ahead was dropped" in said(terminal)
        assert {request.method for request in server.requests} <= {"GET"}
        assert server.organization.service_account_named("renovate") == before
        answer(terminal, (question, word))
        terminal.wait_for(lambda: any(request.method != "GET" for request in server.requests))


def test_each_question_ends_with_a_cursor_behind_it(server: DemoServer, tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        terminal.wait_for(lambda: said(terminal).endswith(MENU))
        assert terminal.output.endswith(f"{MENU} ".encode())
        assert terminal.modes == terminal.modes_before
        assert max(len(line) for line in terminal.output.decode().splitlines()) <= 79


@pytest.mark.parametrize("columns", [40, 60, 80, 160])
def test_lines_break_between_words_in_any_window(server: DemoServer, tmp_path: Path, columns: int) -> None:
    name = "continuous-integration-for-everything-in-the-whole-world-and-some-more"
    server.organization.create_service_account(name, role="Member")
    environment = {**dumb(tmp_path, server), "COLUMNS": "132"}
    with Terminal([SEMTUI, "--plain"], environment, columns=columns, rows=60) as terminal:
        answer(terminal, (MENU, "3"), ("0 back:", "continuous"), ("0 all rows:", "1"), ("or 0 back:", "2"))
        terminal.wait_for(lambda: said(terminal).endswith("Enter keeps it here:"))
        lines = terminal.output.decode().splitlines()
        assert max(len(line.removesuffix("continuous")) for line in lines) <= columns
        whole = columns > len(name)
        assert any(line.strip(".") == name for line in lines) is whole
        assert any("whatever uses it is locked" in " ".join(lines[at : at + 2]) for at in range(len(lines)))


def test_a_script_drives_it_over_pipes(server: DemoServer, tmp_path: Path) -> None:
    file = tmp_path / "script.token"
    done = run(tmp_path, server, "7", "scripted", "", "3", str(file), "6", "0", "q")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"\x1b" not in done.stdout
    assert file.read_text().strip() == account_token(server, "scripted")
    assert account_token(server, "scripted").encode() not in done.stdout


def test_with_read_only_nothing_is_written(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, server, "7", "8", "9", "3", "ci-deployer", "1", "4", "q", options=("--read-only",))
    assert done.returncode == 0
    assert b"semtui was started with --read-only: nothing can be changed." in done.stdout
    assert {request.method for request in server.requests} == {"GET"}


def test_it_opens_the_demo_organization_by_itself(tmp_path: Path) -> None:
    done = subprocess.run(
        [SEMTUI, "--plain", "--demo"], env={"HOME": str(tmp_path)}, input=b"3\n\nq\n", capture_output=True, timeout=60
    )
    assert done.returncode == 0
    assert b"the demo organization: nothing real is touched" in done.stdout
    assert b"ci-deployer, role Member, active, token at least" in done.stdout


def test_another_organization_is_opened_with_its_own_token(server: DemoServer, tmp_path: Path) -> None:
    contexts = "".join(
        f"  {name}:\n    auth:\n      token: {server.tokens[who]}\n    host: {server.address}\n"
        for name, who in (("first", "owner"), ("second", "member"))
    )
    (tmp_path / ".sem.yaml").write_text(f"active-context: first\ncontexts:\n{contexts}")
    (tmp_path / ".sem.yaml").chmod(0o600)
    environment = {"HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8"}
    done = subprocess.run([SEMTUI, "--plain"], env=environment, input=b"12\n2\nq\n", capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"Loading the lists of") == 2
    holders = {request.holder_id for request in server.requests}
    assert len(holders) == 2


# However it ends


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_saves_a_token_nobody_stored(server: DemoServer, tmp_path: Path, ending: signal.Signals) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        answer(terminal, *CREATE)
        terminal.wait_for(lambda: said(terminal).endswith(TOKEN_MENU))
        terminal.signal(ending)
        assert terminal.wait_for_end() == 128 + ending
        (path,) = token_files(tmp_path)
        assert path.read_text().strip() == account_token(server, "night-bot")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert str(path) in said(terminal)
        assert b"\x1b" not in terminal.output
        assert account_token(server, "night-bot").encode() not in terminal.output


def test_over_pipes_a_signal_saves_the_token_and_tells_on_standard_error(server: DemoServer, tmp_path: Path) -> None:
    with subprocess.Popen(
        [SEMTUI, "--plain"],
        env=dumb(tmp_path, server),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(f"{typed}\n" for _, typed in CREATE).encode())
        process.stdin.flush()
        while b"6. Put it into a secret" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGTERM
    (path,) = token_files(tmp_path)
    assert path.read_text().strip() == account_token(server, "night-bot")
    assert f"an API token that was not stored was saved to {path} (mode 0600)." in told.decode()
    assert b"\x1b" not in told


def test_a_request_under_way_is_waited_for_and_its_token_saved(server: DemoServer, tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        answer(terminal, *CREATE[:-1])
        terminal.wait_for(lambda: said(terminal).endswith("or 0 creates nothing:"))
        server.inject(Fault("POST", "/service_accounts", "hold"))
        terminal.press("6\r")
        assert server.wait_until_held(timeout=30)
        terminal.signal(signal.SIGINT)
        server.release()
        assert terminal.wait_for_end() == 130
    (path,) = token_files(tmp_path)
    assert path.read_text().strip() == account_token(server, "night-bot")


def test_loading_is_ended_by_a_signal_at_once_and_without_a_word_of_a_fault(server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("GET", "/roles", "hold", times=None))
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        assert server.wait_until_held(timeout=30)
        terminal.signal(signal.SIGINT)
        assert terminal.wait_for_end() == 130
        assert "fault" not in said(terminal)


def test_the_end_of_input_saves_a_token_nobody_stored(server: DemoServer, tmp_path: Path) -> None:
    done = run(tmp_path, server, *(typed for _, typed in CREATE))
    assert done.returncode == 0
    (path,) = token_files(tmp_path)
    assert path.read_text().strip() == account_token(server, "night-bot")
    assert f"an API token that was not stored was saved to {path} (mode 0600)." in done.stderr.decode()


def test_ctrl_d_asks_while_a_token_is_not_stored(server: DemoServer, tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        answer(terminal, *CREATE)
        terminal.wait_for(lambda: said(terminal).endswith(TOKEN_MENU))
        terminal.press("\x04")
        answer(terminal, ("Enter stays:", ""), (TOKEN_MENU, "0"), ("Enter keeps it here:", "stored"), (MENU, "q"))
        assert terminal.wait_for_end() == 0
    assert token_files(tmp_path) == []


def test_a_terminal_that_is_taken_away_saves_the_token(server: DemoServer, tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--plain"], dumb(tmp_path, server)) as terminal:
        answer(terminal, *CREATE)
        terminal.wait_for(lambda: said(terminal).endswith(TOKEN_MENU))
        terminal.hang_up()
        terminal.wait_for_exit()
    (path,) = token_files(tmp_path)
    assert path.read_text().strip() == account_token(server, "night-bot")


def test_a_reader_that_stops_reading_ends_it_in_order(server: DemoServer, tmp_path: Path) -> None:
    lines = "".join(f"{typed}\n" for _, typed in CREATE)
    with subprocess.Popen(
        [SEMTUI, "--plain"],
        env=dumb(tmp_path, server),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        while MAIN_MENU.encode() not in process.stdout.readline():
            process.stdin.write(lines.encode()) if lines else None
            process.stdin.flush()
            lines = ""
        process.stdout.close()
        process.stdin.close()
        assert process.stderr is not None
        told = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert b"Traceback" not in told
    assert b"Exception" not in told


def test_a_crash_tells_places_and_no_values(server: DemoServer, tmp_path: Path) -> None:
    code = (
        "import sys\nimport semtui.plain.app as app\n"
        f"def crash(desk):\n    secret = {CANARY!r}\n    raise RuntimeError(secret)\n"
        "app.accounts.create_account = crash\nfrom semtui.__main__ import main\nsys.exit(main(['--plain']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=dumb(tmp_path, server), input=b"7\n", capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert b"semtui crashed (RuntimeError)" in done.stderr
    assert CANARY.encode() not in done.stdout + done.stderr


# Strangers


def test_whatever_strangers_call_themselves_it_is_said_and_not_done(server: DemoServer, tmp_path: Path) -> None:
    organization, attacks = server.organization, (*ACTING, *MARKUP)
    state = organization.state
    for number, attack in enumerate(attacks):
        account, _ = organization.create_service_account(f"evil-{number:03}", role="Member")
        state.service_accounts[account.id].name = f"{attack}no{number:03}"
        state.service_accounts[account.id].description = f"{number:03}{attack}"
    for number, person in enumerate(list(state.people.values())[1:]):
        state.subjects[person.id] = replace(state.subjects[person.id], name=f"{attacks[number]}{number}")
    number = attacks.index("\x1b]52;c;ZXZpbA==\x07")
    everything = ("1", *[""] * 8)
    one = ("3", f"no{number:03}", "1", "1", "0", "2", "", "", "3", "", "4", "", "0", "0", "0")
    server.inject(Fault("GET", "/groups", status=400, body=f'"No {attacks[0]}"', times=None))
    with Terminal([SEMTUI, "--plain"], {**dumb(tmp_path, server), "LANG": "C.UTF-8"}) as terminal:
        for line in (*everything, *one, "5", "0", "6", "0", "q"):
            terminal.wait_for(lambda: terminal.output.endswith(b": "))
            enter(terminal, line)
        assert terminal.wait_for_end() == 0
        assert foreign(terminal.output) == []
        assert b"\x1b" not in terminal.output
        assert re.search("␛]52;c;ZXZpbA==␇no\\d+".encode(), terminal.output)


def test_what_is_not_cleaned_where_it_enters_is_stopped_at_the_door(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom semtui.plain.console import Console\n"
        "Console(sys.stdin, sys.stdout).say('\\x1b[31mred\\x1b[0m\\x1b]0;title\\x07\\x9b6n\\rback\\udc80')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert done.stdout.decode() == "␛[31mred␛[0m␛]0;title␇\ufffd6n back\ufffd\n"
