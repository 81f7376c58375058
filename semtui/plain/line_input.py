"""Lines from standard input. On a terminal, what was typed before its question can be dropped."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
from contextlib import suppress
from typing import TextIO

_PAUSE = 0.05
"""Seconds without another line after which a burst has ended: nobody types a line that fast."""


class LineInput:
    """Reads lines. From a terminal it reads bytes, so that nothing is held where it could not be dropped."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self.typed = source.isatty()
        """Whether a terminal is behind it, which echoes what is typed."""
        self._held = b""
        """What a terminal gave beyond one line; one that does not gather lines does that."""

    def read(self) -> str:
        """The next line, with its end; empty at the end of input. Raises OSError where the terminal is gone."""
        if not self.typed:
            return self._source.readline()
        while b"\n" not in self._held and (more := os.read(self._source.fileno(), 65536)):
            self._held += more
        line, end, self._held = self._held.partition(b"\n")
        return (line + end).decode(self._source.encoding, "surrogateescape")

    def waits(self, patience: float = 0) -> bool:
        """Whether a terminal has another line, or gets one within that many seconds."""
        return self.typed and (b"\n" in self._held or bool(select.select([self._source], [], [], patience)[0]))

    def drop(self) -> int:
        """Drop what a terminal has that was not read yet; how many lines that were, one that was only begun included.

        A pipe or a file keeps everything.
        """
        if not self.typed:
            return 0
        lines, begun, self._held = self._held.count(b"\n"), bool(self._held.rpartition(b"\n")[2]), b""
        # Where the terminal is gone, the next read finds that out.
        with suppress(OSError, termios.error):
            terminal = self._source.fileno()
            while select.select([terminal], [], [], _PAUSE)[0] and (more := os.read(terminal, 65536)):
                lines += more.count(b"\n")
                begun = not more.endswith(b"\n")
            begun = _flushed(terminal) or begun
        return lines + begun

    def drop_lines(self) -> int:
        """The same where another line waits or comes at once; one that is only begun is still being typed."""
        return self.drop() if self.waits(_PAUSE) else 0


def _flushed(terminal: int) -> bool:
    """Empty the terminal's own buffer; whether anything was in it."""
    modes = termios.tcgetattr(terminal)
    # A terminal that gathers lines does not tell of one that was only begun.
    not_gathering = [*modes[:3], modes[3] & ~termios.ICANON, *modes[4:]]
    termios.tcsetattr(terminal, termios.TCSANOW, not_gathering)
    try:
        (waiting,) = struct.unpack("i", fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)))
        termios.tcflush(terminal, termios.TCIFLUSH)
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, modes)
    return bool(waiting)
