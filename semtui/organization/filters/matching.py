"""Finds the rows that match a filter. What was worked out for a term is kept for the next key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.organization.filters.completion import Vocabulary
from semtui.organization.filters.language import Part, quote, split
from semtui.organization.filters.lists import Lists
from semtui.organization.filters.matches import Matches, mask
from semtui.organization.filters.terms import TERMS, term_of
from semtui.text.folding import fold

if TYPE_CHECKING:
    from semtui.organization.filters.lists import Access
    from semtui.organization.people import People

_KEPT = 12
"""Terms whose matches are kept: a line and what it was a few keys ago."""


class Matching:
    """Filters for one state of the lists."""

    def __init__(self, people: People, access: Callable[[], Access]) -> None:
        """`access` builds the access graph when a term first needs it."""
        self._lists = Lists(people, access)
        self._kept: dict[tuple[object, ...], Matches] = {}

    def matches(self, text: str, now: float) -> Matches:
        """The rows that match every word and term of a text. Raises FilterError if it cannot be understood."""
        found = ~Matches.known(self._lists.size, 0)
        for part in split(text):
            if part.name or part.value:
                found &= self._of(part, now)
        return found

    @property
    def vocabulary(self) -> Vocabulary:
        """What the search line understands, of the lists as they are."""
        return Vocabulary(tuple(f"{each.name}{each.signs[0]}" for each in TERMS.values()), self._values)

    def _values(self, name: str) -> Sequence[str]:
        if name not in TERMS:
            return ()
        reserved = TERMS[name].reserved
        return [each if each in reserved else quote(each) for each in TERMS[name].values(self._lists)]

    def _of(self, part: Part, now: float) -> Matches:
        # An age depends on the time of day, which nothing else does.
        key = (part.name, part.sign, part.value, part.quoted, part.negated, int(now) if part.name == "age" else 0)
        found = self._kept.pop(key, None)
        if found is None:
            found = self._worked_out(part, now)
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
        # The last to be dropped.
        self._kept[key] = found
        return found

    def _worked_out(self, part: Part, now: float) -> Matches:
        found = term_of(part).matches(self._lists, part, now) if part.name else self._holding(fold(part.value))
        return ~found if part.negated else found

    def _holding(self, word: str) -> Matches:
        """The rows whose name, description or id contains a folded word."""
        people = self._lists.people
        # Semaphore writes ids in lower case.
        found = [word in text or word in row.id for row, text in zip(people.subjects, people.texts, strict=True)]
        return Matches.known(len(found), mask(found))


def check(text: str) -> None:
    """Raise FilterError if a filter cannot be understood whatever the lists hold, such as a term that does not
    exist."""
    for part in split(text):
        if part.name:
            term_of(part).check(part)
