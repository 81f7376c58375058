"""However semtui ends, the token that reached it is kept, nothing tells it, and the terminal is given back."""

from __future__ import annotations

import re
import signal
import stat
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.terminal import (
    CTRL_Q,
    ENTER,
    RIGHT,
    SEMTUI,
    TAB,
    Terminal,
    clean_environment,
    foreign,
    token_files,
)
from tests.terminal.test_suspending import switched_on

Maker = Literal["create", "regenerate"]
Ending = Literal["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "hang-up", "crash", "quit", "SIGKILL"]
Moment = Literal["in flight", "masked", "shown"]

CANARY = "Canary-that-no-crash-may-tell"
PLACES = {
    "message": "SemtuiApp.on_mount = lambda self: fault(self)",
    "compose": "PeopleScreen.compose = lambda self: fault(self)",
    "worker": "PeopleContent.load = fault_later",
    "timer": "SemtuiApp.on_mount = lambda self: self.set_timer(0.1, fault)",
    "thread of the session": "SemaphoreClient.list_members = fault_later",
    "while drawing": "PeopleContent.cells = lambda self, row: fault(self)",
    "reading an answer": "semtui.api.readers.ModelReader.read_list = fault",
    "thread of the keyboard": "TerminalInput.tick = fault",
    "thread that writes to the screen": "TerminalWriter._write = fault_unless_leaving",
    "any thread": "SemtuiApp.on_mount = lambda self: threading.Thread(target=fault).start()",
    "a task nobody awaits": "SemtuiApp.on_mount = lambda self: forgotten(fault_later())",
    "a callback of the loop": "SemtuiApp.on_mount = lambda self: asyncio.get_running_loop().call_soon(fault)",
    "a callback of the session's loop": "SemaphoreClient.prepare_to_read = fault",
    "a style that draws itself": f"SemtuiApp.on_mount = lambda self: setattr(self.styles, 'width', {CANARY!r})",
    "leaving": "DiffingDriver.stop_application_mode = left; SemtuiApp.on_mount = leave_soon",
    "before the screen": "semtui.cli.launch._run_screen = fault",
    "after the screen": "SemtuiApp.run = lambda self, **_: fault()",
    "several at once": "SemtuiApp.on_mount = several",
    "the screen ends by itself": "SemtuiApp.on_mount = lambda self: self._close_messages_no_wait()",
}
OTHER_KINDS = {"a style that draws itself": "StyleValueError"}
NOT_IN_FAULT = {*OTHER_KINDS, "the screen ends by itself"}
STRIKING = """
import asyncio
import sys
import threading
import semtui.api.readers
import semtui.cli.launch
from semtui.tui.app import SemtuiApp
from semtui.api.client import SemaphoreClient
from semtui.tui.terminal.driver import TerminalWriter, DiffingDriver
from semtui.tui.content.people import PeopleContent
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.terminal.terminal_input import TerminalInput
def fault(*_):
    secret = {canary!r}
    raise RuntimeError(secret)
async def fault_later(*_, **__):
    fault()
def fault_unless_leaving(self, data, write=TerminalWriter._write):
    if b"1049" not in data:
        fault()
    return write(self, data)
def forgotten(coroutine):
    asyncio.get_running_loop().create_task(coroutine)
def left(self, leave=DiffingDriver.stop_application_mode):
    leave(self)
    fault()
def leave_soon(self):
    self.set_timer(0.3, self.exit)
async def several(self):
    async with asyncio.TaskGroup() as group:
        group.create_task(fault_later())
        group.create_task(fault_later())
{place}
from semtui.__main__ import main
sys.exit(main(["--debug"]))
"""
"""A fault of our own in one place or another, with a secret in its words and its variables."""

# A fault of our own, struck from outside: it goes through Textual's own way of ending a program that crashed.
CRASHING = f"""
import asyncio, signal, sys
from semtui.tui.app import SemtuiApp
mounted = SemtuiApp.on_mount
def fault():
    secret = {CANARY!r}
    raise RuntimeError(secret)
def on_mount(self):
    mounted(self)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.call_later, fault)
SemtuiApp.on_mount = on_mount
from semtui.__main__ import main
sys.exit(main([]))
"""

ENDINGS: tuple[Ending, ...] = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "hang-up", "crash", "quit", "SIGKILL")
MOMENTS: tuple[Moment, ...] = ("in flight", "masked", "shown")
MAKERS: tuple[Maker, ...] = ("create", "regenerate")
STATUS = {
    "SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "SIGQUIT": 131, "hang-up": 129, "crash": 1, "quit": 0, "SIGKILL": -9,
}  # fmt: skip
CELLS = [(maker, ending, moment) for maker in MAKERS for ending in ENDINGS for moment in MOMENTS]


