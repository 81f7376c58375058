"""Turns a paste into one line, and says what was changed."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000
"""Characters taken of one paste. Nothing here is longer, and a field of a million would stand still."""

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
UNREADABLE = "\ufffd"
"""What stands for a typed byte that is not UTF-8."""


def one_line(text: str) -> tuple[str, str]:
    """The paste as one line, and a sentence about what was changed; empty when nothing was that anybody would miss.

    Bytes that are not UTF-8 are expected as `surrogateescape` decodes them: one half of a surrogate pair each.
    """
    lines = _LINE_END.split(text.replace("\t", " "))
    typable = ["".join(filter(is_typable, line)) for line in lines]
    # A line of which nothing can be typed is not there to be joined.
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
    """Whether this stands for a byte that could not be decoded."""
    return "\udc80" <= character <= "\udcff"


def readable(character: str) -> str:
    """A decoded character as it is typed: `UNREADABLE` for a byte that could not be decoded."""
    return UNREADABLE if _is_byte(character) else character


def has_undecoded(text: str) -> bool:
    """Whether a text holds bytes that are not UTF-8."""
    return any(map(_is_byte, text))


def is_typable(character: str) -> bool:
    """Whether a character may stand in a line of text."""
    return character != UNREADABLE and unicodedata.category(character) not in ("Cc", "Cs")
