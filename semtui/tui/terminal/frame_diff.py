"""Compares what the terminal shows with what it should show, so that only the difference is sent.

Textual rewrites every region that holds a change, with full color codes for each piece. Over a slow link that is most
of the time an action takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.cells import get_character_cell_size, split_graphemes

_TOKEN = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;:]*)m|(\n)|([^\x00-\x1f\x7f]+)")
_ERASE_LINE = "\x1b[K"
_MIN_GAP = 5
"""With at least this many unchanged cells, moving the cursor is shorter than rewriting them."""

_WEIGHTS, _NO_WEIGHT = frozenset(("1", "2")), "22"
"""Bold, dim, and what turns both off."""
_OF_LETTERS = _WEIGHTS | {"3"}
"""Attributes that do not show where nothing is drawn: italics too."""

Cell = tuple[str, str]
"""A cell's character and its style as an SGR string. The second cell of a wide character is empty."""


_UNKNOWN: Cell = ("?", "?")
"""What no frame draws."""


class _Style(NamedTuple):
    """A style parsed into its parts."""

    attributes: tuple[str, ...] = ()
    front: str = ""
    back: str = ""


class ScreenBuffer:
    """The cells of one screen, onto which Textual's frames are drawn."""

    def __init__(self, *, erases_in_color: bool = False) -> None:
        """`erases_in_color` is whether the terminal erases to the color of the ground, rather than to its own."""
        self._erases_in_color = erases_in_color
        self._wanted: list[list[Cell]] = []
        self._shown: list[list[Cell]] = []
        self._cursor = (1, 1)
        self._cursor_shown = (0, 0)
        self._forgotten = False

    def forget(self) -> None:
        """Forget what the terminal shows. Safe to call at any moment, also from a signal handler."""
        self._forgotten = True

    def draw(self, frame: str) -> bool:
        """Draw a frame. Returns False, having drawn nothing, for data that is not a frame."""
        tokens = list(_TOKEN.finditer(frame))
        if not tokens or tokens[0][1] is None or sum(len(token[0]) for token in tokens) != len(frame):
            return False
        row, column, style = 1, 1, ""
        for token in tokens:
            row_text, column_text, sgr, _, text = token.groups()
            if text is not None:
                column += self._put(row - 1, column - 1, text, style)
            elif sgr is not None:
                style = "" if sgr in ("", "0") else f"{style};{sgr}".lstrip(";")
            elif row_text is not None:
                row, column = int(row_text), int(column_text)
        self._cursor = (row, column)
        return True

    def _put(self, y: int, x: int, text: str, style: str) -> int:
        """Write text into a row; returns how many cells it took."""
        while len(self._wanted) <= y:
            self._wanted.append([])
        row, cells = self._wanted[y], _cells(text, style)
        end = x + len(cells)
        row.extend([(" ", "")] * (end - len(row)))
        # Half of a wide character cannot stay.
        if x and not row[x][0]:
            row[x - 1] = (" ", row[x - 1][1])
        if end < len(row) and not row[end][0]:
            row[end] = (" ", row[end][1])
        row[x:end] = cells
        return len(cells)

    def changes(self, columns: int, lines: int) -> str:
        """What to send to a terminal of this size so that it shows what was drawn. It is then assumed to show that."""
        parts: list[str] = []
        pen = _Style()
        last = -2
        if self._forgotten:
            self._forgotten, self._shown, self._cursor_shown = False, [], (0, 0)
        del self._wanted[lines:]
        self._shown += [[] for _ in range(len(self._wanted) - len(self._shown))]
        for y, row in enumerate(self._wanted):
            del row[columns:]
            if row == self._shown[y]:
                continue
            for start, end in _spans(self._shown[y], row):
                parts.append(_moved(y, start, above=y - 1 == last))
                last = y
                sent, pen = self._sent(row[start:end], pen, to_the_edge=end == columns)
                parts += sent
            self._shown[y] = list(row)
        if pen != _Style():
            parts.append("\x1b[m")
        if parts or self._cursor != self._cursor_shown:
            self._cursor_shown = self._cursor
            parts.append(f"\x1b[{self._cursor[0]};{self._cursor[1]}H")
        return "".join(parts)

    def _sent(self, row: list[Cell], pen: _Style, *, to_the_edge: bool) -> tuple[list[str], _Style]:
        """What writes some cells of a line, and the style in effect afterwards."""
        parts: list[str] = []
        ground = _ground(row) if to_the_edge and self._erases_in_color else None
        if ground is not None:
            switch, pen = _switched(pen, ground, blank=True)
            parts += [switch, _ERASE_LINE]
        left = len(row)
        for style, group in groupby(row, key=itemgetter(1)):
            cells = list(group)
            text = "".join(letters for letters, _ in cells)
            number, blank = len(cells), text.isspace()
            left -= number
            if blank and style == ground and (not left or number > len(_forward(number))):
                parts.append(_forward(number) if left else "")
                continue
            switch, pen = _switched(pen, style, blank=blank)
            if blank and self._erases_in_color and _OF_LETTERS.issuperset(pen.attributes):
                text = min(f"\x1b[{number}X{_forward(number)}", text, key=len)
            parts += [switch, text]
        return parts, pen


