"""What the rules found about those of an access review, and what it suggests to the reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.review import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.audit.findings import Report

_REMOVE = ("ghost", "removed-in-group")
_CHANGE = (
    *("ghost-in-group", "orphan", "creator-left", "stale-token", "privileged-account", "dormant-privileged"),
    *("empty-admin-group", "manual-beside-sync", "one-step"),
)
NO_SUGGESTION = "none"


def judgements(report: Report) -> Mapping[str, Judgement]:
    """By subject id. Only what is worse than info suggests anything."""
    told: dict[str, dict[str, None]] = {}
    rules: dict[str, dict[str, None]] = {}
    for finding in report.findings:
        if finding.subject is None:
            continue
        more = f", perhaps {finding.may_be}" if finding.may_be else ""
        told.setdefault(finding.subject.id, {})[f"{finding.rule} ({finding.severity}{more})"] = None
        if finding.worst != "info":
            rules.setdefault(finding.subject.id, {})[finding.rule] = None
    for unsure in report.unsure:
        told.setdefault(unsure.subject.id, {})[f"perhaps {unsure.rule}"] = None
    return {each: _judgement(tuple(found), tuple(rules.get(each, ()))) for each, found in told.items()}


def _judgement(told: tuple[str, ...], rules: tuple[str, ...]) -> Judgement:
    for suggestion, those in (("remove", _REMOVE), ("change", _CHANGE)):
        if why := [each for each in rules if each in those]:
            return Judgement(told, suggestion, f"because of {', '.join(why)}")
    return Judgement(told, NO_SUGGESTION, "no finding that suggests one")
