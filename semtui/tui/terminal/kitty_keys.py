"""Translates key reports of kitty's keyboard protocol into the form that Textual reads.

Textual understands code, modifiers and text. The protocol also has alternate codes and the kind of event, and a
terminal may send them, or codes of no character.
"""

from __future__ import annotations

import re

from textual._keyboard_protocol import FUNCTIONAL_KEYS

_REPORT = re.compile(r"\x1b\[([0-9:;]*)([u~ABCDEFHPQRS])")
_SHIFT, _CAPS_LOCK, _NUM_LOCK = 1, 64, 128
_RELEASED = 3


def as_textual_reads_it(sequence: str) -> str | None:
    """The same key in a form Textual reads; empty for a key to ignore, None if this is no such report."""
    match = _REPORT.fullmatch(sequence)
    if match is None:
        return None
    fields = [[int(number or 0) for number in field.split(":")] for field in match[1].split(";")]
    end = match[2]
    if end == "~" and len(fields) == 3 and fields[0] == [27]:
        # xterm's way to report a character with modifiers.
        fields, end = [fields[2], fields[1]], "u"
    codes, modifiers, text, *more = fields + [[0]] * (3 - len(fields))
    code = codes[0] or (0 if end == "u" else 1)
    pressed, kind = modifiers[0] or 1, (*modifiers, 1)[1]
    if more or kind == _RELEASED or not 1 <= pressed <= 256:
        return ""
    if f"{code}{end}" in FUNCTIONAL_KEYS:
        typed = [each for each in text if _is_character(each)]
    elif end != "u":
        return None
    else:
        typed = [each for each in text if _is_character(each)] or _typed(code, (*codes, 0)[1], pressed - 1)
        if not typed and not _is_character(code):
            return ""
    words = ":".join(map(str, typed))
    if words:
        return f"\x1b[{code};{pressed};{words}{end}"
    return f"\x1b[{code};{pressed}{end}" if pressed > 1 else f"\x1b[{code}{end}"


def _typed(code: int, shifted: int, modifiers: int) -> list[int]:
    """The character a key types when the terminal did not report it; empty when unknown."""
    if modifiers & ~(_SHIFT | _CAPS_LOCK | _NUM_LOCK) or not _is_character(code):
        return []
    if modifiers & _SHIFT and _is_character(shifted):
        return [shifted]
    upper = chr(code).upper()
    if bool(modifiers & _SHIFT) != bool(modifiers & _CAPS_LOCK) and len(upper) == 1 and upper != chr(code):
        return [ord(upper)]
    return [] if modifiers & _SHIFT and not chr(code).isalpha() and code != 32 else [code]


def _is_character(code: int) -> bool:
    """Whether a code stands for something that can be typed: no control, no surrogate, no key of the protocol."""
    return 32 <= code <= 0x10FFFF and not (0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or 0xE000 <= code < 0xF900)
