"""`semtui what-if`: asked of the demo organization and of a snapshot of it, which stay as they are."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import get_args

import pytest

from semtui.audit.what_if.operations import OperationKind
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import TOKEN, Run
from tests.support.contract import checked
from tests.support.organization_server import serving
from tests.support.organizations import parse
from tests.support.served import NOW

OPERATIONS = [
    "role 'Platform engineering' Member",
    "role terraform Member",
    "remove 'Kenji Watanabe'",
    "join 'Sam Patel' 'Platform engineering'",
    "leave 'Kenji Watanabe' 'Platform engineering'",
    "delete-group 'Platform engineering'",
    "delete-role Admin",
    "edit-role Admin -people.manage +organization.delete",
    "deactivate terraform",
    "delete terraform",
]


def test_every_operation_is_asked_about() -> None:
    assert {each.split()[0] for each in OPERATIONS} == {*get_args(OperationKind)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_change_is_told_alike_of_the_organization_and_of_a_snapshot(
    run: Run, tmp_path: Path, operation: str
) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path), "--projects", "1")
    live = run("what-if", operation, "--projects", "1", "--format", "json")
    filed = run("what-if", operation, "--from", str(path), "--format", "json")
    one, other = checked(live.out), checked(filed.out)
    assert (one["answer"], one["complete"], one["unknown"]) == (other["answer"], other["complete"], other["unknown"])
    assert (one["source"], other["source"]) == ("live", "snapshot")
    assert live.status == filed.status == (0 if one["complete"] else 1)
    answer = one["answer"]
    assert [*answer["refusals"], *answer["changes"], *answer["kept"], *answer["notes"]]
    for form in ("text", "csv", "md"):
        assert run("what-if", operation, "--from", str(path), "--format", form).out.strip()


def test_the_question_of_an_answer_can_be_asked_again(run: Run) -> None:
    operations = ("leave 'Kenji Watanabe' 'Platform engineering'", "edit-role Admin -people.manage")
    first = checked(run("what-if", *operations, "--format", "json").out)
    again = checked(run(*shlex.split(first["question"]), "--at-id", "--format", "json").out)
    assert again["question"] == first["question"]
    assert again["answer"] == first["answer"]


def test_changes_are_made_one_after_another(run: Run) -> None:
    owner = "Henrik Sørensen"
    refused = run("what-if", f"remove '{owner}'")
    assert refused.status == 0
    assert "Semaphore would refuse to remove Henrik" in refused.out
    assert "Nobody gains or loses anything; 1 refusal. Complete." in refused.out
    done = " ".join(run("what-if", f"role '{owner}' Member", f"remove '{owner}'").out.split())
    assert "refuse" not in done
    assert "Holds nothing afterwards." in done
    assert "leaves the organization" in done


def test_a_text_has_the_order_in_which_it_is_read(run: Run) -> None:
    out = run("what-if", "remove 'Henrik Sørensen'", "role 'Platform engineering' Member", "deactivate renovate").out
    titles = ("Refusals", "2 people", "What ends", "1 account unchanged, because of Admin assigned directly")
    places = [out.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)


def test_an_answer_is_not_called_complete_without_what_it_lacks(run: Run) -> None:
    words = ("what-if", "remove 'Kenji Watanabe'")
    unread = run(*words)
    assert unread.status == 1
    told = " ".join(unread.out.split())
    assert "Access changes for 1 person. Not everything is known: what is missing is listed below." in told
    assert "the people of 0 projects were read" in told
    assert "Complete" not in told
    read = run(*words, "--projects", "all")
    assert read.status == 0
    assert "Access changes for 1 person. Complete.\n" in read.out
    allowed = run(*words, "--allow-unknown")
    assert allowed.status == 0
    assert "Not known: 1 answer." in allowed.err


def test_what_is_so_already_is_no_refusal(run: Run) -> None:
    out = run("what-if", "role terraform Admin").out
    assert "\nWithout effect\n  It would change nothing to give terraform" in out
    assert "Refusals" not in out


def test_a_table_has_a_row_for_everybody_and_everything(run: Run) -> None:
    rows = run("what-if", "role 'Platform engineering' Member", "delete-role Admin", "--format", "csv").rows
    assert [(row["change"], row["name"]) for row in rows] == [
        ("refused", "Admin"),
        ("changes", "Kenji Watanabe"),
        ("changes", "Leilani Kealoha"),
        ("keeps", "terraform"),
    ]
    assert rows[1]["words"] == "Loses 20 permissions of the organization, and Admin on every project."


def test_what_is_unknown_ends_with_another_status(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    operation = "leave 'Kenji Watanabe' 'Platform engineering'"
    ended = run("what-if", operation)
    assert ended.status == 1
    assert "who is in the groups was not read" in " ".join(ended.out.split())
    assert run("what-if", operation, "--allow-unknown").status == 0
    # Who holds the same by another role keeps it, whatever the group gives.
    told = checked(run("what-if", "leave terraform 'Platform engineering'", "--format", "json").out)
    assert told["unknown"] == []
    assert told["answer"]["changes"] == []
    assert [each["code"] for each in told["answer"]["notes"] if not each["complete"]] == ["group-projects"]


def test_the_role_of_a_group_is_netted_for_each_member(run: Run) -> None:
    written = parse("ee | P ana:Owner ben:Admin~scim,Member dan:Member | G rel:Admin{ben,dan}")
    with serving(written, NOW) as server:
        answer = checked(run("what-if", "role rel Member", "--format", "json", on=server).out)["answer"]
    (change,) = answer["changes"]
    projects = [name for name in change["lost"] if name.startswith("project.")]
    assert (change["name"], change["gained"]) == ("dan", [])
    assert (len(change["lost"]) - len(projects), len(projects)) == (20, 31)
    assert [(each["name"], each["paths"][0]["source"]) for each in answer["kept"]] == [("ben", "scim")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([TOKEN], "OP: A change begins with one of role, remove"),
        ([""], "OP: A change begins with one of"),
        ([f"role '{TOKEN}"], "OP: A quotation is not closed"),
        ([f"role {TOKEN}"], "OP: This change is written as 'role X ROLE'"),
        ([f"remove terraform {TOKEN}"], "OP: This change is written as 'remove X'"),
        ([f"role {TOKEN} Member"], "OP: Nobody who is listed has that id"),
        (["remove terraform", f"role terraform {TOKEN}"], "OP 2: No role that is listed has that id"),
        ([f"join terraform {TOKEN}"], "OP: No group that is listed"),
        ([f"edit-role Admin {TOKEN}"], "OP: Permissions of a role are written as +P"),
        ([f"edit-role Admin +{TOKEN}"], "OP: There is no such permission"),
        (["edit-role Admin +people.manage -people.manage"], "both added and removed"),
        (["edit-role Admin +secrets.manage"], "give organization.secrets.manage or project.secrets.manage"),
        (["deactivate 'Kenji Watanabe'"], "OP: Only a service account can be deactivated"),
        (["role terraform Member", "--at-id"], "OP: Nobody who is listed has that id"),
    ],
)
def test_what_cannot_be_asked_is_told_without_repeating_it(run: Run, words: list[str], said: str) -> None:
    ended = run("what-if", *words)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "canary" not in ended.err
