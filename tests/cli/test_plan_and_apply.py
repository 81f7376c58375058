"""`semtui plan` and `semtui apply`: several changes as one reviewed file, refused if the world has drifted, resumed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from semtui.cli.actions.step import keys_of
from semtui.cli.change_files import ACTIONS
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import writes
from tests.support.commands import TOKEN, Ended, Run, account_id

OLENA = "Olena Kovalenko"
CREATE = {"do": "account create", "name": "night-bot", "role": "Member"}
DEACTIVATE = {"do": "account deactivate", "account": "terraform", "confirm": "terraform"}
ROLE = {"do": "member role", "member": OLENA, "role": "Admin"}
GROUP = {"do": "group edit", "group": "Support desk", "add": ["Kenji Watanabe"]}


@pytest.fixture
def planned(change: Run, tmp_path: Path) -> Run:
    """Plans some changes; they go to the file `plan.json`."""

    def made(*changes: dict[str, Any], **more: Any) -> Ended:
        file, plan = tmp_path / "changes.json", tmp_path / "plan.json"
        plan.unlink(missing_ok=True)
        file.write_text(json.dumps({"changes": changes}))
        return change("plan", str(file), "--output", str(plan), **more)

    return made


@pytest.fixture
def applied(change: Run, tmp_path: Path) -> Run:
    """Applies the plan."""

    def ran(*options: str, **more: Any) -> Ended:
        return change("apply", str(tmp_path / "plan.json"), *(options or ("--yes",)), **more)

    return ran


def deactivated(server: DemoServer, name: str) -> bool:
    account = server.organization.service_account(account_id(server, name))
    assert account is not None
    return account.deactivated


def role_of(server: DemoServer, name: str) -> list[str]:
    found = server.organization.person_named(name)
    assert found is not None
    return server.organization.role_names_of(found)


def test_a_plan_tells_all_and_sends_nothing_and_is_then_carried_out(
    planned: Run, applied: Run, server: DemoServer, tmp_path: Path
) -> None:
    file = tmp_path / "night.token"
    plan = planned({**CREATE, "token_to": str(file)}, DEACTIVATE, ROLE, GROUP)
    assert plan.status == 0, plan.err
    for words in (
        "1. Create the service account night-bot",
        "2. Deactivate terraform.",
        "4. Edit the group Support desk",
    ):
        assert f"{words}" in plan.out
    assert f"{OLENA} gains" in plan.out.replace("\n", " ") or OLENA in plan.out
    assert all(request.method == "GET" for request in server.requests)
    assert applied("--dry-run").out.splitlines()[-1] == "Nothing was sent."
    assert writes(server) == []
    ended = applied()
    assert ended.status == 0, ended.err
    assert file.read_text().strip() == server.organization.token_of(account_id(server, "night-bot"))
    assert deactivated(server, "terraform")
    assert role_of(server, OLENA) == ["Admin"]
    before = len(writes(server))
    again = applied()
    assert again.status == 0
    assert again.err.count("was done before.") == 4
    assert len(writes(server)) == before
    assert applied("--dry-run").out == "Nothing is left to be done.\n"


def test_a_world_that_has_drifted_refuses_the_whole_plan(planned: Run, applied: Run, server: DemoServer) -> None:
    assert planned(ROLE, DEACTIVATE).status == 0
    server.organization.assign_role(account_id(server, "terraform"), "Member")
    ended = applied()
    assert (ended.status, ended.out) == (2, "")
    assert "change 2: It is no longer what was planned (roles): “Deactivate terraform.”" in ended.err
    assert "Nothing was sent." in ended.err
    server.organization.edit_service_account(account_id(server, "terraform"), name="terraform-2")
    ended = applied()
    assert ended.status == 2
    assert "change 2: NAME: No service account that is listed" in ended.err
    assert writes(server) == []


def test_it_stops_where_something_is_refused_and_goes_on_from_there(
    planned: Run, applied: Run, server: DemoServer
) -> None:
    assert planned(ROLE, DEACTIVATE, GROUP).status == 0
    server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body='"No"'))
    ended = applied()
    assert ended.status == 5
    assert "Stopped there; 1 more is left." in ended.err
    assert role_of(server, OLENA) == ["Admin"]
    assert not deactivated(server, "terraform")
    ended = applied()
    assert ended.status == 0, ended.err
    assert f"1. Give {OLENA} the role Admin in place of Release manager: was done before." in ended.err
    assert deactivated(server, "terraform")
    assert sum(path.endswith("/role") for _, path, _ in writes(server)) == 1


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "did not arrive"])
def test_what_was_not_known_is_found_out_by_the_next_run(
    planned: Run, applied: Run, server: DemoServer, arrived: bool
) -> None:
    assert planned(DEACTIVATE).status == 0
    server.inject(Fault("POST", "/service_accounts/*/deactivate", "drop_after" if arrived else "drop_before"))
    server.inject(Fault("GET", "/service_accounts/*", status=403, body="Permission denied", times=1))
    assert applied().status == 4
    sent = len(writes(server))
    ended = applied()
    assert ended.status == 0, ended.err
    assert deactivated(server, "terraform")
    assert len(writes(server)) == sent + (0 if arrived else 1)


def test_a_deletion_that_was_cut_off_is_done_when_the_account_is_gone(
    planned: Run, applied: Run, server: DemoServer, tmp_path: Path
) -> None:
    assert planned({"do": "account delete", "account": "terraform", "confirm": "terraform"}).status == 0
    plan = json.loads((tmp_path / "plan.json").read_text())
    begun = {"plan": plan["sha256"], "change": 1, "state": "begun", "at": 0, "words": []}
    progress = tmp_path / "plan.json.progress"
    progress.write_text(f'{json.dumps(begun)}\n{{"plan": "cut o')
    progress.chmod(0o600)
    server.organization.delete_service_account(account_id(server, "terraform"))
    ended = applied()
    assert (ended.status, ended.out) == (0, "1. Delete terraform for good. It is gone.\n")
    assert writes(server) == []


def test_a_plan_that_was_touched_or_is_for_another_organization_is_refused(
    planned: Run, applied: Run, change: Run, tmp_path: Path, community: DemoServer
) -> None:
    assert planned(ROLE).status == 0
    elsewhere = applied(on=community)
    assert elsewhere.status == 2
    assert "This plan is for another organization. Nothing was sent." in elsewhere.err
    assert applied("--format", "text").status == 2
    path = tmp_path / "plan.json"
    path.chmod(0o600)
    path.write_text(path.read_text().replace('"role": "Admin"', '"role": "Owner"'))
    ended = applied()
    assert ended.status == 2
    assert "PLAN: It was changed after it was made" in ended.err
    assert change("apply", str(tmp_path / "changes.json"), "--yes").status == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], 'FILE: This is not an object with a list "changes".'),
        ([{"do": TOKEN}], 'change 1: "do" is one of account create, account edit'),
        ([{**ROLE, TOKEN: "x"}], "change 1: member role takes member, role, confirm, and nothing else."),
        ([{"do": "member role", "member": OLENA}], "change 1: role is needed"),
        ([{**ROLE, "role": 3}], "change 1: role is a text."),
        ([{**GROUP, "add": "Sam Patel"}], "change 1: add is a list of texts."),
        (
            [ROLE, {**DEACTIVATE, "confirm": None}],
            'change 2: This locks out whatever uses the account: add "confirm": ',
        ),
        ([{**CREATE, "token_to": "-"}], "change 1: A token of a file goes to a file or a command."),
        ([ROLE, {**ROLE, "role": "Member"}], "change 2: It is about the same as change 1"),
        ([ROLE, {**ROLE, "role": "Release manager"}], "change 2: It is about the same as change 1"),
        (
            [GROUP, {"do": "member remove", "member": "Support desk", "confirm": "Support desk"}],
            "change 2: It is about the same as change 1",
        ),
        ([{**ROLE, "member": TOKEN}], "change 1: NAME: No member that is listed"),
    ],
)
def test_a_file_that_cannot_be_planned_says_why(
    planned: Run, server: DemoServer, tmp_path: Path, changes: list[dict[str, Any]], said: str
) -> None:
    ended = planned(*changes)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "canary" not in ended.err
    assert not (tmp_path / "plan.json").exists()
    assert writes(server) == []


def test_the_result_as_json(planned: Run, applied: Run, server: DemoServer) -> None:
    planned(ROLE, DEACTIVATE)
    told = json.loads(applied("--yes", "--format", "json").out)
    assert (told["outcome"], [each["outcome"] for each in told["changes"]]) == ("done", ["done", "done"])
    assert told["changes"][0]["parts"] == [{"outcome": "done", "words": f"The role of {OLENA} is now Admin."}]


@pytest.mark.parametrize("do", ACTIONS)
def test_what_prepares_an_action_is_there(do: str) -> None:
    assert callable(ACTIONS[do].prepare)
    assert len(keys_of(ACTIONS[do].arguments)) == len(ACTIONS[do].arguments)
