"""What has changed between two snapshots of an organization, compared by id, so that a new name is a rename.

A list that is not whole on both sides is not compared: nothing counts as gone only because it was not read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from semtui.api.hosts import same_host
from semtui.audit.access.fates import GROUP_LISTS
from semtui.audit.access.graph import AccessGraph
from semtui.audit.comparison.changed import Change, place
from semtui.audit.comparison.findings import FindingsDiff, findings_diff
from semtui.audit.comparison.net_effect import Net, net_effect
from semtui.audit.comparison.people import (
    account_changes,
    account_role_changes,
    group_changes,
    group_role_changes,
    people_changes,
)
from semtui.audit.comparison.roles import project_changes, project_people_comparable, role_list_changes
from semtui.audit.comparison.sides import Side, Sides
from semtui.audit.snapshots.records import RECORDS, Record, project_record
from semtui.audit.snapshots.snapshot import organization_id
from semtui.organization.listing import LIST_NAMES
from semtui.system.errors import ExpectedError

if TYPE_CHECKING:
    from semtui.audit.contract import Source


class IncomparableError(ExpectedError):
    """Two snapshots cannot be compared; a sentence says why."""


@dataclass(frozen=True)
class Diff:
    """The differences between two snapshots."""

    changes: tuple[Change, ...]
    not_comparable: tuple[str, ...]
    """Lists that are not whole on both sides; `projects` is the list of projects, `project people` their people."""
    otherwise: Mapping[str, int]
    """By list, how many rows differ in something that is not among `changes`."""
    net: Net
    findings: FindingsDiff

    @property
    def complete(self) -> bool:
        """True if everything could be compared, and the net effect is known for everybody."""
        return not (self.not_comparable or self.net.unknown) and self.findings.complete

    def only_privilege(self) -> Diff:
        """Only the changes to subjects and roles that are privileged, or may be."""
        privileged = self.net.privileged
        kept = tuple(change for change in self.changes if change.id in privileged)
        findings = self.findings.only(lambda each: each.subject is None or each.subject.id in privileged)
        return replace(self, changes=kept, otherwise={}, net=replace(self.net, others=0), findings=findings)


def diff(before: Source, after: Source) -> Diff:
    """The differences between two snapshots of one organization, the older one first. Raises IncomparableError."""
    check_comparable(before, after)
    community = "ce" in (before.head.edition, after.head.edition)
    sides = Sides(Side(before.people, before.projects), Side(after.people, after.projects), community)
    graphs = (AccessGraph(before.people, before.projects), AccessGraph(after.people, after.projects))
    changes = tuple(sorted((*_changes(sides), *_mapping_changes(sides, *graphs)), key=place))
    otherwise = _otherwise(sides, {change.id for change in changes})
    times = (before.head.finished_at, after.head.finished_at)
    findings = findings_diff((graphs[0], times[0]), (graphs[1], times[1]))
    return Diff(changes, tuple(_not_comparable(sides)), otherwise, net_effect(*graphs, changes), findings)


def check_comparable(before: Source, after: Source) -> None:
    """Raise IncomparableError if organizations or editions differ, or if the newer one comes first."""
    one, other = before.head, after.head
    ids = [organization_id(each.people, each.projects) for each in (before, after)]
    if not same_host(one.host, other.host):
        raise IncomparableError(f"These are two organizations: {one.host} and {other.host}.")
    if all(ids) and ids[0] != ids[1]:
        raise IncomparableError("These are two organizations: their ids differ.")
    if len({one.edition, other.edition} - {"unknown"}) > 1:
        raise IncomparableError("These are two editions of Semaphore, where roles mean different things.")
    if other.finished_at < one.started_at:
        raise IncomparableError("The first one is newer than the second: give the older one first.")


def _changes(sides: Sides) -> Iterator[Change]:
    """All changes in what can be compared, in no order."""
    if "users" in sides.whole:
        yield from people_changes(sides)
    if "accounts" in sides.whole:
        yield from account_changes(sides)
    if sides.account_roles_known:
        yield from account_role_changes(sides)
    if "groups" in sides.whole:
        yield from group_changes(sides)
    if "group_members" in sides.whole:
        yield from group_role_changes(sides)
    if "roles" in sides.whole:
        yield from role_list_changes(sides)
    if sides.projects_whole:
        yield from project_changes(sides)


def _mapping_changes(sides: Sides, before: AccessGraph, after: AccessGraph) -> Iterator[Change]:
    """Which custom roles map to another project role than before, if that is known on both sides."""
    old, new = sides.rows("roles")
    for each in old.keys() & new.keys():
        one, other = before.grants.of(each, old[each].name), after.grants.of(each, new[each].name)
        if one.mapping_known and other.mapping_known and one.mapped_to != other.mapped_to:
            yield Change("mapping", "role", each, new[each].name, before=one.mapped_to, after=other.mapped_to)


def _not_comparable(sides: Sides) -> Iterator[str]:
    lists = [name for name in LIST_NAMES if not (sides.community and name in GROUP_LISTS)]
    yield from (name for name in lists if name not in sides.whole)
    if not sides.projects_whole:
        yield "projects"
    elif not project_people_comparable(sides):
        yield "project people"


def _otherwise(sides: Sides, told: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {
        name: _untold(RECORDS[name], *sides.rows(name), told) for name in LIST_NAMES if name in sides.whole
    }
    if sides.projects_whole:
        found["projects"] = _untold(project_record, *sides.projects, told)
    return {name: number for name, number in found.items() if number}


def _untold(
    record: Callable[[Any], Record], before: Mapping[str, Any], after: Mapping[str, Any], told: Collection[str]
) -> int:
    gone = sum(each not in after for each in before if each not in told)
    return gone + sum(
        each not in before or record(before[each]) != record(row) for each, row in after.items() if each not in told
    )
