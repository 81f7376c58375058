"""Marks of cells, by which it is noticed that somebody changed a cell that a spreadsheet only wrote in its own way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)? ?Z?")
LENGTH = 4
"""Of the mark of one cell, in hexadecimal digits."""


def settled(cell: str) -> str:
    """A cell without what spreadsheets add and take away: apostrophes before texts, blanks, line ends, ways to write
    a time."""
    text = " ".join(unicodedata.normalize("NFC", cell).replace("'", "").split())
    time = _TIME.fullmatch(text)
    return "-".join(time.groups()) if time else text


def marks(row: Mapping[str, str], columns: Iterable[str]) -> str:
    """The marks of these cells of a row, one after another."""
    return "".join(_mark(column, row.get(column, "")) for column in columns)


def _mark(column: str, cell: str) -> str:
    return sha256(f"{column}\n{settled(cell)}".encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def changed(row: Mapping[str, str], columns: Iterable[str], wanted: str) -> list[str]:
    """The columns whose cells are not those the marks were made of."""
    found = []
    for place, column in enumerate(columns):
        if _mark(column, row.get(column, "")) != wanted[place * LENGTH : (place + 1) * LENGTH]:
            found.append(column)
    return found
