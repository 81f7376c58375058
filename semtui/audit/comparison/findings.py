"""Which findings are new, and which are resolved, between two snapshots of an organization.

By key. What was not evaluated, or not known of somebody, on either side is neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from semtui.audit.findings.rules import find, rules_of

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.findings.findings import Finding, Report


@dataclass(frozen=True)
class FindingsDiff:
    """The findings of one snapshot that the other does not have."""

    new: tuple[Finding, ...] = ()
    resolved: tuple[Finding, ...] = ()
    """As they were."""
    not_compared: tuple[str, ...] = ()
    """Ids of rules that could not be evaluated both times."""
    unsure: int = 0
    """How many findings of one time the other cannot confirm or rule out."""

    @property
    def complete(self) -> bool:
        """True if nothing more may be new or resolved."""
        return not (self.not_compared or self.unsure)

    def only(self, keep: Callable[[Finding], bool]) -> FindingsDiff:
        """The same with some of the findings."""
        return replace(self, new=tuple(filter(keep, self.new)), resolved=tuple(filter(keep, self.resolved)))


def findings_diff(before: tuple[AccessGraph, float], after: tuple[AccessGraph, float]) -> FindingsDiff:
    """What is new and what is resolved; each graph with the epoch seconds of its reading."""
    old, new = find(*before), find(*after, earlier=before)
    both = set(old.rules) & set(new.rules)
    rules = {rule.id for graph, _ in (before, after) for rule in rules_of(graph.edition)}
    came, unsure_before = _without(new, old, both)
    went, unsure_after = _without(old, new, both)
    return FindingsDiff(came, went, tuple(sorted(rules - both)), unsure_before + unsure_after)


def _without(report: Report, other: Report, rules: set[str]) -> tuple[tuple[Finding, ...], int]:
    """The findings of a report that the other certainly has not, and how many it may have."""
    known, perhaps = {each.key for each in other.findings}, {each.key for each in other.unsure}
    missing = [each for each in report.findings if each.rule in rules and each.key not in known]
    certain = tuple(each for each in missing if each.key not in perhaps)
    return certain, len(missing) - len(certain)
