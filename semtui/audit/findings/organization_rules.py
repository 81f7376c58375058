"""Rules about the organization as a whole, its projects, and which lists could be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from semtui.audit.access.fates import needed
from semtui.audit.access.steps import steps
from semtui.audit.findings.evidence import REACH, SUBJECTS, Rule, about
from semtui.audit.findings.findings import About, Facts, Finding, Severity
from semtui.organization.listing import LIST_NAMES

if TYPE_CHECKING:
    from semtui.audit.access.fates import ListFate
    from semtui.audit.findings.evidence import Evidence


def _one_step(evidence: Evidence) -> Iterator[Finding]:
    """The worst finding for each subject: certain before uncertain, Owner before Admin."""
    found: dict[str, Finding] = {}
    ways = [(target, each) for target in ("Owner", "Admin") for each in steps(evidence.graph, target).found]
    for target, each in sorted(ways, key=lambda way: not way[1].certain):
        severity: Severity = "high" if each.certain else "medium"
        facts = Facts(target=target, steps=each.steps)
        found.setdefault(each.subject.id, Finding("one-step", severity, about(each.subject), facts))
    return iter(found.values())


def _owners_not_listed(evidence: Evidence) -> Iterator[Finding]:
    for project in evidence.graph.projects.listing.items:
        if project.owner_id and project.owner_id not in evidence.listed:
            owner = About(project.owner_id, "", "unlisted", "unknown")
            yield Finding("owner-not-listed", "low", About(project.id, project.name, "project"), Facts(other=owner))


def _coverage(evidence: Evidence) -> Iterator[Finding]:
    fates: dict[str, ListFate] = {name: evidence.graph.fates[name] for name in LIST_NAMES}
    for name, fate in needed(fates, evidence.graph.edition).items():
        if not evidence.ok(name):
            yield Finding("coverage", "medium", None, Facts(fate=fate), place=name)


RULES = (
    # Not on Community, where only Owner and Admin can manage anybody, and both permit the same.
    Rule("one-step", ("high", "medium"), ("users", "accounts", *REACH), _one_step, "ee"),
    Rule("owner-not-listed", ("low",), ("projects", *SUBJECTS), _owners_not_listed),
    Rule("coverage", ("medium",), (), _coverage),
)
