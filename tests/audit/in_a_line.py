"""Answers about a small organization, each written as the examples write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from semtui.audit.access.answers import Path, SubjectRef
from semtui.audit.access.graph import AccessGraph
from semtui.audit.access.questions import can, who_can, why
from semtui.audit.access.steps import steps
from semtui.audit.findings.findings import Finding, Report
from semtui.audit.findings.rules import find
from semtui.audit.what_if.operations import Operation, OperationKind
from semtui.audit.what_if.question import what_if
from tests.support.organizations import Organization, permission
from tests.support.served import NOW


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


def _findings(organization: Organization, graph: AccessGraph, rules: str) -> str:
    return report_in_a_line(organization, find(graph, NOW, rules.split(",")))


def report_in_a_line(organization: Organization, report: Report) -> str:
    """What rules found, by rule and name; then of whom it is not known, and what was not evaluated."""
    found = sorted((each.rule, finding_in_a_line(organization, each)) for each in report.findings)
    unsure = [f"unsure {each.rule} {organization.names[each.subject.id]}" for each in report.unsure]
    not_evaluated = " ".join(f"{each.rule}!{','.join(each.lists)}" for each in report.not_evaluated)
    parts = [*(words for _, words in found), *unsure]
    return "; ".join([*parts, f"not evaluated {not_evaluated}"] if not_evaluated else parts)


def finding_in_a_line(organization: Organization, finding: Finding) -> str:
    """Rule, severity, whom it is about, and what the rule has to say besides."""
    name = [organization.names.get(finding.id, finding.subject.name)] if finding.subject else []
    if finding.rule == "coverage":
        name = [finding.id]
    perhaps = f"({finding.may_be}?)" if finding.may_be else ""
    beside = [_BESIDE[finding.rule](organization, finding)] if finding.rule in _BESIDE else []
    return " ".join([finding.rule, finding.severity + perhaps, *name, *beside])


def _other(organization: Organization, finding: Finding) -> str:
    other = finding.facts.other
    return "-" if other is None else organization.names.get(other.id, other.name)


def _groups(finding: Finding) -> str:
    return ",".join(each.name for each in finding.facts.groups)


_BESIDE: Mapping[str, Callable[[Organization, Finding], str]] = {
    "ghost-in-group": lambda _, finding: _groups(finding),
    "creator-left": _other,
    "stale-token": lambda _, finding: f"{'=' if finding.facts.exact else '>='}{finding.facts.days}d",
    "removed-in-group": lambda _, finding: _groups(finding),
    "group-admin": lambda _, finding: f"{finding.facts.level}:{_groups(finding)}",
    "manual-beside-sync": lambda _, finding: ",".join(finding.facts.roles) + " redundant" * finding.facts.redundant,
    "owners": lambda _, finding: str(finding.facts.number),
    "everyone-admin": lambda _, finding: f"{finding.facts.number}/{finding.facts.of}",
    "privileged-account": lambda _, finding: finding.facts.level,
    "dormant-privileged": lambda _, finding: finding.facts.level,
    "one-step": lambda _, finding: f"{finding.facts.target}:{finding.facts.steps[0].edge}",
    "sensitive-role": lambda _, finding: f"{','.join(finding.facts.permissions)}:{finding.facts.number}",
    "everyone-manages-secrets": lambda _, finding: ",".join(finding.facts.permissions),
    "twin-roles": _other,
    "look-alike": _other,
    "owner-not-listed": _other,
    "name-drift": _other,
}


def operation(organization: Organization, text: str) -> Operation:
    """A change as `role ben Member`, `join ben rel` or `edit-role Cap -o.view +o.delete` write it."""
    word, name, *more = text.split()
    kind: OperationKind = word  # type: ignore[assignment]
    subject = organization.role_id(name) if kind in ("delete-role", "edit-role") else organization.id(name)
    if kind == "edit-role":
        added, removed = ([permission(each[1:]) for each in more if each[0] == sign] for sign in "+-")
        return Operation(kind, subject, added=tuple(added), removed=tuple(removed))
    other = (organization.role_id(each) if kind == "role" else organization.id(each) for each in more)
    return Operation(kind, subject, next(other, ""))


def _what_if(organization: Organization, graph: AccessGraph, text: str) -> str:
    answer = what_if(graph, [operation(organization, each) for each in text.split(", ")])
    found = []
    for subject, difference in answer.everybody():
        for sign, names in (("-", difference.lost), ("+", difference.gained)):
            projects = sum(each.startswith("project.") for each in names)
            if names:
                found.append(f"{subject.name} {sign}{len(names) - projects}o+{projects}p")
    return "; ".join(found)


_KINDS: Mapping[str, Callable[[Organization, AccessGraph, str], str]] = {
    "who-can": _who_can,
    "can": _can,
    "why": _why,
    "steps": _steps,
    "findings": _findings,
    "what-if": _what_if,
}


def _listed(subjects: Iterable[SubjectRef]) -> str:
    return ",".join(f"{each.name}{'(off)' * (each.state == 'deactivated')}" for each in subjects) or "-"


def _perhaps(names: tuple[str, ...]) -> str:
    return f" (+{len(names)}?)" if names else ""


def _path(path: Path) -> str:
    group = f"{path.group_name}>" if path.group_name else ""
    mapped = f"=>{path.mapped_to}" if path.mapped_to else ""
    return f"{group}{path.role_name}~{path.source}{mapped}"
