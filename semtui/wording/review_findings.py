"""Findings for the rows of an access review, and the suggestions that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.findings import evidence_words, fix_words, waiver_words
from semtui.wording.review import Assessment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.audit.findings.findings import Finding
    from semtui.audit.findings.waivers import Judged, Judgement

REMOVE = ("ghost", "removed-in-group")
"""Rules whose findings suggest a removal."""
CHANGE = (
    *("ghost-in-group", "orphan", "creator-left", "stale-token", "privileged-account", "dormant-privileged"),
    *("empty-admin-group", "manual-beside-sync", "one-step"),
)
"""Rules whose findings suggest a change."""
NO_SUGGESTION = "none"


def assessments(told: Judgement) -> Mapping[str, Assessment]:
    """Assessments by subject id. Findings that are waived, or of severity info, suggest nothing."""
    words: dict[str, list[str]] = {}
    counting: dict[str, list[Finding]] = {}
    for judged in told.judged:
        finding = judged.finding
        if finding.subject is not None:
            words.setdefault(finding.subject.id, []).append(_finding_words(judged))
            if not judged.waived and finding.worst != "info":
                counting.setdefault(finding.subject.id, []).append(finding)
    for unsure in told.report.unsure:
        words.setdefault(unsure.subject.id, []).append(f"perhaps {unsure.rule}")
    return {each: _assessment(tuple(found), counting.get(each, ())) for each, found in words.items()}


def _finding_words(judged: Judged) -> str:
    finding = judged.finding
    more = f", perhaps {finding.may_be}" if finding.may_be else ""
    words = f"{finding.rule} ({finding.severity}{more}): {evidence_words(finding)}"
    return f"{words} {waiver_words(judged)}" if judged.waiver else words


def _assessment(words: tuple[str, ...], counting: Sequence[Finding]) -> Assessment:
    for suggestion, rules in (("remove", REMOVE), ("change", CHANGE)):
        if why := [each for each in counting if each.rule in rules]:
            fixes = dict.fromkeys(f"{each.rule}: {fix_words(each)}" for each in why)
            return Assessment(words, suggestion, " ".join(fixes))
    return Assessment(words, NO_SUGGESTION, "no finding that suggests one")
