"""Reads CSV as spreadsheets save it: any usual separator, quoting, line ending and encoding, with or without empty rows
and columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from semtui.system.errors import ExpectedError
from semtui.text.counting import count

_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""Tells Excel the separator; not part of the table."""
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OLD_LETTERS = "cp1252"
"""The encoding of Excel's plain CSV in Western languages."""


class TableError(ExpectedError):
    """Not a readable table; the message says why."""


@dataclass(frozen=True)
class ReadRow:
    """A row of the table."""

    line: int
    """The number of the row in a spreadsheet; the header is row 1."""
    cells: Mapping[str, str]
    too_many: bool = False
    """True if there is text to the right of the last column."""


@dataclass(frozen=True)
class ReadTable:
    """A table with a header."""

    columns: tuple[str, ...]
    """The known columns under their known names, others as they are."""
    rows: tuple[ReadRow, ...]
    notes: tuple[str, ...] = ()
    """Remarks, in sentences."""


def read_table(content: bytes, known: Collection[str]) -> ReadTable:
    """Parse a table; `known` are the column names to expect. Raises TableError."""
    text, notes = _decoded(content)
    separator = None
    if told := _SEPARATOR_LINE.match(text):
        separator, text = told[1], text[told.end() :]
    separator = separator or _separator(text, known)
    records = _records(text, separator)
    names = next(records, None)
    if not names:
        raise TableError("The file is empty.")
    columns = _columns(names, known)
    rows = tuple(_rows(records, columns))
    return ReadTable(tuple(each for each in columns if each), rows, notes)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), ()
            except UnicodeDecodeError:
                raise TableError("The file is damaged: it is not valid text.") from None
    try:
        return content.decode(), ()
    except UnicodeDecodeError:
        pass
    try:
        words = "The file is not UTF-8, so it is read as Windows-1252; other letters may be lost."
        return content.decode(_OLD_LETTERS), (words,)
    except UnicodeDecodeError:
        raise TableError("The file is neither UTF-8 nor Windows-1252; save it as CSV UTF-8.") from None


def _separator(text: str, known: Collection[str]) -> str:
    """The separator that finds the most known columns in the header."""

    def found(separator: str) -> int:
        try:
            names = next(_records(text, separator), [])
        except TableError:
            return 0
        return sum(_plain(name) in known for name in names)

    return max(_SEPARATORS, key=found)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader, None)
        except csv.Error:
            raise TableError(f"Line {number} is not valid CSV: check its quotes.") from None
        if record is None:
            return
        yield record


def _plain(name: str) -> str:
    return re.sub(r"[\s\-]+", "_", name.strip().strip("'").casefold())


def _columns(names: Sequence[str], known: Collection[str]) -> list[str]:
    columns = [_plain(name) if _plain(name) in known else name.strip() for name in names]
    there = [each for each in columns if each]
    twice = next((each for each in known if there.count(each) > 1), None)
    if twice is not None:
        raise TableError(f"There are {count(there.count(twice), 'column')} called {twice}.")
    return columns


def _rows(records: Iterator[list[str]], columns: Sequence[str]) -> Iterator[ReadRow]:
    for line, record in enumerate(records, 2):
        if not any(cell.strip() for cell in record):
            continue
        cells = {column: cell for column, cell in zip(columns, record, strict=False) if column}
        beyond = [cell for place, cell in enumerate(record) if place >= len(columns) or not columns[place]]
        yield ReadRow(line, dict.fromkeys(filter(None, columns), "") | cells, any(cell.strip() for cell in beyond))
