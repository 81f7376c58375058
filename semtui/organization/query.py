"""Which rows are shown, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from semtui.organization.people import People
from semtui.organization.sorting import in_order
from semtui.organization.subject import Kind, Subject
from semtui.text.folding import search_words


@dataclass(frozen=True)
class View:
    """Which rows are shown, and in which order."""

    kind: Kind | None = None
    search: str = ""
    role: str = ""
    """Name of the role to filter by; empty for any."""
    sort: str = "kind"
    """The column the rows are sorted by."""
    reverse: bool = False
    """Whether the order is turned round."""

    @property
    def narrowed(self) -> bool:
        """True if a search or a role filter hides rows."""
        return bool(self.search.strip() or self.role)


def select(people: People, view: View, holders: Collection[str] = frozenset()) -> tuple[Subject, ...]:
    """The rows `view` shows of `people`; `holders` are the ids of those who hold its role, directly or through a
    group."""
    # Written out for the first word: nearly every search has but one, and there may be 100,000 rows.
    first, *others = search_words(view.search) or ("",)
    rows = [
        row
        for row, text in zip(people.subjects, people.texts, strict=True)
        # Semaphore writes ids in lower case.
        if (first in text or first in row.id)
        and (not others or all(word in text or word in row.id for word in others))
        and (view.kind is None or row.kind == view.kind)
        and (not view.role or row.id in holders)
    ]
    if view.sort == "kind" and not view.reverse:
        return tuple(rows)
    return tuple(in_order(rows, view.sort, people, reverse=view.reverse))
