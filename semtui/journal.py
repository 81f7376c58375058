"""What was begun and may be unfinished when semtui ends without warning: on disk, and without secrets.

Before a request that makes a token is sent, a record of it is written. It goes when it is known how the request ended
and the token, if there was one, is stored. A record that is still there at the next start tells what to look after;
so do tokens that `Session.close` saved.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from semtui.private_files import PrivateFileError, read_private, remove, write_private
from semtui.text import clean

if TYPE_CHECKING:
    from semtui.models import NewToken

_LONGEST_RECORD = 4_000
_LONGEST_TOKEN = 400
_LOOKING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Intent(NamedTuple):
    """A request that makes a token, as it was about to be sent."""

    host: str
    account_id: str
    """Of the account whose token is regenerated; empty when an account is created."""
    account_name: str
    begun_at: float
    """Epoch seconds, UTC."""
    updated_at: int | None = None
    """The account's, before its token is regenerated."""


class Journal:
    """Records in a directory of semtui's own: `where` names it, `make` makes it when it is first needed."""

    def __init__(self, where: Callable[[], Path], make: Callable[[], Path]) -> None:
        self._where = where
        self._make = make
        self._held: dict[Path, int] = {}
        """Records of this very run with their descriptors, locked."""

    def begin(self, intent: Intent) -> Path | None:
        """Write a record; None where nothing can be written, which is no reason to do without a token."""
        try:
            path = self._make() / f"unfinished-{os.getpid()}-{os.urandom(4).hex()}.json"
            record = write_private(path, json.dumps(intent._asdict()) + "\n")
        except (PrivateFileError, OSError):
            return None
        with contextlib.suppress(OSError):
            descriptor = self._held[record] = os.open(record, _LOOKING)
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return record

    def end(self, record: Path | None) -> None:
        """Remove a record, if one could be written: it is known how the request ended."""
        if record is not None:
            remove(record)
            if (descriptor := self._held.pop(record, None)) is not None:
                os.close(descriptor)

    def unfinished(self, host: str) -> list[tuple[Path, Intent]]:
        """The records for an organization whose program is gone, oldest first."""
        found = []
        for path in self._listed("unfinished-*.json"):
            intent = _intent(path)
            if intent is not None and intent.host == host and not _at_work(path):
                found.append((path, intent))
        return sorted(found, key=lambda each: each[1].begun_at)

    def rescued(self, host: str) -> list[Path]:
        """Files with tokens of an organization that nobody had stored when semtui ended. No other organization may see
        them, not even in a test of the token."""
        return self._listed(f"rescued-*-at-{_place(host)}-*.token")

    def rescued_token(self, path: Path) -> NewToken:
        """A token out of such a file. Raises PrivateFileError."""
        from pydantic import SecretStr

        from semtui.models import NewToken

        text = read_private(path, _LONGEST_TOKEN)
        # The end of the line is written last: without it the program was killed before it had written the token.
        if not text.endswith("\n") or not text.strip():
            raise PrivateFileError(f"{clean(str(path))} holds no whole token; look at it and remove it.")
        name = path.name.removeprefix("rescued-").rpartition("-at-")[0]
        return NewToken(account_id="", account_name=name, secret=SecretStr(text.strip()))

    def _listed(self, pattern: str) -> list[Path]:
        try:
            return sorted(self._where().glob(pattern))
        except OSError:
            return []


def rescue_stem(account_name: str, host: str) -> str:
    """What the file with a rescued token is called, but for a number."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in account_name)
    return f"rescued-{plain[:60]}-at-{_place(host)}"


def _place(host: str) -> str:
    return "".join(char if (char.isascii() and char.isalnum()) or char == "." else "_" for char in host)


def _intent(path: Path) -> Intent | None:
    """What a record says; None for one that is damaged or not ours."""
    try:
        data: Any = json.loads(read_private(path, _LONGEST_RECORD))
        texts = {key: clean(str(data[key])) for key in ("host", "account_id", "account_name")}
        updated_at = data["updated_at"]
        return Intent(
            **texts, begun_at=float(data["begun_at"]), updated_at=None if updated_at is None else int(updated_at)
        )
    except (PrivateFileError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _at_work(path: Path) -> bool:
    """True while the semtui that wrote a record still runs: it is not ours to clear up."""
    number = path.name.split("-")[1]
    if not number.isdigit():
        return True
    with contextlib.suppress(ProcessLookupError, OverflowError):
        try:
            os.kill(int(number), 0)
        except PermissionError:
            return False
        return _is_locked(path)
    return False


def _is_locked(path: Path) -> bool:
    """True while whoever wrote a record lives. Its number alone is no proof: after a restart another may have it."""
    try:
        descriptor = os.open(path, _LOOKING)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
