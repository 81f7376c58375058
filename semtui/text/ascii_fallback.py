"""Text for terminals that show only ASCII: replaces every character with one of the same width."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BEYOND = re.compile(r"[^\x00-\x7f]")
_LOOKS = {
    "-": "─━┄┅┈┉╌╍═–—‐‑‒−▔",
    "|": "│┃┆┇┊┋╎╏║▎▏▕▊",
    "_": "▁",
    "#": "▂▃▄▅▆▇█▉",
    ">": "▌▸▶→›»≥",
    "<": "◂◀←‹«≤",
    "^": "↑▲",
    "v": "↓▼",
    "*": "●•✱★",
    "x": "✓✔✗×",
    "~": "…",
    '"': "“”„",
    "'": "‘’‚",
    ".": "·",
    "!": "⚠",
    # Letters that Unicode does not decompose.
    "l": "łı",
    "L": "Ł",
    "o": "○◦øɵ",
    "O": "Ø",
    "d": "đð",
    "D": "ĐÐ",
    "s": "ß",
    "a": "æ",
    "A": "Æ",
}
_STAND_IN = {beyond: plain for plain, group in _LOOKS.items() for beyond in group}


def in_ascii(text: str) -> str:
    """`text` in ASCII, cell for cell: é becomes e, box drawing becomes + - |, and what has no stand-in becomes ?."""
    return text if text.isascii() else _BEYOND.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    return _one(match[0])


@lru_cache(maxsize=4096)
def _one(char: str) -> str:
    if char in _STAND_IN:
        return _STAND_IN[char]
    if "\u2500" <= char <= "\u257f":
        return "+"
    # Imported here so that `semtui export`, which folds names but never draws them, starts without Rich.
    from rich.cells import cell_len

    width = cell_len(char)
    letter = unicodedata.normalize("NFKD", char)[0]
    return letter if width == 1 and " " <= letter <= "~" else "?" * width
