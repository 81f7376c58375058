"""A program on a pseudo terminal: its screen as a person sees it, and the keys they press."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

SEMTUI = os.environ.get("SEMTUI_UNDER_TEST") or str(Path(sys.executable).with_name("semtui"))
"""The program as it is installed beside the Python of these tests, unless another is to be tested."""

ENTER, TAB, ESCAPE, BACKSPACE, CTRL_Q = "\r", "\t", "\x1b", "\x7f", "\x11"
DOWN, RIGHT = "\x1b[B", "\x1b[C"
CLEAR = "\x05\x15"
"""To the end of the field, then away with everything before it."""

Expected = str | Callable[[], bool]

# A program gets signals and hang-ups from a terminal only when that terminal controls its session. Python puts LC_CTYPE
# into the environment where the locale is C, and the program is to see that for itself.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.environ.pop('LC_CTYPE', None); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment with nothing of the outside in it."""
    return {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", "TERM": "xterm-256color", **more}


class Terminal:
    """Runs one program. Use as a context manager; what still runs at its end is killed.

    Nothing the program asks of its terminal is answered.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], *, columns: int = 80, rows: int = 24
    ) -> None:
        self.output = b""
        """Every byte the program has written."""
        self._screen = pyte.Screen(columns or 200, rows or 100)
        self._stream = pyte.ByteStream(self._screen)
        self._ended = False
        self._gone = False
        self._master, slave = pty.openpty()
        try:
            self.modes_before = termios.tcgetattr(slave)
            self._set_size(columns, rows)
            self._process = subprocess.Popen(
                [sys.executable, "-IS", "-c", _TAKE_TERMINAL, *command],
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=dict(environment),
                start_new_session=True,
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if not self._gone:
            os.close(self._master)

    @property
    def process_id(self) -> int:
        """The program's."""
        return self._process.pid

    def kill(self) -> None:
        """End the program as a power cut does."""
        self._process.kill()
        self._process.wait()

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        os.close(self._master)
        self._gone = True

    def wait_for_exit(self, timeout: float = 30) -> int:
        """Its exit status, with or without a terminal; what it writes meanwhile is read."""
        return self._process.wait(timeout) if self._gone else self.wait_for_end(timeout)

    # What is seen

    def screen_text(self) -> str:
        """The screen's lines, without the spaces at their ends."""
        # The second half of a wide letter is empty, and may be all that is left of one that was written over.
        screen = self._screen
        rows = ("".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines))
        return "\n".join(row.rstrip() for row in rows)

    def line_with(self, text: str) -> str:
        """The first line of the screen that holds `text`; empty when none does."""
        return next((line for line in self.screen_text().splitlines() if text in line), "")

    @property
    def modes(self) -> list[object]:
        """The settings of the terminal, as `termios.tcgetattr` gives them."""
        return termios.tcgetattr(self._master)

    def wait_for(self, expected: Expected, timeout: float = 30) -> None:
        """Follow the program's output until the screen shows a text, or until something is true."""
        if not self._shows(expected, timeout):
            what = f"“{expected}”" if isinstance(expected, str) else "what was waited for"
            why = "the program ended first" if self._ended else f"{timeout:g} seconds passed"
            raise AssertionError(f"{what} never came: {why}. The screen:\n{self.screen_text()}")

    def wait_for_end(self, timeout: float = 30) -> int:
        """Follow the program to its end; its exit status, negative for a signal."""
        self.wait_for(lambda: self._ended, timeout)
        return self._process.wait(timeout)

    def settle(self, quiet: float = 0.25) -> None:
        """Follow the program's output until it has written nothing for a moment, and has nothing left to do."""
        before = -1
        while (before != len(self.output) or _somebody_works()) and not self._ended:
            before = len(self.output)
            self._shows(lambda: False, quiet)

    # What is done

    def press(self, keys: str) -> None:
        """Type."""
        self.send(keys.encode())

    def send(self, left: bytes) -> None:
        """Type bytes, which need not be letters."""
        while left:
            left = left[os.write(self._master, left) :]

    def click(self, text: str) -> None:
        """Press the mouse's button on the first `text` of the screen, and let it go."""
        row = next(y for y, line in enumerate(self.screen_text().splitlines(), 1) if text in line)
        column = self.line_with(text).index(text) + 1
        self.press(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")

    def insist(self, keys: str, expected: Expected, timeout: float = 30) -> None:
        """Type, and again while it has no effect, as one does with a dialog that has only just opened."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.press(keys)
            if self._shows(expected, 0.4):
                return
        self.wait_for(expected, 0)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)
        os.killpg(self._process.pid, signal.SIGWINCH)

    # Underneath

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _shows(self, expected: Expected, patience: float) -> bool:
        def seen() -> bool:
            return expected in self.screen_text() if isinstance(expected, str) else expected()

        end = time.monotonic() + patience
        while not seen():
            left = end - time.monotonic()
            if self._ended or left <= 0:
                return False
            self._read(left)
        return True

    def _read(self, patience: float) -> None:
        """Take in what the program writes next, if it does within `patience` seconds."""
        if not select.select([self._master], [], [], patience)[0]:
            return
        try:
            received = os.read(self._master, 65536)
        except OSError:
            # Linux's way to say that the last program has left the terminal.
            received = b""
        self._ended = not received
        self.output += received
        self._stream.feed(received)


def _somebody_works() -> bool:
    """Whether the program, or the server it asks, has work and waits for a processor: silence says nothing then.

    Always False where there is no /proc.
    """
    processes, own = [os.getpid()], threading.get_native_id()
    while processes:
        # A thread or process may end meanwhile.
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{processes.pop()}/task").iterdir():
                with contextlib.suppress(OSError):
                    processes += map(int, (task / "children").read_text().split())
                    state = (task / "stat").read_text().rpartition(")")[2].split()[0]
                    if state in "RD" and int(task.name) != own:
                        return True
    return False


_SEQUENCE = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colors
    rb"|\x1b\[[0-9;]*[HJKXABCDG]"  # places and clearing
    rb"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"  # modes
    rb"|\x1b\[\?(?:2026|2048)\$p|\x1b\[[<>=]?[0-9;]*u"  # questions about modes, the keyboard
    rb"|\x1b\]22;[a-z-]*\x07"  # the pointer's shape
    rb"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # a copy
)


def foreign(output: bytes) -> list[str]:
    """What a program wrote to its terminal that neither draws nor is plain text, as far as it came."""
    # The last sequence may have been under way when the terminal was closed.
    whole = re.sub(rb"\x1b[^a-zA-Z\x07\x1b]*\Z", b"", output)
    plain = _SEQUENCE.sub(b"", whole).decode(errors="ignore")
    return [
        char
        for char in plain
        if char not in "\r\n" and (unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    ]


def token_files(home: Path) -> list[Path]:
    """What is kept of tokens in the private state directory, beside the journal of changes."""
    kept = (home / ".local/state/semtui").iterdir()
    return [path for path in kept if not path.name.startswith("changes-")]
