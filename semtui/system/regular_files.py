"""Opens regular files only: a pipe or a device could block the program."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from semtui.system.errors import ConfigurationError

_MOST_BYTES = 512 << 20


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


def read_regular(path: Path, which: str) -> bytes:
    """The bytes of a file, at most half a gigabyte; `which` names it in an error.

    Raises ConfigurationError, without the path: it may be a token.
    """
    try:
        with open(open_regular(path.expanduser()), "rb") as file:
            if os.fstat(file.fileno()).st_size > _MOST_BYTES:
                raise ConfigurationError(f"{which}: The file is larger than any snapshot.")
            return file.read(_MOST_BYTES)
    except IrregularFileError:
        raise ConfigurationError(f"{which}: This is not a regular file.") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name can be"
        raise ConfigurationError(f"{which}: The file cannot be read: {reason}.") from None


def newest_files(directories: Iterable[Path], prefix: str, suffix: str, most: int) -> list[tuple[Path, float]]:
    """The newest files of some directories whose names begin and end so, with the epoch seconds of their last change;
    a directory that cannot be read has none."""
    found: dict[Path, float] = {}
    for directory in directories:
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for each in entries:
                if each.name.startswith(prefix) and each.name.endswith(suffix) and each.is_file():
                    found[Path(each.path)] = each.stat().st_mtime
    return sorted(found.items(), key=lambda each: -each[1])[:most]
