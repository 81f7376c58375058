"""The installed program in a real terminal, against the demo organization on a real port."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from semtui.demo.server import DemoServer
from tests.support.terminal import (
    CLEAR,
    CTRL_Q,
    ENTER,
    ESCAPE,
    RIGHT,
    SEMTUI,
    TAB,
    Terminal,
    clean_environment,
    foreign,
    token_files,
)

TOKEN = re.compile(r"[A-Za-z0-9_-]{20}")
ENTERED_ALTERNATE_SCREEN, LEFT_ALTERNATE_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
CURSOR = b"25"


@dataclass(frozen=True)
class Demo:
    """`python -m semtui.demo`, running."""

    address: str
    token: str = field(repr=False)

    def status(self, token: str) -> int:
        """What a plain call with this token is answered."""
        return self._call("GET", "projects", token).status_code

    def create(self, name: str, description: str = "") -> str:
        """Make a service account with plain HTTP; its token."""
        answer = self._call("POST", "service_accounts", self.token, {"name": name, "description": description})
        token: str = answer.raise_for_status().json()["api_token"]
        return token

    def accounts(self) -> dict[str, str]:
        """Every service account's description, by name."""
        answer = self._call("GET", "service_accounts?page_size=100", self.token).raise_for_status()
        return {account["name"]: account["description"] for account in answer.json()["service_accounts"]}

    def _call(self, method: str, path: str, token: str, body: dict[str, str] | None = None) -> httpx.Response:
        headers = {"Authorization": f"Token {token}"}
        with httpx.Client(trust_env=False) as client:
            return client.request(method, f"{self.address}/api/v1alpha/{path}", headers=headers, json=body)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    command = [sys.executable, "-m", "semtui.demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = None
        while ready is None:
            line = process.stdout.readline()
            assert line, "the demo ended before it told its address"
            ready = re.search(r"SEMAPHORE_HOST=(\S+) SEMAPHORE_API_TOKEN=(\S+)", line)
        yield Demo(ready[1], ready[2])
        process.terminate()


@contextmanager
def semtui(demo: Demo, home: Path, columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """semtui open on the demo organization, loaded. Its own token must never reach the terminal."""
    environment = clean_environment(home, SEMAPHORE_HOST=demo.address, SEMAPHORE_API_TOKEN=demo.token)
    with Terminal([SEMTUI], environment, columns=columns, rows=rows) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        yield terminal
        assert demo.token.encode() not in terminal.output
        assert foreign(terminal.output) == []


def create_account(terminal: Terminal, name: str, description: str = "") -> None:
    """Fill in the form as a person does, with the role Member, and wait for the token's dialog."""
    terminal.press(f"c{name}")
    terminal.wait_for(lambda: name in terminal.line_with("Name  "))
    terminal.press(TAB + description)
    terminal.wait_for(f"{len(description)} / 500")
    terminal.press(f"{TAB}m")
    terminal.wait_for("(•) Member")
    terminal.press(f"{TAB}{TAB}{ENTER}")
    terminal.wait_for(f"The API token of {name}")
    terminal.wait_for("Member, assigned")


def find(terminal: Terminal, name: str) -> None:
    """Search for a row and stand on it."""
    terminal.press(f"/{name}{ENTER}")
    terminal.wait_for(lambda: terminal.line_with("by kind").endswith(" 1/1"))
    terminal.wait_for(lambda: terminal.line_with("▌").startswith(f"▌ {name}"))


def shown_token(terminal: Terminal) -> str:
    """Have the token shown, and read it off the screen."""
    terminal.wait_for("•" * 20)
    before = len(terminal.output)
    terminal.press("v")
    terminal.wait_for(lambda: "•" * 20 not in terminal.screen_text())
    words = [word for word in terminal.screen_text().split() if TOKEN.fullmatch(word)]
    assert len(words) == 1, terminal.screen_text()
    assert words[0].encode() not in terminal.output[:before]
    return words[0]


def private_content(path: Path) -> str:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return path.read_text()


def last_switch(output: bytes, private_mode: bytes) -> bytes:
    """`h` when the program switched this mode on last, `l` when off."""
    switches: list[bytes] = re.findall(rb"\x1b\[\?" + private_mode + rb"([hl])", output)
    return switches[-1]


# An account's life


def test_a_new_accounts_token_can_be_read_used_and_written_to_a_file(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "nightly-bot", "runs at night")
        token = shown_token(terminal)
        assert demo.status(token) == 200
        terminal.press("w")
        terminal.wait_for("nightly-bot.token")
        terminal.press(ENTER)
        terminal.wait_for("mode 0600")
        assert private_content(tmp_path / "nightly-bot.token") == f"{token}\n"
        terminal.press(ENTER)
        terminal.wait_for("Created nightly-bot. Its token was saved to")
        terminal.wait_for(lambda: terminal.line_with("▌").startswith("▌ nightly-bot"))
        row = terminal.line_with("▌").strip("▌").split()
        assert row[1:5] == ["account", "Member", "●", "active"]
        assert token not in terminal.screen_text()
    assert demo.accounts()["nightly-bot"] == "runs at night"


def test_an_edited_account_shows_its_new_name_and_description(demo: Demo, tmp_path: Path) -> None:
    demo.create("misnamed", "before")
    with semtui(demo, tmp_path, columns=160) as terminal:
        find(terminal, "misnamed")
        terminal.press("e")
        terminal.press("renamed")
        terminal.wait_for(lambda: "renamed" in terminal.line_with("Name  "))
        terminal.press(TAB + CLEAR)
        terminal.wait_for("0 / 500")
        terminal.press("after all")
        terminal.wait_for("9 / 500")
        terminal.wait_for("misnamed → renamed")
        terminal.press(f"{ENTER}{TAB}{ENTER}")
        terminal.wait_for("Saved renamed.")
        terminal.press(ESCAPE)
        terminal.wait_for("Filters cleared.")
        find(terminal, "renamed")
        terminal.wait_for(lambda: "after all" in terminal.line_with("description"))
        assert terminal.line_with(" misnamed ") == ""
    accounts = demo.accounts()
    assert "misnamed" not in accounts
    assert accounts["renamed"] == "after all"


def test_a_regenerated_token_takes_the_place_of_the_old_one(demo: Demo, tmp_path: Path) -> None:
    old = demo.create("rotated")
    with semtui(demo, tmp_path) as terminal:
        find(terminal, "rotated")
        terminal.press("T")
        terminal.wait_for("Keep the current token")
        terminal.press(RIGHT)
        terminal.insist(ENTER, "The API token of rotated")
        new = shown_token(terminal)
        assert new != old
        assert demo.status(new) == 200
        assert demo.status(old) == 401
        assert old.encode() not in terminal.output


def test_a_deleted_account_is_gone_with_its_token(demo: Demo, tmp_path: Path) -> None:
    token = demo.create("short-lived")
    assert demo.status(token) == 200
    with semtui(demo, tmp_path) as terminal:
        find(terminal, "short-lived")
        terminal.press("X")
        terminal.wait_for("Type its name")
        terminal.press("short")
        terminal.insist(ENTER, "That is not")
        assert demo.status(token) == 200
        terminal.press("-lived")
        terminal.wait_for("short-lived ")
        terminal.press(ENTER)
        terminal.wait_for("Deleted short-lived.")
        terminal.wait_for(lambda: "0/0" in terminal.line_with("by kind"))
    assert demo.status(token) == 401
    assert "short-lived" not in demo.accounts()


def test_what_is_typed_ahead_of_the_screen_lands_where_it_was_meant_to(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        terminal.press(f"cahead{TAB}of its time")
        terminal.wait_for("ahead")
        terminal.wait_for("of its time")
        assert terminal.line_with("Name  ").strip("▌│ ").split() == ["Name", "ahead"]
        assert "of its time" in terminal.line_with("Description  ")


# Tokens nobody stored


def test_a_token_nobody_stored_is_rescued_when_the_program_is_quit(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "forgotten")
        terminal.press(CTRL_Q)
        terminal.wait_for("not stored yet")
        terminal.press(CTRL_Q)
        assert terminal.wait_for_end() == 0
        rescued = token_files(tmp_path)
        assert len(rescued) == 1
        token = private_content(rescued[0]).removesuffix("\n")
        assert TOKEN.fullmatch(token)
        assert demo.status(token) == 200
        # Nobody pressed v.
        assert token.encode() not in terminal.output
        farewell = terminal.output.rpartition(LEFT_ALTERNATE_SCREEN)[2].decode()
        assert str(rescued[0]) in farewell
    assert stat.S_IMODE(rescued[0].parent.stat().st_mode) == 0o700


def test_a_token_written_to_a_file_is_not_rescued_again(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "remembered")
        terminal.press("w")
        terminal.wait_for("remembered.token")
        terminal.press(ENTER)
        terminal.wait_for("mode 0600")
        token = private_content(tmp_path / "remembered.token").strip()
        terminal.press(ENTER)
        terminal.wait_for("Its token was saved to")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert token.encode() not in terminal.output
    assert token_files(tmp_path) == []


def test_after_a_kill_the_next_start_says_what_was_unfinished(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "orphan")
        terminal.kill()
    (record,) = token_files(tmp_path)
    assert "orphan" in private_content(record)
    with semtui(demo, tmp_path) as terminal:
        terminal.wait_for("It is not known how this ended: creating orphan")
        terminal.wait_for("it is lost")
        terminal.wait_for(lambda: not record.exists())


# Beginning and end


def test_a_crash_would_leave_no_core_file(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        assert resource.prlimit(terminal.process_id, resource.RLIMIT_CORE)[0] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
def test_other_programs_of_the_same_user_cannot_read_its_memory() -> None:
    get_dumpable = 3  # PR_GET_DUMPABLE
    code = (
        "import ctypes\nfrom semtui.system.hardening import forbid_memory_dumps\nforbid_memory_dumps()\n"
        f"print(ctypes.CDLL(None).prctl({get_dumpable}, 0, 0, 0, 0))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "0\n"


def test_quitting_gives_the_terminal_back_as_it_was(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        assert ENTERED_ALTERNATE_SCREEN in terminal.output
        assert terminal.modes != terminal.modes_before
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.modes == terminal.modes_before
        for private_mode in (b"1000", b"1003", b"1004", b"1006", b"1049", b"2004"):
            assert last_switch(terminal.output, private_mode) == b"l"
        assert last_switch(terminal.output, CURSOR) == b"h"
        # Nothing is left on the normal screen: what follows is switches only.
        after = terminal.output.rpartition(LEFT_ALTERNATE_SCREEN)[2]
        assert re.fullmatch(rb"(?:\x1b\[[?<>][0-9;]*[a-z])*", after)


def test_with_nothing_listening_the_screen_says_so_and_offers_another_try(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = clean_environment(
        tmp_path, SEMAPHORE_HOST=f"http://127.0.0.1:{port}", SEMAPHORE_API_TOKEN="canary-token-0123456"
    )
    with Terminal([SEMTUI], environment) as terminal:
        for _ in range(2):
            terminal.wait_for("Nothing could be loaded")
            assert "The people and accounts could not be loaded." in terminal.screen_text()
            assert "it refused the connection" in terminal.screen_text()
            assert "r tries again" in terminal.screen_text()
            terminal.press("r")
            terminal.settle(2)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"canary" not in terminal.output


def test_once_something_listens_another_try_fills_the_screen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    demo = DemoServer(port=port)
    environment = clean_environment(
        tmp_path, SEMAPHORE_HOST=f"http://127.0.0.1:{port}", SEMAPHORE_API_TOKEN=demo.tokens["owner"]
    )
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Nothing could be loaded")
        with demo:
            terminal.press("r")
            terminal.wait_for("Loaded 37 rows.")
            assert "could not be loaded" not in terminal.screen_text()
            terminal.press("q")
            assert terminal.wait_for_end() == 0


def test_the_demo_needs_no_settings_and_says_that_it_is_one(tmp_path: Path) -> None:
    with Terminal([SEMTUI, "--demo"], clean_environment(tmp_path)) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.settle()
        lines = terminal.screen_text().splitlines()
        assert " DEMO " in lines[0]
        assert "All 37  2 People 16  3 Accounts 16  4 Groups" in lines[1]
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert list(tmp_path.iterdir()) == []


def test_settings_others_may_read_are_used_with_a_warning(demo: Demo, tmp_path: Path) -> None:
    settings = tmp_path / ".sem.yaml"
    settings.write_text(
        f"active-context: acme\ncontexts:\n  acme:\n    auth: {{token: {demo.token}}}\n    host: {demo.address}\n"
    )
    settings.chmod(0o640)
    with Terminal([SEMTUI], clean_environment(tmp_path), columns=160) as terminal:
        terminal.wait_for("Others on this computer may read the API tokens in")
        terminal.wait_for("Amara Okafor")
        terminal.wait_for("context acme")
        assert demo.token.encode() not in terminal.output


# Sizes


def test_the_windows_own_size_counts_and_not_what_was_exported(demo: Demo, tmp_path: Path) -> None:
    access = {"SEMAPHORE_HOST": demo.address, "SEMAPHORE_API_TOKEN": demo.token}
    environment = clean_environment(tmp_path, COLUMNS="132", LINES="50", **access)
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Loaded ")
        places = [tuple(map(int, place)) for place in re.findall(rb"\x1b\[([0-9]+);([0-9]+)H", terminal.output)]
        assert max(line for line, _ in places) == 24
        assert max(column for _, column in places) <= 80
        terminal.wait_for(lambda: "x menu" in terminal.screen_text().splitlines()[-2])
        terminal.resize(160, 50)
        terminal.wait_for("assigned directly")
        terminal.wait_for(lambda: "x menu" in terminal.screen_text().splitlines()[-2])


def test_where_the_terminal_has_no_size_the_exported_one_counts(demo: Demo, tmp_path: Path) -> None:
    access = {"SEMAPHORE_HOST": demo.address, "SEMAPHORE_API_TOKEN": demo.token}
    environment = clean_environment(tmp_path, COLUMNS="100", LINES="30", **access)
    with Terminal([SEMTUI], environment, columns=0, rows=0) as terminal:
        terminal.wait_for(lambda: "Loaded" in terminal.screen_text())
        lines = terminal.screen_text().splitlines()
        assert "Loaded" in lines[29]
        assert max(map(len, lines)) == 100


def test_a_size_the_terminal_reports_is_drawn_for_and_drawing_anew_looks_at_the_window(
    demo: Demo, tmp_path: Path
) -> None:
    with semtui(demo, tmp_path) as terminal:
        # A key drops what the last line says of loading.
        terminal.press("g")
        terminal.settle()
        before = terminal.screen_text()
        terminal.press("\x1b[48;12;70;1;1t")
        terminal.wait_for(lambda: "x menu" in terminal.screen_text().splitlines()[10])
        terminal.press("\x0c")
        terminal.wait_for(lambda: terminal.screen_text() == before)


def test_a_window_may_shrink_to_almost_nothing_and_grow_again(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        # A key drops what the last line says of loading.
        terminal.press("g")
        terminal.settle()
        wide = terminal.screen_text()
        terminal.resize(20, 5)
        terminal.wait_for(lambda: "KIND" not in terminal.screen_text() and "Amara" in terminal.screen_text())
        assert all(len(line) <= 20 for line in terminal.screen_text().splitlines())
        terminal.press("j")
        terminal.wait_for("Desmond")
        terminal.press("k")
        terminal.resize(80, 24)
        terminal.wait_for(lambda: terminal.screen_text() == wide)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_shown_token_survives_resizing(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "resized")
        token = shown_token(terminal)
        terminal.resize(20, 5)
        terminal.wait_for("╰──────────────────╯")
        terminal.resize(80, 24)
        terminal.wait_for(token)
        terminal.wait_for("The API token of resized")
        assert demo.status(token) == 200


def test_a_shown_token_survives_any_sizes(demo: Demo, tmp_path: Path, whole: bool) -> None:
    sizes = random.Random(8)
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, f"squeezed-{whole}")
        token = shown_token(terminal)
        for number in range(200 if whole else 40):
            columns, rows = (1, 1) if number % 20 == 0 else (sizes.randint(1, 200), sizes.randint(1, 60))
            terminal.resize(columns, rows)
            terminal.settle(0.02)
        terminal.resize(80, 24)
        terminal.wait_for(token)
        terminal.wait_for(f"The API token of squeezed-{whole}")


def test_stopping_gives_the_terminal_back_and_resuming_shows_no_token(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path) as terminal:
        create_account(terminal, "stopped")
        token = shown_token(terminal)
        terminal.signal(signal.SIGTSTP)
        terminal.wait_for(lambda: last_switch(terminal.output, b"1049") == b"l")
        terminal.wait_for(lambda: terminal.modes == terminal.modes_before)
        assert last_switch(terminal.output, CURSOR) == b"h"
        stopped_at = len(terminal.output)
        # Told to go on before it has stopped, it would stop for good.
        os.waitid(os.P_PID, terminal.process_id, os.WSTOPPED | os.WNOWAIT)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda: last_switch(terminal.output, b"1049") == b"h")
        terminal.wait_for("The API token of stopped")
        terminal.wait_for("•" * 20)
        assert token.encode() not in terminal.output[stopped_at:]
        assert token not in terminal.screen_text()


def test_a_large_window_shows_the_details_beside_the_rows(demo: Demo, tmp_path: Path) -> None:
    with semtui(demo, tmp_path, columns=160, rows=50) as terminal:
        find(terminal, "nightly-backup")
        terminal.wait_for("created by")
        for label in ("kind         service account", "id           ", "organization ", "assigned directly"):
            terminal.wait_for(label)
    with semtui(demo, tmp_path) as terminal:
        find(terminal, "nightly-backup")
        assert "kind         service account" not in terminal.screen_text()
