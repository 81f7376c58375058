"""A log of requests that is safe to send to a stranger: no token, no name, no host, no body."""

from __future__ import annotations

import itertools
import os
import platform
import re
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from semtui import __version__
from semtui.system.private_directories import state_directory
from semtui.system.private_files import private_log
from semtui.text.clean import clean

_WORD = re.compile(r"[a-z_]{2,30}")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_NUMBER_KEYS = {"page_no", "page_size", "page"}
_KNOWN_WORDS = frozenset(
    [
        "service_accounts",
        "members",
        "groups",
        "roles",
        "projects",
        "role",
        "permissions",
        "regenerate_token",
        "deactivate",
        "reactivate",
        "v1",
        "v1beta",
        "v2",
        "secrets",
        "plumber-workflows",
        "tasks",
        "notifications",
        "deployment_targets",
        "history",
    ]
)


class DebugLog:
    """A log file of mode 0600 in semtui's own directory. Raises PrivateFileError when it cannot be created."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        day = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.path, self._file = private_log(state_directory(environ, home) / f"debug-{day}-{os.getpid()}.log")
        self.error = ""
        """Why logging stopped early; empty if it did not."""
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        terminal = _WORD.match(environ.get("TERM", ""))
        self.line(
            f"semtui {__version__}, Python {platform.python_version()}, {platform.system()}, "
            f"TERM {terminal[0] if terminal else 'unknown'}"
        )

    def number(self) -> int:
        """A number for the next request, which all of its lines carry."""
        return next(self._numbers)

    def request(self, number: int, method: str, path: str, query: Mapping[str, str]) -> None:
        """Log that a request is about to be sent."""
        self.line(f"#{number} {method} {shown_path(path, query)}")

    def ended(self, number: int, words: str) -> None:
        """Log how a request ended."""
        self.line(f"#{number} {words}")

    def fault(self, kind: str, places: Iterable[tuple[str, int, str]]) -> None:
        """Log an internal error at these places: file, line, function."""
        self.line(f"internal error: {kind}")
        for file, number, function in places:
            # The full path may contain the user's name.
            self.line(f"  {Path(file).name}:{number} in {function}")

    def line(self, words: str) -> None:
        """Write a line with the time, UTC."""
        now = time.time()
        stamp = f"{time.strftime('%H:%M:%S', time.gmtime(now))}.{int(now * 1000) % 1000:03d}"
        with self._lock:
            if self.error:
                return
            try:
                self._file.write(f"{stamp} {words}\n")
            except OSError as error:
                # The requests matter more than their log, so they go on.
                self.error = error.strerror or "unknown error"

    def close(self) -> None:
        """Close the log."""
        with self._lock:
            try:
                self._file.close()
            except OSError as error:
                self.error = error.strerror or "unknown error"

    @property
    def words(self) -> str:
        """A sentence about where the log is and what is wrong with it."""
        lacking = f", and not complete: it could not be written ({clean(self.error)})" if self.error else ""
        return f"the debug log is {clean(str(self.path))} (mode 0600){lacking}."


def shown_path(path: str, query: Mapping[str, str]) -> str:
    """A request's path and query without user content: ids shortened, names left out."""
    parts = [
        part if part in _KNOWN_WORDS else f"{part[:8]}…" if _ID.fullmatch(part) else "…" for part in path.split("/")
    ]
    asked = "&".join(
        f"{key}={value if key in _NUMBER_KEYS and value.isdecimal() else '…'}" for key, value in query.items()
    )
    return "/".join(parts) + (f"?{asked}" if asked else "")
