"""Response headers: reads dates, Retry-After and what they say of pages, and never keeps a cookie."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
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
    """An HTTP date in epoch seconds; None if it is not one."""
    try:
        seconds = email.utils.parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return seconds if 0 <= seconds <= LAST_SECOND else None


def retry_after(value: str) -> float | None:
    """The header Retry-After, in seconds from now; it may be a number or a date, and nonsense is ignored."""
    if value.isascii() and value.isdigit():
        return float(value[:9])
    then = seconds_of(value)
    return None if then is None else max(0.0, then - time.time())


def whole_number(value: str) -> int | None:
    """A number of rows; None if it is not one."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def has_more(headers: Mapping[str, str]) -> bool | None:
    """Whether a page says that another follows; None if it does not say."""
    if "link" in headers:
        return 'rel="next"' in headers["link"]
    return {"true": True, "false": False}.get(headers.get("x-has-more", ""))
