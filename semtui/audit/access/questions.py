"""The questions about access: who can do something, what a subject can do, why, and how roles differ.

Each takes a graph and returns one of the classes of `answers`. Permissions are given by full name, subjects by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.audit.access import paths as ways
from semtui.audit.access.answers import (
    Can,
    Comparison,
    Path,
    Reason,
    RoleGiving,
    Truth,
    WhoCan,
    Why,
)
from semtui.audit.access.project_access import ProjectAccess
from semtui.audit.access.survey import Survey
from semtui.organization.relations import role_order

if TYPE_CHECKING:
    from semtui.audit.access.grants import Grant
    from semtui.audit.access.graph import AccessGraph


class UnknownPermissionError(LookupError):
    """No permission has that name, according to the roles and the built-in catalog."""


class NobodyError(LookupError):
    """No list and no group has that id."""


def who_can(graph: AccessGraph, permission: str, project_id: str | None = None) -> WhoCan:
    """Who holds a permission: an organization permission, or a project permission on one project or on every one.

    `project_id` matters only for project permissions. Raises UnknownPermissionError.
    """
    bit = _bit(graph, permission)
    project = _project(graph, permission, project_id)
    survey = Survey(graph, bit, project)
    return WhoCan(
        permission=permission,
        project_id=project.id if project else None,
        # A project may list people that are missing from an incomplete list of people.
        people=survey.holders("person", "unlisted"),
        accounts=survey.holders("account"),
        groups=survey.holders("group"),
        empty_groups=survey.empty_groups(),
        unknown=survey.unknown(groups=False),
        unknown_groups=survey.unknown(groups=True),
        unknown_by_reason=survey.reasons(),
        unknown_by=survey.unknown_by(groups=False),
        unknown_groups_by=survey.unknown_by(groups=True),
        causes=survey.causes.causes(),
        deactivated=survey.deactivated,
        at_least=graph.at_least,
        unseen=graph.unseen(bit, on_project=project is not None),
        stale=graph.stale,
        held_by=survey.held_by,
    )


def paths(graph: AccessGraph, subject_id: str, permission: str, project_id: str | None = None) -> tuple[Path, ...]:
    """The bindings through which a subject holds a permission. Raises UnknownPermissionError, NobodyError."""
    _known(graph, subject_id)
    _bit(graph, permission)
    return ways.paths(graph, subject_id, permission, _project(graph, permission, project_id))


def why(graph: AccessGraph, subject_id: str, permission: str, project_id: str | None = None) -> Why:
    """Whether a subject holds a permission, and why. Raises UnknownPermissionError, NobodyError."""
    _known(graph, subject_id)
    _bit(graph, permission)
    project = _project(graph, permission, project_id)
    verdict, reasons = project.verdict(subject_id, permission) if project else graph.verdict(subject_id, permission)
    return Why(
        subject=graph.subject(subject_id),
        permission=permission,
        project_id=project.id if project else None,
        verdict=verdict,
        paths=ways.paths(graph, subject_id, permission, project),
        reasons=reasons,
        bindings=ways.bindings(graph, subject_id),
        nearest=roles_giving(graph, permission) if verdict == "no" else (),
    )


def can(graph: AccessGraph, subject_id: str, project_id: str | None = None) -> Can:
    """Everything a subject holds: a person, account, group, or an id that is only in a group. With `project_id` also
    what is held, or unknown, on that project. Raises NobodyError."""
    _known(graph, subject_id)
    names, held = graph.permissions, graph.of(subject_id)
    read = [ProjectAccess(graph, each) for each in ([project_id] if project_id else graph.projects.members)]
    there = {project.id: names.of(project.own(subject_id) & ~held.gives) for project in read}
    reasons = dict.fromkeys(reason for reason, _ in held.perhaps)
    open_there: dict[str, tuple[str, ...]] = {}
    if project_id:
        verdicts = {each: read[0].verdict(subject_id, each) for each in names.of(names.projects)}
        open_there[project_id] = tuple(each for each, (truth, _) in verdicts.items() if truth == "unknown")
        reasons |= dict.fromkeys(reason for _, found in verdicts.values() for reason in found)
    return Can(
        subject=graph.subject(subject_id),
        organization=names.of(held.gives & names.organization),
        every_project=names.of(held.gives & names.projects),
        projects={each: found for each, found in there.items() if found},
        projects_unknown={each: found for each, found in open_there.items() if found},
        organization_unknown=names.of(held.unknown & names.organization),
        every_project_unknown=names.of(held.unknown & names.projects),
        reasons=tuple(reasons),
        of_organization=names.organization.bit_count(),
        of_projects=names.projects.bit_count(),
        projects_read=sum(project.whole for project in read),
        projects_listed=len(graph.projects.listing.items),
    )


def can_role(graph: AccessGraph, role_id: str, name: str = "") -> Can:
    """Everything an organization role gives, including the project role it maps to; `name` is its name if it is not
    listed."""
    names, grant = graph.permissions, graph.grants.of(role_id, name)
    unknown = grant.unlisted | grant.mapping
    reasons: list[Reason] = []
    if grant.unlisted:
        reasons.append("role-unlisted")
    if grant.mapping:
        reasons.append("mapping")
    return Can(
        subject=None,
        organization=names.of(grant.gives & names.organization),
        every_project=names.of(grant.gives & names.projects),
        projects={},
        projects_unknown={},
        organization_unknown=names.of(unknown & names.organization),
        every_project_unknown=names.of(unknown & names.projects),
        reasons=tuple(reasons),
        of_organization=names.organization.bit_count(),
        of_projects=names.projects.bit_count(),
        projects_read=0,
        projects_listed=len(graph.projects.listing.items),
    )


def compare(graph: AccessGraph, role_ids: Sequence[str]) -> Comparison:
    """How organization roles differ in effect."""
    grants = [graph.grants.of(each, _role_name(graph, each)) for each in role_ids]
    found: dict[tuple[Truth, ...], list[str]] = {}
    for name in graph.permissions.names:
        pattern = tuple(_truth(grant, graph.permissions.bit(name)) for grant in grants)
        if any(each != "no" for each in pattern):
            found.setdefault(pattern, []).append(name)
    ordered = sorted(found, key=lambda each: (all(one == "yes" for one in each), "unknown" in each, each.count("yes")))
    return Comparison(
        role_ids=tuple(role_ids),
        differences={pattern: tuple(found[pattern]) for pattern in ordered},
        mapping_unknown=tuple(grant.role_id for grant in grants if not grant.mapping_known),
        content_unknown=tuple(grant.role_id for grant in grants if not grant.content_known),
    )


def _truth(grant: Grant, bit: int) -> Truth:
    return "yes" if grant.gives & bit else "unknown" if (grant.unlisted | grant.mapping) & bit else "no"


def roles_giving(graph: AccessGraph, permission: str) -> tuple[RoleGiving, ...]:
    """The organization roles that give a permission, the one with the fewest permissions first."""
    bit = _bit(graph, permission)
    names = roles_known(graph)
    grants = [graph.grants.of(role_id, name) for role_id, name in names.items()]
    found = [
        RoleGiving(
            grant.role_id,
            grant.role_name,
            grant.gives.bit_count(),
            None if grant.own & bit else grant.mapped_to,
        )
        for grant in grants
        if grant.gives & bit
    ]
    return tuple(sorted(found, key=lambda each: (each.permissions, role_order(each.role_name), each.role_id)))


def roles_known(graph: AccessGraph) -> dict[str, str]:
    """The names of organization roles, listed or held by somebody, by id."""
    held = {role_id: name for profile in graph.index.profiles for role_id, name, _ in profile.direct}
    return held | {role.id: role.name for role in graph.people.roles.items}


def _role_name(graph: AccessGraph, role_id: str) -> str:
    return roles_known(graph).get(role_id, "")


def _bit(graph: AccessGraph, permission: str) -> int:
    bit = graph.permissions.bit(permission)
    if not bit:
        raise UnknownPermissionError(permission)
    return bit


def _known(graph: AccessGraph, subject_id: str) -> None:
    if not graph.knows(subject_id):
        raise NobodyError(subject_id)


def _project(graph: AccessGraph, permission: str, project_id: str | None) -> ProjectAccess | None:
    return ProjectAccess(graph, project_id) if project_id and permission.startswith("project.") else None
