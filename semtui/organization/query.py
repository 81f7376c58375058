"""Which rows are shown, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.organization.people import People
from semtui.organization.sorting import in_order
from semtui.organization.subject import Kind, Subject

if TYPE_CHECKING:
    from semtui.organization.filters.matches import Matches


@dataclass(frozen=True)
class View:
    """Which rows are shown, and in which order."""

    kind: Kind | None = None
    search: str = ""
    """What stands in the search line. All that narrows the rows of a tab stands there."""
    sort: str = "kind"
    """The column the rows are sorted by."""
    reverse: bool = False
    """Whether the order is turned round."""

    @property
    def narrowed(self) -> bool:
        """True if the search line hides rows."""
        return bool(self.search.strip())


@dataclass(frozen=True)
class Selection:
    """The rows of a view."""

    rows: tuple[Subject, ...]
    unknown: int = 0
    """How many more may match: what would tell is not known."""


def select(people: People, view: View, matches: Matches | None = None) -> Selection:
    """The rows of the kind and in the order of `view`; of those that `matches`, if given."""
    subjects = people.subjects
    unknown = 0
    if matches is not None:
        if matches.unknown:
            maybe = matches.undecided.of(subjects)
            unknown = sum(view.kind is None or row.kind == view.kind for row in maybe)
        found = matches.of(subjects)
    else:
        found = subjects
    rows = [row for row in found if row.kind == view.kind] if view.kind is not None else list(found)
    if view.sort != "kind" or view.reverse:
        rows = in_order(rows, view.sort, people, reverse=view.reverse)
    return Selection(tuple(rows), unknown)
