"""CSV that is inert in a spreadsheet: no formula runs, text stays text, and no cell is too long.

Text that a spreadsheet would read as a formula, number, date or boolean begins with an apostrophe
(`SECURITY.md#s11-exports-are-inert`); control characters are written as visible stand-ins.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from semtui.text.clean import clean, raw

LIMIT = 32_767
"""The most an Excel cell holds, in UTF-16 code units; LibreOffice and Google Sheets have similar limits."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 in the computer's own code page."""

_BETWEEN = "; "
_LONGEST_NUMBER = 255
"""No spreadsheet reads a longer text as a number; in characters."""
_LONGEST_STAND_IN = len("‹10FFFF›")

# Spreadsheets skip white space and a byte order mark before they decide. Where the semicolon separates columns, as in
# much of Europe, a cell may also begin after one, and our quotes are then misread, so quotes are skipped too.
# ␀ ␉ ␊ ␍ stand for the control characters themselves.
_COMPUTES = re.compile(r"(^|;)(?=(?:[\s\"]|‹FEFF›)*[=+\-@＝＋－＠␀␉␊␍])")

_MONEY = "$€£¥₹₩₽₺"
_NUMBER = (
    rf"\(?\s*[−–]?\s*[{_MONEY}]?\s*[.,]?\d[\d\s.,:'’/\-]*"  # 00123, 1-2, 1/2, 3.4.2026, 10:30, 1 000,5
    rf"(?:[et][+\-]?[\d:.]+z?)?\s*(?:%|[{_MONEY}]|z|am?|pm?)?\s*\)?"  # 2E5, 2026-04-03T10:00:00Z, 5 %, 3 PM
)
# In English, German, French, Spanish, Italian, Portuguese and Dutch.
_MONTHS = re.sub(
    r"\s+",
    "|",
    """jan january januar jän jänner janv janvier ene enero gen gennaio janeiro januari
    feb february februar févr février febrero febbraio fev fevereiro februari
    mar march mär märz mrz mars marzo março mrt maart apr april avr avril abr abril aprile
    may mai mayo mag maggio maio mei jun june juni juin junio giu giugno junho
    jul july juli juil juillet julio lug luglio julho aug august août ago agosto augustus
    sep sept september septembre septiembre set settembre setembro
    oct october okt oktober octobre octubre ott ottobre out outubro nov november novembre noviembre novembro
    dec december dez dezember déc décembre dic diciembre dicembre dezembro""",
)
_DAY = r"[\s.,/\-]*\d{1,4}[\s.,/\-]*"
_NOT_TEXT = (
    rf"{_NUMBER}"
    # MAR-1, 2 Dez 2026, March 5, 2026 10:30
    rf"|(?:{_DAY}(?:{_MONTHS})\.?(?:{_DAY})?|(?:{_MONTHS})\.?{_DAY}(?:{_DAY})?)(?:\d[\d:.]*\s*(?:am|pm)?)?"
    r"|\d+\s*[年月日時时分秒][\d\s年月日時时分秒]*"
    r"|true|false|wahr|falsch|vrai|faux|verdadero|verdadeiro|falso|vero|waar|onwaar|prawda|fałsz|истина|ложь"
    r"|#(?:n/a|ref!|name\?|div/0!|value!|num!|null!)"
)
"""What some spreadsheet, in some language, reads as a number, a date or a boolean; in lower case. Compiled on first
use, because compiling is slow."""

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A UUID is never read as a number, even when it has digits only."""


class Verbatim(str):
    """Text of our own making, which needs no apostrophe: a spreadsheet may read it as a date."""

    __slots__ = ()


Value = str | int | Sequence[str] | None
"""What a cell may hold: a text, a number or boolean, several texts, or nothing."""


@dataclass(frozen=True)
class Table:
    """CSV, and how many cells of each column were cut because they were too long."""

    text: str
    cut: Counter[str]


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> Table:
    """`rows` as CSV under `columns`; a column that a row does not have is left empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    cut: Counter[str] = Counter()
    for row in rows:
        cells = []
        for column in columns:
            cell, whole = _cell(row.get(column))
            cells.append(cell)
            cut[column] += not whole
        writer.writerow(cells)
    return Table(written.getvalue(), +cut)


def escape_formula(text: str) -> str:
    """`text`, with an apostrophe in front if any spreadsheet would read it as something else."""
    guarded = _COMPUTES.sub(r"\1'", text)
    return f"'{text}" if guarded == text and _taken_for_something_else(text) else guarded


def _taken_for_something_else(text: str) -> bool:
    if len(text) > _LONGEST_NUMBER or _ID.fullmatch(text):
        return False
    return re.fullmatch(_NOT_TEXT, unicodedata.normalize("NFKC", text).strip().casefold()) is not None


def _cell(value: Value) -> tuple[str, bool]:
    """The text of a cell, and whether it is whole."""
    if value is None:
        return "", True
    if isinstance(value, bool):
        return ("true" if value else "false"), True
    if isinstance(value, int):
        return str(value), True
    if isinstance(value, Verbatim):
        return str(value), True
    return _fitted(escape_formula(_shown(value))) if isinstance(value, str) else _joined(value)


def _joined(texts: Sequence[str]) -> tuple[str, bool]:
    """Several texts in one cell; a text containing the separator or a quote is quoted. Second: whether all fit."""
    items = [_quoted(escape_formula(_shown(text))) for text in texts]
    whole = _BETWEEN.join(items)
    if _units(whole) <= LIMIT:
        return whole, True
    room = LIMIT - len(f"{_BETWEEN}… (cut: {len(items):,} more)")
    kept = 0
    for item in items:
        room -= _units(item) + len(_BETWEEN)
        if room < 0:
            break
        kept += 1
    return _BETWEEN.join([*items[:kept], f"… (cut: {len(items) - kept:,} more)"]), False


def _quoted(item: str) -> str:
    if ";" in item or '"' in item or item != item.strip():
        return '"' + item.replace('"', '""') + '"'
    return item


def _fitted(text: str) -> tuple[str, bool]:
    if _units(text) <= LIMIT:
        return text, True
    end = f"… (cut: {len(text):,} characters in all)"
    kept = text.encode("utf-16-le")[: 2 * (LIMIT - len(end))].decode("utf-16-le", "ignore")
    return kept + end, False


def _units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Excel counts it."""
    return len(text) if 2 * len(text) <= LIMIT or text.isascii() else len(text.encode("utf-16-le")) // 2


def _shown(text: str) -> str:
    """The whole text, cleaned; unlike on the screen, nothing is cut."""
    original = raw(text)
    return clean(original, limit=_LONGEST_STAND_IN * len(original))
