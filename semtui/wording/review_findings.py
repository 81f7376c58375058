"""Findings for the rows of an access review, and the suggestions that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.findings import evidence_words, fix_words
from semtui.wording.review import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.audit.findings import Finding, Report

REMOVE = ("ghost", "removed-in-group")
"""Rules whose findings suggest a removal."""
CHANGE = (
    *("ghost-in-group", "orphan", "creator-left", "stale-token", "privileged-account", "dormant-privileged"),
    *("empty-admin-group", "manual-beside-sync", "one-step"),
)
"""Rules whose findings suggest a change."""
NO_SUGGESTION = "none"


def judgements(report: Report) -> Mapping[str, Judgement]:
    """Judgements by subject id. Findings of severity info suggest nothing."""
    told: dict[str, list[str]] = {}
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.subject is not None:
            more = f", perhaps {finding.may_be}" if finding.may_be else ""
            words = f"{finding.rule} ({finding.severity}{more}): {evidence_words(finding)}"
            told.setdefault(finding.subject.id, []).append(words)
            found.setdefault(finding.subject.id, []).append(finding)
    for unsure in report.unsure:
        told.setdefault(unsure.subject.id, []).append(f"perhaps {unsure.rule}")
    return {each: _judgement(tuple(words), found.get(each, ())) for each, words in told.items()}


def _judgement(told: tuple[str, ...], found: Sequence[Finding]) -> Judgement:
    serious = [each for each in found if each.worst != "info"]
    for suggestion, rules in (("remove", REMOVE), ("change", CHANGE)):
        if why := [each for each in serious if each.rule in rules]:
            fixes = dict.fromkeys(f"{each.rule}: {fix_words(each)}" for each in why)
            return Judgement(told, suggestion, " ".join(fixes))
    return Judgement(told, NO_SUGGESTION, "no finding that suggests one")
