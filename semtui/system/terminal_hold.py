"""Who owns the terminal: the screen, the shell while the program is stopped, or the code that ends the program."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_SWITCH = re.compile(rb"\x1b\[(?:\?1049(?P<screen>[hl])|(?P<keyboard>[<>])[0-9]*u)")
_LONGEST_SWITCH = 16


@dataclass
class OnTerminal:
    """The state in which the screen's output has left the terminal."""

    screen: bool = False
    """True while the alternate screen is shown."""
    keyboards: int = 0
    """How many modes of kitty's keyboard protocol are pushed and not popped."""
    _end: bytes = b""
    """The end of the output so far: a control sequence may be written in two parts."""

    def note(self, written: bytes) -> None:
        """Record output that has reached the terminal."""
        data, end = self._end + written, 0
        for match in _SWITCH.finditer(data):
            end = match.end()
            if match["screen"]:
                self.screen = match["screen"] == b"h"
            else:
                self.keyboards = max(0, self.keyboards + (1 if match["keyboard"] == b">" else -1))
        self._end = data[max(end, len(data) - _LONGEST_SWITCH) :]


class TerminalOwner:
    """Who may write to the terminal. There is one, shared by the screen, signal handlers and the writer thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # A signal's handler may enter while the thread it interrupts is entering.
        self._entering = threading.RLock()
        self._taken = False
        self._there = OnTerminal()
        self._being_written = b""
        self.drawn = False
        """True from entering the screen until it is left, even if only for a while."""
        self.ending = False
        """True once a signal has told the program to end; it is then never suspended or resumed."""

    def write(self, descriptor: int, data: bytes) -> int:
        """Write for the screen, as much as the terminal accepts; nothing once the screen no longer owns it."""
        if self._taken:
            return len(data)
        with self._lock:
            if self._taken:
                return len(data)
            self._being_written = data
            written = 0
            try:
                written = os.write(descriptor, data)
            finally:
                self._there.note(data[:written])
                self._being_written = b""
            return written

    @contextmanager
    def entering(self) -> Iterator[bool]:
        """A context in which the terminal is set up for the screen; False if the terminal was taken and must be left
        alone."""
        with self._entering:
            yield not self._taken

    def take(self) -> OnTerminal:
        """Take the terminal away from the screen. Returns what the caller has to undo: nothing the second time."""
        if not self._taken:
            # Let the screen finish entering, but neither a thread that is stuck there nor a terminal that takes nothing
            # must keep the program from its end.
            changing = self._entering.acquire(timeout=1)
            self._taken = True
            if changing:
                self._entering.release()
            if not self._lock.acquire(timeout=1):
                # What is being written may still reach the terminal.
                self._there.note(self._being_written)
        there, self._there = self._there, OnTerminal()
        return there


HOLD = TerminalOwner()
