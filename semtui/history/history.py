"""The journal of one organization: what has been changed through semtui, in this run and in earlier ones."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from semtui.api.errors import NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.history.record import Entry, beginning, ending, entries_of, line_of, new_id
from semtui.system.private_files import PrivateFileError
from semtui.text.clean import clean

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.history.files import Keeping
    from semtui.history.record import Change, Outcome, Verdict

T = TypeVar("T")
_together: ContextVar[str] = ContextVar("together", default="")


@contextmanager
def as_one(together: str) -> Iterator[None]:
    """Within it, what is sent is one change of the user's: each entry holds the id `together`, or that of a change this
    is a part of."""
    before = _together.set(_together.get() or together)
    try:
        yield
    finally:
        _together.reset(before)


class History:
    """Records changes. Written on the session's thread, read on any."""

    def __init__(self, host: str, keeping: Keeping | None, clock: Callable[[], float]) -> None:
        """Without `keeping`, the changes of this run alone are known. `clock` gives epoch seconds, UTC."""
        self._host = host
        self._keeping = keeping
        self._clock = clock
        self._lock = threading.Lock()
        self._run: dict[str, Entry] = {}
        """The entries of this run by their ids, oldest first."""
        self._earlier: list[Entry] = []
        """What the files held when they were read."""
        self._sizes: dict[Path, int] = {}
        """The size of each file then, and since, as far as this program has written to them."""
        self._dropped = False
        self.failure = ""
        """Why the journal could not be written, in sentences; empty while it can."""

    @property
    def is_kept(self) -> bool:
        """Whether the journal outlives this run."""
        return self._keeping is not None

    @property
    def has_begun(self) -> bool:
        """Whether a change was sent in this run."""
        return bool(self._run)

    async def carry_out(self, change: Change, send: Callable[[], Awaitable[T]]) -> T:
        """Send a change, recording it before and how it ended after."""
        entry = self._begin(change)
        try:
            result = await send()
        except OutcomeUnknownError as error:
            self._end(entry, "unknown", str(error))
            raise
        except NotSentError as error:
            self._end(entry, "not sent", str(error))
            raise
        except SemaphoreError as error:
            self._end(entry, "refused", str(error))
            raise
        self._end(entry, "queued" if change.is_queued else "done", "", subject_id=_id_of(result))
        return result

    def looked_up(self, what: str | Change, verdict: Verdict) -> None:
        """Record what was found out about a change whose answer was lost: the latest, by its subject's id or new name,
        or this one."""
        unknown = [each for each in self._run.values() if each.outcome == "unknown"]
        lost = [each for each in unknown if what in (replace(each.change, together=""), each.change.key)]
        if lost:
            self._end(lost[-1], verdict.outcome, verdict.sentence, subject_id=verdict.subject_id, looked_up=True)

    def watched(self, is_it: Callable[[Change], bool], verdict: Verdict) -> None:
        """Record what was seen of the latest queued change that `is_it`; one that was not seen stays queued."""
        queued = [each for each in self._run.values() if each.outcome == "queued" and is_it(each.change)]
        if queued:
            outcome: Outcome = "queued" if verdict.outcome == "unknown" else verdict.outcome
            self._end(queued[-1], outcome, verdict.sentence, looked_up=True)

    def entries(self) -> list[Entry]:
        """The changes of this organization, oldest first. Raises PrivateFileError."""
        with self._lock:
            found = {each.id: each for each in self._kept()} | self._run
        return sorted(found.values(), key=lambda each: each.at)

    def _kept(self) -> list[Entry]:
        """The entries in the files, read again only if another program has written to them."""
        if self._keeping is None:
            return []
        sizes = self._keeping.sizes()
        if self._sizes != sizes:
            self._earlier = [each for each in entries_of(self._keeping.lines()) if each.host == self._host]
            self._sizes = sizes
        return self._earlier

    def known(self) -> list[Entry]:
        """The same, and only those of this run if the files cannot be read."""
        try:
            return self.entries()
        except PrivateFileError:
            with self._lock:
                return list(self._run.values())

    def _begin(self, change: Change) -> Entry:
        change = replace(change, together=_together.get())
        entry = Entry(new_id(), self._clock(), self._host, change)
        self._write(line_of(beginning(entry)))
        with self._lock:
            self._run[entry.id] = entry
        return entry

    def _end(
        self, entry: Entry, outcome: Outcome, words: str, *, subject_id: str = "", looked_up: bool = False
    ) -> None:
        line = ending(entry, outcome, clean(words), subject_id=subject_id, looked_up=looked_up)
        self._write(line_of(line))
        with self._lock:
            self._run[entry.id] = entry.ended(line)

    def _write(self, line: str) -> None:
        if self._keeping is None:
            return
        now = self._clock()
        try:
            path = self._keeping.append(line, now)
            with self._lock:
                self._sizes[path] = self._sizes.get(path, 0) + len(line.encode()) + 1
            if not self._dropped:
                self._dropped = True
                self._keeping.drop_old(now)
            self.failure = ""
        except PrivateFileError as error:
            # What was asked for is worth more than its record, which this run still has.
            self.failure = f"The journal of changes is not complete. {error}"


def _id_of(made: object) -> str:
    """The id of what an answer describes, if it describes something."""
    found = getattr(made, "account_id", "") or getattr(made, "user_id", "") or getattr(made, "id", "")
    return found if isinstance(found, str) else ""