def _moved(y: int, x: int, *, above: bool) -> str:
    """What moves the cursor to a cell; `above` says whether it stands on the line before."""
    if x:
        return f"\x1b[{y + 1};{x + 1}H"
    return "\r\n" if above else f"\x1b[{y + 1}H"


def _forward(cells: int) -> str:
    return f"\x1b[{cells}C"


def _ground(cells: list[Cell]) -> str | None:
    """The style to erase a line to that ends with these cells, before the others are written; None where that is no
    gain."""
    text, style = cells[-1]
    alike = sum(cell == (" ", style) for cell in cells)
    return style if text == " " and alike > len(_ERASE_LINE) and not _parsed(style).attributes else None


def _cells(text: str, style: str) -> list[Cell]:
    bare = _without_front(style)
    if text.isascii() or all(get_character_cell_size(character) == 1 for character in text):
        return [(character, bare if character == " " else style) for character in text]
    cells: list[Cell] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells.append((text[start:end], style))
            cells += [("", style)] * (width - 1)
        elif cells:
            cells[-1] = (cells[-1][0] + text[start:end], style)
    return cells


def _spans(shown: list[Cell], row: list[Cell]) -> Iterator[tuple[int, int]]:
    """The column ranges in which a row differs."""
    shown = shown + [_UNKNOWN] * (len(row) - len(shown))
    if any(len(text) != 1 for cells in (shown, row) for text, _ in cells):
        # Terminals disagree about the width of some characters; rewriting the whole row from its first cell is safe.
        yield 0, len(row)
        return
    start = end = -1
    for place, (before, now) in enumerate(zip(shown, row, strict=False)):
        if before == now:
            continue
        if start >= 0 and place - end >= _MIN_GAP:
            yield start, end
            start = place
        elif start < 0:
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


@lru_cache(maxsize=1024)
def _parsed(style: str) -> _Style:
    codes = iter(style.split(";")) if style else iter(())
    attributes, front, back = [], "", ""
    for code in codes:
        color = code
        if code in ("38", "48"):
            kind = next(codes, "5")
            color = ";".join([code, kind, *(next(codes, "0") for _ in range(3 if kind == "2" else 1))])
        number = int(code.partition(":")[0] or "0")
        if 30 <= number <= 39 or 90 <= number <= 97:
            front = color
        elif 40 <= number <= 49 or 100 <= number <= 107:
            back = color
        else:
            attributes.append(code)
    return _Style(tuple(attributes), front, back)


@lru_cache(maxsize=1024)
def _without_front(style: str) -> str:
    """The style of a blank cell: where nothing is drawn, neither its color nor a weight matters."""
    parsed = _parsed(style)
    return parsed.back if _OF_LETTERS.issuperset(parsed.attributes) else style


@lru_cache(maxsize=4096)
def _switched(pen: _Style, style: str, *, blank: bool) -> tuple[str, _Style]:
    """The SGR sequence that switches to a style, and the style in effect afterwards. For blanks color and weight may
    stay."""
    wanted = _parsed(style)
    if blank and not wanted.attributes and _OF_LETTERS.issuperset(pen.attributes):
        wanted = wanted._replace(attributes=pen.attributes, front=pen.front)
    codes = _attribute_codes(pen.attributes, wanted.attributes)
    if codes and codes[0] == "0":
        return f"\x1b[{';'.join([*codes, *filter(None, wanted[1:])])}m", wanted
    codes += [wanted.front or "39"] * (wanted.front != pen.front) + [wanted.back or "49"] * (wanted.back != pen.back)
    return (f"\x1b[{';'.join(codes)}m" if codes else ""), wanted


def _attribute_codes(before: tuple[str, ...], wanted: tuple[str, ...]) -> list[str]:
    """What turns attributes on and off; a 0 first, which resets colors too, where weights alone do not do it."""
    if before == wanted:
        return []
    if set(before) <= set(wanted):
        return [code for code in wanted if code not in before]
    if _WEIGHTS.issuperset({*before, *wanted}):
        return [_NO_WEIGHT, *wanted]
    return ["0", *wanted]
