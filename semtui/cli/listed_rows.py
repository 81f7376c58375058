"""The rows of a list that match a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from semtui.cli.filtering import filtered
from semtui.organization.filters.language import FilterError
from semtui.organization.filters.row_filter import project_filter, role_filter
from semtui.organization.roles import known_roles
from semtui.system.errors import ConfigurationError
from semtui.text.folding import haystack, holds, search_words
from semtui.wording import listings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.contract import Source
    from semtui.organization.filters.row_filter import RowFilter
    from semtui.organization.subject import Kind
    from semtui.wording.listings import Listed

_KINDS: dict[str, Kind] = {"people": "person", "accounts": "account", "groups": "group"}

Found = tuple["Sequence[Any]", list[dict[str, str]], int]
"""The rows, what each column shows of them, and of how many more it is not known whether they match."""


def found(what: Listed, source: Source, search: str) -> Found:
    """The rows that match `search`. Raises ConfigurationError if it names something that does not exist."""
    if what == "permissions":
        return _permissions(source, search)
    if what == "roles":
        return _roles(source, search)
    if what == "projects":
        return _projects(source, search)
    return _subjects(_KINDS[what], source, search)


def _subjects(kind: Kind, source: Source, search: str) -> Found:
    now = source.head.finished_at
    found = filtered(source.people, source.projects, search, now, (kind,))
    return found.rows, [listings.subject_row(row, source, now) for row in found.rows], len(found.undecided)


def _projects(source: Source, search: str) -> Found:
    of_projects = project_filter(source.people, source.projects.texts)
    rows = _matching(of_projects, source.projects.listing.items, search)
    rows.sort(key=lambda each: (each.name.casefold(), each.id))
    return rows, [listings.project_row(each, source) for each in rows], 0


def _roles(source: Source, search: str) -> Found:
    known = _matching(role_filter(), known_roles(source.people, source.projects), search)
    return [each.role for each in known], [listings.role_row(each) for each in known], 0


def _matching(rows_filter: RowFilter, rows: Sequence[Any], search: str) -> list[Any]:
    """Raises ConfigurationError."""
    try:
        return rows_filter.found(rows, search)
    except FilterError as error:
        raise ConfigurationError(f"--filter: {error}") from None


def _permissions(source: Source, search: str) -> Found:
    from semtui.audit.access.current import graph_of

    words = search_words(search)
    names = sorted(graph_of(source.people, source.projects).permissions.names)
    rows = [listings.permission_row(name) for name in names]
    kept = [row for row in rows if holds(haystack(row["name"], row["description"]), words)]
    return [row["name"] for row in kept], kept, 0
