"""Which rows are shown, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from semtui.organization.people import People, role_order
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

    @property
    def narrowed(self) -> bool:
        """True if a search or a role filter hides rows."""
        return bool(self.search.strip() or self.role)


SORTS: tuple[str, ...] = ("kind", "name", "role", "state", "created")


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
    if view.sort == "name":
        rows.sort(key=lambda row: row.name.casefold())
    elif view.sort == "role":
        rows.sort(key=lambda row: min((role_order(b.role_name) for b in row.roles or ()), default=(9, "")))
    elif view.sort == "state":
        order = ("no role", "deactivated", "unknown", "being removed", "active", "")
        rows.sort(key=lambda row: order.index(row.state))
    elif view.sort == "created":
        rows.sort(key=lambda row: -(row.created_at or 0))
    return tuple(rows)
