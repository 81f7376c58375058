"""Tokens that reached this computer: held until stored, saved to disk if not, recorded before they are requested."""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError
from semtui.system.private_files import PrivateFileError, remove, write_private
from semtui.text.clean import clean
from semtui.text.counting import count
from semtui.tokens.journal import (
    Deadline,
    Intent,
    Journal,
    Record,
    rescue_stem,
)

if TYPE_CHECKING:
    from semtui.api.models import NewToken, ServiceAccount
    from semtui.api.transport import Limits
    from semtui.tokens.storage_locations import StorageLocation

_BEFORE_SENDING = 2.0
"""Seconds that may pass between the record and the request (`changes.regenerate_token`)."""
TOO_LATE = "Nothing was sent: semtui is ending."


class Vault:
    """Holds the tokens of one organization. Called from the session's thread and from the interface's."""

    def __init__(self, host: str, places: Callable[[], Sequence[StorageLocation]], clock: Callable[[], float]) -> None:
        """`clock` gives epoch seconds, UTC."""
        self._host = host
        self._places = places
        self._clock = clock
        self._lock = threading.RLock()
        self.journal = Journal(places)
        self.ending = False
        """True once the user can no longer be asked: tokens that arrive are saved at once."""
        self._tokens: list[NewToken] = []
        self._saved: list[tuple[NewToken, Path]] = []
        """Tokens saved in a private file of semtui's own, in this run or a previous one."""
        self._made: list[tuple[NewToken, Path]] = []
        """Tokens with the record of the request that made each."""
        self._unknown: list[tuple[Path, Intent]] = []
        """Records of requests whose outcome is not known, oldest first."""
        self._pending: list[tuple[Path, Intent]] = []
        """Records of requests that are under way."""
        self._over_at: dict[str, float] = {}
        """By account id, when a lost request is certainly over, by `time.monotonic`: known even without a writable
        disk."""
        self.asks_before_other_places = True
        """Whether a request is refused once where only another place than the usual one can be written. A command
        cannot be confirmed a second time; it names the file if one is written."""
        self._announced: set[Path] = set()
        """Places other than the usual one that the user was told of before anything was written there."""
        self.rescued: list[Path] = []
        """Files into which unstored tokens were saved."""
        self.failures: list[str] = []
        """What could not be saved or was not sent, in sentences."""
        self.unknown_outcomes: list[str] = []
        """Requests whose outcome is not known at the end, in sentences."""

    # Tokens

    @property
    def unstored(self) -> tuple[NewToken, ...]:
        """Tokens that are neither stored by the user nor saved in a file."""
        return tuple(self._tokens)

    def hold(self, token: NewToken) -> None:
        """Hold a token that has just been read, or replace it once more is known about it."""
        with self._lock:
            if any(filed.secret == token.secret for filed, _ in self._saved):
                self._saved = [(token if filed.secret == token.secret else filed, path) for filed, path in self._saved]
                return
            earlier = [held for held in self._tokens if held.secret == token.secret]
            self._tokens.append(token)
            for held in earlier:
                self._tokens.remove(held)
            if self.ending:
                self._save(token)

    def release(self, token: NewToken) -> None:
        """Drop a token that is stored elsewhere, and remove semtui's own file that holds it, if any."""
        with self._lock:
            with contextlib.suppress(ValueError):
                self._tokens.remove(token)
            self._forget_record(token)
            for filed in [each for each in self._saved if each[0] == token]:
                self._saved.remove(filed)
                remove(filed[1])
                self.rescued = [path for path in self.rescued if path != filed[1]]

    def rescued_before(self) -> list[Path]:
        """Files with unstored tokens of this organization, of this run and previous ones."""
        return self.journal.rescued(self._host)

    def open_rescued(self, path: Path) -> NewToken:
        """The token in a file that a previous run saved; the file is removed once the token is released. Raises
        PrivateFileError."""
        token = self.journal.rescued_token(path)
        with self._lock:
            if (token, path) not in self._saved:
                self._saved.append((token, path))
        return token

    def save_privately(self, token: NewToken) -> Path | None:
        """Save an unstored token to a private file, which the next start offers, and hold it no longer.

        Returns None for a token that is in such a file already. Raises PrivateFileError; the token is then still held.
        """
        with self._lock:
            if token not in self._tokens:
                return None
            first_error: PrivateFileError | None = None
            for place in self._places():
                try:
                    return self._file(place.ready(), token)
                except PrivateFileError as error:
                    first_error = first_error or error
            raise first_error or PrivateFileError("There is no place to keep it in.")

    def end(self) -> None:
        """Save every unstored token, now and as it arrives: the user can no longer be asked."""
        with self._lock:
            self.ending = True
            for token in self.unstored:
                self._save(token)

    def close(self) -> None:
        """Report what remains unknown, and leave the records to the next run."""
        with self._lock:
            self.end()
            for record, intent in (*self._unknown, *self._pending):
                if os.path.lexists(record):
                    what = "the request for a new API token of" if intent.account_id else "the request to create"
                    self.unknown_outcomes.append(
                        f"The outcome of {what} {clean(intent.account_name)} is not known; the next start checks it."
                    )
            self._unknown.clear()
            self._pending.clear()
            self.journal.close()

    def _save(self, token: NewToken) -> None:
        try:
            self.save_privately(token)
        except PrivateFileError as error:
            sentence = f"The API token of {clean(token.account_name)} could not be saved: {error}"
            if sentence not in self.failures:
                self.failures.append(sentence)

    def _file(self, directory: Path, token: NewToken) -> Path:
        path = _free_name(directory, rescue_stem(token.account_name, self._host))
        written = write_private(path, token.secret.get_secret_value() + "\n")
        self._tokens.remove(token)
        self._forget_record(token)
        self._saved.append((token, written))
        self.rescued.append(written)
        return written

    def warning_of(self, path: Path) -> str:
        """Why a file there should be moved soon, to be appended to its name."""
        return next((f" {each.words}" for each in self._places() if each.words and each.path == path.parent), "")

    def _forget_record(self, token: NewToken) -> None:
        for made in [each for each in self._made if each[0] == token]:
            self._made.remove(made)
            self.journal.end(made[1])

    # Requests for tokens

    def begin(self, account: ServiceAccount | str, limits: Limits, sent_at: float | None = None) -> Path:
        """Record that a token is about to be requested, for an account as it was or for a new one of that name.
        `sent_at` is the time by Semaphore's clock.

        Raises NotSentError where the token could be lost, or replaced by a previous request.
        """
        intent = replace(self._intent(account), sent_at=sent_at)
        with self._lock:
            if self.ending:
                self.report_too_late(intent.account_name)
                raise NotSentError(TOO_LATE)
            record = self._written(intent, limits)
            try:
                # Only now: of two that begin at the same time, each sees the other.
                self.check_no_pending_request(intent.account_id, but=record)
            except NotSentError:
                self.journal.end(record)
                raise
            self._pending.append((record, intent))
        return record

    def report_too_late(self, account_name: str) -> None:
        """Add to the final messages that a request came too late to be sent."""
        words = f"Nothing was sent for the API token of {clean(account_name)}: semtui was told to end first."
        self.failures.append(words)

    def _intent(self, account: ServiceAccount | str) -> Intent:
        if isinstance(account, str):
            return Intent(self._host, "", account, self._clock())
        return Intent(self._host, account.id, account.name, self._clock(), account.updated_at)

    def _written(self, intent: Intent, limits: Limits) -> Path:
        try:
            record, write_error = self.journal.begin(intent, _BEFORE_SENDING + limits.write_total + limits.poll_for)
        except PrivateFileError as error:
            raise NotSentError(
                f"Nothing was sent: there is no place on this computer to save a token that nobody has stored. {error} "
                "Or set XDG_STATE_HOME to a directory that can be written."
            ) from None
        place = record.parent
        if write_error and self.asks_before_other_places and place not in self._announced:
            self.journal.end(record)
            self._announced.add(place)
            raise NotSentError(
                f"Nothing was sent. {write_error} If you go on, a token that nobody has stored is saved in "
                f"{clean(str(place))} instead.{self.warning_of(record)} Confirm again to continue."
            )
        return record

    def check_no_pending_request(self, account_id: str, but: Path | None = None) -> None:
        """Raises NotSentError while a previous request, of any process, may still replace the token of this account."""
        if not account_id:
            return
        for each in self._records_of(account_id, but):
            if each.awaited and each.process and but != each.path and not self._is_ours(each):
                raise NotSentError(
                    f"Nothing was sent: {each.process.words} has asked for a new token of this account and waits for "
                    "the answer. Try again once it has arrived or that run has ended."
                )
        if wait := self.seconds_until_over(account_id, but):
            seconds = math.ceil(wait)
            moment = time.strftime("%H:%M:%S UTC", time.gmtime(self._clock() + seconds))
            raise NotSentError(
                "Nothing was sent: the last request for this token may still be on its way through Semaphore, and "
                f"would replace the new token at once. Try again in {count(seconds, 'second')}, at {moment}."
            )

    def _is_ours(self, record: Record) -> bool:
        return any(record.path == path for path, _ in (*self._pending, *self._unknown))

    def _records_of(self, account_id: str, but: Path | None) -> list[Record]:
        records = self.journal.records(self._host)
        return [each for each in records if each.intent.account_id == account_id and each.path != but]

    def seconds_until_over(self, account_id: str, but: Path | None = None) -> float:
        """Seconds during which a lost request may still replace the token of this account."""
        if not account_id:
            return 0.0
        now = self._clock()
        left = [self._over_at.get(account_id, 0.0) - time.monotonic()]
        return max(0.0, *left, *(each.left(now) for each in self._records_of(account_id, but)))

    def refused(self, record: Path | None) -> None:
        """Note that a request was refused, and nothing was done."""
        with self._lock:
            self._answered(record)
            self.journal.end(record)

    def outcome_unknown(self, record: Path | None, limits: Limits) -> None:
        """Note that the answer was lost; the request may still be carried out for a while."""
        with self._lock:
            intent = self._answered(record)
            if record is not None and intent is not None:
                self._unknown.append((record, intent))
                self.journal.note(record, "unclear", self._deadline(intent.account_id, limits))

    def arrived(self, token: NewToken, record: Path | None, limits: Limits) -> None:
        """Note that the answer arrived with a token, which is now held."""
        with self._lock:
            intent = self._answered(record)
            if record is None or intent is None:
                return
            done = Deadline.after(0, self._clock())
            self.journal.note(record, "arrived", self._deadline(intent.account_id, limits) if token.salvaged else done)
            if intent.account_id:
                self._unknown = [each for each in self._unknown if each[1].account_id != intent.account_id]
                self.journal.supersede(self._host, intent.account_id, record)
            if token in self._tokens:
                self._made.append((token, record))
            else:
                # It was saved already, because semtui is ending.
                self.journal.end(record)

    def delivering(self, token: NewToken, to: str, secret: str = "") -> None:
        """Note where a token is being brought to, in case semtui is killed meanwhile; `secret` is one of Semaphore, as
        it is typed."""
        with self._lock:
            for held, record in self._made:
                if held == token:
                    self.journal.note_destination(record, to, secret)

    def outcome_known(self) -> None:
        """Note that the outcome of the last unknown request is now known."""
        with self._lock:
            if self._unknown:
                self.journal.end(self._unknown.pop()[0])

    def _answered(self, record: Path | None) -> Intent | None:
        found = next((each for each in self._pending if each[0] == record), None)
        if found is None:
            return None
        self._pending.remove(found)
        return found[1]

    def _deadline(self, account_id: str, limits: Limits) -> Deadline:
        if account_id:
            self._over_at[account_id] = time.monotonic() + limits.poll_for
        return Deadline.after(limits.poll_for, self._clock())


def _free_name(directory: Path, stem: str) -> Path:
    number = 1
    while os.path.lexists(path := directory / f"{stem}-{number}.token"):
        number += 1
    return path
