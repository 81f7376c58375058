"""The last door to the terminal: whatever is drawn passes here, and only what draws gets through.

Text from outside is cleaned where it enters (`text.py`); this holds where one place should have been forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.driver import Driver

from semtui.ascii import in_ascii

_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_DRAWING = rf"\x1b\[(?:[0-9;:]*m|[0-9;]*[HJK]|\?(?:{_MODES})[hl]|\?(?:2026|2048)\$p|[<>=]?[0-9;]*u)"
"""Colors, places, clearing, the modes Textual switches, and the keyboard protocol: all of what it draws with."""

_ACTING = re.compile(
    rf"(?!{_DRAWING})[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
"""A character that acts, where it does not begin one of those: controls of 7 and 8 bits, direction, no width."""

_WHOLE = re.compile(r"\x1b\](?:22;[a-z-]*|52;c;[A-Za-z0-9+/=]*)\x07")
"""The shape of the pointer and a copy. Each is written by itself, so inside of a frame they come from a stranger."""


def harmless(data: str) -> str:
    """What may be written to the terminal of `data`; the rest is shown instead of done."""
    return data if _WHOLE.fullmatch(data) else _ACTING.sub(_stand_in, data)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def guarded(
    driver: type[Driver], *, ascii_only: bool = False, before_stop: Callable[[], None] = lambda: None
) -> type[Driver]:
    """The same driver with this door in front of the terminal; one that knows only ASCII is sent nothing else.

    `before_stop` is called before the program is stopped, as by SIGTSTP.
    """

    class GuardedDriver(driver):  # type: ignore[valid-type, misc]
        def write(self, data: str) -> None:
            passed = harmless(data)
            super().write(in_ascii(passed) if ascii_only else passed)

        def suspend_application_mode(self) -> None:
            before_stop()
            super().suspend_application_mode()

    return GuardedDriver
