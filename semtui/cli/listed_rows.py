"""The rows of a list that match a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from semtui.cli.filtering import filtered, matching
from semtui.organization.filters.row_filter import RowFilter, project_filter, role_filter
from semtui.organization.roles import known_roles
from semtui.text.folding import haystack
from semtui.wording import listings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.contract import Source
    from semtui.organization.subject import Kind
    from semtui.wording.listings import Listed

_KINDS: dict[str, Kind] = {"people": "person", "accounts": "account", "groups": "group"}

Found = tuple["Sequence[Any]", list[dict[str, str]], int]
"""The rows, what each column shows of them, and of how many more it is not known whether they match."""


def found(what: Listed, source: Source, search: str) -> Found:
    """The rows that match `search`. Raises ConfigurationError if it names something that does not exist."""
    people, projects = source.people, source.projects
    if what == "permissions":
        return _permissions(source, search)
    if what == "roles":
        roles, unknown = matching(role_filter(), known_roles(people, projects), search)
        return [each.role for each in roles], [listings.role_row(each) for each in roles], unknown
    if what == "projects":
        rows, unknown = matching(project_filter(people, projects), projects.by_name, search)
        return rows, [listings.project_row(each, source) for each in rows], unknown
    return _subjects(_KINDS[what], source, search)


def _subjects(kind: Kind, source: Source, search: str) -> Found:
    now = source.head.finished_at
    found = filtered(source.people, source.projects, search, now, (kind,))
    return found.rows, [listings.subject_row(row, source, now) for row in found.rows], len(found.undecided)


def _permissions(source: Source, search: str) -> Found:
    from semtui.audit.access.current import graph_of

    names = sorted(graph_of(source.people, source.projects).permissions.names)
    rows = [listings.permission_row(name) for name in names]
    by_words = RowFilter(lambda row: haystack(row["name"], row["description"]))
    kept = matching(by_words, rows, search).rows
    return [row["name"] for row in kept], kept, 0
