"""Finds what an argument of a question names: by id, or by a name that is unique.

An argument that names nothing is never quoted: it may be a token. For an ambiguous name the error lists the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.organization.subject import Kind

Thing = Literal["person", "account", "group", "role", "project"]
_PREFIXES = ("organization.", "project.")
_FEW = 8
"""The most ids listed for an ambiguous name."""


def subject_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "X") -> str:
    """The id of a person, account or group, or of a member that only a group lists; `place` is the argument's metavar.

    Raises ConfigurationError if nobody has that id or name, or if several share the name.
    """
    if graph.knows(given):
        return given
    if ids_only:
        raise ConfigurationError(f"{place}: Nobody who is listed has that id.")
    named = [row for row in graph.index.rows if row.name == given]
    if len(named) == 1:
        return named[0].id
    if named:
        raise ConfigurationError(_several(place, ((row.id, row.kind) for row in named)))
    unsure = "" if not graph.at_least else ", but not every list could be read"
    raise ConfigurationError(f"{place}: Nobody who is listed has that id or exactly that name{unsure}.")


def row_id(graph: AccessGraph, given: str, *kinds: Kind, ids_only: bool, place: str, noun: str) -> str:
    """The id of a person, account or group of these `kinds`, whatever else shares its name. Raises
    ConfigurationError."""
    names = {row.id: row.name for row in graph.index.rows if row.kind in kinds}
    return id_of(names, given, ids_only=ids_only, place=place, noun=noun, whole=not graph.at_least)


def group_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "GROUP") -> str:
    """The id of a group. Raises ConfigurationError."""
    return row_id(graph, given, "group", ids_only=ids_only, place=place, noun="group")


def subject_or_role_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "X") -> tuple[str, bool]:
    """The id of a subject or of an organization role, and whether it is a role. Raises ConfigurationError."""
    from semtui.audit.access.questions import roles_known

    roles = roles_known(graph)
    if graph.knows(given):
        return given, False
    if given in roles:
        return given, True
    if ids_only:
        raise ConfigurationError(f"{place}: Nobody who is listed, and no role, has that id.")
    named = [(row.id, str(row.kind), False) for row in graph.index.rows if row.name == given]
    named += [(each, "role", True) for each, name in roles.items() if name == given]
    if len(named) > 1:
        raise ConfigurationError(_several(place, ((each, kind) for each, kind, _ in named)))
    for each, _, is_role in named:
        return each, is_role
    unsure = "" if not graph.at_least else ", but not every list could be read"
    raise ConfigurationError(f"{place}: Nobody who is listed, and no role, has that id or exactly that name{unsure}.")


def anything_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "X") -> tuple[str, Thing]:
    """The id of a person, account, group, role or project, and which of these it is. Raises ConfigurationError."""
    from semtui.organization.roles import known_roles

    projects = {project.id: project.name for project in graph.projects.listing.items}
    roles = {each.id: each.role.name for each in known_roles(graph.people, graph.projects)}
    rows: dict[str, tuple[str, Thing]] = {row.id: (row.name, row.kind) for row in graph.people.subjects}
    rows |= {each: (name, "role") for each, name in roles.items()}
    rows |= {each: (name, "project") for each, name in projects.items()}
    if given in rows:
        return given, rows[given][1]
    named = [] if ids_only else [(each, kind) for each, (name, kind) in rows.items() if name == given]
    if len(named) > 1:
        raise ConfigurationError(_several(place, named))
    if named:
        return named[0]
    what = "that id" if ids_only else "that id or exactly that name"
    whole = not graph.at_least and graph.projects.listing.is_known
    unsure = "" if whole else ", but not every list could be read"
    raise ConfigurationError(f"{place}: Nobody and nothing that is listed has {what}{unsure}.")


def role_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "ROLE") -> str:
    """The id of an organization role, listed or held. Raises ConfigurationError."""
    from semtui.audit.access.questions import roles_known

    whole = graph.people.roles.is_known
    return id_of(roles_known(graph), given, ids_only=ids_only, place=place, noun="role", whole=whole)


def project_id(graph: AccessGraph, given: str, *, ids_only: bool, place: str = "PROJECT") -> str:
    """The id of a project. Raises ConfigurationError."""
    if not graph.projects.listing.is_known:
        raise ConfigurationError(f"{place}: The list of projects could not be read, so it cannot be looked for.")
    names = {project.id: project.name for project in graph.projects.listing.items}
    return id_of(names, given, ids_only=ids_only, place=place, noun="project")


def id_of(names: Mapping[str, str], given: str, *, ids_only: bool, place: str, noun: str, whole: bool = True) -> str:
    """The id among `names`, by id, that is given, or whose name is; `whole` is false if some may be missing. Raises
    ConfigurationError."""
    if given in names:
        return given
    if ids_only:
        raise ConfigurationError(f"{place}: No {noun} that is listed has that id.")
    found = sorted(each for each, name in names.items() if name == given)
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(_several(place, ((each, noun) for each in found)))
    unsure = "" if whole else ", but not every list could be read"
    raise ConfigurationError(f"{place}: No {noun} that is listed has that id or exactly that name{unsure}.")


def _several(place: str, found: Iterable[tuple[str, str]]) -> str:
    told = [f"{each} ({kind})" for each, kind in sorted(found)]
    more = f" and {len(told) - _FEW:,} more" if len(told) > _FEW else ""
    return f"{place}: {len(told):,} have that name; give one of the ids: {', '.join(told[:_FEW])}{more}."


def permission(graph: AccessGraph, given: str, *, place: str = "P") -> str:
    """A permission's full name, given whole or, if unambiguous, without its beginning. Raises ConfigurationError."""
    names = graph.permissions.names
    if given in names:
        return given
    found = [prefix + given for prefix in _PREFIXES if prefix + given in names]
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(f"{place}: There are two permissions that end so; give {' or '.join(found)}.")
    from difflib import get_close_matches

    endings = {name.partition(".")[2]: name for name in reversed(names)}
    close = get_close_matches(given, [*names, *endings], n=1)
    meant = f" Did you mean {endings.get(close[0], close[0])}?" if close else ""
    raise ConfigurationError(f"{place}: There is no such permission.{meant}")
