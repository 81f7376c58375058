"""ctrl+z goes back to the shell and fg comes back; where there is no shell, that is said."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from semtui.demo.server import DemoServer
from semtui.system.terminal_owner import OnTerminal
from tests.support.line_mode import MAIN_MENU
from tests.support.terminal import (
    ENTER,
    SEMTUI,
    Terminal,
    clean_environment,
)
from tests.terminal.test_terminal import LEFT_ALTERNATE_SCREEN, last_switch

CTRL_Z = "\x1a"
MODES = (b"1000", b"1003", b"1004", b"1006", b"1015", b"1016", b"1049", b"2004", b"2048")
CLEAR_AND_LEAVE = re.compile(rb"\x1b\[2J.*\x1b\[\?1049l", re.DOTALL)


def switched_on(output: bytes) -> set[bytes]:
    """The modes the terminal is left in."""
    last: dict[bytes, bytes] = dict(re.findall(rb"\x1b\[\?([0-9]+)([hl])", output))
    return {mode for mode in MODES if last.get(mode) == b"h"} | ({b"kitty"} if keyboards(output) else set())


def keyboards(output: bytes) -> int:
    """How many keyboards lie on the terminal's stack of them."""
    return len(re.findall(rb"\x1b\[>[0-9]+u", output)) - output.count(b"\x1b[<u")


# The signal strikes while the terminal is being changed for the screen, and the interface is stuck there for good.
STRUCK_WHILE_ENTERING = """
import os, signal, sys, termios, threading
set_modes = termios.tcsetattr
def struck(descriptor, when, modes):
    set_modes(descriptor, when, modes)
    if not modes[3] & termios.ICANON:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait()
termios.tcsetattr = struck
from semtui.__main__ import main
sys.exit(main([]))
"""
# The signal strikes after it was seen that the program may resume, and the terminal has been given back before it does.
# What ends the program then waits a second for the screen to be entered all the same.
STRUCK_WHILE_RESUMING = """
import os, signal, sys, termios, threading
set_modes, foreground = termios.tcsetattr, os.tcgetpgrp
given_back, entered = threading.Event(), threading.Event()
def entering(descriptor, when, modes):
    set_modes(descriptor, when, modes)
    if given_back.is_set() and not modes[3] & termios.ICANON:
        entered.set()
def struck(descriptor):
    os.kill(os.getpid(), signal.SIGHUP)
    given_back.wait()
    return foreground(descriptor)
def watch(event, arguments):
    if event == "open" and arguments[0] == "/dev/tty" and not given_back.is_set():
        given_back.set()
        entered.wait(1)
termios.tcsetattr, os.tcgetpgrp = entering, struck
sys.addaudithook(watch)
from semtui.__main__ import main
sys.exit(main([]))
"""
# The signal strikes, and the terminal has been given back, before the screen is entered for the first time.
STRUCK_BEFORE_ENTERING = """
import asyncio, os, signal, sys, threading
run, given_back, never = asyncio.run, threading.Event(), threading.Event()
def struck(*arguments, **options):
    os.kill(os.getpid(), signal.SIGTERM)
    given_back.wait()
    return run(*arguments, **options)
def watch(event, arguments):
    if event == "open" and arguments[0] == "/dev/tty" and not given_back.is_set():
        given_back.set()
        never.wait(1)
asyncio.run = struck
sys.addaudithook(watch)
from semtui.__main__ import main
sys.exit(main([]))
"""
# After SIGUSR1, the next write to the terminal is struck while its queue is locked.
STRUCK_WHILE_WRITING = """
import os, queue, signal, sys, threading
armed, put = [], queue.Queue._put
def struck(self, item):
    put(self, item)
    if armed and isinstance(item, str) and threading.current_thread() is threading.main_thread():
        os.kill(os.getpid(), armed.pop())
queue.Queue._put = struck
signal.signal(signal.SIGUSR1, lambda *_: armed.append(signal.%s))
from semtui.__main__ import main
sys.exit(main([]))
"""


def stopped(terminal: Terminal) -> bool:
    """Whether the program is stopped now."""
    return bool(os.waitid(os.P_PID, terminal.process_id, os.WSTOPPED | os.WNOWAIT | os.WNOHANG))


@contextmanager
def shell(server: DemoServer, home: Path, *arguments: str) -> Iterator[Terminal]:
    """A shell with job control in which semtui runs, loaded."""
    owner = server.tokens["owner"]
    more = {"SEMAPHORE_HOST": server.address, "SEMAPHORE_API_TOKEN": owner, "PS1": "prompt> ", "ENV": ""}
    with Terminal(["/bin/sh", "-i"], clean_environment(home, **more), columns=100) as terminal:
        terminal.wait_for("prompt>")
        terminal.press(f"{' '.join([SEMTUI, *arguments])}{ENTER}")
        terminal.wait_for(MAIN_MENU if "--plain" in arguments else "Loaded 37 rows.")
        yield terminal


