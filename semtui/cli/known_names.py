"""Names from the lists that commands read last, kept in a private file, so that a shell completes them without a
request."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from semtui.settings.contexts import choose_context
from semtui.settings.sem_yaml import load
from semtui.system.errors import ConfigurationError
from semtui.system.private_directories import state_directory, state_path
from semtui.system.private_files import PrivateFileError, read_private
from semtui.system.settings_files import replace_settings
from semtui.tokens.storage_locations import host_in_names

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

Named = Literal["people", "accounts", "groups", "roles", "projects", "project roles", "permissions"]
SEVERAL: Mapping[str, tuple[Named, ...]] = {
    "members": ("people", "accounts", "groups"),
    "joining": ("people", "accounts"),
    "everything": ("people", "accounts", "groups", "roles", "projects"),
}
"""What takes names of several kinds."""
_LARGEST = 8 << 20


def remember_names(host: str, people: People, projects: Projects) -> None:
    """Keep the names of what was read; of a list that could not be read, those of before stay."""
    from semtui.audit.access.current import graph_of
    from semtui.organization.roles import known_roles

    found: dict[str, list[str]] = {}
    for kind, listed, known in (
        ("people", "person", people.users.is_known),
        ("accounts", "account", people.accounts.is_known),
        ("groups", "group", people.groups.is_known),
    ):
        if known:
            found[kind] = [row.name for row in people.subjects if row.kind == listed]
    roles = known_roles(people, projects)
    if people.roles.is_known:
        found["roles"] = [each.role.name for each in roles if each.known_by != "project"]
        found["permissions"] = list(graph_of(people, projects).permissions.names)
    if projects.listing.is_known:
        found["projects"] = [project.name for project in projects.listing.items]
    if of_projects := [each.role.name for each in roles if each.known_by == "project"]:
        found["project roles"] = of_projects
    # Nobody has asked for this file: a disk that takes none is told of by whatever needs it.
    with suppress(PrivateFileError, ConfigurationError):
        path = state_directory(os.environ, Path.home()) / _file_of(host)
        before = path.read_bytes() if path.exists() else None
        kept = _read(path) | {kind: sorted(filter(None, {*names})) for kind, names in found.items()}
        text = json.dumps(kept, ensure_ascii=False)
        if len(text) < _LARGEST and text.encode(errors="replace") != before:
            replace_settings(path, text, before)


def _file_of(host: str) -> str:
    return f"names-{host_in_names(host)}.json"


def _read(path: Path) -> dict[str, list[str]]:
    """The names in a file; none if it cannot be read."""
    if not path.exists():
        return {}
    try:
        found = json.loads(read_private(path, _LARGEST, errors="replace"))
        return {kind: [str(name) for name in names] for kind, names in found.items()}
    except (PrivateFileError, ValueError, AttributeError, TypeError, RecursionError):
        return {}


def known_names(kind: str) -> list[str]:
    """The names of a kind in the organization that is opened where none is named; none if nothing is known."""
    home = Path.home()
    try:
        if kind == "contexts":
            return [entry.name for entry in load(os.path.join(home, ".sem.yaml")).entries if entry.can_be_opened]
        host = choose_context(context_name=None, host=None, environ=os.environ, home=str(home)).context.host
    except ConfigurationError:
        return []
    names = _read(state_path(os.environ, home) / _file_of(host))
    kinds = SEVERAL.get(kind, (kind,))
    return sorted({name for each in kinds for name in names.get(each, ()) if name.isprintable()})
