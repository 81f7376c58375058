"""Sends only changed cells to the terminal, escapes everything else, and never blocks on a slow one."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import errno
import os
import re
import select
import signal
import time
from collections.abc import Callable
from typing import Any, TextIO

from textual import events
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from semtui.system import crash_report
from semtui.system.terminal import erases_in_color, window_size
from semtui.system.terminal_owner import TERMINAL
from semtui.text.ascii_fallback import in_ascii
from semtui.text.escape import escape_output
from semtui.tui.terminal.frame_diff import ScreenBuffer
from semtui.tui.terminal.terminal_input import TerminalInput

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""A terminal that knows these shows what stands between them in one go."""
_CLEAR = "\x1b[2J"
_NO_PIXELS, _NO_SIZE_REPORTS = "\x1b[?1016l", "\x1b[?2048l"
_SWITCHES_ONLY = re.compile(r"(?:(?!\x1b\[\?1049)\x1b\[[?<>=][0-9;$]*[a-z]|\x1b\][^\x07]*\x07)*")
"""What changes nothing on the screen. 1049 does: it changes to another one."""


class TerminalWriter:
    """Writes to the terminal on a thread of its own and knows whether everything has been written.

    `taken` is called on that thread once it has. Each counter is changed by one thread only, without a lock: a signal
    handler writes too, and may run while a lock is held.
    """

    def __init__(self, file: TextIO, taken: Callable[[], object]) -> None:
        self._file = file
        self._on_taken = taken
        self._pieces: list[str] = []
        self._given = self._written = self._taken = 0

    def begin(self) -> None:
        """Reset the counters for a new writer thread."""
        self._given = self._written = self._taken = 0

    def give(self) -> None:
        """Count a write that is about to be queued."""
        self._given += 1

    @property
    def busy(self) -> bool:
        """True while the terminal has not taken everything yet."""
        return self._taken < self._given

    def write(self, text: str) -> None:
        """Collect text until `flush`."""
        self._pieces.append(text)
        self._written += 1

    def flush(self) -> None:
        """Write the collected text, waiting for the terminal, then report that it was taken; runs on the thread."""
        left = "".join(self._pieces).encode(self._file.encoding, "backslashreplace")
        self._pieces.clear()
        try:
            while left:
                left = left[self._write(left) :]
        except Exception as error:
            # Without this thread a write would block for ever.
            crash_report.report(error)
        self._taken = self._written
        # At exit nobody is listening.
        with contextlib.suppress(RuntimeError):
            self._on_taken()

    def _write(self, data: bytes) -> int:
        try:
            return TERMINAL.write(self.fileno(), data)
        except BlockingIOError:
            # Another program has made the terminal non-blocking.
            select.select([], [self.fileno()], [], 1)
            return 0
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # The terminal is gone; SIGHUP handles that.
            return len(data)

    def fileno(self) -> int:
        """The file descriptor written to."""
        return self._file.fileno()


