"""Reads lines from standard input. On a terminal, lines typed before a question can be dropped."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import termios
from contextlib import suppress
from typing import TextIO

_PAUSE = 0.05
"""Seconds without another line that end a burst: nobody types a line that fast."""


class LineInput:
    """Reads lines. From a terminal it reads bytes, so that no buffer holds what must be dropped."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self.typed = source.isatty()
        """True if the input is a terminal, which echoes what is typed."""
        self._held = b""
        """Bytes read beyond one line, from a terminal that is not in line mode."""

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
        """Drop unread input of a terminal, and return how many lines that was, an incomplete one included. A pipe or
        a file keeps everything."""
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
        """The same if another line waits or comes at once; an incomplete line is still being typed."""
        return self.drop() if self.waits(_PAUSE) else 0


def _flushed(terminal: int) -> bool:
    """Empty the terminal's own buffer; True if there was anything in it."""
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