def wait_for_prompt(terminal: Terminal) -> None:
    """Wait until the screen has been left and the shell asks again."""
    terminal.wait_for(
        lambda: (
            last_switch(terminal.output, b"1049") == b"l"
            and b"prompt> " in terminal.output.rpartition(LEFT_ALTERNATE_SCREEN)[2]
        )
    )


def test_ctrl_z_goes_back_to_the_shell_and_fg_draws_the_whole_screen(server: DemoServer, tmp_path: Path) -> None:
    with shell(server, tmp_path) as terminal:
        terminal.settle()
        before = terminal.screen_text()
        for _ in range(2):
            written = len(terminal.output)
            terminal.press(CTRL_Z)
            wait_for_prompt(terminal)
            assert switched_on(terminal.output) == set()
            assert CLEAR_AND_LEAVE.search(terminal.output)
            terminal.press(f"stty -a; echo the 'shell' works{ENTER}")
            terminal.wait_for("the shell works")
            assert b" icanon" in terminal.output[written:]
            terminal.press(f"fg{ENTER}")
            terminal.wait_for(lambda: terminal.screen_text() == before)
        assert keyboards(terminal.output) == 1
        terminal.press("j")
        terminal.wait_for(lambda: "Desmond" in terminal.line_with("▌"))
        terminal.press("q")
        wait_for_prompt(terminal)
        assert switched_on(terminal.output) == set()
        terminal.press(f"echo ended with $?{ENTER}")
        terminal.wait_for("ended with 0")


def test_a_window_resized_meanwhile_is_drawn_in_its_new_size(server: DemoServer, tmp_path: Path) -> None:
    with shell(server, tmp_path) as terminal:
        terminal.press(CTRL_Z)
        wait_for_prompt(terminal)
        terminal.resize(160, 50)
        terminal.press(f"fg{ENTER}")
        terminal.wait_for(lambda: "assigned directly" in terminal.screen_text() and "loaded" in terminal.screen_text())


def test_what_was_stopped_without_being_told_is_whole_again_too(server: DemoServer, tmp_path: Path) -> None:
    """SIGSTOP cannot be heeded, and the shell changes the terminal meanwhile."""
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.settle()
        drawn = terminal.screen_text()
        for _ in range(2):
            terminal.signal(signal.SIGSTOP)
            os.waitid(os.P_PID, terminal.process_id, os.WSTOPPED | os.WNOWAIT)
            written = len(terminal.output)
            terminal.signal(signal.SIGCONT)
            terminal.wait_for(lambda: b"Amara" in terminal.output[written:])  # noqa: B023 - used before it changes
            terminal.settle()
            assert terminal.screen_text() == drawn
        assert keyboards(terminal.output) == 1
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert switched_on(terminal.output) == set()


def test_where_no_shell_would_take_over_ctrl_z_says_so(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment, columns=160) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.press(CTRL_Z)
        terminal.wait_for("ctrl+z stops nothing here")
        terminal.press("j")
        terminal.wait_for(lambda: "Desmond" in terminal.line_with("▌"))
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_in_line_mode_the_question_is_asked_again_after_fg(server: DemoServer, tmp_path: Path) -> None:
    with shell(server, tmp_path, "--plain") as terminal:
        terminal.press("half an answer")
        terminal.wait_for("half an answer")
        terminal.press(CTRL_Z)
        terminal.wait_for(lambda: terminal.screen_text().rstrip().endswith("prompt>"))
        asked = terminal.output.count(MAIN_MENU.encode())
        terminal.press(f"fg{ENTER}")
        terminal.wait_for(lambda: terminal.output.count(MAIN_MENU.encode()) == asked + 1)
        terminal.press(f"q{ENTER}echo ended with $?{ENTER}")
        terminal.wait_for("ended with 0")


def test_in_line_mode_ctrl_z_without_a_shell_says_so_and_asks_again(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI, "--plain"], environment) as terminal:
        terminal.wait_for(MAIN_MENU)
        terminal.press(CTRL_Z)
        terminal.wait_for("ctrl+z stops nothing here")
        terminal.wait_for(lambda: terminal.output.count(MAIN_MENU.encode()) == 2)
        terminal.press(f"q{ENTER}")
        assert terminal.wait_for_end() == 0