def in_every_run(maker: Maker, ending: Ending, moment: Moment) -> bool:
    """One cell per ending, the hardest moment for most; the rest takes minutes."""
    return (maker == "regenerate") == (ending in ("SIGTERM", "hang-up", "crash", "SIGKILL")) and moment == (
        "shown" if ending in ("SIGINT", "quit") else "in flight"
    )


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(group_delay=0) as running:
        yield running


def ask_for_token(terminal: Terminal, server: DemoServer, maker: Maker, moment: Moment) -> str:
    """Have a token made, up to the moment; the name of its account."""
    if moment == "in flight":
        path = "/service_accounts" + ("/*/regenerate_token" if maker == "regenerate" else "")
        server.inject(Fault("POST", path, "hold"))
    if maker == "create":
        name = "crew"
        terminal.press(f"c{name}{TAB}{TAB}m{TAB}{TAB}{ENTER}")
    else:
        name = "terraform"
        terminal.press(f"/{name}{ENTER}")
        terminal.wait_for(lambda: terminal.line_with("by kind").endswith(" 1/1"))
        terminal.press("T")
        terminal.wait_for("Keep the current token")
        terminal.press(RIGHT)
    if moment == "in flight":
        terminal.insist("" if maker == "create" else ENTER, lambda: server.held > 0)
        return name
    terminal.insist("" if maker == "create" else ENTER, f"The API token of {name}")
    if maker == "create":
        terminal.wait_for("Member, assigned")
    return name


def end(terminal: Terminal, server: DemoServer, ending: Ending) -> int:
    """End the program that way; a request that is held is answered only then. Its exit status."""
    if ending == "hang-up":
        terminal.hang_up()
    elif ending == "quit":
        terminal.press(CTRL_Q)
        terminal.insist(CTRL_Q, lambda: b"\x1b[?1049l" in terminal.output)
    else:
        terminal.signal(signal.SIGUSR1 if ending == "crash" else signal.Signals[ending])
    if ending == "crash":
        terminal.wait_for(lambda: b"semtui crashed" in terminal.output)
    server.release()
    return terminal.wait_for_exit()


def files_with(secret: str, directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("maker", "ending", "moment"),
    [
        pytest.param(*cell, marks=() if in_every_run(*cell) else pytest.mark.whole, id="-".join(cell).replace(" ", "-"))
        for cell in CELLS
    ],
)
def test_the_token_outlives_the_program(
    server: DemoServer, tmp_path: Path, maker: Maker, ending: Ending, moment: Moment
) -> None:
    owner = server.tokens["owner"]
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner)
    with Terminal([sys.executable, "-c", CRASHING], environment) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        name = ask_for_token(terminal, server, maker, moment)
        if moment == "shown":
            terminal.insist("v", "Hidden again in")
        status = end(terminal, server, ending)
        account = server.organization.service_account_named(name)
        assert account is not None
        token = server.organization.token_of(account.id)
        assert token is not None

        assert status == STATUS[ending]
        if ending == "SIGKILL":
            # What is in memory only is gone; that it was asked for is not.
            assert files_with(token, tmp_path) == []
            (record,) = token_files(tmp_path)
            assert record.name.startswith("unfinished-")
            assert name in record.read_text()
        else:
            (rescued,) = token_files(tmp_path)
            assert rescued.read_text() == f"{token}\n"
            assert files_with(token, tmp_path) == [rescued]
            assert stat.S_IMODE(rescued.stat().st_mode) == 0o600
            if ending != "hang-up":
                assert str(rescued) in terminal.output.decode().replace("\r\n", "")
        assert files_with(owner, tmp_path) == []
        assert owner.encode() not in terminal.output
        assert CANARY.encode() not in terminal.output
        assert (token.encode() in terminal.output) == (moment == "shown")
        assert foreign(terminal.output) == []
        posts = [request for request in server.requests if request.method == "POST" and b"{}" not in request.body]
        made = [request for request in posts if request.path.endswith(("/service_accounts", "/regenerate_token"))]
        assert len(made) == 1
        if ending in ("SIGTERM", "SIGINT", "SIGQUIT", "crash", "quit"):
            local_modes = terminal.modes[3]
            assert isinstance(local_modes, int)
            assert local_modes & termios.ICANON
            assert local_modes & termios.ECHO
            for mode in (b"1000", b"1003", b"1004", b"1006", b"1015", b"1049", b"2004", b"2048"):
                assert re.findall(rb"\x1b\[\?" + mode + rb"([hl])", terminal.output)[-1] == b"l"
            # The keyboards lie on a stack.
            assert terminal.output.count(b"\x1b[<u") == len(re.findall(rb"\x1b\[>[0-9]+u", terminal.output))
            # tmux keeps lines of a screen that was enlarged, unless they are cleared before it is left.
            assert re.search(rb"\x1b\[2J[^A-Z]*\x1b\[\?1049l", terminal.output)
            assert re.findall(rb"\x1b\[\?25([hl])", terminal.output)[-1] == b"h"


