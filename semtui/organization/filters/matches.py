"""Which rows match a filter, which do not, and for which it is not known.

One byte for each row, all of them in one number, so that 100,000 rows are combined at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TypeVar

T = TypeVar("T")


def mask(truths: Iterable[bool]) -> int:
    """A number with a byte of 1 for each row for which something is true, and of 0 for the others."""
    return int.from_bytes(bytes(truths), "little")


@dataclass(frozen=True, slots=True)
class Matches:
    """The rows that match, and those that may match."""

    size: int
    """How many rows there are."""
    yes: int
    maybe: int
    """Those that match, and those for which it is not known."""

    @staticmethod
    def known(size: int, yes: int) -> Matches:
        """Of what is known of every row."""
        return Matches(size, yes, yes)

    @property
    def everything(self) -> int:
        """The mask of all rows."""
        return int.from_bytes(b"\1" * self.size, "little")

    @property
    def unknown(self) -> int:
        """Of how many rows it is not known whether they match."""
        return (self.maybe & ~self.yes).bit_count()

    @property
    def undecided(self) -> Matches:
        """Those of which it is not known whether they match."""
        return Matches.known(self.size, self.maybe & ~self.yes)

    def __and__(self, other: Matches) -> Matches:
        return Matches(self.size, self.yes & other.yes, self.maybe & other.maybe)

    def __invert__(self) -> Matches:
        everything = self.everything
        return Matches(self.size, everything & ~self.maybe, everything & ~self.yes)

    def of(self, rows: Sequence[T]) -> Iterable[T]:
        """Those of `rows` that match."""
        return compress(rows, self.yes.to_bytes(self.size, "little"))
