"""Reading the small files of settings: never waiting, never more than a sane size, never a device."""

from __future__ import annotations

import os
import stat

from semtui.hosts import ConfigurationError
from semtui.text import clean

_LARGEST_FILE = 1024 * 1024


def read_settings_file(path: str | os.PathLike[str], *, remedy: str) -> tuple[bytes, os.stat_result] | None:
    """What the file holds and what is known of it; None if there is none.

    Raises ConfigurationError for whatever else is in the way; `remedy` says what to do about it.
    """
    shown = clean(os.fspath(path), limit=400)
    try:
        descriptor = open_regular(path)
    except FileNotFoundError:
        return None
    except IrregularFileError:
        raise ConfigurationError(f"{shown} is not a regular file: {remedy}.") from None
    except (OSError, ValueError) as error:
        reason = clean(getattr(error, "strerror", None) or "unknown error")
        raise ConfigurationError(f"{shown} cannot be read ({reason}): make it readable for you.") from error
    try:
        with open(descriptor, "rb") as file:
            status, content = os.fstat(descriptor), file.read(_LARGEST_FILE + 1)
    except OSError as error:
        reason = clean(error.strerror or "unknown error")
        raise ConfigurationError(f"{shown} cannot be read ({reason}): {remedy}.") from error
    if len(content) > _LARGEST_FILE:
        raise ConfigurationError(f"{shown} is larger than 1 MiB: {remedy}.")
    return content, status


class IrregularFileError(OSError):
    """A directory, a pipe or a device stands where a file was expected."""


def open_regular(path: str | os.PathLike[str]) -> int:
    """A descriptor to read a regular file with. Raises IrregularFileError for anything else, and OSError."""
    # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IrregularFileError("not a regular file")
    return descriptor
