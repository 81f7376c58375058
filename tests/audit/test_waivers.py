"""Waivers: what they hold, what they do not, and what is wrong with them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from semtui.audit.access.graph import AccessGraph
from semtui.audit.findings.rules import RULES, find
from semtui.audit.findings.waivers import Judgement, Waiver, WaiverError, judge, read_waivers, waiver_text
from tests.support.organizations import Organization, parse

NOW = float(calendar.timegm((2026, 11, 26, 9, 0, 0)))
TODAY = date(2026, 11, 26)
HOST = "acme.semaphoreci.com"
ORGANIZATION = parse("ee | P ana:Owner dan:Member | A tf:Admin; bot:Owner; old:-<ana -400d | G g:Member{dan}")


def entry(**changes: str) -> str:
    """An entry of TOML with these lines changed; an empty one is left out."""
    lines = {
        "rule": '"privileged-account"',
        "id": f'"{ORGANIZATION.id("tf")}"',
        "host": f'"{HOST}"',
        "severity": '"info"',
        "reason": '"applies infrastructure"',
        "by": '"dana@acme.example"',
        "until": "2027-05-01",
    } | changes
    return "\n".join(["[[waiver]]", *(f"{key} = {value}" for key, value in lines.items() if value)]) + "\n"


def read(text: str) -> tuple[Waiver, ...]:
    return read_waivers(text, RULES, TODAY)


def judged(
    text: str, now: float = NOW, organization: Organization = ORGANIZATION, rules: tuple[str, ...] = ()
) -> Judgement:
    report = find(AccessGraph(organization.people(now), organization.projects(now)), now, rules or None)
    return judge(report, read(text), HOST, now)


def standing(told: Judgement, rule: str) -> dict[str, str]:
    return {
        each.finding.subject.name if each.finding.subject else each.finding.id: each.standing
        for each in told.judged
        if each.finding.rule == rule
    }


def test_a_finding_is_waived_and_stays_in_the_report() -> None:
    told = judged(entry(ticket='"SEC-412"'))
    assert standing(told, "privileged-account") == {"tf": "waived", "bot": "open"}
    (waived,) = told.waived
    assert (waived.waiver and waived.waiver.ticket) == "SEC-412"
    assert len(told.open) + 1 == len(told.judged) == len(told.report.findings)
    assert (told.unused, told.renamed) == ((), ())


@pytest.mark.parametrize(("days", "expected"), [(0, "waived"), (-1, "expired")])
def test_it_holds_until_its_last_day_is_over(days: int, expected: str) -> None:
    told = judged(entry(until=str(TODAY + timedelta(days=days))))
    assert standing(told, "privileged-account")["tf"] == expected
    assert len(told.waived) == (expected == "waived")


def test_what_has_become_worse_is_open_again() -> None:
    told = judged(entry(id=f'"{ORGANIZATION.id("bot")}"'))
    assert standing(told, "privileged-account") == {"tf": "open", "bot": "risen"}


def test_what_may_be_worse_is_not_waived() -> None:
    organization = parse("ee | P ana:Owner | A e:Member<gone | X account_members=failed")
    text = entry(rule='"orphan"', severity='"medium"', id=f'"{organization.id("e")}"')
    assert standing(judged(text, organization=organization), "orphan") == {"e": "risen"}
    text = text.replace('"medium"', '"high"')
    told = judged(text, organization=organization, rules=("orphan",))
    assert standing(told, "orphan") == {"e": "waived"}
    assert told.complete
    assert not told.report.complete


def test_another_host_is_no_business_of_it() -> None:
    told = judged(entry(host='"other.semaphoreci.com"'))
    assert (told.waived, told.unused) == ((), ())


def test_everybody_of_a_rule_is_waived_where_it_matters_little() -> None:
    told = judged(entry(id='"*"'))
    assert standing(told, "privileged-account") == {"tf": "waived", "bot": "open"}


def test_the_one_that_holds_goes_before_one_that_does_not() -> None:
    told = judged(entry(until="2026-01-01") + entry(id='"*"', severity='"low"'))
    assert standing(told, "privileged-account")["tf"] == "waived"
    assert not told.unused


def test_a_finding_about_the_organization_is_waived_by_what_its_key_ends_with() -> None:
    told = judged(entry(rule='"owners"', id='"organization"', severity='"medium"'))
    assert standing(told, "owners") == {"organization": "waived"}


def test_what_matches_nothing_is_told_if_the_rule_was_evaluated() -> None:
    assert [each.rule for each in judged(entry(id='"nobody"')).unused] == ["privileged-account"]
    failed = parse("ee | P ana:Owner | A tf:Admin | X account_members=failed")
    assert not judged(entry(id='"nobody"'), organization=failed).unused
    assert not judged(entry(id='"nobody"'), rules=("ghost",)).unused


def test_another_name_is_told_and_not_trusted() -> None:
    told = judged(entry(name='"terraform"') + entry(name='"tf"'))
    assert [(each.name, name) for each, name in told.renamed] == [("terraform", "tf")]
    assert standing(told, "privileged-account")["tf"] == "waived"


WRONG = {
    "rule": ('"privileged"', "there is no such rule"),
    "id": ("", "id is missing"),
    "host": ('" "', "host should be a text"),
    "severity": ('"harmless"', "severity takes high, medium, low or info"),
    "reason": ("", "reason is missing"),
    "by": ("7", "by should be a text"),
    "until": ("", "until is missing"),
    "untill": ("2027-01-01", "it takes rule, id, host, severity, reason, by, until, name, ticket, and nothing else"),
    "name": ("[]", "name should be a text"),
}


@pytest.mark.parametrize("key", WRONG)
def test_what_is_wrong_is_told_with_its_line(key: str) -> None:
    value, words = WRONG[key]
    with pytest.raises(WaiverError) as told:
        read(f"# ours\n\n{entry()}\n{entry(**{key: value})}")
    assert str(told.value) == f"Line 12: {words}."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"until": "2027-11-28"}, "until is more than 366 days ahead"),
        ({"until": '"2027-05-01"'}, "until should be a date without quotes, as 2027-05-01"),
        ({"until": "2027-05-01T09:00:00"}, "until should be a date without quotes, as 2027-05-01"),
        ({"id": '"*"', "severity": '"medium"'}, "the id * is for severity low and info only"),
    ],
)
def test_a_waiver_is_for_one_and_not_for_ever(changes: dict[str, str], words: str) -> None:
    with pytest.raises(WaiverError) as told:
        read(entry(**changes))
    assert str(told.value) == f"Line 1: {words}."


def test_it_may_be_for_a_year() -> None:
    assert read(entry(until="2027-11-27"))


def test_every_entry_that_is_wrong_is_named() -> None:
    with pytest.raises(WaiverError, match=r"^Line 1: by is missing\. Line 9: reason is missing\.$"):
        read(entry(by="") + "\n" + entry(reason="") + entry())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[waiver]]\nrule = \n", "This is not TOML, line 2, column 8."),
        ("[[waivers]]\n", "nothing in it but tables that begin with"),
        ("waiver = 3\n", "nothing in it but tables that begin with"),
        ("waiver = [7]\n", "Waiver 1: this is no table."),
        ("waiver = [{rule = 'ghost'}]\n", "Waiver 1: id is missing."),
        ("[" * 9999, "This is not TOML"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(text: str, words: str) -> None:
    with pytest.raises(WaiverError, match=words.replace("[", r"\[")):
        read(text)


def test_an_empty_file_waives_nothing() -> None:
    assert read("# nothing yet\n") == ()


def test_what_is_written_is_read_the_same() -> None:
    waiver = Waiver("ghost", "a", HOST, "medium", 'says "so" \\ \u202e and', "Dána", TODAY, "näme", "SEC-1", "line 1")
    (found,) = read(waiver_text(waiver))
    assert found == Waiver(
        "ghost", "a", HOST, "medium", 'says "so" \\ ‹202E› and', "Dána", TODAY, "näme", "SEC-1", "line 1"
    )
