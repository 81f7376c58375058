"""Counts what gives a permission to its holders; the number of causes does not grow with the organization."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.audit.access.answers import Cause

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Profile
    from semtui.audit.access.project_access import ProjectAccess

OFF = ("deactivated", "being removed")
"""States in which an account cannot use its permissions."""

Key = tuple[str, str | None, bool]
"""Role id, source (None if held through groups), and whether it is held on the project only."""


class CauseTable:
    """Counts the causes of one permission, by profile, and by subject where a project has roles of its own."""

    def __init__(self, graph: AccessGraph, bit: int, project: ProjectAccess | None) -> None:
        self._graph = graph
        self._bit = bit
        self._project = project
        self._found: dict[Key, Cause] = {}
        self._of_profile: dict[int, tuple[Key, ...]] = {}

    def of_profile(self, number: int) -> tuple[Key, ...]:
        """The causes that all subjects of a profile have in common."""
        if number not in self._of_profile:
            self._of_profile[number] = tuple(self._all(self._graph.index.profiles[number]))
        return self._of_profile[number]

    def of_subject(self, number: int, subject_id: str) -> tuple[Key, ...]:
        """The causes for one subject, including its roles on the project."""
        common = self.of_profile(number)
        if self._project is None:
            return common
        there = self._project.giving(subject_id, self._bit, {role_id for role_id, _, _ in common})
        for each in there:
            self._add((each.role_id, each.source, True), each.role_name, None)
        return (*common, *((each.role_id, each.source, True) for each in there))

    def _all(self, profile: Profile) -> Iterable[Key]:
        found: dict[Key, None] = {}
        for held, through in [(each, False) for each in profile.direct] + [(each, True) for each in profile.by_groups]:
            grant = self._graph.grant(held)
            if grant.gives & self._bit:
                key = (held[0], None if through else held[2], False)
                self._add(key, grant.role_name, None if grant.own & self._bit else grant.mapped_to)
                found[key] = None
        return found

    def _add(self, key: Key, role_name: str, mapped_to: str | None) -> None:
        role_id, source, on_project = key
        if key not in self._found:
            self._found[key] = Cause(role_id, role_name, source, mapped_to=mapped_to, on_project=on_project)

    def count(self, keys: tuple[Key, ...], profile: Profile, number: int) -> None:
        """Add `number` subjects that hold the permission through these causes."""
        for key in keys:
            before = self._found[key]
            account = profile.kind == "account"
            self._found[key] = replace(
                before,
                people=before.people + (0 if account else number),
                accounts=before.accounts + (number if account else 0),
                deactivated=before.deactivated + (number if profile.state in OFF else 0),
                only_this=before.only_this + (number if len(keys) == 1 else 0),
            )

    def causes(self) -> tuple[Cause, ...]:
        """All causes, the most frequent first, with how many groups give each role."""
        groups: dict[str, int] = {}
        for number, profile in enumerate(self._graph.index.profiles):
            if profile.kind == "group":
                for role_id in {role_id for role_id, _, _ in profile.direct}:
                    groups[role_id] = groups.get(role_id, 0) + len(self._graph.index.places[number])
        found = (
            replace(cause, groups=groups.get(cause.role_id, 0)) if cause.source is None else cause
            for cause in self._found.values()
            if cause.people or cause.accounts
        )
        return tuple(sorted(found, key=lambda each: (-each.people - each.accounts, each.role_name, each.source or "")))


def key_of(cause: Cause) -> Key:
    """The key of a cause."""
    return cause.role_id, cause.source, cause.on_project
