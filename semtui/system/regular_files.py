"""Opens regular files only: a pipe or a device could block the program."""

from __future__ import annotations

import os
import stat


class IrregularFileError(OSError):
    """The path names a directory, a pipe or a device."""


def open_regular(path: str | os.PathLike[str]) -> int:
    """A descriptor for reading a regular file. Raises IrregularFileError for anything else, and OSError."""
    # Without O_NONBLOCK, opening a pipe would wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IrregularFileError("not a regular file")
    return descriptor
