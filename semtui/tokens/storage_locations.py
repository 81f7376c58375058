"""Where unstored tokens and records of token requests are kept: the first place that is writable."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from semtui.system.private_directories import is_private_directory, private_directory, state_path
from semtui.system.private_files import PrivateFileError
from semtui.system.xdg import xdg_directory

SHARED_MEMORY = Path("/dev/shm")
_LONGEST_HOST = 60
"""Some encrypted file systems limit names to 143 characters."""


@dataclass(frozen=True)
class StorageLocation:
    """A directory for unstored tokens and records, and how it is prepared."""

    path: Path
    ready: Callable[[], Path]
    """Create the directory if it is missing. Raises PrivateFileError."""
    words: str = ""
    """Why a file there should be moved soon; empty for a permanent location."""
    trusted: bool = True
    """False if somebody else could have created a directory of that name."""

    def files(self, pattern: str) -> list[Path]:
        """The files there that match a pattern."""
        if not self.trusted and not is_private_directory(self.path):
            return []
        try:
            return sorted(self.path.glob(pattern))
        except OSError:
            return []


def single_place(directory: Path) -> tuple[StorageLocation, ...]:
    """This directory alone, which must exist."""
    return (StorageLocation(directory, lambda: directory),)


def storage_locations(environ: Mapping[str, str], home: Path) -> tuple[StorageLocation, ...]:
    """semtui's own directory, the home directory, then directories that are emptied at the latest when the computer
    restarts."""
    state = state_path(environ, home)
    found = [StorageLocation(state, partial(private_directory, state)), StorageLocation(home, lambda: home)]
    if runtime := xdg_directory(environ, "XDG_RUNTIME_DIR"):
        words = "That directory is emptied when you log out."
        found.append(_within(runtime, "semtui", words, _check_private))
    if SHARED_MEMORY.is_dir():
        words = "That is in memory only, and gone when the computer restarts."
        found.append(_within(SHARED_MEMORY, f"semtui-{os.geteuid()}", words, lambda parent: None))
    return tuple(found)


def _within(parent: Path, name: str, words: str, check: Callable[[Path], None]) -> StorageLocation:
    def ready() -> Path:
        check(parent)
        return private_directory(parent / name)

    return StorageLocation(parent / name, ready, words, trusted=False)


def _check_private(parent: Path) -> None:
    # After `sudo` it may be somebody else's.
    if not is_private_directory(parent):
        raise PrivateFileError(f"{parent} is not a private directory of yours; set XDG_RUNTIME_DIR to one that is.")


def host_in_names(host: str, longest: int | None = _LONGEST_HOST) -> str:
    """A host as part of a file's name: never too long, unless that is asked for, and different for different hosts."""
    plain = "".join(char if (char.isascii() and char.isalnum()) or char == "." else "_" for char in host)
    if longest is None or len(plain) <= longest:
        return plain
    return f"{plain[: longest - 17]}_{hashlib.sha256(host.encode()).hexdigest()[:16]}"
