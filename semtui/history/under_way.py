"""What was begun with an account and is to be finished later, on disk and without secrets: a deletion that was put off,
and a rotation by a twin. Nothing runs meanwhile; it is only remembered."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from semtui.history.record import DAMAGED
from semtui.system.private_files import PrivateFileError, read_private, remove
from semtui.system.settings_files import replace_settings
from semtui.text.clean import cleaned, raw

Kind = Literal["deletion", "rotation"]
_LONGEST = 8_000
_TEXTS = ("host", "account_id", "account_name", "twin_id", "twin_name")


@dataclass(frozen=True)
class Undertaking:
    """Something that was begun with a service account."""

    kind: Kind
    host: str
    account_id: str
    account_name: str
    begun_at: float
    """Epoch seconds, UTC, by this computer's clock."""
    due_at: float | None = None
    """When to remind of it; None for never."""
    twin_id: str = ""
    """For a rotation, the account that takes over; empty until it is known."""
    twin_name: str = ""

    def is_due(self, now: float) -> bool:
        """Whether it is time to remind of it."""
        return self.due_at is not None and self.due_at <= now


class UnderWay:
    """Remembers undertakings of one organization, or, for an empty host, reads those of all."""

    def __init__(self, host: str, directory: Callable[[], Path] | None) -> None:
        """Without a directory they are known until this run ends."""
        self._host = host
        self._directory = directory
        self._here: dict[str, Undertaking] = {}
        """Those of this run, where there is no directory."""

    def all(self) -> list[Undertaking]:
        """Everything that is under way, oldest first; damaged files are left out. Raises PrivateFileError."""
        if self._directory is None:
            found = list(self._here.values())
        else:
            paths = sorted(self._directory().glob("under-way-*.json"))
            found = [each for path in paths if (each := _read(path)) and self._host in ("", each.host)]
        return sorted(found, key=lambda each: each.begun_at)

    def of(self, account_id: str) -> Undertaking | None:
        """What is under way with an account. Raises PrivateFileError."""
        return next((each for each in self.all() if each.account_id == account_id), None)

    def save(self, undertaking: Undertaking) -> None:
        """Remember it, in place of what was known of its account. Raises PrivateFileError."""
        if self._directory is None:
            self._here[undertaking.account_id] = undertaking
            return
        path = self._path(undertaking.account_id)
        text = json.dumps({key: raw(value) if isinstance(value, str) else value for key, value in _fields(undertaking)})
        before = path.read_bytes() if path.exists() else None
        replace_settings(path, f"{text}\n", before)

    def end(self, account_id: str) -> None:
        """Forget what is under way with an account."""
        self._here.pop(account_id, None)
        if self._directory is not None:
            remove(self._path(account_id))

    def _path(self, account_id: str) -> Path:
        assert self._directory is not None, "there is a file only where there is a directory"
        name = hashlib.sha256(f"{self._host}\n{raw(account_id)}".encode()).hexdigest()[:24]
        return self._directory() / f"under-way-{name}.json"


def _fields(undertaking: Undertaking) -> list[tuple[str, Any]]:
    return list(asdict(undertaking).items())


def _read(path: Path) -> Undertaking | None:
    """The undertaking in a file; None for one that is damaged or not ours."""
    try:
        content: Any = json.loads(read_private(path, _LONGEST))
        kind, begun, due = content["kind"], float(content["begun_at"]), content["due_at"]
        if kind not in get_args(Kind) or not math.isfinite(begun) or not (due is None or math.isfinite(float(due))):
            return None
        texts = {name: cleaned(str(content[name])) for name in _TEXTS}
        return Undertaking(kind, begun_at=begun, due_at=None if due is None else float(due), **texts)
    except (PrivateFileError, *DAMAGED):
        return None
