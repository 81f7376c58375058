"""What may be written to a terminal, as a pure function: drawing passes, or not even that, and nothing that acts."""

from __future__ import annotations

import re

_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_DRAWING = rf"\x1b\[(?:[0-9;:]*m|[0-9;]*[HJK]|\?(?:{_MODES})[hl]|\?(?:2026|2048)\$p|[<>=]?[0-9;]*u)"
"""Colors, places, clearing, the modes Textual switches, and the keyboard protocol: all of what it draws with."""

_CONTROLS = r"\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""Controls of 7 and 8 bits, direction, no width; not the ends of lines."""

_ACTING = re.compile(rf"(?!{_DRAWING})[{_CONTROLS}]")
"""A character that acts, where it does not begin one of those."""

_NOT_PLAIN = re.compile(rf"[{_CONTROLS}\r\ud800-\udfff]")

_WHOLE = re.compile(r"\x1b\](?:22;[a-z-]*|52;c;[A-Za-z0-9+/=]*)\x07")
"""The shape of the pointer and a copy. Each is written by itself, so inside of a frame they come from a stranger."""


def escape_output(data: str) -> str:
    """What may be written to the terminal of `data`; the rest is shown instead of done."""
    return data if _WHOLE.fullmatch(data) else _ACTING.sub(_stand_in, data)


def escape_line(text: str) -> str:
    """The same where nothing is drawn: letters and line ends pass, and no sequence at all."""
    return _NOT_PLAIN.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
