"""Opening files that must be regular ones: never a pipe or a device, which could make the program wait."""

from __future__ import annotations

import os
import stat


class IrregularFileError(OSError):
    """A directory, a pipe or a device stands where a file was expected."""


def open_regular(path: str | os.PathLike[str]) -> int:
    """A descriptor for reading a regular file. Raises IrregularFileError for anything else, and OSError."""
    # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IrregularFileError("not a regular file")
    return descriptor
