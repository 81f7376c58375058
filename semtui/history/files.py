"""The journal's files: one for each month, appended to and never rewritten, kept by age and by size."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from semtui.system.private_files import append_private, read_private, remove
from semtui.system.timestamps import utc

DAYS, MEBIBYTES = 400, 10
"""How long and how much is kept, unless the settings say otherwise."""
_LARGEST_FILE = 1 << 20
"""Bytes after which a month goes on in a further file."""
_LONGEST_LINE = 1 << 18
_NAME = re.compile(r"changes-(\d{4}-\d\d)-(\d{2,})\.jsonl")
_DAY = 86_400


@dataclass(frozen=True)
class Keeping:
    """Where the journal is kept, how long, and how much of it."""

    directory: Callable[[], Path]
    """The directory, made if it is missing. Raises PrivateFileError."""
    days: int = DAYS
    mebibytes: int = MEBIBYTES

    def append(self, line: str, now: float) -> Path:
        """Append a line to the file of this month; returns its path. Raises PrivateFileError."""
        directory = self.directory()
        moment = utc(now)
        month = time.strftime("%Y-%m", moment) if moment else "1970-01"
        files = [path for path in files_in(directory) if path.name.startswith(f"changes-{month}-")]
        number = int(files[-1].stem.rpartition("-")[2]) if files else 1
        if files and _size(files[-1]) >= _LARGEST_FILE:
            number += 1
        path = directory / f"changes-{month}-{number:02}.jsonl"
        append_private(path, line)
        return path

    def drop_old(self, now: float) -> None:
        """Remove the files that are older than is kept, then the oldest ones beyond the size."""
        left = self.mebibytes << 20
        for path in reversed(files_in(self.directory())):
            left -= _size(path)
            # A month is over at the latest 31 days after it began.
            if left < 0 or _begun(path) + (31 + self.days) * _DAY < now:
                remove(path)

    def sizes(self) -> dict[Path, int]:
        """The bytes of each file. Raises PrivateFileError."""
        return {path: _size(path) for path in files_in(self.directory())}

    def lines(self) -> list[str]:
        """Every line that is kept, oldest first. Raises PrivateFileError."""
        found: list[str] = []
        for path in files_in(self.directory()):
            found += read_private(path, _LARGEST_FILE + _LONGEST_LINE, errors="replace").split("\n")
        return found


def files_in(directory: Path) -> list[Path]:
    """The journal's files, oldest first."""
    try:
        found = [path for path in directory.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return []
    return sorted(found, key=lambda path: (path.name[:15], int(path.stem.rpartition("-")[2])))


def _begun(path: Path) -> float:
    import calendar

    month = _NAME.fullmatch(path.name)
    assert month is not None, "only such files are listed"
    return calendar.timegm(time.strptime(month[1], "%Y-%m"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
