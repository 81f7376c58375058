"""Checks a file's data: every field is present and of the right kind, and there are no others.

An error names the place and what was expected there, but never quotes the data, which may be anything.
"""

from __future__ import annotations

import calendar
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from semtui.audit.snapshots.records import Record, rfc3339
from semtui.system.errors import ExpectedError
from semtui.text.clean import clean

Check = Callable[[Any, str], Any]
"""Takes a value and its place in the file; returns the checked value, or raises SnapshotError."""

_HASH = re.compile(r"[0-9a-f]{64}")


class SnapshotError(ExpectedError):
    """A text is not a snapshot, or cannot be relied on; a sentence says why."""


def load(text: str) -> Any:
    """Parse JSON without duplicate keys. Raises SnapshotError."""
    try:
        return json.loads(
            text.removeprefix("\ufeff"), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number
        )
    except RecursionError:
        raise SnapshotError("This is no snapshot: it is nested too deeply.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SnapshotError(f"This is no snapshot, or only a part of one: it stops being JSON at {where}.") from None
    except ValueError:
        raise SnapshotError("This is no snapshot: it holds a number no snapshot has.") from None


def _once(pairs: list[tuple[str, Any]]) -> Record:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise SnapshotError("The snapshot has been changed: it says something twice in one place.")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def wrong(where: str, kind: str) -> SnapshotError:
    """The error for a value of the wrong kind."""
    return SnapshotError(f"The snapshot cannot be read: {clean(where, limit=200)} should be {kind}.")


def text(value: Any, where: str) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise wrong(where, "a text")
    return value


def filled(value: Any, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise wrong(where, "a text that is not empty")
    return value


def truth(value: Any, where: str) -> bool:
    """`true` or `false`."""
    if not isinstance(value, bool):
        raise wrong(where, "true or false")
    return value


def number(value: Any, where: str) -> int:
    """A whole number, which may be negative."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(where, "a whole number")
    return value


def count_of(value: Any, where: str) -> int:
    """A whole number that is not negative."""
    if number(value, where) < 0:
        raise wrong(where, "a whole number that is not negative")
    return int(value)


def sha(value: Any, where: str) -> str:
    """A SHA-256 in hexadecimal."""
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise wrong(where, "a SHA-256 of 64 small hexadecimal digits")
    return value


def instant(value: Any, where: str) -> int:
    """A time such as `2026-11-26T09:00:01Z`, as epoch seconds."""
    seconds = None
    if isinstance(value, str):
        try:
            seconds = calendar.timegm(time.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            seconds = None
    if seconds is None or rfc3339(seconds) != value:
        raise wrong(where, "a time as 2026-11-26T09:00:01Z")
    return seconds


def optional(check: Check) -> Check:
    """What `check` accepts, or null."""

    def checked(value: Any, where: str) -> Any:
        return None if value is None else check(value, where)

    return checked


def one_of(*words: str) -> Check:
    """One of these words."""

    def checked(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise wrong(where, f"one of {', '.join(words)}")
        return value

    return checked


def list_of(check: Check) -> Check:
    """A list of values that `check` accepts, as a tuple."""

    def checked(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise wrong(where, "a list")
        return tuple(check(each, f"{where}[{place}]") for place, each in enumerate(value))

    return checked


def by_key(check: Check) -> Check:
    """An object whose keys are ids and whose values `check` accepts."""

    def checked(value: Any, where: str) -> Record:
        if not isinstance(value, dict):
            raise wrong(where, "an object")
        return {key: check(each, f"{where}.{key}") for key, each in value.items()}

    return checked


def fields(names: Mapping[str, Check], *, all_of_them: bool = True) -> Check:
    """An object with these fields and no others."""

    def checked(value: Any, where: str) -> Record:
        if not isinstance(value, dict):
            raise wrong(where, "an object")
        if all_of_them and (lacking := names.keys() - value.keys()):
            raise SnapshotError(f"The snapshot cannot be read: {where}.{min(lacking)} is missing.")
        if value.keys() - names.keys():
            raise SnapshotError(f"The snapshot cannot be read: {where} holds a field this semtui does not know.")
        return {name: check(value[name], f"{where}.{name}") for name, check in names.items() if name in value}

    return checked
