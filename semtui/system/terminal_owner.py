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
    """The state that the screen's output has left the terminal in."""

    screen: bool = False
    """True while the alternate screen is shown."""
    keyboards: int = 0
    """How many modes of the kitty keyboard protocol are pushed and not popped."""
    _end: bytes = b""
    """The end of the output so far: a control sequence may arrive in two parts."""

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
        # Reentrant, because a signal handler may enter while the thread it interrupts is entering.
        self._entering = threading.RLock()
        self._taken = False
        self._there = OnTerminal()
        self._being_written = b""
        self.drawn = False
        """True while the screen is shown; False while it is suspended."""
        self.ending = False
        """True once a signal has told the program to end; it is then never suspended or resumed."""

    def write(self, descriptor: int, data: bytes) -> int:
        """Write as much of the screen's output as the terminal accepts; nothing once the screen does not own it."""
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
        """A context for setting up the terminal for the screen; yields False if it was taken and must be left alone."""
        with self._entering:
            yield not self._taken

    def take(self) -> OnTerminal:
        """Take the terminal from the screen. Returns what the caller has to undo; a second call has nothing to undo."""
        if not self._taken:
            # Let the screen finish entering, but do not wait forever: neither a stuck thread nor a terminal that
            # accepts nothing may keep the program from ending.
            changing = self._entering.acquire(timeout=1)
            self._taken = True
            if changing:
                self._entering.release()
            if not self._lock.acquire(timeout=1):
                # Output being written right now may still reach the terminal.
                self._there.note(self._being_written)
        there, self._there = self._there, OnTerminal()
        return there


TERMINAL = TerminalOwner()
