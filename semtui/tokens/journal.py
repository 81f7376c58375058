"""Records of pending token requests, on disk and without secrets, in case semtui ends without warning.

Before a request that makes a token is sent, a record of it is written, which stays locked while the program that wrote
it runs. It is removed once the outcome of the request is known and its token, if any, is stored. A record found later
says what to check, and until when a lost request may still be carried out.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from semtui.system.private_files import (
    PrivateFileError,
    append_line,
    is_locked,
    read_private,
    remove,
    write_private_locked,
)
from semtui.system.processes import (
    Process,
    ProcessState,
    process_state,
    this_process,
)
from semtui.text.clean import clean
from semtui.tokens.storage_locations import StorageLocation, host_in_names

if TYPE_CHECKING:
    from semtui.api.models import NewToken

State = Literal["asked", "unclear", "arrived"]
_LONGEST_RECORD = 8_000
_LONGEST_TOKEN = 400
_LONGEST_REQUEST = 90.0
"""Seconds after which a request is certainly over, if its record does not say."""
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""Exceptions that reading a damaged record may raise."""
_RECORD = re.compile(r"unfinished-\d+-[0-9a-f]+\.json")


@dataclass(frozen=True)
class Intent:
    """A request that makes a token, as it is about to be sent."""

    host: str
    account_id: str
    """Id of the account whose token is regenerated; empty when an account is created."""
    account_name: str
    begun_at: float
    """Epoch seconds, UTC."""
    updated_at: int | None = None
    """The account's `updated_at` before its token is regenerated."""
    sent_at: float | None = None
    """Epoch seconds by Semaphore's clock, if known."""
    destination: str = ""
    """Where the token was being brought to, within a sentence; empty before it arrived."""
    secret: str = ""
    """The secret of Semaphore it was being put into, as it is typed; empty for any other destination."""
    arrived: bool = False
    """Whether the token reached this computer."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when Semaphore may still carry out a request: by the wall clock, and by the kernel's boot-time clock, which
    nobody sets and which keeps running while the computer sleeps."""

    wall: float
    uptime: float
    within: float
    """Seconds until then when it was recorded, an upper limit for `left`."""

    @classmethod
    def after(cls, seconds: float, now: float) -> Deadline:
        """The deadline that many seconds from now."""
        return cls(now + seconds, _uptime() + seconds, seconds)

    def left(self, now: float, *, same_boot: bool) -> float:
        """Seconds until then."""
        left = self.uptime - _uptime() if same_boot else self.wall - now
        return min(max(0.0, left), self.within)


@dataclass(frozen=True)
class Record:
    """The content of a record, and the state of the process that wrote it."""

    path: Path
    intent: Intent
    process: Process | None
    process_state: ProcessState
    state: State
    deadline: Deadline

    def left(self, now: float) -> float:
        """Seconds during which Semaphore may still carry out the request."""
        same_boot = bool(self.process and self.process.boot and self.process.boot == this_process().boot)
        return self.deadline.left(now, same_boot=same_boot)

    @property
    def awaited(self) -> bool:
        """True if a running semtui is waiting for the answer."""
        return self.state == "asked" and self.process_state == "running"


