"""Escapes what is written to the terminal: sequences used for drawing pass, everything else is shown as text."""

from __future__ import annotations

import re

_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_DRAWING = rf"\x1b\[(?:[0-9;:]*m|[0-9;]*[HJK]|\?(?:{_MODES})[hl]|\?(?:2026|2048)\$p|[<>=]?[0-9;]*u)"
"""Colors, cursor moves, clearing, the modes Textual sets, and the keyboard protocol."""

_CONTROLS = r"\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff"
"""C0 and C1 controls, bidirectional marks and zero-width characters, except line ends."""

_CONTROL_SEQUENCE = re.compile(rf"(?!{_DRAWING})[{_CONTROLS}]")
"""A control character that does not begin one of those sequences."""

_NOT_PLAIN_TEXT = re.compile(rf"[{_CONTROLS}\r\ud800-\udfff]")

_WHOLE = re.compile(r"\x1b\](?:22;[a-z-]*|52;c;[A-Za-z0-9+/=]*)\x07")
"""Pointer shape and clipboard. Textual writes each of these in a call of its own, so inside a frame they can only
come from untrusted text."""


def escape_output(data: str) -> str:
    """`data` with everything but drawing sequences made visible, so that the terminal does not execute it."""
    return data if _WHOLE.fullmatch(data) else _CONTROL_SEQUENCE.sub(_stand_in, data)


def escape_line(text: str) -> str:
    """The same for plain output: only text and line feeds pass, and no escape sequence at all."""
    return _NOT_PLAIN_TEXT.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
