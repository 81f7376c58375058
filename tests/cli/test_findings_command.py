"""`semtui findings`: asked of the demo organization and of snapshots, with and without waivers."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from semtui.audit.findings.rules import RULES
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import TOKEN, Run
from tests.support.contract import checked

SOON = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()


def waiver(finding: dict[str, Any], **changes: str) -> str:
    """An entry for a finding; a day needs no quotes."""
    texts = {
        "rule": finding["rule"],
        "id": finding["subject"]["id"],
        "host": "127.0.0.1",
        "severity": finding["severity"],
        "reason": "we know",
        "by": "dana",
    } | changes
    until = texts.pop("until", SOON)
    return "\n".join(
        ["[[waiver]]", *(f"{key} = {json.dumps(value)}" for key, value in texts.items()), f"until = {until}\n"]
    )


def findings(run: Run, *words: str) -> dict[str, Any]:
    return checked(run("findings", *words, "--format", "json").out)


def test_the_organization_and_a_snapshot_answer_alike(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path))
    live, filed = findings(run), findings(run, "--from", str(path))
    assert live["answer"] == filed["answer"]
    assert (live["source"], filed["source"]) == ("live", "snapshot")
    assert live["complete"]
    assert live["question"] == "findings"
    assert set(live["answer"]["evaluated"]) == {rule.id for rule in RULES.values() if rule.edition != "ce"}


@pytest.mark.parametrize("form", ["text", "csv", "md", "json"])
def test_every_form_tells_of_every_finding(run: Run, form: str) -> None:
    ended = run("findings", "--format", form)
    assert ended.status == 0
    for finding in findings(run)["answer"]["findings"]:
        assert finding["rule"] in ended.out
        assert not finding["subject"] or finding["subject"]["id"] in ended.out


def test_a_table_has_a_row_for_each_and_is_harmless(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    rows = list(csv.DictReader(io.StringIO(run("findings", "--format", "csv").out)))
    answer = findings(run)["answer"]
    assert len(rows) == len(answer["findings"]) + len(answer["not_evaluated"])
    assert {row["rule"] for row in rows if row["status"] == "not evaluated"} == {
        each["rule"] for each in answer["not_evaluated"]
    }
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


def test_one_rule_alone(run: Run) -> None:
    answer = findings(run, "--rule", "ghost", "--rule", "orphan")
    assert answer["question"] == "findings --rule ghost --rule orphan"
    assert {each["rule"] for each in answer["answer"]["findings"]} == {"ghost", "orphan"}
    assert sorted(answer["answer"]["evaluated"]) == ["ghost", "orphan"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ([], 0),
        (["--fail-on", "high"], 3),
        (["--rule", "ghost", "--fail-on", "high"], 0),
        (["--rule", "ghost", "--fail-on", "medium"], 3),
        (["--rule", "ghost", "--fail-on", "low"], 3),
        (["--rule", "name-drift", "--fail-on", "low"], 0),
    ],
)
def test_the_status_says_whether_a_threshold_was_met(run: Run, words: list[str], status: int) -> None:
    assert run("findings", *words).status == status


def test_what_is_not_known_is_no_success(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    ended = run("findings")
    assert ended.status == 1
    assert "Not evaluated" in ended.out
    assert "coverage: groups" in ended.out
    assert run("findings", "--allow-unknown").status == 0
    # A threshold goes before it.
    assert run("findings", "--fail-on", "high", "--allow-unknown").status == 3
    assert run("findings", "--rule", "owners", "--fail-on", "high").status == 1
    assert run("findings", "--rule", "stale-token").status == 0


def test_what_is_waived_counts_no_more_and_stays_in_every_form(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    rule = ("findings", "--rule", "stale-token", "--waivers", str(path))
    told = findings(run, "--rule", "stale-token")["answer"]["findings"]
    path.write_text("".join(waiver(each, ticket="SEC-412") for each in told), encoding="utf-8")
    assert run(*rule, "--fail-on", "low").status == 0
    answer = checked(run(*rule, "--format", "json").out)["answer"]
    assert [each["waiver"]["ticket"] for each in answer["findings"]] == ["SEC-412"] * len(told)
    text = " ".join(run(*rule).out.split())
    assert f"Nothing is open; {len(told)} waived." in text
    assert text.count("we know (SEC-412)") == len(told)
    rows = list(csv.DictReader(io.StringIO(run(*rule, "--format", "csv").out)))
    assert {(row["status"], row["waived_by"], row["ticket"]) for row in rows} == {("waived", "dana", "SEC-412")}
    assert "SEC-412" in run(*rule, "--format", "md").out


def test_a_waiver_that_has_run_out_brings_the_finding_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    first, second, *_ = findings(run, "--rule", "stale-token")["answer"]["findings"]
    path.write_text(
        waiver(first, until="2026-01-31") + waiver(second, severity="low") + waiver(first, id="nobody"),
        encoding="utf-8",
    )
    words = ("--rule", "stale-token", "--waivers", str(path))
    answer = findings(run, *words)["answer"]
    assert [each["lapsed"] and each["lapsed"]["standing"] for each in answer["findings"][:2]] == ["expired", "risen"]
    assert not [each for each in answer["findings"] if each["waiver"]]
    assert [each["id"] for each in answer["unused_waivers"]] == ["nobody"]
    ended = run("findings", *words, "--fail-on", "high")
    assert ended.status == 3
    text = " ".join(ended.out.split())
    assert "Was waived until 2026-01-31 by dana: we know." in text
    assert "Waived up to low until" in text
    assert "Unused waivers line 17: stale-token of nobody" in text


def test_a_name_that_is_another_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    first, *_ = findings(run, "--rule", "ghost")["answer"]["findings"]
    path.write_text(waiver(first, name="somebody else"), encoding="utf-8")
    answer = findings(run, "--rule", "ghost", "--waivers", str(path))["answer"]
    assert answer["renamed_waivers"][0]["name_now"] == first["subject"]["name"]
    text = " ".join(run("findings", "--rule", "ghost", "--waivers", str(path)).out.split())
    assert f"says somebody else; {first['subject']['id']} is called {first['subject']['name']}." in text


def test_the_users_own_waivers_hold_if_no_file_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / ".config" / "semtui" / "waivers.toml"
    path.parent.mkdir(parents=True)
    first, *_ = findings(run, "--rule", "ghost")["answer"]["findings"]
    path.write_text(waiver(first), encoding="utf-8")
    assert run("findings", "--rule", "ghost", "--fail-on", "low").status == 0
    path.write_text("[[waiver]]", encoding="utf-8")
    ended = run("findings")
    assert (ended.status, ended.out) == (2, "")
    assert "waivers.toml: Line 1: rule is missing." in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", TOKEN], "--rule takes one of coverage, creator-left"),
        (["--fail-on", TOKEN], "--fail-on takes high, medium or low"),
        (["--fail-on", "info"], "--fail-on takes high, medium or low"),
        (["--waivers", f"/nowhere/{TOKEN}"], "--waivers: The file cannot be read"),
        (["--format", TOKEN], "--format takes"),
    ],
)
def test_what_cannot_be_asked_is_told_without_repeating_it(run: Run, words: list[str], said: str) -> None:
    ended = run("findings", *words)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "canary" not in ended.err


def test_wrong_waivers_are_told_before_anybody_is_asked(run: Run, server: DemoServer, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    path.write_text(f'[[waiver]]\nrule = "{TOKEN}"\n', encoding="utf-8")
    ended = run("findings", "--waivers", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert "Line 1: id is missing." in ended.err
    assert "canary" not in ended.err
    assert not server.requests


def test_community_has_no_rules_of_enterprise(run: Run, community: DemoServer) -> None:
    ended = run("findings", "--format", "json", on=community)
    answer = checked(ended.out)
    assert ended.status == 0
    assert set(answer["answer"]["evaluated"]) == {rule.id for rule in RULES.values() if rule.edition != "ee"}
    assert answer["answer"]["not_evaluated"] == []
    assert "Not for this edition of Semaphore: one-step." in run("findings", "--rule", "one-step", on=community).err


def test_a_token_that_may_see_little_is_told_what_was_not_evaluated(run: Run) -> None:
    ended = run("findings", "--format", "json", who="member")
    answer = checked(ended.out)
    assert ended.status == 1
    assert not answer["complete"]
    evaluated, missing = answer["answer"]["evaluated"], [each["rule"] for each in answer["answer"]["not_evaluated"]]
    assert answer["edition"] == "unknown"
    assert sorted([*evaluated, *missing]) == sorted(RULES)
    assert "coverage" in {each["rule"] for each in answer["answer"]["findings"]}


def test_new_and_resolved_findings_are_told_by_a_diff(run: Run, tmp_path: Path, server: DemoServer) -> None:
    path = tmp_path / "before.json"
    run("snapshot", "--output", str(path))
    account = next(
        each["subject"]["id"] for each in findings(run)["answer"]["findings"] if each["key"].startswith("stale-token")
    )
    url = f"{server.address}/api/v1alpha/service_accounts/{account}/regenerate_token"
    headers = {"Authorization": f"Token {server.tokens['owner']}"}
    assert httpx.post(url, headers=headers, json={}).status_code == 200
    answer = checked(run("diff", str(path), "--format", "json").out)["answer"]["findings"]
    assert [each["key"] for each in answer["resolved"]] == [f"stale-token:{account}"]
    assert answer["new"] == answer["not_compared"] == []
    for form in ("text", "md", "csv"):
        told = run("diff", str(path), "--format", form).out
        assert "stale-token" in told
        assert ("finding-resolved" if form == "csv" else "Resolved findings") in told
