"""semtui's own directories: created if missing, and closed to other users."""

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from semtui.system.private_files import PrivateFileError, printable, write_error_words
from semtui.system.xdg import xdg_directory


def state_path(environ: Mapping[str, str], home: Path) -> Path:
    """semtui's own directory for files that outlive a run, whether or not it exists."""
    return (xdg_directory(environ, "XDG_STATE_HOME") or home / ".local/state") / "semtui"


def state_directory(environ: Mapping[str, str], home: Path) -> Path:
    """The same directory, created if missing and closed to other users. Raises PrivateFileError."""
    return private_directory(state_path(environ, home))


def private_directory(directory: Path) -> Path:
    """A directory of semtui's, created if missing and closed to other users. Raises PrivateFileError."""
    try:
        _make_private(directory)
        _close_to_others(directory)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, directory)) from error
    return directory


def make_directory(directory: Path) -> Path:
    """A directory, created with mode 0700 if missing and otherwise left as it is. Raises PrivateFileError."""
    try:
        _make_private(directory)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, directory)) from error
    return directory


def is_private_directory(directory: Path) -> bool:
    """Whether a directory belongs to this user and is closed to others."""
    try:
        status = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not stat.S_IMODE(status.st_mode) & 0o077


def _make_private(directory: Path) -> None:
    """Create the directory and its missing parents, each with mode 0700 whatever the umask."""
    if os.path.lexists(directory):
        return
    _make_private(directory.parent)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(0o700)
        directory.chmod(0o700)


def _close_to_others(directory: Path) -> None:
    if directory.is_symlink():
        raise PrivateFileError(f"{printable(directory)} is a symbolic link; replace it with a directory of your own.")
    if not directory.is_dir():
        raise PrivateFileError(f"{printable(directory)} is not a directory; remove it.")
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PrivateFileError(f"{printable(directory)} belongs to another user; remove it or set XDG_STATE_HOME.")
        os.fchmod(descriptor, 0o700)
    finally:
        os.close(descriptor)
