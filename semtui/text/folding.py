"""Compares typed text with names, ignoring case, accents, width and invisible characters.

Search, choosers, line mode and look-alike checks all compare folded text, so a name found in one is found in all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from semtui.text.ascii_fallback import in_ascii
from semtui.text.clean import unmasked

_SAME = {
    "'": "’‘‚‛ʹʻʼʽʾʿˈ′‵׳ꞌ＇΄᾽᾿",
    '"': "“”„‟″‶«»״〃＂",
    "-": "−⁃˗➖∼～〜",
    "/": "⁄∕",
    # Letters that Unicode does not decompose, and what people type who have no key for them.
    "l": "łƚ",
    "o": "øɵ",
    "d": "đð",
    "h": "ħ",
    "t": "ŧ",
    "b": "ƀ",
    "i": "ıɨ",
    "n": "ŋ",
    "ae": "æ",
    "oe": "œ",
    "th": "þ",
}
_PLAIN = {char: plain for plain, chars in _SAME.items() for char in chars}

_INVISIBLE = (
    *(("\u00ad", "\u00ad"), ("\u034f", "\u034f"), ("\u061c", "\u061c"), ("\u115f", "\u1160"), ("\u17b4", "\u17b5")),
    *(("\u180b", "\u180f"), ("\u200b", "\u200f"), ("\u202a", "\u202e"), ("\u2060", "\u206f"), ("\u3164", "\u3164")),
    *(("\ufe00", "\ufe0f"), ("\ufeff", "\ufeff"), ("\uffa0", "\uffa0"), ("\ufff0", "\ufffb")),
    *(("\U0001bca0", "\U0001bca3"), ("\U0001d173", "\U0001d17a"), ("\U000e0000", "\U000e0fff")),
)
"""Ranges of characters that need not be drawn (Unicode's Default_Ignorable_Code_Point), and annotation characters."""

_ENCLOSING = "Me"
_OVERLAY, _ABOVE_AND_BELOW = 1, range(200, 255)
_POINTS = range(10, 37)
"""Combining classes of the vowel points of Hebrew, Arabic and Syriac. The classes outside these ranges change the
letter itself and are kept: voicing marks of kana, vowels of Thai, the virama of Devanagari."""


def fold(text: str) -> str:
    """A text reduced to what a person would type. Idempotent."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.replace("\u00b4", "'").replace("\u1ffd", "'"))
    return unicodedata.normalize("NFC", "".join(map(_fold_character, apart)))


def haystack(*texts: str) -> str:
    """What a search looks through, folded: each text as it was sent, as it is shown, and as an ASCII terminal
    shows it."""
    if all(map(str.isascii, texts)):
        return "\n".join(texts).lower()
    forms = dict.fromkeys(form for text in texts for form in (unmasked(text), text, in_ascii(text)))
    return "\n".join(dict.fromkeys(map(fold, forms)))


def search_words(typed: str) -> tuple[str, ...]:
    """The words of a search, folded; for `holds`."""
    return tuple(fold(typed).split())


def holds(hay: str, words: Sequence[str]) -> bool:
    """Whether `hay` contains all the words of a search, in any order."""
    return all(word in hay for word in words)


def places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where in a text the folded `words` stand, from one character up to another, in order and none within another.

    Empty where a word is found only in a form of the text that is not shown, as `haystack` adds them.
    """
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.category(char).startswith("M"):
            clusters[-1] += char
        else:
            clusters.append(char)
    folded, origins, start = "", [], 0
    for cluster in clusters:
        plain = fold(cluster)
        folded += plain
        origins += [(start, start + len(cluster))] * len(plain)
        start += len(cluster)
    found: list[tuple[int, int]] = []
    at = 0
    while hits := [(place, -len(word)) for word in words if (place := folded.find(word, at)) >= 0]:
        place, length = min(hits)
        at = place - length
        found.append((origins[place][0], origins[at - 1][1]))
    return found


@lru_cache(maxsize=8192)
def _fold_character(char: str) -> str:
    """Fold one character that NFKD decomposes no further."""
    if any(first <= char <= last for first, last in _INVISIBLE):
        return ""
    plain = _PLAIN.get(char)
    if plain is not None:
        return plain
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    if category == _ENCLOSING or (category.startswith("M") and _is_diacritic(unicodedata.combining(char))):
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    lower = unicodedata.normalize("NFKD", char.casefold())
    return lower if lower == char else "".join(map(_fold_character, lower))


def _is_diacritic(combining_class: int) -> bool:
    return combining_class == _OVERLAY or combining_class in _POINTS or combining_class in _ABOVE_AND_BELOW
