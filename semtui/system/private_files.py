"""The only module that writes to disk: new files only, and secrets readable by their owner alone."""

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from semtui.text.clean import clean

_NO_DIRECTORY_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}
"""Errors of syncing a directory to ignore: some file systems cannot, and some directories may not be opened."""

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What `link` raises on a file system without hard links."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_SHORTEST_SECRET = 8
_BUFFER = 1 << 18

_REFUSALS = {
    errno.EACCES: "{path} cannot be written: its directory does not permit it; choose another place.",
    errno.EPERM: "{path} cannot be written: its directory does not permit it; choose another place.",
    errno.ENOENT: "There is no directory {parent}; create it first or choose another place.",
    errno.ENOTDIR: "{parent} is not a directory; choose another place.",
    errno.EISDIR: "{path} is a directory; add a file name.",
    errno.ELOOP: "{path} leads through too many symbolic links; choose another place.",
    errno.ENAMETOOLONG: "The name of {path} is too long; choose a shorter one.",
    errno.EROFS: "{path} cannot be written: its disk is read-only; choose another place.",
    errno.ENOSPC: "{path} cannot be written: its disk is full; make room or choose another place.",
    errno.EDQUOT: "{path} cannot be written: your disk quota is used up; make room or choose another place.",
}


class PrivateFileError(Exception):
    """A file cannot be written or read; one sentence says why and what to do, and never quotes the content."""


def write_private(path: Path, text: str) -> Path:
    """Write a new file of mode 0600 and return its absolute path; on failure nothing is left behind.

    Never touches an existing file or link, and creates no directories. Raises PrivateFileError.
    """
    content = _encoded(text)
    target = _target(path, text)
    try:
        _create(target, content)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    return target


def write_private_pieces(path: Path, pieces: Iterable[str]) -> Path:
    """The same for text that is produced as it is written; if producing it fails, nothing is left behind either."""
    target = _target(path, "")
    try:
        descriptor = _created(target, b"", lock=False)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    complete = False
    try:
        with open(descriptor, "wb", buffering=_BUFFER) as file:
            for piece in pieces:
                file.write(_encoded(piece))
            file.flush()
            os.fsync(descriptor)
        complete = True
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    finally:
        if not complete:
            remove(target)
    return target


def write_private_locked(path: Path, text: str) -> tuple[Path, int]:
    """Like `write_private`; also returns a descriptor that locks the file for as long as it is open.

    The file is locked before the text is written, so nobody sees the text unlocked, unless the disk has no locks.
    """
    content = _encoded(text)
    target = _target(path, text)
    try:
        return target, _created(target, content, lock=True)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error


def is_locked(path: Path) -> bool | None:
    """Whether a file of `write_private_locked` is still open somewhere; None where the disk has no locks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # A shared lock, so that two processes checking at once do not take each other for the owner.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False


def append_line(descriptor: int, line: str) -> None:
    """Append a line to an open file of semtui's. Raises OSError."""
    _write_all(descriptor, f"{line}\n".encode())
    os.fsync(descriptor)


def append_private(path: Path, line: str) -> None:
    """Append a line to a file of mode 0600 of semtui's own, created if missing; other processes may append too.

    Raises PrivateFileError, also for links, other users' files, and files that others may read.
    """
    content = _encoded(line)
    try:
        descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600
        )
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
                raise PrivateFileError(f"{printable(path)} is not a private file of yours; look at it and remove it.")
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            # A line that was cut off, by a full disk or a kill, must not take this one with it.
            size = os.fstat(descriptor).st_size
            cut_off = bool(size) and os.pread(descriptor, 1, size - 1) != b"\n"
            _write_all(descriptor, b"\n" * cut_off + content + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, path)) from error


def check_new(path: Path) -> Path:
    """The absolute path of a file that could be written: the directory exists, and the file does not.

    For a check before a long wait; `write_new` checks again. Raises PrivateFileError.
    """
    target = _target(path, "")
    if os.path.lexists(target):
        raise PrivateFileError(_occupied(target))
    try:
        if not stat.S_ISDIR(target.parent.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "")
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "")
        # Finds what the directory does not show, such as a name too long for its disk.
        with contextlib.suppress(FileNotFoundError):
            target.lstat()
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    return target


def shown_path(path: Path) -> str:
    """The full path of the new file that `path` names, for display; empty if it cannot name a file."""
    try:
        return printable(_target(path, ""))
    except PrivateFileError:
        return ""


def write_new(path: Path, text: str) -> Path:
    """Write a new file that is not secret, its mode by the umask, and return its absolute path.

    It gets its name once it is complete; on failure nothing is left behind. Never touches an existing file or link.
    Raises PrivateFileError.
    """
    content = _encoded(text)
    target = _target(path, "")
    unfinished = target.with_name(f".semtui-{os.urandom(8).hex()}")
    try:
        _create_named_later(unfinished, target, content)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    return target


