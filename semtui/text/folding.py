"""How typed text is compared with names: ignoring case, accents, width and invisible characters.

Search, pickers, line mode and look-alikes all compare folded texts, so what is found in one place is found in all.
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
    # Letters Unicode does not take apart; whoever has no key for them types these.
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
"""The first and last of what Unicode lets a program leave undrawn (Default_Ignorable_Code_Point), and annotations."""

_ENCLOSING = "Me"
_OVERLAY, _ABOVE_AND_BELOW = 1, range(200, 255)
_POINTS = range(10, 37)
"""Vowel points of Hebrew, Arabic and Syriac. Classes between these belong to the letters of their scripts: the voiced
sounds of kana, the vowels of Thai, what joins consonants in Devanagari."""


def fold(text: str) -> str:
    """A text reduced to what a person would type. Folding is idempotent."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.replace("\u00b4", "'").replace("\u1ffd", "'"))
    return unicodedata.normalize("NFC", "".join(map(_fold_character, apart)))


def haystack(*texts: str) -> str:
    """What a search looks through, folded: each text without what is invisible in it, as it is shown, and as ASCII
    terminals show it."""
    if all(map(str.isascii, texts)):
        return "\n".join(texts).lower()
    forms = dict.fromkeys(form for text in texts for form in (unmasked(text), text, in_ascii(text)))
    return "\n".join(dict.fromkeys(map(fold, forms)))


def search_words(typed: str) -> tuple[str, ...]:
    """The words of a search, folded."""
    return tuple(fold(typed).split())


def holds(hay: str, words: Sequence[str]) -> bool:
    """Whether all the words of a search stand in a haystack, in any order."""
    return all(word in hay for word in words)


@lru_cache(maxsize=8192)
def _fold_character(char: str) -> str:
    """For a character that is not made of others any more."""
    if any(first <= char <= last for first, last in _INVISIBLE):
        return ""
    plain = _PLAIN.get(char)
    if plain is not None:
        return plain
    category = unicodedata.category(char)
    if category == "Pd":
        return "-"
    if category == _ENCLOSING or (category.startswith("M") and _adorns(unicodedata.combining(char))):
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    lower = unicodedata.normalize("NFKD", char.casefold())
    return lower if lower == char else "".join(map(_fold_character, lower))


def _adorns(combining_class: int) -> bool:
    return combining_class == _OVERLAY or combining_class in _POINTS or combining_class in _ABOVE_AND_BELOW
