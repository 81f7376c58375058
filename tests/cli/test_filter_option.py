"""`--filter` of the commands that list people, accounts and groups: the same rows as the search line finds."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import Run
from tests.support.contract import checked


def test_holders_are_narrowed_in_every_format(run: Run) -> None:
    asked = ("who-can", "people.manage", "--filter", "kind:account role:Admin")
    whole = run("who-can", "people.manage", "--format", "csv").rows
    names = {row["name"] for row in run(*asked, "--format", "csv").rows}
    assert names == {"legacy-signer", "terraform"} < {row["name"] for row in whole}
    answer = checked(run(*asked, "--format", "json").out)["answer"]
    assert {each["name"] for each in answer["accounts"]} == names
    assert answer["people"] == answer["groups"] == []
    for form in ("text", "md"):
        told = run(*asked, "--format", form).out
        assert all(name in told for name in names)
        assert "Amara" not in told


def test_findings_are_narrowed_to_those_about_what_matches(run: Run) -> None:
    whole = run("findings", "--format", "csv").rows
    rows = run("findings", "--filter", "terraform", "--format", "csv").rows
    assert rows == [row for row in whole if row["name"] == "terraform"] != []
    found = checked(run("findings", "--filter", "terraform", "--format", "json").out)["answer"]["findings"]
    assert {each["subject"]["name"] for each in found} == {"terraform"}
    assert run("findings", "--filter", "terraform", "--fail-on", "high").status in (0, 3)


def test_who_is_a_step_away_is_narrowed(run: Run) -> None:
    whole = run("steps", "--format", "csv").rows
    rows = run("steps", "--filter", "kind:account", "--format", "csv").rows
    assert rows == [row for row in whole if row["kind"] == "account"] != []
    found = checked(run("steps", "--filter", "kind:account", "--format", "json").out)["answer"]
    assert {each["name"] for each in found} == {row["name"] for row in rows}
    assert "Nobody who matches can reach it within one step." in run("steps", "--filter", "kind:group").out


@pytest.mark.parametrize(
    "command", [("who-can", "people.manage"), ("steps",), ("findings",), ("list", "people"), ("export",)]
)
def test_a_filter_that_means_nothing_is_refused(run: Run, command: tuple[str, ...]) -> None:
    for search in ("nonsense:x", "role:Nobody", "age>never"):
        ended = run(*command, "--filter", search)
        assert (ended.status, ended.out) == (2, ""), search
        assert "semtui: --filter: " in ended.err


def test_what_is_not_known_to_match_is_said(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    for command in (("who-can", "people.manage"), ("steps",), ("findings",), ("list", "people")):
        ended = run(*command, "--filter", "group:Contractors")
        assert ended.status in (1, 2), command
