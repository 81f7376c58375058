"""--filter: the words and terms of the search line, for commands that list people, accounts and groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.subject import Kind, Subject


@dataclass(frozen=True)
class Filtered:
    """The rows that match a filter."""

    rows: Sequence[Subject]
    undecided: Sequence[Subject]
    """Rows of which it is not known whether they match."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the rows that match."""
        return frozenset(row.id for row in self.rows)


def add_filter_option(
    parser: argparse.ArgumentParser, only: str = "only rows that match these words and terms"
) -> None:
    """Add --filter; `only` begins its help."""
    parser.add_argument(
        "--filter",
        metavar="QUERY",
        default="",
        help=f"{only}, such as 'state:active age>180d'; see .github/FILTERS.md",
    )


def check_filter(search: str) -> str:
    """A filter without spaces around it, if it can be understood at all. Raises ConfigurationError."""
    if not search.strip():
        return ""
    from semtui.organization.filters.language import FilterError
    from semtui.organization.filters.matching import check

    try:
        check(search)
    except FilterError as error:
        raise ConfigurationError(f"--filter: {error}") from None
    return search.strip()


def filtered(people: People, projects: Projects, search: str, now: float, kinds: Collection[Kind] = ()) -> Filtered:
    """The rows of these `kinds`, or of all, that match; `now` in epoch seconds. Raises ConfigurationError for a filter
    that names something that does not exist."""
    from semtui.audit.access.selecting import matching_of
    from semtui.organization.filters.language import FilterError

    subjects = people.subjects
    rows: Sequence[Subject] = subjects
    undecided: Sequence[Subject] = ()
    if search:
        try:
            matches = matching_of(people, projects).matches(search, now)
        except FilterError as error:
            raise ConfigurationError(f"--filter: {error}") from None
        rows, undecided = tuple(matches.of(subjects)), tuple(matches.undecided.of(subjects))
    if not kinds:
        return Filtered(rows, undecided)
    return Filtered(
        tuple(row for row in rows if row.kind in kinds), tuple(row for row in undecided if row.kind in kinds)
    )
