"""Makes untrusted text safe to draw: nothing in it can act on the terminal or hide."""

import re
from functools import lru_cache

_ELLIPSIS = "…"
_MARKS_PER_BASE = 2
_MARK_HOLDER = "\u25cc"
"""The dotted circle a combining mark is drawn on when no letter precedes it."""

_PLAIN_LETTERS = "[ -\u02ff\u0370-\u0482\u048a-\u0590\u3041-\u3096\u30a0-\u30ff\u3400-\u9fff\uac00-\ud7a3]*"
"""Ranges in which every printable character is safe as it is: they contain no combining mark, filler or variation
selector. Compiled at the first non-ASCII letter, because compiling takes longer than loading the rest of the module."""

# Unicode files these under letters and symbols, yet nothing is drawn for them: fillers, joiners, blanks.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4\U0001d159")

# Vowels and finals of decomposed Hangul syllables: like combining marks, they pile up in the previous cell.
_HANGUL_JOINING = (("\u1161", "\u11ff"), ("\ud7b0", "\ud7fb"))

_STAND_IN = re.compile("‹(10[0-9A-F]{4}|[0-9A-F]{4,5})›")

_VARIATION_SELECTORS = (
    ("\u180b", "\u180d"),
    ("\u180f", "\u180f"),
    ("\ufe00", "\ufe0f"),
    ("\U000e0100", "\U000e01ef"),
)
_SKIN_TONES = (("\U0001f3fb", "\U0001f3ff"),)


class Cleaned(str):
    """A text that was changed to be safe to draw. Its value is what is drawn; `raw` is what was sent."""

    __slots__ = ("raw",)
    raw: str


def cleaned(text: str) -> str:
    """`clean`, keeping the original where the two differ; `raw` returns it."""
    shown = clean(text)
    if shown == text:
        return text
    kept = Cleaned(shown)
    kept.raw = text
    return kept


def raw(text: str) -> str:
    """A text exactly as it was sent. Not for the screen: anything may be in it."""
    return text.raw if isinstance(text, Cleaned) else text


def unmasked(text: str) -> str:
    """A cleaned text with ‹202E› and the like turned back into the characters they stand for. Not for the screen."""
    return _STAND_IN.sub(lambda found: chr(int(found[1], 16)), text) if "‹" in text else text


def clean(text: str, *, limit: int = 4096) -> str:
    """Show unprintable characters as ␛ or ‹202E›, keep at most two marks per letter, and cut to `limit` characters,
    ending with ….

    Markup is left alone: the caller must draw the text literally.
    """
    # Nearly every name returns here, which matters for an organization of 100,000.
    if len(text) <= limit and text.isprintable() and (text.isascii() or re.fullmatch(_PLAIN_LETTERS, text)):
        return text
    pieces = _pieces(text[:limit])
    if len(text) <= limit and sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    room = limit - len(_ELLIPSIS)
    kept: list[str] = []
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + _ELLIPSIS if limit > 0 else ""


def shorten(text: str, cells: int) -> str:
    """Cut to a number of terminal cells, ending with … when something was cut."""
    if text.isascii() and text.isprintable():
        return text if len(text) <= cells else text[: cells - 1] + _ELLIPSIS if cells > 0 else ""
    from rich.cells import cell_len

    if cell_len(text) <= cells:
        return text
    room = cells - cell_len(_ELLIPSIS)
    if room < 0:
        return ""
    end = used = 0
    for character in text:
        used += cell_len(character)
        if used > room:
            break
        end += 1
    # Some sequences, such as flags, are wider than the sum of their characters.
    while end and cell_len(text[:end]) > room:
        end -= 1
    return text[:end] + _ELLIPSIS


def _pieces(text: str) -> list[str]:
    """What to draw for each character: itself, a visible stand-in, or nothing."""
    pieces: list[str] = []
    marks = 0
    for character in text:
        shown, joins = _shown(character)
        if not joins:
            if shown:
                marks = 0
                pieces.append(shown)
            continue
        marks += 1
        if marks > _MARKS_PER_BASE:
            continue
        # A mark with no letter before it would be drawn on whatever is to the left of this text.
        pieces.append(shown if pieces else _MARK_HOLDER + shown)
    return pieces


@lru_cache(maxsize=8192)
def _shown(character: str) -> tuple[str, bool]:
    """The stand-in for one character, and whether it is drawn in the cell of the one before."""
    import unicodedata

    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code), False
    if code == 0x7F:
        return "\u2421", False
    # Terminals disagree about the width of a symbol with a variation selector, so the selector is dropped.
    if _within(character, _VARIATION_SELECTORS):
        return "", False
    category = unicodedata.category(character)
    if category == "Zs":
        return " ", False
    if not character.isprintable() or character in _BLANKS or _within(character, _SKIN_TONES):
        return f"‹{code:04X}›", False
    return character, category.startswith("M") or _within(character, _HANGUL_JOINING)


def _within(character: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in ranges)
