"""Records of token requests under way, on disk and without secrets, for when semtui ends without warning.

Before a request that makes a token is sent, a record of it is written, locked for as long as whoever wrote it runs. It
goes when it is known how the request ended and the token, if there was one, is stored. A record that is still there
later tells what to look after, and until when a lost request may still be carried out.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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
"""Seconds after which a request is over for certain, where its record does not say."""
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a damaged record may raise."""
_RECORD = re.compile(r"unfinished-\d+-[0-9a-f]+\.json")


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
    sent_at: float | None = None
    """Epoch seconds by Semaphore's clock, where that was known."""


class Deadline(NamedTuple):
    """Until when Semaphore may still carry out a request: by the wall clock, and by the kernel's boot-time clock, which
    nobody sets and which keeps running while the computer sleeps."""

    wall: float
    uptime: float
    within: float
    """How far away it was when it was written down; it is never further."""

    @classmethod
    def after(cls, seconds: float, now: float) -> Deadline:
        """So many seconds from now."""
        return cls(now + seconds, _uptime() + seconds, seconds)

    def left(self, now: float, *, same_boot: bool) -> float:
        """Seconds until then."""
        left = self.uptime - _uptime() if same_boot else self.wall - now
        return min(max(0.0, left), self.within)


class Record(NamedTuple):
    """What a file says of a request, and what is known of whoever wrote it."""

    path: Path
    intent: Intent
    process: Process | None
    process_state: ProcessState
    state: State
    deadline: Deadline

    def left(self, now: float) -> float:
        """For how many seconds more Semaphore may carry the request out."""
        same_boot = bool(self.process and self.process.boot and self.process.boot == this_process().boot)
        return self.deadline.left(now, same_boot=same_boot)

    @property
    def awaited(self) -> bool:
        """A running semtui is waiting for its answer."""
        return self.state == "asked" and self.process_state == "running"


class Journal:
    """Records in the first of these places that can be written, read in all of them."""

    def __init__(self, places: Callable[[], Sequence[StorageLocation]]) -> None:
        self._places = places
        self._held: dict[Path, int] = {}
        """Records of this very run with their descriptors, locked."""

    def begin(self, intent: Intent, longest: float) -> tuple[Path, str]:
        """Write a record of a request that is over after `longest` seconds; with what kept it from its usual place.

        Raises PrivateFileError where it cannot be written anywhere.
        """
        errors: list[str] = []
        deadline = Deadline.after(longest, intent.begun_at)
        line = {**intent._asdict(), "process": this_process()._asdict(), **_note("asked", deadline)}
        for place in self._places():
            try:
                path = place.ready() / f"unfinished-{os.getpid()}-{os.urandom(4).hex()}.json"
                record, self._held[record] = write_private_locked(path, json.dumps(line) + "\n")
                return record, " ".join(errors)
            except PrivateFileError as error:
                errors.append(str(error))
        raise PrivateFileError(errors[0])

    def note(self, record: Path | None, state: State, deadline: Deadline) -> None:
        """Add to a record of this run what has become of the request."""
        descriptor = self._held.get(record) if record is not None else None
        if descriptor is not None:
            # Without it the request is taken to be on its way for as long as any may be.
            with contextlib.suppress(OSError):
                append_line(descriptor, json.dumps(_note(state, deadline)))

    def end(self, record: Path | None) -> None:
        """Remove a record, if there is one: it is known how the request ended."""
        if record is not None:
            remove(record)
            self._unlock(record)

    def close(self) -> None:
        """Stop waiting for answers; the records are left to the next run."""
        for record in list(self._held):
            self._unlock(record)

    def _unlock(self, record: Path) -> None:
        if (descriptor := self._held.pop(record, None)) is not None:
            os.close(descriptor)

    def records(self, host: str) -> list[Record]:
        """Everything on record for an organization, oldest first."""
        files = [path for place in self._places() for path in place.files("unfinished-*.json")]
        found = [record for path in files if _RECORD.fullmatch(path.name) and (record := _record(path)) is not None]
        return sorted((each for each in found if each.intent.host == host), key=lambda each: each.intent.begun_at)

    def unfinished(self, host: str) -> list[tuple[Path, Intent]]:
        """Requests for an organization whose program is gone, oldest first."""
        return [(each.path, each.intent) for each in self.records(host) if each.process_state == "gone"]

    def unverifiable(self, host: str) -> list[Record]:
        """Requests of which nobody here can tell whether somebody still waits for them."""
        return [each for each in self.records(host) if each.process_state == "unknown"]

    def supersede(self, host: str, account_id: str, by: Path | None) -> None:
        """A token of this account has arrived: what became of earlier requests for it matters no more."""
        for each in self.records(host):
            earlier = each.process_state == "gone" or (each.path in self._held and each.state == "unclear")
            if each.intent.account_id == account_id and each.path != by and earlier:
                self.end(each.path)

    def rescued(self, host: str) -> list[Path]:
        """Files with tokens of an organization that nobody had stored when semtui ended. No other organization may see
        them, not even in a test of the token."""
        names = {host_in_names(host), host_in_names(host, longest=None)}
        patterns = [f"rescued-*-at-{name}-*.token" for name in sorted(names)]
        return [path for place in self._places() for pattern in patterns for path in place.files(pattern)]

    def rescued_token(self, path: Path) -> NewToken:
        """A token out of such a file. Raises PrivateFileError."""
        from pydantic import SecretStr

        from semtui.api.models import NewToken

        text = read_private(path, _LONGEST_TOKEN)
        # The end of the line is written last: without it the program was killed before it had written the token.
        if not text.endswith("\n") or not text.strip():
            raise PrivateFileError(f"{clean(str(path))} holds no whole token; look at it and remove it.")
        name = path.name.removeprefix("rescued-").rpartition("-at-")[0]
        return NewToken(account_id="", account_name=name, secret=SecretStr(text.strip()))


def rescue_stem(account_name: str, host: str) -> str:
    """What the file with a rescued token is called, but for a number."""
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in account_name)
    return f"rescued-{plain[:60]}-at-{host_in_names(host)}"


def _note(state: State, deadline: Deadline) -> dict[str, object]:
    return {"state": state, "deadline": deadline._asdict()}


def _record(path: Path) -> Record | None:
    """What a file says; None for one that is damaged or not ours."""
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
            state, deadline = _latest(json.loads(line), deadline)
    return Record(path, intent, process, process_state(process, is_locked(path)), state, deadline)


def _intent(data: dict[str, Any]) -> Intent:
    texts = {key: clean(str(data[key])) for key in ("host", "account_id", "account_name")}
    updated_at = None if data["updated_at"] is None else int(data["updated_at"])
    sent_at = None if data.get("sent_at") is None else _finite(data["sent_at"])
    return Intent(**texts, begun_at=_finite(data["begun_at"]), updated_at=updated_at, sent_at=sent_at)


def _latest(data: dict[str, Any], deadline: Deadline) -> tuple[State, Deadline]:
    states: dict[object, State] = {"unclear": "unclear", "arrived": "arrived"}
    if "deadline" in data:
        deadline = Deadline(*(_finite(data["deadline"][field]) for field in Deadline._fields))
    return states.get(data.get("state"), "asked"), deadline


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("no moment in time")
    return number


def _process(data: dict[str, Any] | None) -> Process | None:
    if data is None:
        return None
    texts = {field: clean(str(data[field])) for field in Process._fields if field != "number"}
    return Process(number=int(data["number"]), **texts)


def _uptime() -> float:
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
