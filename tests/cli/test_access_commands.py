"""`semtui who-can`, `can`, `why`, `steps` and `compare`: asked of the demo organization and of a snapshot of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import TOKEN, Run
from tests.support.contract import checked

QUESTIONS = [
    ["who-can", "people.manage"],
    ["who-can", "project.delete"],
    ["can", "terraform"],
    ["can", "Admin"],
    ["why", "terraform", "people.manage"],
    ["steps", "Owner", "--depth", "2"],
    ["compare", "Owner", "Admin", "Member"],
]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_organization_and_a_snapshot_answer_alike(run: Run, tmp_path: Path, question: list[str]) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path), "--projects", "1")
    live = run(*question, "--projects", "1", "--format", "json")
    filed = run(*question, "--from", str(path), "--format", "json")
    one, other = checked(live.out), checked(filed.out)
    assert (one["answer"], one["complete"], one["unknown"]) == (other["answer"], other["complete"], other["unknown"])
    assert (one["source"], other["source"]) == ("live", "snapshot")
    assert live.status == filed.status == (0 if one["complete"] else 1)
    for form in ("text", "csv", "md"):
        assert run(*question, "--format", form).out.strip()


def test_of_no_project_the_people_are_read_unless_asked(run: Run, server: DemoServer) -> None:
    run("who-can", "project.delete")
    assert not [each for each in server.requests if "/members" in each.path and "/projects/" in each.path]
    run("who-can", "project.view", "--on", "payments-api")
    paths = {each.path.partition("?")[0] for each in server.requests}
    assert len([each for each in paths if "/projects/" in each and "/members" in each]) == 1


def test_a_yes_tells_how_to_end_it_and_a_no_what_is_nearest(run: Run) -> None:
    yes = run("why", "Kenji Watanabe", "people.manage", "--assert", "no")
    assert yes.status == 3
    assert "Platform engineering" in yes.out
    assert "To end it" in yes.out
    no = run("why", "ci-deployer", "people.manage", "--assert", "no")
    assert no.status == 0
    assert "Roles that would: Admin, Owner" in no.out.replace("\n", " ")


def test_an_unknown_tells_what_would_settle_it(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    ended = run("why", "ci-deployer", "people.manage")
    assert ended.status == 1
    assert "What would make it known:\n  read the list of groups again" in ended.out
    assert run("why", "ci-deployer", "people.manage", "--allow-unknown").status == 0
    answer = checked(run("why", "ci-deployer", "people.manage", "--format", "json").out)
    assert answer["unknown"][0]["reasons"] == ["groups-missing"]


def test_a_table_is_harmless_and_has_a_row_for_each_way(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("who-can", "people.manage", "--format", "csv").out)))
    assert len([row for row in rows if row["name"] == "terraform"]) == 2
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["who-can", "secrets.manage"], "give organization.secrets.manage or project.secrets.manage"),
        (["who-can", TOKEN], "no such permission"),
        (["who-can", "people.manage", "--on", "payments-api"], "--on is for permissions of projects"),
        (["can", TOKEN], "Nobody who is listed, and no role"),
        (["can", "terraform", "--at-id"], "no role, has that id"),
        (["why", "terraform", "people.manage", "--assert", TOKEN], "--assert takes yes or no"),
        (["steps", "--depth", TOKEN], "--depth takes a number"),
        (["compare", "Owner"], "two or three roles"),
        (["compare", "Owner", "Owner"], "the same role"),
    ],
)
def test_what_cannot_be_asked_is_told_without_repeating_it(run: Run, words: list[str], said: str) -> None:
    ended = run(*words)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "canary" not in ended.err
