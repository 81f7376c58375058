"""The way from Textual to the terminal: through the last door, only what changed, and never waited for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import IO, Any

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from semtui.ascii import in_ascii
from semtui.last_door import harmless
from semtui.picture import Picture

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""A terminal that knows these shows what stands between them in one go."""
_SWITCHES_ONLY = re.compile(r"(?:(?!\x1b\[\?1049)\x1b\[[?<>=][0-9;$]*[a-z]|\x1b\][^\x07]*\x07)*")
"""What changes nothing on the screen. 1049 does: it changes to another one."""


class Outlet:
    """The file a driver writes to from a thread of its own, and whether it has taken what it was given.

    `taken` is called on that thread whenever it has. Each count is changed by one thread only, and without a lock: a
    signal's handler writes too, and may strike while one is held.
    """

    def __init__(self, file: IO[str], taken: Callable[[], object]) -> None:
        self._file = file
        self._on_taken = taken
        self._given = self._written = self._taken = 0

    def begin(self) -> None:
        """A new thread writes from now on."""
        self._given = self._written = self._taken = 0

    def give(self) -> None:
        """Something is about to be written."""
        self._given += 1

    @property
    def busy(self) -> bool:
        """True while the terminal has not taken everything yet."""
        return self._taken < self._given

    def write(self, text: str) -> None:
        self._file.write(text)
        self._written += 1

    def flush(self) -> None:
        self._file.flush()
        self._taken = self._written
        # At the end of the program nobody listens any more.
        with contextlib.suppress(RuntimeError):
            self._on_taken()

    def fileno(self) -> int:
        return self._file.fileno()


class SparingDriver(LinuxDriver):
    """Sends only what has changed, and of frames that come faster than the terminal takes them only the last one: the
    interface never waits for a slow link, and no key is lost to it."""

    ascii_only = False

    @staticmethod
    def before_stop() -> None:
        """Called before the program is stopped, as by SIGTSTP."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._picture = Picture()
        self._outlet = Outlet(self._file, lambda: self._loop.call_soon_threadsafe(self._catch_up))
        self._file: Any = self._outlet
        self._in_one_go = self._late = False

    def write(self, data: str) -> None:
        passed = harmless(data)
        if self.ascii_only:
            passed = in_ascii(passed)
        if passed in (_BEGIN, _END):
            self._in_one_go = True
        elif self._picture.draw(passed):
            self._late = True
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
        self._outlet.give()
        super().write(data)

    def start_application_mode(self) -> None:
        # What was given to the thread that wrote before the program was stopped is not under way any more.
        self._outlet.begin()
        self._picture.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's

    def suspend_application_mode(self) -> None:
        self.before_stop()
        super().suspend_application_mode()

    def draw_anew(self) -> None:
        """The terminal may show anything by now: the next frame is sent whole, whatever became of those before."""
        self._outlet.begin()
        self._picture.forget()


def driver_for(
    usual: type[Driver], *, ascii_only: bool, before_stop: Callable[[], None] = SparingDriver.before_stop
) -> type[Driver]:
    """The driver to use in place of Textual's usual one, where that writes to a terminal."""
    if usual is not LinuxDriver:
        return usual
    chosen: type[Driver] = type(
        "ChosenDriver", (SparingDriver,), {"ascii_only": ascii_only, "before_stop": staticmethod(before_stop)}
    )
    return chosen
