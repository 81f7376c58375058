"""--filter: the words and terms of the search line, for commands that list and export."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.organization.filters.row_filter import RowFilter, RowMatches
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


def check_filter(search: str, what: str = "") -> str:
    """A filter without spaces around it, if it can be understood whatever the lists hold. Raises ConfigurationError.

    `what` is `roles` or `projects`, which have terms of their own, `permissions`, which are found by words, or anything
    else for people, accounts and groups.
    """
    if not search.strip():
        return ""
    from semtui.organization.filters.matching import check
    from semtui.organization.filters.row_filter import RowFilter, project_filter, role_filter
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

    checks = {
        "roles": role_filter().check,
        "projects": project_filter(People(), Projects()).check,
        "permissions": RowFilter(str).check,
    }
    with _naming_the_option():
        checks.get(what, check)(search)
    return search.strip()


def matching(row_filter: RowFilter, rows: Iterable[Any], search: str) -> RowMatches:
    """The roles, projects or permissions that match. Raises ConfigurationError for a value that does not exist."""
    with _naming_the_option():
        return row_filter.matches(rows, search)


def filtered(people: People, projects: Projects, search: str, now: float, kinds: Collection[Kind] = ()) -> Filtered:
    """The rows of these `kinds`, or of all, that match; `now` in epoch seconds. Raises ConfigurationError for a filter
    that names something that does not exist."""
    from semtui.audit.access.selecting import matching_of

    subjects = people.subjects
    rows: Sequence[Subject] = subjects
    undecided: Sequence[Subject] = ()
    if search:
        with _naming_the_option():
            matches = matching_of(people, projects).matches(search, now)
        rows, undecided = tuple(matches.of(subjects)), tuple(matches.undecided.of(subjects))
    if not kinds:
        return Filtered(rows, undecided)
    return Filtered(
        tuple(row for row in rows if row.kind in kinds), tuple(row for row in undecided if row.kind in kinds)
    )


@contextmanager
def _naming_the_option() -> Iterator[None]:
    """Turn a FilterError into a ConfigurationError that begins with the option."""
    from semtui.organization.filters.language import FilterError

    try:
        yield
    except FilterError as error:
        raise ConfigurationError(f"--filter: {error}") from None