class Journal:
    """Writes records to the first writable place, and reads them from all places."""

    def __init__(self, places: Callable[[], Sequence[StorageLocation]]) -> None:
        self._places = places
        self._held: dict[Path, int] = {}
        """Records of this run, with their locked descriptors."""

    def begin(self, intent: Intent, longest: float) -> tuple[Path, str]:
        """Write a record of a request that is over after `longest` seconds. Also returns why its usual place could not
        be used.

        Raises PrivateFileError if no place is writable.
        """
        errors: list[str] = []
        deadline = Deadline.after(longest, intent.begun_at)
        line = {**asdict(intent), "process": asdict(this_process()), **_note("asked", deadline)}
        for place in self._places():
            try:
                path = place.ready() / f"unfinished-{os.getpid()}-{os.urandom(4).hex()}.json"
                record, self._held[record] = write_private_locked(path, json.dumps(line) + "\n")
                return record, " ".join(errors)
            except PrivateFileError as error:
                errors.append(str(error))
        raise PrivateFileError(errors[0])

    def note(self, record: Path | None, state: State, deadline: Deadline) -> None:
        """Append the new state of a request to its record, if it is one of this run."""
        descriptor = self._held.get(record) if record is not None else None
        if descriptor is not None:
            # Without it the request is taken to be on its way for as long as any may be.
            with contextlib.suppress(OSError):
                append_line(descriptor, json.dumps(_note(state, deadline)))

    def note_destination(self, record: Path, words: str, secret: str) -> None:
        """Append where the token is being brought to; `secret` is a secret of Semaphore, as it is typed."""
        if (descriptor := self._held.get(record)) is not None:
            with contextlib.suppress(OSError):
                append_line(descriptor, json.dumps({"destination": words, "secret": secret}))

    def end(self, record: Path | None) -> None:
        """Remove a record, if there is one, because the outcome of the request is known."""
        if record is not None:
            remove(record)
            self._unlock(record)

    def close(self) -> None:
        """Unlock the records of this run, and leave them to the next one."""
        for record in list(self._held):
            self._unlock(record)

    def _unlock(self, record: Path) -> None:
        if (descriptor := self._held.pop(record, None)) is not None:
            os.close(descriptor)

    def records(self, host: str) -> list[Record]:
        """All records of an organization, oldest first."""
        files = [path for place in self._places() for path in place.files("unfinished-*.json")]
        found = [record for path in files if _RECORD.fullmatch(path.name) and (record := _record(path)) is not None]
        return sorted((each for each in found if each.intent.host == host), key=lambda each: each.intent.begun_at)

    def unfinished(self, host: str) -> list[tuple[Path, Intent]]:
        """Requests of an organization whose program is no longer running, oldest first."""
        return [(each.path, each.intent) for each in self.records(host) if each.process_state == "gone"]

    def unverifiable(self, host: str) -> list[Record]:
        """Requests of which it cannot be told from here whether their program is still running."""
        return [each for each in self.records(host) if each.process_state == "unknown"]

    def supersede(self, host: str, account_id: str, by: Path | None) -> None:
        """Remove the records of previous requests for an account's token, because a new token has arrived."""
        for each in self.records(host):
            earlier = each.process_state == "gone" or (each.path in self._held and each.state == "unclear")
            if each.intent.account_id == account_id and each.path != by and earlier:
                self.end(each.path)

    def rescued(self, host: str) -> list[Path]:
        """Files with tokens of an organization that were not stored when semtui ended. Another organization must
        never see them, not even in a test of the token."""
        names = {host_in_names(host), host_in_names(host, longest=None)}
        patterns = [f"rescued-*-at-{name}-*.token" for name in sorted(names)]
        return [path for place in self._places() for pattern in patterns for path in place.files(pattern)]

    def rescued_token(self, path: Path) -> NewToken:
        """The token in such a file. Raises PrivateFileError."""
        from pydantic import SecretStr

        from semtui.api.models import NewToken

        text = read_private(path, _LONGEST_TOKEN)
        # The end of the line is written last: without it the program was killed before it had written the token.
        if not text.endswith("\n") or not text.strip():
            raise PrivateFileError(f"{clean(str(path))} does not hold a complete token; check it and remove it.")
        name = path.name.removeprefix("rescued-").rpartition("-at-")[0]
        return NewToken(account_id="", account_name=name, secret=SecretStr(text.strip()))


def rescue_stem(account_name: str, host: str) -> str:
    """The file name for a rescued token, without its number and ending."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in account_name)
    return f"rescued-{plain[:60]}-at-{host_in_names(host)}"


def _note(state: State, deadline: Deadline) -> dict[str, object]:
    return {"state": state, "deadline": asdict(deadline)}


def _record(path: Path) -> Record | None:
    """The record in a file; None for one that is damaged or not ours."""
    try:
        first, *notes = read_private(path, _LONGEST_RECORD).splitlines()
        data: Any = json.loads(first)
        intent = _intent(data)
        process = _process(data.get("process"))
        state, deadline = _latest(data, Deadline(intent.begun_at + _LONGEST_REQUEST, 0, _LONGEST_REQUEST))
    except (PrivateFileError, *_DAMAGED):
        return None
    for line in notes:
        # The last one may have been cut off by whatever ended the program.
        with contextlib.suppress(*_DAMAGED):
            note: Any = json.loads(line)
            if "destination" in note:
                intent = replace(
                    intent, destination=clean(str(note["destination"])), secret=clean(str(note.get("secret", "")))
                )
            else:
                state, deadline = _latest(note, deadline)
    intent = replace(intent, arrived=state == "arrived")
    return Record(path, intent, process, process_state(process, is_locked(path)), state, deadline)


def _intent(data: dict[str, Any]) -> Intent:
    host, account_id, name = (clean(str(data[key])) for key in ("host", "account_id", "account_name"))
    updated_at = None if data["updated_at"] is None else int(data["updated_at"])
    sent_at = None if data.get("sent_at") is None else _finite(data["sent_at"])
    return Intent(host, account_id, name, _finite(data["begun_at"]), updated_at, sent_at)


def _latest(data: dict[str, Any], deadline: Deadline) -> tuple[State, Deadline]:
    states: dict[object, State] = {"unclear": "unclear", "arrived": "arrived"}
    if "deadline" in data:
        deadline = Deadline(*(_finite(data["deadline"][each.name]) for each in fields(Deadline)))
    return states.get(data.get("state"), "asked"), deadline


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("no moment in time")
    return number


def _process(data: dict[str, Any] | None) -> Process | None:
    if data is None:
        return None
    texts = {field: clean(str(data[field])) for field in ("host", "machine", "boot", "namespace", "started")}
    return Process(number=int(data["number"]), **texts)


def _uptime() -> float:
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