@pytest.mark.parametrize(
    "numbers",
    [
        [signal.SIGTERM] * 2,
        [signal.SIGTERM] * 40,
        [signal.SIGTERM, signal.SIGHUP, signal.SIGCONT],
        [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGINT],
    ],
    ids=["twice", "in a hail", "as a manager of services does", "by everything there is"],
)
def test_signals_while_the_first_is_obeyed_change_nothing(
    server: DemoServer, tmp_path: Path, numbers: list[signal.Signals]
) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        ask_for_token(terminal, server, "regenerate", "in flight")
        for number in numbers:
            terminal.signal(number)
        # The terminal is given back at once, and told why the program is still there: it may be killed next.
        terminal.wait_for("waiting for the end of a request that is still under way")
        assert switched_on(terminal.output) == set()
        assert terminal.modes == terminal.modes_before
        for number in numbers:
            terminal.signal(number)
        server.release()
        # Of signals that come together, the system chooses which is first.
        assert terminal.wait_for_end() - 128 in numbers
        assert switched_on(terminal.output) == set()
        assert terminal.modes == terminal.modes_before
        assert terminal.output.count(b"\x1b[?1049l") == 1
        (rescued,) = token_files(tmp_path)
        assert terminal.output.decode().replace("\r\n", "").count(str(rescued)) == 1


def test_what_is_held_is_on_disk_and_told_though_a_request_hangs_and_the_program_is_killed(
    server: DemoServer, tmp_path: Path
) -> None:
    """As when a computer shuts down: SIGTERM, and SIGKILL soon after."""
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for(lambda: re.search(r"Loaded \d+ rows\.", terminal.screen_text()) is not None)
        server.inject(Fault("PUT", "/members/*/role", "hold"))
        terminal.press(f"ccrew{TAB}{TAB}m{TAB}{TAB}{ENTER}")
        terminal.wait_for("The API token of crew")
        terminal.wait_for(lambda: server.held > 0)
        terminal.signal(signal.SIGTERM)
        terminal.wait_for("waiting for the end of a request that is still under way")
        account = server.organization.service_account_named("crew")
        assert account is not None
        (rescued,) = token_files(tmp_path)
        assert rescued.read_text() == f"{server.organization.token_of(account.id)}\n"
        terminal.kill()


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=() if "s" in place else pytest.mark.whole) for place in PLACES]
)
def test_a_fault_anywhere_tells_places_and_no_values(server: DemoServer, tmp_path: Path, place: str) -> None:
    owner = server.tokens["owner"]
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner)
    code = STRIKING.format(canary=CANARY, place=PLACES[place])
    with Terminal([sys.executable, "-c", code], environment, columns=200) as terminal:
        assert terminal.wait_for_end() == 1
        kind = OTHER_KINDS.get(place, "RuntimeError")
        assert terminal.output.count(f"semtui crashed ({kind})".encode()) == 1
        (log,) = (tmp_path / ".local/state/semtui").glob("debug-*.log")
        assert str(log) in terminal.output.decode().replace("\r\n", "")
        assert f"internal error: {kind}" in log.read_text()
        assert (" in fault\n" in log.read_text()) == (place not in NOT_IN_FAULT)
        assert str(tmp_path) not in log.read_text()
        for secret in (CANARY, owner):
            assert secret.encode() not in terminal.output
            assert files_with(secret, tmp_path) == []
