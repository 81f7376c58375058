"""The rows a user has marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Row(Protocol):
    """Anything with an id can be marked."""

    @property
    def id(self) -> str:
        """The same for as long as the row exists."""


RowT = TypeVar("RowT", bound=Row)


class MarkedRows(Collection[str]):
    """Ids of marked rows. Marks outlast searches and reloads: a row that is not shown can be marked."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self.changed: frozenset[str] = frozenset()
        """Ids of the rows that were changed together last, until another row is marked."""

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def mark_of(self, row_id: str) -> str:
        """✓ for a marked row, • for one that was changed last, a blank for any other."""
        return "✓" if row_id in self._ids else "•" if row_id in self.changed else " "

    def toggle(self, row_id: str) -> None:
        """Mark a row, or unmarks it."""
        self._ids ^= {row_id}
        self.changed = frozenset()

    def add(self, row_ids: Iterable[str]) -> None:
        """Mark rows; those already marked stay marked."""
        self._ids.update(row_ids)
        self.changed = frozenset()

    def note_changed(self, row_ids: Iterable[str]) -> None:
        """Unmark rows that were changed, and remember them as changed last."""
        self.changed = frozenset(row_ids)
        self._ids -= self.changed

    def clear(self) -> None:
        """Unmark every row."""
        self._ids.clear()
        self.changed = frozenset()

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Inside this context nothing is marked."""
        ids, self._ids = self._ids, set()
        try:
            yield
        finally:
            self._ids = ids

    def among(self, rows: Iterable[RowT]) -> list[RowT]:
        """The marked ones of `rows`, in their order."""
        return [row for row in rows if row.id in self._ids]
