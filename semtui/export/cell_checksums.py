"""Checksums of cells: they reveal a cell that somebody edited, but not one that a spreadsheet merely reformatted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)? ?Z?")
LENGTH = 8
"""Hexadecimal digits of the checksum of one cell."""


def normalized(cell: str) -> str:
    """A cell without what spreadsheets add, remove or change: apostrophes, extra white space, the format of a time."""
    text = " ".join(unicodedata.normalize("NFC", cell).replace("'", "").split())
    time = _TIME.fullmatch(text)
    return "-".join(time.groups()) if time else text


def checksums(row: Mapping[str, str], columns: Iterable[str]) -> str:
    """The checksums of these cells of a row, concatenated."""
    return "".join(_checksum(column, row.get(column, "")) for column in columns)


def _checksum(column: str, cell: str) -> str:
    return sha256(f"{column}\n{normalized(cell)}".encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def changed(row: Mapping[str, str], columns: Iterable[str], wanted: str) -> list[str]:
    """The columns in which a row differs from the one that the checksums in `wanted` were made of."""
    found = []
    for place, column in enumerate(columns):
        if _checksum(column, row.get(column, "")) != wanted[place * LENGTH : (place + 1) * LENGTH]:
            found.append(column)
    return found
