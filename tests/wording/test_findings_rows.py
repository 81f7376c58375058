"""Findings as rows: what is not known stands beside what is, and is never one of those that passed."""

from __future__ import annotations

from dataclasses import replace

from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.rules import RULES, find
from semtui.audit.findings.waivers import Judgement, judge
from semtui.organization.people import People
from semtui.wording.findings_rows import finding_cells, finding_lines, finding_rows, finding_title, findings_head
from tests.support.organizations import parse
from tests.support.served import NOW


def judged(people: People, *rules: str) -> Judgement:
    return judge(find(AccessGraph(people), NOW, rules or tuple(RULES)), (), "acme.example.com", NOW)


def shown(told: Judgement) -> list[str]:
    rows = [finding_cells(row) for row in finding_rows(told)]
    return [" ".join(text for pieces in row.values() for text, _ in pieces) for row in rows]


def test_all_of_whom_a_rule_is_not_known_for_one_reason_are_one_row() -> None:
    people = parse("ee | P ana:Owner | A a:Member<ana -400d; b:Member").people(NOW)
    undated = tuple(replace(each, updated_at=None, created_at=None) for each in people.accounts.items)
    told = judged(people.arrived("accounts", undated, NOW), "stale-token")
    assert shown(told) == ["unknown stale-token 2 of them Unknown: Semaphore gives no date."]
    (row,) = finding_rows(told)
    assert finding_title(row) == "stale-token"
    lines = [line.text for line in finding_lines(row)]
    assert any("Unknown for 2, because Semaphore gives no date." in line for line in lines)
    assert [line.split()[0] for line in lines[-2:]] == ["a", "b"]
    assert findings_head(told)[0].text.startswith("open 0 · waived 0 · unknown 2 · ")


def test_a_severity_that_may_be_worse_is_a_lower_bound() -> None:
    people = parse("ee | P ana:Owner | A old:Cap | R Cap={o.view}").people(NOW)
    without = tuple(replace(each, creator_id="") for each in people.accounts.items)
    roles = tuple(role for role in people.roles.items if role.name != "Cap")
    told = judged(people.arrived("accounts", without, NOW).arrived("roles", roles, NOW), "orphan")
    (row,) = shown(told)
    assert row.startswith("≥ medium orphan old ")
    assert "It may be high" in row
    assert "Severity     medium, and may be high" in [line.text for line in finding_lines(finding_rows(told)[0])]


def test_rules_that_were_not_evaluated_stand_at_the_end() -> None:
    told = judged(parse("ee | P ana:Owner | X accounts=refused").people(NOW), "owners", "stale-token")
    assert [row.split(" The list")[0] for row in shown(told)][-1] == "not eval. stale-token –"
    head = [line.text for line in findings_head(told)]
    assert head[0] == "open 1 (1 medium) · waived 0 · not evaluated 1 of 2 rules"
    assert head[1] == "Incomplete or out of date, so not evaluated: service accounts."