class DiffingDriver(LinuxDriver):
    """Sends only changed cells, and drops all but the last of the frames that a slow terminal cannot keep up with, so
    the interface never blocks and no key is lost."""

    ascii_only = False

    @staticmethod
    def before_stop() -> None:
        """Called before the program is stopped, as by SIGTSTP."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        never_stopped = signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
        super().__init__(*arguments, **options)
        if never_stopped:
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        self._picture = ScreenBuffer(erases_in_color=erases_in_color(os.environ))
        self._outlet = TerminalWriter(self._file, lambda: self._loop.call_soon_threadsafe(self._catch_up))
        self._file: Any = self._outlet
        self._in_one_go = self._late = False
        self._on_screen = False
        """True while the terminal shows our screen; what comes before and after is not drawn."""
        self._suspended = False
        """True while the terminal is lent to others."""
        self._due: list[asyncio.Handle] = []
        """Stops the event loop has been told of and has not come to yet."""
        self._resuming = False
        """True from SIGCONT until the event loop has drawn the screen again."""
        self._context = contextvars.copy_context()
        """For what a signal has the event loop do; what the signal interrupted may have one without an app."""
        self._reported_size: tuple[int, int] | None = None
        """The size the terminal reported after the last SIGWINCH."""
        # The first frame is drawn for this; Textual by itself would go by COLUMNS and LINES.
        self._size = self._size or self._get_terminal_size()

    # What is drawn

    def write(self, data: str) -> None:
        """Keep a frame until the terminal is ready for it; send anything else escaped and at once."""
        passed = escape_output(data)
        if self.ascii_only:
            passed = in_ascii(passed)
        if passed in (_BEGIN, _END):
            self._in_one_go = True
        elif self._picture.draw(passed):
            self._late = self._on_screen
            self._catch_up()
        else:
            if not _SWITCHES_ONLY.fullmatch(passed):
                self._picture.forget()
            self._send(passed)

    def _catch_up(self) -> None:
        if not self._late or self._outlet.busy:
            return
        self._late = False
        changes = self._picture.changes(*self._get_terminal_size())
        if changes:
            self._send(f"{_BEGIN}{changes}{_END}" if self._in_one_go else changes)

    def _send(self, data: str) -> None:
        if self._writer_thread is None:
            # The terminal was taken before the screen was entered.
            return
        self._outlet.give()
        super().write(data)

    def draw_anew(self) -> None:
        """Forget what the terminal shows, so that the next frame is sent in full."""
        self._outlet.begin()
        self._picture.forget()

    # How large the window is

    def look_at_size(self, *_: object) -> None:
        """Ask for the window size again, ignoring earlier reports. Also used as a signal handler."""
        self._reported_size = None
        self.send_message(events.Resize.from_dimensions(self._get_terminal_size(), None))

    def _get_terminal_size(self) -> tuple[int, int]:
        return self._reported_size or window_size(self._outlet.fileno(), os.environ)

    # Entering and leaving the screen

    def start_application_mode(self) -> None:
        """Take over the terminal, unless the process is being stopped or is in the background."""
        # Output queued before the program was stopped is no longer pending.
        self._outlet.begin()
        self._picture.forget()
        with TERMINAL.entering() as allowed:
            if not allowed:
                return
            writer_before = self._writer_thread
            TERMINAL.drawn = True
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's
            # In the background it is not allowed to, and the program will be stopped again.
            TERMINAL.drawn = self._on_screen = self._writer_thread is not writer_before
            self._suspended = not self._on_screen
        if self._on_screen:
            signal.signal(signal.SIGWINCH, self.look_at_size)

    def stop_application_mode(self) -> None:
        """Clear the screen and give the terminal back."""
        if self._on_screen:
            self._on_screen = self._late = False
            # tmux keeps lines of a screen that was enlarged.
            self._send(_CLEAR)
        # From here on no reply from the terminal may switch a mode back on.
        self.disable_input()
        super().stop_application_mode()

    def close(self) -> None:
        """Close the driver and record that the screen is no longer drawn."""
        super().close()
        TERMINAL.drawn = False

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        if self._mouse_pixels:
            self._send(_NO_PIXELS)

    def _disable_in_band_window_resize(self) -> None:
        self._send(_NO_SIZE_REPORTS)
        self._in_band_window_resize = False

    def suspend_application_mode(self) -> None:
        """Run `before_stop`, then give the terminal back."""
        self.before_stop()
        self._suspended = True
        super().suspend_application_mode()

    def _sigtstp_application(self, *_: object) -> None:
        # Of signals that arrive together Python handles SIGCONT first, whichever came first: a stop that nobody ends
        # would be worse than one that is not obeyed.
        if TERMINAL.ending or self._resuming:
            return
        if self._auto_restart and not self._loop.is_closed():
            self._due.append(self._soon(self._stop_process))
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        # As in the kernel, this takes back a stop that has not come yet.
        while self._due:
            self._due.pop().cancel()
        if not self._auto_restart or TERMINAL.ending or self._loop.is_closed():
            return
        with contextlib.suppress(OSError):
            if os.tcgetpgrp(self.fileno) != os.getpgrp():
                # Resumed in the background, where nothing may be drawn.
                os.kill(os.getpid(), signal.SIGSTOP)
                return
        self._resuming = True
        self._soon(self._resume_screen)

    def _soon(self, work: Callable[[], None]) -> asyncio.Handle:
        """Have the event loop do this: a signal handler may have interrupted a write to the terminal, and the queue of
        such writes is locked by the one under way."""
        return self._loop.call_soon_threadsafe(work, context=self._context)

    def _stop_process(self) -> None:
        self._due.clear()
        if TERMINAL.ending:
            return
        if self._auto_restart and not self._suspended:
            self.suspend_application_mode()
            self._must_signal_resume = True
        # Giving the terminal back takes a while, in which the stop may have been taken back.
        if not self._resuming:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _resume_screen(self) -> None:
        self._resuming = False
        if TERMINAL.ending or not self._auto_restart:
            return
        if self._on_screen:
            # Stopped without being told before, as by SIGSTOP: the shell may have changed the terminal meanwhile.
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    # What is typed

    def _run_input_thread(self) -> None:
        # A crash here is reported like one in any other thread.
        self.run_input_thread()

    def run_input_thread(self) -> None:
        """Read input until the driver tells the thread to stop."""
        typed = TerminalInput()
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], 0.1)[0]:
                data = _read(self.fileno)
                if data == b"":
                    self._terminal_is_gone()
                    return
                for event in typed.feed(data or b""):
                    self.process_message(event)
            for event in typed.tick():
                self.process_message(event)

    def process_message(self, message: Message) -> None:
        """Note the size a resize reports, then pass the message on."""
        if isinstance(message, events.Resize):
            self._reported_size = message.size
        super().process_message(message)

    def _terminal_is_gone(self) -> None:
        """SIGHUP says so too, but only to programs that the terminal controls."""
        end = time.monotonic() + 1
        while time.monotonic() < end:
            if self.exit_event.wait(0.1):
                return
        os.kill(os.getpid(), signal.SIGHUP)


def _read(descriptor: int) -> bytes | None:
    """What was typed; empty when the terminal is gone, None when another process has read it."""
    try:
        return os.read(descriptor, 4096)
    except BlockingIOError:
        return None
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return b""


def driver_for(
    usual: type[Driver], *, ascii_only: bool, before_stop: Callable[[], None] = DiffingDriver.before_stop
) -> type[Driver]:
    """The driver class to use instead of Textual's own, if that one writes to a terminal."""
    if usual is not LinuxDriver:
        return usual
    chosen: type[Driver] = type(
        "ChosenDriver", (DiffingDriver,), {"ascii_only": ascii_only, "before_stop": staticmethod(before_stop)}
    )
    return chosen
