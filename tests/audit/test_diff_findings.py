"""Which findings are new and which are resolved, and of which that is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.comparison.findings import FindingsDiff, findings_diff
from tests.support.organizations import parse
from tests.support.served import NOW

DAY = 86_400


def compared(before: str, after: str, days: int = 0) -> FindingsDiff:
    old, new = parse(before), parse(after)
    later = NOW + days * DAY
    return findings_diff(
        (AccessGraph(old.people(NOW), old.projects(NOW)), NOW),
        (AccessGraph(new.people(later), new.projects(later)), later),
    )


def words(found: FindingsDiff) -> list[str]:
    new = [f"+{each.rule} {each.subject.name if each.subject else each.id}" for each in found.new]
    return [*new, *(f"-{each.rule} {each.subject.name if each.subject else each.id}" for each in found.resolved)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("ee | P ana:Owner | A a:-", "ee | P ana:Owner | A a:-", []),
        (
            "ee | P ana:Owner ben:Owner | A a:-",
            "ee | P ana:Owner ben:Member | A a:Member<gone",
            ["+orphan a", "+owners organization", "-ghost a"],
        ),
        (
            "ee | P ana:Owner ben:Owner | A a:- | X groups=failed",
            "ee | P ana:Owner ben:Member | A a:Member<gone",
            ["+orphan a", "-coverage groups"],
        ),
    ],
)
def test_what_is_new_and_what_is_resolved(before: str, after: str, expected: list[str]) -> None:
    assert words(compared(before, after)) == expected


def test_a_rule_that_was_not_evaluated_once_tells_nothing_new() -> None:
    whole, failed = "ee | P ana:Owner ben:Owner | A a:Member", "ee | P ana:Owner ben:Owner | A a:- | X accounts=failed"
    for before, after in ((whole, failed), (failed, whole)):
        found = compared(before, after)
        assert [each for each in words(found) if "coverage" not in each] == []
        assert "ghost" in found.not_compared
        assert "manual-beside-sync" not in found.not_compared
        assert not found.complete
    assert compared(whole, whole).complete


def test_rules_of_the_other_edition_are_not_missed() -> None:
    found = compared("ce | P ana:Owner ben:Owner | Q api@ana{}", "ce | P ana:Owner ben:Member | Q api@ana{}")
    assert words(found) == ["+owners organization"]
    assert found.not_compared == ()


def test_who_may_have_had_it_before_has_nothing_new() -> None:
    organization = parse("ee | P ana:Owner ben:Owner | A a:Member<ana -400d")
    people = organization.people(NOW)
    undated = tuple(replace(each, updated_at=None) for each in people.accounts.items)
    before = AccessGraph(people.arrived("accounts", undated, NOW), organization.projects(NOW))
    after = AccessGraph(people, organization.projects(NOW))
    for one, other in ((before, after), (after, before)):
        found = findings_diff((one, NOW), (other, NOW))
        assert words(found) == []
        assert found.unsure == 1
        assert not found.complete


def test_a_member_in_no_list_both_times_is_not_told_again() -> None:
    text = "ee | P ana:Owner ben:Owner | G g:Admin{!zed}"
    assert words(compared(text, text, days=1)) == []
