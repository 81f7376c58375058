"""Who owns the terminal: the screen, the shell while the program is stopped, or the code that ends the program."""

from __future__ import annotations

import os
import threading


class TerminalHold:
    """There is one of these: the screen, signals and the thread that writes share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self.drawn = False
        """True from entering the screen until it is left, even if only for a while."""
        self.ending = False
        """True once a signal has told the program to end; it is then never suspended or resumed."""

    def write(self, descriptor: int, data: bytes) -> int:
        """Write for the screen, as much as the terminal accepts; nothing once the screen no longer owns it."""
        if self._taken:
            return len(data)
        with self._lock:
            return len(data) if self._taken else os.write(descriptor, data)

    def take(self) -> bool:
        """Take the terminal away from the screen. Returns True if the alternate screen is shown and has to be left."""
        if self._taken:
            return self.drawn
        self._taken = True
        # A terminal that takes nothing must not keep the program from its end.
        self._lock.acquire(timeout=1)
        return self.drawn


HOLD = TerminalHold()
