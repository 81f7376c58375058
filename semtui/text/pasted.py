"""Turns a paste into one line, and says what was changed."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 10_000
"""Characters taken of one paste. Nothing here is longer, and a field of a million would stand still."""

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
UNREADABLE = "\ufffd"
"""What stands for bytes that are not UTF-8."""


def one_line(text: str) -> tuple[str, str]:
    """The paste as one line, and a sentence about what was changed; empty when nothing was that anybody would miss."""
    lines = [line.strip("\t ") for line in _LINE_END.split(text)]
    filled = [line for line in lines if line]
    if len(lines) == 1:
        joined = text
    elif len(filled) == 1:
        joined = filled[0]
    else:
        joined = " ".join(filled)
    kept = "".join(character for character in joined.replace("\t", " ") if is_typable(character))
    changes = []
    if len(filled) > 1:
        changes.append(f"its {len(filled):,} lines were joined with spaces")
    if left_out := len(joined) - len(kept):
        what = "1 character" if left_out == 1 else f"{left_out:,} characters"
        changes.append(f"{what} that cannot be typed {'was' if left_out == 1 else 'were'} left out")
    if len(kept) > LONGEST:
        changes.append(f"only its first {LONGEST:,} characters were taken")
        kept = kept[:LONGEST]
    return kept, f"What you pasted was changed: {', '.join(changes)}." if changes else ""


def is_typable(character: str) -> bool:
    """Whether a character may stand in a line of text."""
    return character != UNREADABLE and unicodedata.category(character) not in ("Cc", "Cs")
