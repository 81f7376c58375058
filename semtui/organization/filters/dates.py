"""Ages and dates in filters: `180d`, `2025-01`. Times are epoch seconds, UTC."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from semtui.organization.filters.language import FilterError
from semtui.text.folding import fold

DAY = 86_400
_UNITS = {"h": 3_600, "d": DAY, "w": 7 * DAY, "mo": 30 * DAY, "y": 365 * DAY}
_AGE = re.compile(r"(\d{1,6})(mo|[hdwy])")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
AGES = ("30d", "90d", "180d", "365d")
"""What to suggest."""


def age_seconds(given: str) -> int:
    """`180d` in seconds. Raises FilterError."""
    found = _AGE.fullmatch(fold(given))
    if not found:
        raise FilterError("age: this is no age; write 12h, 180d, 26w, 6mo (of 30 days) or 1y (of 365).")
    return int(found[1]) * _UNITS[found[2]]


def period(given: str) -> tuple[int, int]:
    """The first second of a day, month or year, and the first after it. Raises FilterError."""
    problem = FilterError("created: this is no date; write a year, month or day: 2025, 2025-01 or 2025-01-31 (UTC).")
    found = _DATE.fullmatch(fold(given))
    if not found:
        raise problem
    year, month, day = (int(each) if each else 0 for each in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        if day:
            after = first + timedelta(days=1)
        elif month:
            after = date(year + month // 12, month % 12 + 1, 1)
        else:
            after = date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        raise problem from None
    return calendar.timegm(first.timetuple()), calendar.timegm(after.timetuple())
