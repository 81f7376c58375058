"""Timestamps from outside, some of which are out of any calendar's range."""

from __future__ import annotations

import time

LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in epoch seconds."""


def utc(seconds: float | None) -> time.struct_time | None:
    """Epoch seconds as a UTC date and time; None for None, 0, and anything before 1970 or after 9999."""
    return time.gmtime(seconds) if seconds is not None and 0 < seconds <= LAST_SECOND else None
