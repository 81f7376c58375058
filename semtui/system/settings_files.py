"""Replaces the content of a settings file at once: whoever reads it finds the old one or the new one, never a part."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from semtui.system.private_files import PrivateFileError, printable, remove, write_error_words, write_private


def replace_settings(path: Path, text: str, before: bytes | None) -> Path:
    """Replace the content of a file, unless it no longer holds what it held `before`; None stands for no file.

    A new file is readable by its owner alone, another keeps its mode; through a link, the file it leads to is replaced.
    Returns the path of that file. Raises PrivateFileError, and then the file is as it was.
    """
    target = path.resolve()
    try:
        with _locked(target.parent) as directory:
            mode = _mode(target, before)
            unfinished = write_private(target.with_name(f".semtui-{os.urandom(8).hex()}"), text)
            try:
                unfinished.chmod(mode)
                unfinished.replace(target)
                with contextlib.suppress(OSError):
                    os.fsync(directory)
            finally:
                remove(unfinished)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    return target


def _mode(target: Path, before: bytes | None) -> int:
    """The mode of the file as it is to be. Raises PrivateFileError if the file may not be replaced."""
    try:
        content, status = target.read_bytes(), target.stat()
    except FileNotFoundError:
        content, status = None, None
    if content != before:
        raise PrivateFileError(f"{printable(target)} has just been changed, and was left as it is; try again.")
    if status is None:
        return 0o600
    if status.st_uid != os.geteuid():
        raise PrivateFileError(f"{printable(target)} belongs to another user, and was left as it is.")
    return stat.S_IMODE(status.st_mode)


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[int]:
    """Keep out everybody else who replaces a file in a directory this way, unless its disk has no locks."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
