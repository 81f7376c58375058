"""Timestamps from outside, some of which fit no calendar."""

from __future__ import annotations

import time

LAST_SECOND = 253_402_300_799
"""The end of the year 9999."""


def utc(seconds: float | None) -> time.struct_time | None:
    """Epoch seconds as a date and time, UTC; None for none, and for what is not after 1970 and before 10000."""
    return time.gmtime(seconds) if seconds is not None and 0 < seconds <= LAST_SECOND else None
