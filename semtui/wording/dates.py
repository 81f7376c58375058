"""Points in time as words; UTC throughout."""

from __future__ import annotations

import time

from semtui.system.timestamps import utc
from semtui.text.counting import count

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_words(seconds: float | None) -> str:
    """`Jul 16, 2025`, as the web page writes it; UTC."""
    moment = utc(seconds)
    return "" if moment is None else f"{_MONTHS[moment.tm_mon - 1]} {moment.tm_mday:02}, {moment.tm_year}"


def clock_words(seconds: float | None) -> str:
    """`14:02 UTC`."""
    moment = utc(seconds)
    return "–" if moment is None else f"{moment.tm_hour:02}:{moment.tm_min:02} UTC"


def day_words(seconds: float) -> str:
    """`2025-07-16`; UTC."""
    moment = utc(seconds)
    return "–" if moment is None else time.strftime("%Y-%m-%d", moment)


def instant_words(seconds: int | None, now: float) -> str:
    """`2025-07-16 01:04:15 UTC, 1 year ago`. A time in the future stands alone: the two clocks may disagree."""
    moment = utc(seconds)
    if moment is None or seconds is None:
        return "–"
    text = time.strftime("%Y-%m-%d %H:%M:%S UTC", moment)
    passed = now - seconds
    return text if passed < 0 else f"{text}, {_ago(passed)}"


def whole_days(seconds: float | None, now: float) -> int | None:
    """How many whole days ago a time was; None for an unknown time and one in the future."""
    return None if seconds is None or seconds > now else int((now - seconds) // 86_400)


def age_words(passed: float) -> str:
    """`3 min ago`, `2 h ago`, `5 d ago`, in whole units; empty for less than a minute."""
    for seconds, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if passed >= seconds:
            return f"{int(passed // seconds):,} {unit} ago"
    return ""


def _ago(passed: float) -> str:
    for seconds, unit in (
        (31_556_952, "year"),
        (2_629_746, "month"),
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
    ):
        if passed >= seconds:
            return f"{count(int(passed // seconds), unit)} ago"
    return "just now"


def clock_time(seconds: float | None) -> str:
    """`14:02:07 UTC` for epoch seconds."""
    moment = utc(seconds)
    return "an unknown time" if moment is None else time.strftime("%H:%M:%S UTC", moment)
