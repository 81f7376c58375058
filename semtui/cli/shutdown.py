"""Orderly shutdown on SIGTERM, SIGINT, SIGQUIT, and on SIGHUP when the terminal is gone.

Nothing here relies on the interface, which may hang once its terminal is gone. A separate thread waits for requests
under way, saves tokens, restores the terminal if it is still there, and ends the process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from semtui.session.manager import SessionManager
from semtui.system.terminal_owner import TERMINAL, OnTerminal
from semtui.text.escape import escape_line

# Leave the alternate screen, show the cursor, wrap lines; stop reports of mouse, focus, paste and size.
_SWITCHED_OFF = "".join(f"\x1b[?{mode}l" for mode in (1049, 1000, 1003, 1006, 1015, 1016, 1004, 2004, 2026, 2048))
WAITING = "semtui: waiting for the end of a request that is still under way…"
_RESTORE = f"{_SWITCHED_OFF}\x1b[?25h\x1b[?7h\x1b[0m\r\n"


def install_shutdown_signals(organizations: SessionManager, *, drawn: bool = True) -> threading.Thread:
    """From now on these signals close every session, then end the process with status 128 + their number.

    Without `drawn` there is no screen to restore, and messages go to standard error. The returned thread ends the
    process once `TERMINAL.ending` is set.
    """
    modes = termios.tcgetattr(sys.stdin) if drawn and sys.stdin.isatty() else None
    reading, writing = os.pipe()
    os.set_blocking(writing, False)

    def wait_for_signal() -> None:
        _shut_down(organizations, os.read(reading, 1)[0], modes, drawn)

    def on_signal(number: int, frame: FrameType | None) -> None:
        TERMINAL.ending = True
        # The thread already exists: starting one takes locks, and another signal may arrive while they are held.
        # Only the first signal counts.
        with contextlib.suppress(OSError):
            os.write(writing, bytes([number]))

    ending = threading.Thread(target=wait_for_signal, name="semtui end", daemon=True)
    ending.start()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, on_signal)
    return ending


@contextlib.contextmanager
def orderly(organizations: SessionManager, *, drawn: bool = True, told: Collection[Path] = ()) -> Iterator[None]:
    """Closes every session at the end, however that comes, and says where unstored tokens were saved, unless that was
    `told` already, and what is not known. Signals end the process in the same order."""
    ending = install_shutdown_signals(organizations, drawn=drawn)
    try:
        with organizations:
            yield
    finally:
        if TERMINAL.ending:
            # The signal may have closed standard input too; its handler then sets the exit status and the last message.
            ending.join()
        # After a hang-up there may be nothing to write to.
        with contextlib.suppress(OSError):
            for sentence in shutdown_report(organizations, told):
                print(sentence, file=sys.stderr)


def _shut_down(organizations: SessionManager, number: int, modes: list[Any] | None, drawn: bool) -> None:
    try:
        try:
            for session in organizations.sessions:
                session.end()
        finally:
            # First, because the wait may be long, and the sender may follow up with SIGKILL.
            waiting = any(session.writes_under_way for session in organizations.sessions)
            if drawn or waiting:
                _restore_and_report([WAITING] if waiting else [], modes, drawn)
            organizations.close()
    finally:
        _restore_and_report(shutdown_report(organizations) + ([] if drawn else _sent(organizations)), modes, drawn)
        # Even after a crash: a process that cannot be ended would be worse.
        os._exit(128 + number)


def _restore_and_report(lines: list[str], modes: list[Any] | None, drawn: bool) -> None:
    """Restore the terminal, if there is one, and print the final messages."""
    # While this program is suspended, the terminal belongs to the shell or to whatever runs there now.
    restore = _restoring(TERMINAL.take())
    words = restore + "".join(f"{line}\r\n" for line in lines) if drawn else escape_line("\n".join(["", *lines, ""]))
    # After a hang-up there may be no terminal left to restore or to write to.
    with contextlib.suppress(OSError, termios.error):
        if modes is not None and TERMINAL.drawn:
            termios.tcsetattr(sys.stdin, termios.TCSANOW, modes)
        _write(_open_for_final_messages(drawn), words.encode())


def _restoring(there: OnTerminal) -> str:
    """The output that undoes `there`, and nothing else: an outer program may have pushed keyboard modes of its own."""
    clear = "\x1b[2J" if there.screen else ""
    # Before the alternate screen is left: each screen has its own stack of keyboard modes.
    keyboards = "\x1b[<u" * there.keyboards
    return f"{clear}{keyboards}{_RESTORE}" if clear or keyboards else ""


def _write(descriptor: int, words: bytes) -> None:
    """Write everything, but give up once the terminal has been blocked for a second. Raises OSError."""
    end = time.monotonic() + 1
    while words:
        try:
            words = words[os.write(descriptor, words) :]
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def _open_for_final_messages(drawn: bool) -> int:
    """A descriptor for the final messages. It does not block: a frozen terminal must not keep the program alive."""
    if not drawn and sys.stderr is not None and not sys.stderr.isatty():
        return sys.stderr.fileno()
    return os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)


def _sent(organizations: SessionManager) -> list[str]:
    """Where it stands what was sent before a signal came: a command did not get to telling it."""
    kept = any(session.history.is_kept and session.history.has_begun for session in organizations.sessions)
    return ["semtui: ended before all was told; `semtui journal` tells what was sent and how it ended."] if kept else []


def shutdown_report(organizations: SessionManager, told: Collection[Path] = ()) -> list[str]:
    """Where unstored tokens were saved, except for files `told` before, and what failed or remains unknown, in
    sentences."""
    lines = []
    for session in organizations.sessions:
        lines += [
            f"semtui: an API token that was not stored was saved to {path} (mode 0600).{session.vault.warning_of(path)}"
            for path in session.rescued
            if path not in told
        ]
        lines += [f"semtui: {sentence}" for sentence in (*session.failures, *session.vault.unknown_outcomes)]
    return lines
