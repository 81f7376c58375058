"""The report on findings: every rule, evaluated if the lists it needs are whole and current.

`find(graph, now)` gives a `findings.Report`: its `findings` (`Finding`: `rule`, `severity`, `subject`, `facts`,
`key`, `may_be`), the worst first; `not_evaluated` (`NotEvaluated`: `rule`, `lists`), never counted as passed; `unsure`
(`Unsure`: `rule`, `subject`, `reasons`); and `complete`. `RULES` has every `evidence.Rule` (`id`, `severities`,
`lists`, `edition`) by its id, `rules_of(edition)` those of an edition. `waivers.judge` tells which findings are open.
The words for findings are in `wording.findings`, those for rules in `wording.rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from semtui.audit.findings import account_rules, organization_rules, people_rules, role_rules
from semtui.audit.findings.evidence import Evidence, Rule
from semtui.audit.findings.findings import (
    Finding,
    NotEvaluated,
    Report,
    Unsure,
    order,
)

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph

RULES: Mapping[str, Rule] = {
    rule.id: rule for module in (account_rules, people_rules, role_rules, organization_rules) for rule in module.RULES
}
"""Every rule by its id."""


def rules_of(edition: str) -> tuple[Rule, ...]:
    """The rules for an edition; all of them if the edition is not known."""
    return tuple(rule for rule in RULES.values() if edition == "unknown" or rule.edition in ("both", edition))


def find(
    graph: AccessGraph,
    now: float,
    only: Collection[str] | None = None,
    earlier: tuple[AccessGraph, float] | None = None,
) -> Report:
    """What the rules find in the lists of a graph, read at `now` (epoch seconds): all rules, or `only` these.

    `earlier` is an earlier snapshot and its time: a finding that may be temporary is confirmed if it was there a minute
    before.
    """
    evidence = Evidence(graph, now, earlier)
    findings: list[Finding] = []
    unsure: list[Unsure] = []
    not_evaluated: list[NotEvaluated] = []
    evaluated: list[str] = []
    for rule in rules_of(graph.edition):
        if only is not None and rule.id not in only:
            continue
        if missing := evidence.missing(rule):
            not_evaluated.append(NotEvaluated(rule.id, missing))
            continue
        evaluated.append(rule.id)
        for found in rule.find(evidence):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                unsure.append(found)
    return Report(tuple(sorted(findings, key=order)), tuple(not_evaluated), tuple(unsure), tuple(evaluated))
