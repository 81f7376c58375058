"""Answers about a small organization, each written as the examples write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from semtui.audit.answers import Path, SubjectRef
from semtui.audit.graph import AccessGraph
from semtui.audit.questions import can, who_can, why
from semtui.audit.steps import steps
from tests.support.organizations import Organization, permission


def answered(organization: Organization, graph: AccessGraph, question: str) -> str | None:
    """The answer to a question about the lists of a graph; None for a question of another kind."""
    kind, _, rest = question.partition(" ")
    return _KINDS[kind](organization, graph, rest) if kind in _KINDS else None


def _who_can(organization: Organization, graph: AccessGraph, question: str) -> str:
    name, _, project = question.partition(" on ")
    answer = who_can(graph, permission(name), organization.project_id(project) if project else None)
    parts = [f"people {_listed(answer.people)}", f"accounts {_listed(answer.accounts)}"]
    if answer.unknown:
        unknown = (f"{organization.names[each.subject.id]}:{','.join(each.reasons)}" for each in answer.unknown)
        parts.append(f"unknown {' '.join(sorted(unknown))}")
    if answer.at_least:
        parts.append(f"at least ({','.join(answer.at_least)} missing)")
    return "; ".join(parts)


def _can(organization: Organization, graph: AccessGraph, name: str) -> str:
    answer = can(graph, organization.id(name))
    parts = (
        f"org {len(answer.organization)}/{answer.of_organization}{_perhaps(answer.organization_unknown)}",
        f"every project {len(answer.every_project)}/{answer.of_projects}{_perhaps(answer.every_project_unknown)}",
    )
    return "; ".join(parts)


def _why(organization: Organization, graph: AccessGraph, question: str) -> str:
    name, asked = question.split()
    answer = why(graph, organization.id(name), permission(asked))
    ways = " , ".join(map(_path, answer.paths))
    return f"{answer.verdict}: {ways}" if ways else answer.verdict


def _steps(organization: Organization, graph: AccessGraph, target: str) -> str:
    routes = {
        each.subject.name: ", ".join(f"{one.edge} {one.target.name}" if one.target else one.edge for one in each.steps)
        for each in steps(graph, target).found
    }
    return "; ".join(f"{name}: {route}" for name, route in routes.items())


_KINDS: Mapping[str, Callable[[Organization, AccessGraph, str], str]] = {
    "who-can": _who_can,
    "can": _can,
    "why": _why,
    "steps": _steps,
}


def _listed(subjects: Iterable[SubjectRef]) -> str:
    return ",".join(f"{each.name}{'(off)' * (each.state == 'deactivated')}" for each in subjects) or "-"


def _perhaps(names: tuple[str, ...]) -> str:
    return f" (+{len(names)}?)" if names else ""


def _path(path: Path) -> str:
    group = f"{path.group_name}>" if path.group_name else ""
    mapped = f"=>{path.mapped_to}" if path.mapped_to else ""
    return f"{group}{path.role_name}~{path.source}{mapped}"