def private_log(path: Path) -> tuple[Path, TextIO]:
    """A new file of mode 0600, open for writing lines, and its absolute path. Raises PrivateFileError."""
    target = _target(path, "")
    try:
        descriptor = os.open(target, _NEW, 0o600)
    except OSError as error:
        raise PrivateFileError(write_error_words(error, target)) from error
    return target, open(descriptor, "w", buffering=1, encoding="utf-8")


def read_private(path: Path, most: int, *, errors: str = "strict") -> str:
    """The text of a file of semtui's, of at most `most` bytes; `errors` as for `bytes.decode`. Raises PrivateFileError,
    also for links and other users' files."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_size > most:
                raise PrivateFileError(f"{printable(path)} is not a file of semtui's; look at it and remove it.")
            return os.read(descriptor, most).decode(errors=errors)
        finally:
            os.close(descriptor)
    except (OSError, UnicodeDecodeError) as error:
        raise PrivateFileError(f"{printable(path)} cannot be read; look at it and remove it.") from error


def remove(path: Path) -> None:
    """Remove a file of semtui's; no error if it is already gone."""
    with contextlib.suppress(OSError):
        path.unlink()


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # No cause: the original exception contains the text.
        raise PrivateFileError("The text cannot be written: it holds half a character; copy it instead.") from None


def _target(path: Path, text: str) -> Path:
    """The absolute path. Raises PrivateFileError if the name cannot be used, or contains the text itself."""
    secret = text.strip()
    if len(secret) >= _SHORTEST_SECRET and secret in str(path):
        raise PrivateFileError("The file name holds the text to be written, where everybody can read it; give another.")
    if not path.name or path.name == "..":
        raise PrivateFileError("A file name is missing; give the path of a file that does not exist yet.")
    if not str(path).isprintable():
        raise PrivateFileError(f"{printable(path)} holds a character that cannot be printed; choose another name.")
    if path.name.startswith("-"):
        raise PrivateFileError(
            f"{printable(path)} begins with a dash, which commands take for an option; choose another."
        )
    try:
        return path.expanduser().absolute()
    except RuntimeError as error:
        raise PrivateFileError(f"The home directory in {printable(path)} is unknown; give the full path.") from error
    except OSError as error:
        raise PrivateFileError("The current directory is gone; give a path that begins with a slash.") from error


def _create(target: Path, content: bytes) -> None:
    os.close(_created(target, content, lock=False))


def _created(target: Path, content: bytes, *, lock: bool) -> int:
    """Create a file of mode 0600 with this content; returns its open descriptor."""
    descriptor = os.open(target, _NEW | os.O_APPEND, 0o600)
    complete = False
    try:
        if lock:
            # Not every disk has locks.
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The umask may have removed the owner's own permissions.
        os.fchmod(descriptor, 0o600)
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            raise PrivateFileError(f"{printable(target)} would be open to others on its disk; choose another place.")
        _write_all(descriptor, content)
        os.fsync(descriptor)
        _sync_directory(target.parent)
        complete = True
    finally:
        if not complete:
            os.close(descriptor)
            with contextlib.suppress(OSError):
                target.unlink()
    return descriptor


def _create_named_later(unfinished: Path, target: Path, content: bytes) -> None:
    descriptor = os.open(unfinished, _NEW, 0o666)
    try:
        try:
            _write_all(descriptor, content)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        _name(unfinished, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()
    _sync_directory(target.parent)


def _name(unfinished: Path, target: Path) -> None:
    """Give a complete file its name, unless that is taken: linking, unlike renaming, never replaces a file."""
    try:
        os.link(unfinished, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # Without hard links, claim the name with an empty file, which is the only thing the rename can replace.
        os.close(os.open(target, _NEW, 0o666))
        os.replace(unfinished, target)


def _write_all(descriptor: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _sync_directory(directory: Path) -> None:
    """Make the new name survive a power cut, where the file system can."""
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_DIRECTORY_SYNC:
            raise


def write_error_words(error: OSError, path: Path) -> str:
    """The one sentence on why `path` could not be written, and what to do."""
    if error.errno == errno.EEXIST:
        return _occupied(path)
    # /proc and the like have a directory and take no new file.
    number = 0 if error.errno == errno.ENOENT and path.parent.is_dir() else error.errno or 0
    words = _REFUSALS.get(number, "{path} cannot be written: {reason}; choose another place.")
    return words.format(
        path=printable(path), parent=printable(path.parent), reason=clean(error.strerror or "unknown error")
    )


def _occupied(path: Path) -> str:
    if path.is_symlink():
        return f"{printable(path)} is a symbolic link, which is never written through; choose another name."
    if path.is_dir():
        return f"{printable(path)} is a directory; add a file name."
    return f"{printable(path)} exists already and is never overwritten; choose another name, or remove it."


def printable(path: Path) -> str:
    """A path as it was given, cleaned and shortened for display."""
    return clean(str(path), limit=400)
