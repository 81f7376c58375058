"""The columns of a table: which of them fit into a width, and how wide each becomes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Column:
    """One column. All measures are in cells."""

    key: str
    title: str
    width: int
    """The least it needs."""
    most: int = 0
    """What it grows to as soon as there is room, columns of a low rank first; 0 for no growth."""
    share: int = 0
    """Its part of what is still left over then."""
    rank: int = 0
    """Which columns give way first: the highest."""
    extra: bool = False
    """Shown only once all other columns have grown."""


@lru_cache(maxsize=64)
def fit(columns: tuple[Column, ...], width: int) -> tuple[tuple[Column, int], ...]:
    """The columns that fit into `width` cells and how wide each is, one cell apart, the first never dropped."""
    by_rank = sorted(columns, key=lambda column: column.rank)
    kept = [column for column in by_rank if not column.extra]
    while len(kept) > 1 and _needed(kept) > width:
        kept.pop()
    widths = {column.key: column.width for column in kept}
    spare = _grow(kept, widths, max(0, width - _needed(kept)))
    # One that does not fit keeps those of a higher rank away, or a wider table would drop them again.
    for column in [each for each in by_rank if each.extra]:
        if column.width >= spare:
            break
        widths[column.key] = column.width
        spare = _grow([column], widths, spare - column.width - 1)
    shown = [column for column in columns if column.key in widths]
    shares = sum(column.share for column in shown) or 1
    return tuple((column, widths[column.key] + spare * column.share // shares) for column in shown)


def _needed(columns: list[Column]) -> int:
    return sum(column.width for column in columns) + len(columns) - 1


def _grow(columns: list[Column], widths: dict[str, int], spare: int) -> int:
    """Let columns grow within the spare width, the first first; returns what is left of it."""
    for column in columns:
        more = min(max(0, column.most - column.width), spare)
        widths[column.key] += more
        spare -= more
    return spare
