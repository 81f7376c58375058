"""Texts as Semaphore's services treat them: what is blank, what is trimmed, and how length is counted."""

import json
import unicodedata

from semtui.demo.errors import RefusedError

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""Unicode's White_Space. Python also includes the separators U+001C to U+001F, Elixir does not."""
JOINER = "\u200d"


def trimmed(text: str) -> str:
    """The text without surrounding white space."""
    return text.strip(WHITE_SPACE)


def is_blank(text: str) -> bool:
    """True for a text that is empty or only white space."""
    return not trimmed(text)


def graphemes(text: str) -> int:
    """The number of grapheme clusters: a letter with its combining marks is one, and so are joined emoji.

    The database counts code points, so a text within this limit may still not fit its column.
    """
    count, joined = 0, False
    for character in unicodedata.normalize("NFC", text):
        if not joined and character != JOINER and not unicodedata.category(character).startswith("M"):
            count += 1
        joined = character == JOINER
    return count


def spelled(value: object) -> str:
    """A JSON value as Elixir interpolates it into a string; a value it cannot is an unhandled exception."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise RefusedError(500, "Something went wrong", "text")
    return value if isinstance(value, str) else json.dumps(value)
