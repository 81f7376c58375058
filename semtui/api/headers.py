"""Headers of answers: dates and waits are read, cookies are never kept."""

from __future__ import annotations

import email.utils
import time
from http.cookiejar import CookieJar
from typing import Any

from semtui.system.timestamps import LAST_SECOND


class NoCookies(CookieJar):
    """A cookie jar that stays empty."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep none."""

    def add_cookie_header(self, request: Any) -> None:
        """Send none."""


def seconds_of(date: str) -> float | None:
    """A date as headers write it, in epoch seconds; None for anything else."""
    try:
        seconds = email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return seconds if 0 <= seconds <= LAST_SECOND else None


def retry_after(value: str) -> float | None:
    """Seconds from now; the header holds seconds or a date, or nonsense, which is ignored."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    then = seconds_of(value)
    return None if then is None else max(0.0, then - time.time())
