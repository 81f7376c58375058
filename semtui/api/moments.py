"""Points in time in the five ways Semaphore writes them (`API.md#units`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainValidator
from pydantic_core import PydanticKnownError

_MOST_DIGITS = 18


def _seconds(value: object) -> int | None:
    """Epoch seconds of a number, a number in a text, a date in a text, or an object with `seconds`; None for none."""
    if isinstance(value, dict):
        value = value.get("seconds")
    if isinstance(value, str):
        value = _read(value)
    if value is None or value == 0:
        return None
    if type(value) is not int:
        raise PydanticKnownError("int_type")
    return value


def _read(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise PydanticKnownError("datetime_parsing", {"error": "no date"}) from None


Moment = Annotated[int | None, PlainValidator(_seconds)]
"""Whole seconds since 1970, UTC; None if Semaphore sends none, an empty text or 0."""