ASKING = """
import io, os, signal, sys
from semtui.plain.console import Console

class Interrupted(io.FileIO):
    "Sends ctrl+z's signal in the middle of whatever writes the question."

    def write(self, text):
        if b"Who" in bytes(text) and not hasattr(self, "sent"):
            self.sent = True
            signal.raise_signal(signal.SIGTSTP)
        return super().write(text)

output = io.TextIOWrapper(io.BufferedWriter(Interrupted(1, "w", closefd=False)), write_through=True)
console = Console(sys.stdin, output)
console.handle_suspension()
print("It said", console.ask("Who"))
"""


def test_in_line_mode_ctrl_z_amid_the_question_asks_it_again(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-c", ASKING], clean_environment(tmp_path)) as terminal:
        terminal.wait_for("ctrl+z stops nothing here")
        terminal.wait_for(lambda: terminal.output.count(b"Who:") == 2)
        terminal.press(f"ada{ENTER}")
        terminal.wait_for("It said ada")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_it_while_it_is_stopped_leaves_the_terminal_as_it_was(
    server: DemoServer, tmp_path: Path, number: signal.Signals
) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process_id, os.WSTOPPED | os.WNOWAIT)
        terminal.signal(number)
        terminal.signal(signal.SIGCONT)
        assert terminal.wait_for_end() == 128 + number
        assert switched_on(terminal.output) == set()
        assert terminal.modes == terminal.modes_before


def test_a_signal_amid_entering_the_screen_undoes_what_has_reached_the_terminal_and_no_more(
    server: DemoServer, tmp_path: Path
) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([sys.executable, "-c", STRUCK_WHILE_ENTERING], environment) as terminal:
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert switched_on(terminal.output) == set()
        assert terminal.modes == terminal.modes_before


def test_a_signal_before_the_screen_leaves_the_terminal_alone(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([sys.executable, "-c", STRUCK_BEFORE_ENTERING], environment) as terminal:
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert terminal.output == b""
        assert terminal.modes == terminal.modes_before


def test_a_signal_amid_resuming_leaves_the_terminal_to_the_shell(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([sys.executable, "-c", STRUCK_WHILE_RESUMING], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process_id, os.WSTOPPED | os.WNOWAIT)
        terminal.signal(signal.SIGCONT)
        assert terminal.wait_for_end() == 128 + signal.SIGHUP
        assert switched_on(terminal.output) == set()
        assert terminal.modes == terminal.modes_before


def test_ctrl_z_amid_a_write_stops_and_comes_back(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([sys.executable, "-c", STRUCK_WHILE_WRITING % "SIGTSTP"], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        for name in ("Desmond", "Henrik"):
            terminal.signal(signal.SIGUSR1)
            terminal.settle()
            terminal.press("j")
            terminal.wait_for(lambda: stopped(terminal), timeout=10)
            assert switched_on(terminal.output) == set()
            assert terminal.modes == terminal.modes_before
            terminal.signal(signal.SIGCONT)
            terminal.wait_for(lambda: name in terminal.line_with("▌"))  # noqa: B023 - used before it changes
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert switched_on(terminal.output) == set()


def test_going_on_amid_a_write_draws_the_whole_screen(server: DemoServer, tmp_path: Path) -> None:
    """Whatever has told it to, and though it was not stopped."""
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([sys.executable, "-c", STRUCK_WHILE_WRITING % "SIGCONT"], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        terminal.signal(signal.SIGUSR1)
        terminal.settle()
        written = len(terminal.output)
        terminal.press("j")
        terminal.wait_for(lambda: b"Amara" in terminal.output[written:], timeout=10)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert switched_on(terminal.output) == set()


def test_what_goes_on_before_it_has_stopped_is_not_stopped(server: DemoServer, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=server.tokens["owner"])
    with Terminal([SEMTUI], environment) as terminal:
        terminal.wait_for("Loaded 37 rows.")
        for number in (signal.SIGSTOP, signal.SIGCONT, signal.SIGTSTP, signal.SIGCONT):
            terminal.signal(number)
        terminal.press("j")
        terminal.wait_for(lambda: "Desmond" in terminal.line_with("▌"))
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_what_is_on_the_terminal_is_known_though_it_was_written_in_parts() -> None:
    there = OnTerminal()
    for part in (b"\x1b[?10", b"49h\x1b[>", b"25", b"u", b"plain", b"\x1b[<u\x1b[>1u"):
        there.note(part)
    assert (there.screen, there.keyboards) == (True, 1)
    there.note(b"\x1b[<u\x1b[?1049")
    assert (there.screen, there.keyboards) == (True, 0)
    there.note(b"l")
    assert not there.screen
