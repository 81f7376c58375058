"""Turns pasted text into one line and reports what was changed."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000
"""Characters kept of one paste. Nothing entered in semtui is longer, and a field of a million would freeze."""

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
UNREADABLE = "\ufffd"
"""Stands for a typed byte that is not UTF-8."""


def one_line(text: str) -> tuple[str, str]:
    """The paste as one line, and a sentence saying what was changed; "" when nothing of substance was.

    Bytes that are not UTF-8 are expected as `surrogateescape` decodes them: one lone surrogate each.
    """
    lines = _LINE_END.split(text.replace("\t", " "))
    typable = ["".join(filter(is_typable, line)) for line in lines]
    # Lines left empty once untypable characters are removed are not joined.
    filled = [line for line in (each.strip(" ") for each in typable) if line]
    kept = typable[0] if len(lines) == 1 else " ".join(filled)
    undecoded = sum(map(_is_byte, text))
    changes = [f"its {len(filled):,} lines were joined with spaces"] if len(filled) > 1 else []
    if undecoded:
        changes.append(_left_out(undecoded, "byte", "is not UTF-8", "are not UTF-8"))
    if left_out := sum(map(len, lines)) - sum(map(len, typable)) - undecoded:
        changes.append(_left_out(left_out, "character", "cannot be typed", "cannot be typed"))
    if len(kept) > LONGEST:
        changes.append(f"only its first {LONGEST:,} characters were taken")
        kept = kept[:LONGEST]
    return kept, f"What you pasted was changed: {', '.join(changes)}." if changes else ""


def _left_out(number: int, what: str, one: str, many: str) -> str:
    return f"1 {what} that {one} was left out" if number == 1 else f"{number:,} {what}s that {many} were left out"


def _is_byte(character: str) -> bool:
    """Whether `surrogateescape` made this character of a byte that is not UTF-8."""
    return "\udc80" <= character <= "\udcff"


def readable(character: str) -> str:
    """The character itself, or `UNREADABLE` for a byte that could not be decoded."""
    return UNREADABLE if _is_byte(character) else character


def has_undecoded(text: str) -> bool:
    """Whether a text contains bytes that are not UTF-8."""
    return any(map(_is_byte, text))


def flaw(text: str) -> str:
    """What is wrong with a line of text that is to be sent, in words that follow “That”; empty if nothing is."""
    hidden = next((char for char in text if not char.isprintable()), "")
    if not hidden:
        return ""
    if has_undecoded(text):
        return "holds bytes that are not UTF-8"
    return f"holds a character that cannot be seen (U+{ord(hidden):04X})"


def is_typable(character: str) -> bool:
    """Whether a character may be part of a line of text: no control character, no surrogate, not `UNREADABLE`."""
    return character != UNREADABLE and unicodedata.category(character) not in ("Cc", "Cs")
