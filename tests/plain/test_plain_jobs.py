"""The jobs of line mode: what is typed, what is said, and what is true in the organization afterwards."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from tests.conftest import QUICK, SessionOf, status_with, writes
from tests.support.line_mode import talk

SECRET = "Tok3n-for_the-tests9"
CREATE, CREATE_GROUP, INVITE, EXPORT, RELOAD, SAVED = "7", "8", "9", "10", "11", "13"
KEEP_HERE = ""


@pytest.fixture
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: SECRET


def account_id(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None, f"there is no {name}"
    return account.id


def posts(server: DemoServer) -> list[str]:
    return [path for method, path, _ in writes(server) if method == "POST"]


# Create


@pytest.mark.usefixtures("_known_token")
def test_a_new_account_has_its_role_and_its_token_is_shown_only_when_asked(
    session: Session, server: DemoServer
) -> None:
    start = (CREATE, "night-bot", "runs at night", "3", KEEP_HERE, "6")
    before = talk(session, *start, "3", "", "0", "stored")
    assert SECRET not in before
    assert "20 characters, not shown" in before
    account = server.organization.service_account_named("night-bot")
    assert account is not None
    assert account.description == "runs at night"
    assert server.organization.role_names_of(account.id) == ["Member"]
    assert session.unstored_tokens == ()
    server.organization.delete_service_account(account.id)
    shown = talk(session, *start, "3", "show", "0", "stored")
    assert shown.count(SECRET) == 1


def test_a_name_taken_or_with_hidden_characters_is_refused_before_anything_is_sent(
    session: Session, server: DemoServer
) -> None:
    said = talk(session, CREATE, "CI deployer", "bell\x07", "turn\u202eed", "broken\udcff", "")
    assert "Semaphore treats this as the same name as “ci-deployer”" in said
    for code in ("U+0007", "U+202E"):
        assert f"a character that cannot be seen ({code})" in said
    assert "That holds bytes that are not UTF-8" in said
    assert "Nothing was created." in said
    assert writes(server) == []


def test_a_refused_name_keeps_what_was_typed(session: Session, server: DemoServer) -> None:
    def refuse() -> None:
        server.inject(Fault("POST", "/service_accounts", status=400, body='"Failed to create service account"'))

    said = talk(session, CREATE, "former", "by day", "3", "", refuse, "6", "1", "later", "6", "0", "stored")
    assert "most often an account has, or once had, that name. Try another." in said
    account = server.organization.service_account_named("later")
    assert account is not None
    assert account.description == "by day"
    assert server.organization.role_names_of(account.id) == ["Member"]
    assert server.organization.service_account_named("former") is None


def test_a_lost_answer_is_looked_after_and_never_sent_again(session: Session, server: DemoServer) -> None:
    def lose() -> None:
        server.inject(Fault("POST", "/service_accounts", "drop_after"))

    said = talk(session, CREATE, "ghost", "", "3", "", lose, "6", "q")
    assert "It is not known whether it was done. Checking" in said
    assert "Unknown whether this request created ghost: there is an account of that name" in said
    assert "its token never reached this computer" in said
    assert posts(server) == ["/service_accounts"]
    assert account_id(server, "ghost")


def test_what_did_not_arrive_can_be_tried_again_as_typed(session: Session, server: DemoServer) -> None:
    def lose() -> None:
        server.inject(Fault("POST", "/service_accounts", "drop_before"))

    said = talk(session, CREATE, "ghost", "", "3", "", lose, "6", "6", "0", "stored")
    assert "ghost was not created. Your input is still here; try again." in said
    assert "Role: Member, assigned" in said
    assert posts(server) == ["/service_accounts", "/service_accounts"]


def test_a_role_that_is_refused_does_not_hide_the_token(session: Session, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=400, body='"No such role"'))
    file = tmp_path / "half.token"
    said = talk(session, CREATE, "half", "", "3", str(file), "6", "6", "0")
    assert "Role: Member is not assigned." in said
    assert "Role: Member, assigned" in said
    assert server.organization.role_names_of(account_id(server, "half")) == ["Member"]
    assert server.organization.token_holder(file.read_text().strip()) == account_id(server, "half")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_command_of_which_not_all_is_known_keeps_the_token(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "unsure", "", "3", "| tee /dev/full; true", "6", "0", "stored", "0")
    assert "tee read the token and ended with status 0; whether it stored the token is not known: it does more" in said
    assert "The token is still here." in said
    assert "Nobody can show this token again. Type stored when you have stored it" in said
    assert "If it is stored, choose 0 and type stored." in said
    assert "Its token was handed to tee; you said that you have stored it" in said


def test_a_token_that_went_nowhere_is_not_said_to_have_been_handed_over(session: Session) -> None:
    said = talk(session, CREATE, "own", "", "3", "", "6", "0", "stored", "0")
    assert "Its token was neither saved nor handed over by semtui; you said that you have stored it" in said


def test_where_the_token_goes_is_tried_out_before_there_is_one(
    session: Session, server: DemoServer, tmp_path: Path
) -> None:
    nowhere, there = tmp_path / "no" / "x", tmp_path / "got"
    said = talk(
        session, CREATE, "piped", "", "3", str(nowhere), "| no-such-command", f"| cat > {there}", "6", "4", "5", "0"
    )
    assert "There is no directory" in said
    assert "There is no command no-such-command here" in said
    assert "It was handed to cat, which read it and ended with status 0." in said
    assert "Semaphore accepts this token. Asked at 14:00:00 UTC; one that was replaced" in said
    assert 'curl -H "Authorization: Token $API_TOKEN"' in said
    assert server.organization.token_holder(there.read_text()) == account_id(server, "piped")
    assert posts(server) == ["/service_accounts"]


def test_leaving_asks_while_a_token_is_not_stored(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "kept", "", "3", "", "6", "q", "", "0", "", "q", "quit")
    assert said.count("An API token is not stored yet") == 2
    assert len(session.unstored_tokens) == 1
    session.close()
    (path,) = session.rescued
    assert server.organization.token_holder(path.read_text().strip()) == account_id(server, "kept")


# Edit


def test_an_edit_changes_what_was_typed_and_nothing_else(session: Session, server: DemoServer) -> None:
    edited = account_id(server, "ci-deployer")
    said = talk(session, "3", "ci-deployer", "1", "1", "1", "deployer", "2", "-", "3", "5", "4", "q")
    assert "Saved deployer." in said
    account = server.organization.service_account(edited)
    assert account is not None
    assert (account.name, account.description) == ("deployer", "")
    assert server.organization.role_names_of(edited) == ["Support"]
    (patch,) = [body for method, _, body in writes(server) if method == "PATCH"]
    assert json.loads(patch) == {"name": "deployer", "description": ""}


def test_a_row_opened_again_is_as_it_is_now(session: Session) -> None:
    said = talk(session, "3", "ci-deployer", "1", "1", "2", "rewritten", "4", "0", "1", "q")
    assert said.count("description: rewritten") == 1


def test_a_role_is_asked_for_before_an_account_is_made(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "roleless", "kept", "", "", "6", "3", "5", "6", "0", "stored")
    assert "A role is needed; without one the account cannot do anything." in said
    account = server.organization.service_account_named("roleless")
    assert account is not None
    assert account.description == "kept"
    assert server.organization.role_names_of(account.id) == ["Support"]


def test_somebody_elses_edit_is_not_replaced_unseen(session: Session, server: DemoServer) -> None:
    edited = account_id(server, "ci-deployer")

    def meanwhile() -> None:
        server.organization.edit_service_account(edited, name="theirs")

    said = talk(session, "3", "ci-deployer", "1", "1", "1", "ours", meanwhile, "4", "0", "q")
    assert "the name was “ci-deployer” and is “theirs” now, yours is “ours”. Nothing was sent." in said
    account = server.organization.service_account(edited)
    assert account is not None
    assert account.name == "theirs"
    assert [method for method, _, _ in writes(server)] == []


def test_half_an_edit_is_told_as_half(session: Session, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=403, body='"No"'))
    said = talk(session, "3", "ci-deployer", "1", "1", "1", "half", "3", "5", "4", "0", "q")
    assert "Name and description are saved. The role is not changed." in said
    assert server.organization.role_names_of(account_id(server, "half")) == ["Member"]


# Regenerate, deactivate, delete


@pytest.mark.parametrize("word", ["", "yes", "revok"])
def test_the_present_token_is_kept_unless_the_word_is_typed(session: Session, server: DemoServer, word: str) -> None:
    before = server.organization.token_of(account_id(server, "ci-deployer"))
    said = talk(session, "3", "ci-deployer", "1", "2", "", word, "q")
    assert "whatever uses it is locked out" in said
    assert "The current token is kept." in said
    assert server.organization.token_of(account_id(server, "ci-deployer")) == before
    assert writes(server) == []


def test_a_regenerated_token_replaces_the_old_one(session: Session, server: DemoServer, tmp_path: Path) -> None:
    server.organization.revocation_delay = 0
    ours = account_id(server, "ci-deployer")
    before = server.organization.token_of(ours)
    assert before is not None
    file = tmp_path / "new.token"
    talk(session, "3", "ci-deployer", "1", "2", str(file), "regenerate", "0", "q")
    token = file.read_text().strip()
    assert server.organization.token_holder(token) == ours
    assert (status_with(before, server), status_with(token, server)) == (401, 200)


def test_revoking_takes_the_role_away_first(session: Session, server: DemoServer, tmp_path: Path) -> None:
    said = talk(session, "3", "ci-deployer", "1", "2", str(tmp_path / "t"), "revoke", "0", "q")
    assert "The role Member of ci-deployer is taken away. Regenerated the token of ci-deployer." in said
    assert [method for method, _, _ in writes(server)] == ["DELETE", "POST"]
    assert server.organization.role_names_of(account_id(server, "ci-deployer")) == []


def test_a_regeneration_whose_answer_is_lost_is_told_and_not_repeated(session: Session, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    said = talk(session, "3", "ci-deployer", "1", "2", "", "regenerate", "q")
    assert "Treat the old token as dead" in said
    assert len(posts(server)) == 1


def test_an_account_is_deactivated_and_reactivated_by_its_word(session: Session, server: DemoServer) -> None:
    ours = account_id(server, "ci-deployer")
    states = []

    def note() -> None:
        account = server.organization.service_account(ours)
        assert account is not None
        states.append(account.deactivated)

    talk(session, "3", "ci-deployer", "1", "3", "", note, "3", "deactivate", note, "3", "reactivate", note, "q")
    assert states == [False, True, False]


@pytest.mark.parametrize("typed", ["", "ci-deploye", "CI-DEPLOYER", "yes"])
def test_a_wrong_name_deletes_nothing(session: Session, server: DemoServer, typed: str) -> None:
    said = talk(session, "3", "ci-deployer", "1", "4", typed, "q")
    assert "Nothing was deleted." in said
    assert account_id(server, "ci-deployer")
    assert writes(server) == []


def test_the_right_name_deletes_and_the_list_is_said_anew(session: Session, server: DemoServer) -> None:
    said = talk(session, "3", "ci-deployer", "1", "4", "ci-deployer", "q")
    assert "Deleted ci-deployer." in said
    assert "ci-deployer is not listed any more." in said
    assert "The list has changed; its numbers are new." in said
    assert server.organization.service_account_named("ci-deployer") is None


# People and groups


def test_the_role_of_a_person_changes_after_what_it_gives_and_takes_is_said(
    session: Session, server: DemoServer
) -> None:
    ours = server.organization.person_named("Olena Kovalenko")
    assert ours is not None
    before = server.organization.role_names_of(ours)
    said = talk(session, "2", "Olena Kovalenko", "1", "1", "2", "1", "q")
    assert "gains" in said or "loses" in said
    assert f"The role of Olena Kovalenko is now {server.organization.role_names_of(ours)[0]}." in said
    assert server.organization.role_names_of(ours) != before


def test_a_person_is_removed_by_the_word_and_not_by_enter(session: Session, server: DemoServer) -> None:
    ours = server.organization.person_named("Olena Kovalenko")
    assert ours is not None
    said = talk(session, "2", "Olena Kovalenko", "1", "2", "", "2", "remove", "q")
    assert "Nothing was changed." in said
    assert "Olena Kovalenko leaves the organization and all of its projects." in said
    assert server.organization.role_names_of(ours) == []


def test_an_owner_is_not_removed_and_that_is_said_before_asking(session: Session, server: DemoServer) -> None:
    said = talk(session, "2", "Amara Okafor", "1", "2", "q")
    assert "2. Remove from the organization: not possible. Amara Okafor is an Owner" in said
    assert writes(server) == []


def test_a_person_is_invited(session: Session, server: DemoServer) -> None:
    said = talk(session, INVITE, "1", "octocat", "0", "4", "q")
    assert "Invited octocat" in said
    ((_, _, body),) = writes(server)
    assert json.loads(body)["handle"] == "octocat"


def test_a_group_is_deleted_by_its_name_and_the_queue_is_waited_for(session: Session, server: DemoServer) -> None:
    names = [group.name for group in server.organization.state.groups.values()]
    said = talk(session, "4", names[0], "1", "4", names[0], "q")
    assert f"The group {names[0]} is deleted." in said
    assert server.organization.group_named(names[0]) is None


def test_a_group_is_created_with_its_role_and_members(session: Session, server: DemoServer) -> None:
    said = talk(
        session, CREATE_GROUP, "Nightshift", "Watches at night", "3", "5", "4", "Olena", "1", "4", "ci-deployer", "1",
        "6", "q",
    )  # fmt: skip
    assert "Created the group Nightshift." in said
    assert "Nightshift: All membership changes are done." in said
    group = server.organization.group_named("Nightshift")
    assert group is not None
    assert group.description == "Watches at night"
    assert set(group.member_ids) == {
        server.organization.person_named("Olena Kovalenko"),
        account_id(server, "ci-deployer"),
    }
    assert server.organization.role_names_of(group.id) == ["Support"]


def test_a_group_is_renamed_and_loses_a_member(session: Session, server: DemoServer) -> None:
    before = next(iter(server.organization.state.groups.values()))
    group_id, name, members = before.id, before.name, list(before.member_ids)
    said = talk(session, "4", name, "1", "1", "1", "Renamed", "5", "1", "6", "q")
    assert "Saved the group Renamed." in said
    after = server.organization.group_named("Renamed")
    assert after is not None
    assert after.id == group_id
    assert len(after.member_ids) == len(members) - 1


def test_all_rows_found_are_changed_once_their_number_is_typed(session: Session, server: DemoServer) -> None:
    names = ("ci-deployer", "staging-deployer")
    said = talk(session, "3", "deployer", "a", "1", "", "a", "1", "2", "q")
    assert "Nothing was done." in said
    assert "Deactivate 2 service accounts." in said
    assert "2 done." in said
    for name in names:
        account = server.organization.service_account_named(name)
        assert account is not None
        assert account.deactivated
    assert len(posts(server)) == 2


def test_of_many_rows_each_has_an_end_of_its_own(session: Session, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", status=400, body='"No"'))
    said = talk(session, "3", "deployer", "a", "1", "2", "q")
    assert "1 done, 1 refused." in said


# Projects and custom roles


def test_somebody_is_given_a_role_on_a_project_and_it_is_taken_away(session: Session, server: DemoServer) -> None:
    ours = server.organization.person_named("Leilani Kealoha")
    project = next(
        each for each in server.organization.state.projects.values() if ours not in roles_on(server, each.name)
    )
    said = talk(session, "6", project.name, "1", "2", "Leilani", "1", "1", "", "2", "Leilani", "1", "1", "give", "q")
    assert "Nothing was changed." in said
    assert f"Leilani Kealoha holds Admin on {project.name}." in said
    assert ours in roles_on(server, project.name)
    said = talk(session, "6", project.name, "1", "3", "Leilani", "1", "remove", "q")
    assert f"Leilani Kealoha no longer has a directly assigned role on {project.name}." in said
    assert ours not in roles_on(server, project.name)


def roles_on(server: DemoServer, project_name: str) -> list[str]:
    """Whom the API shows on a project."""
    project = server.organization.project_named(project_name)
    assert project is not None
    answer = httpx.get(
        f"{server.address}/api/v1alpha/projects/{project.id}/members",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        trust_env=False,
    )
    return [member["id"] for member in answer.raise_for_status().json()["members"]]


def test_a_custom_role_is_created_edited_and_deleted(session: Session, server: DemoServer) -> None:
    said = talk(
        session, "5", "3", "1", "Auditor", "Reads", "3", "audit_logs.view", "1", "5",
        "1", "Auditor", "1", "4", "3", "people.view", "1", "5", "save", "q",
    )  # fmt: skip
    assert "Created the role Auditor." in said
    assert "Saved the role Auditor." in said
    role = server.organization.role_named("Auditor")
    assert role is not None
    assert set(role.permissions) == {"organization.view", "organization.audit_logs.view", "organization.people.view"}
    kept = talk(session, "5", "1", "Auditor", "1", "5", "", "q")
    assert "Nothing was deleted." in kept
    talk(session, "5", "1", "Auditor", "1", "5", "Auditor", "q")
    assert server.organization.role_named("Auditor") is None


def test_a_role_that_is_held_or_built_in_is_not_deleted_and_that_is_said(session: Session, server: DemoServer) -> None:
    said = talk(session, "5", "1", "Owner", "1", "4", "5", "0", "0", "Support", "1", "5", "q")
    assert said.count("Owner is built in; Semaphore lets nobody edit or delete it.") == 2
    assert "Semaphore deletes no role that is held." in said
    assert writes(server) == []


# Reading


def test_the_list_is_found_by_words_and_filtered_by_role(session: Session) -> None:
    said = talk(session, "1", "deploy", "0", "f", "2", "q")
    assert "with “deploy”." in said
    assert "ci-deployer, account, role Member, active, created Aug 02, 2025" in said
    after = said.partition("Only holders of Admin.")[2]
    rows = re.split(r" \d+\. ", after.partition(" Number or words")[0])[1:]
    direct = [row for row in rows if "role Admin" in row]
    through_groups = [row for row in rows if row not in direct]
    assert direct
    assert [row.partition(",")[0] for row in through_groups] == ["Kenji Watanabe", "Leilani Kealoha"]
    assert all("in 1 group" in row for row in through_groups)


def test_longer_lists_come_fifteen_at_a_time(session: Session) -> None:
    said = talk(session, "1", "", "", "")
    assert "15. " in said.partition("Enter for 22 more")[0]
    assert "16. " not in said.partition("Enter for 22 more")[0]
    assert "37. " in said


def test_everything_about_a_row_is_said_as_facts(session: Session) -> None:
    said = talk(session, "3", "ci-deployer", "1", "q")
    for words in ("kind: service account", "state: active", "created by: ", "Member, assigned directly"):
        assert words in said
    assert "●" not in said


def test_roles_tell_what_they_permit_who_holds_them_and_who_can(session: Session) -> None:
    said = talk(session, "5", "1", "Owner", "1", "1", "2", "0", "0", "0", "0", "2", "secrets manage", "1", "q")
    assert "Owner, organization role, built-in, permits" in said
    assert "Amara Okafor: person, assigned directly" in said
    assert "Who can organization.secrets.manage:" in said


def test_holders_that_are_deactivated_are_said_to_be_and_counted_apart(session: Session) -> None:
    read = ("1", "", "0", "0", "0")
    said = talk(session, "5", "1", "Member", "1", *read, "2", "organization.view", "1", "", "", "", "q")
    assert "accounts (1 of them deactivated)" in said
    assert said.count("nightly-backup: account, assigned directly, deactivated") == 1
    assert said.count("nightly-backup: account, Member, assigned directly, deactivated") == 1
    assert said.count("Of these, 1 is deactivated, and may do nothing now.") == 2


def test_two_roles_are_compared(session: Session) -> None:
    said = talk(session, "5", "1", "Admin", "1", "3", "Owner", "1", "q")
    assert "Only in Owner:" in said


def test_projects_tell_their_people(session: Session, server: DemoServer) -> None:
    project = next(iter(server.organization.state.projects.values()))
    said = talk(session, "6", project.name, "1", "q")
    assert f"{project.name}, " in said
    assert "owner: " in said
    assert ", from an organization role" in said
    assert re.search(r" ~\w", said) is None


def test_what_is_listed_is_exported(session: Session, tmp_path: Path) -> None:
    table = tmp_path / "accounts.csv"
    talk(session, EXPORT, "2", "1", str(table), EXPORT, "4", "3", str(tmp_path / "roles.json"), "q")
    with table.open(newline="") as file:
        assert "ci-deployer" in {row["name"] for row in csv.DictReader(file)}
    assert len(json.loads((tmp_path / "roles.json").read_text())["roles"]) == 5


def test_projects_are_exported_for_excel_and_roles_that_stay_out_are_told(session: Session, tmp_path: Path) -> None:
    table = tmp_path / "projects.csv"
    said = talk(session, EXPORT, "5", "2", str(table), EXPORT, "4", "1", str(tmp_path / "roles.csv"), "q")
    assert f"Exported 4 rows to {table}." in said
    assert "Groups and service accounts may have access to a project too" in said
    assert table.read_bytes().startswith(b"\xef\xbb\xbfname,description,members,")
    assert "Only the roles Semaphore lists are written; 3 roles it does not list stay out." in said
    assert f"Exported 5 rows to {tmp_path / 'roles.csv'}." in said


def test_a_cell_that_was_cut_is_told(session: Session, server: DemoServer, tmp_path: Path) -> None:
    next(iter(server.organization.state.service_accounts.values())).description = "x" * 40_000
    said = talk(session, EXPORT, "2", "1", str(tmp_path / "accounts.csv"), "q")
    assert "1 cell was longer than the 32,767 characters a spreadsheet takes and cut, in description" in said


# What is in the way


def test_what_this_token_may_not_do_is_said_with_the_reason(session_of: SessionOf, server: DemoServer) -> None:
    session = session_of("support")
    session.permissions.fetch()
    said = talk(session, CREATE, "3", "ci-deployer", "1", "2", "q")
    assert "7. Create a service account: not possible" in said
    assert "2. Regenerate the API token: not possible. This API token lacks the permission" in said
    assert writes(server) == []


def test_a_list_that_is_refused_is_said_and_the_rest_goes_on(session: Session, server: DemoServer) -> None:
    server.inject(Fault("GET", "/groups", "refuse", times=None))
    said = talk(session, "4", "0", "3", "ci-deployer", "1", "q")
    assert "Groups: " in said
    assert "Loaded" in said
    assert ", not everything." in said
    assert "kind: service account" in said


def test_with_read_only_no_change_is_offered_and_none_is_sent(session_of: SessionOf, server: DemoServer) -> None:
    said = talk(session_of(read_only=True), CREATE, INVITE, "3", "ci-deployer", "1", "1", "q")
    assert said.count("semtui was started with --read-only: nothing can be changed.") >= 4
    assert all(request.method == "GET" for request in server.requests)


# What an earlier run left


def test_a_token_an_earlier_semtui_saved_is_opened_and_its_file_goes(
    session: Session, session_of: Callable[[], Session], tmp_path: Path, server: DemoServer
) -> None:
    talk(session, CREATE, "saved", "", "3", "", "6", "q", "quit")
    session.close()
    (path,) = session.rescued
    elsewhere = tmp_path / "elsewhere"
    said = talk(session_of(), SAVED, "1", str(elsewhere), "0", "q")
    assert f"A token that was not stored was saved to {path}." in said
    assert not path.exists()
    assert server.organization.token_holder(elsewhere.read_text().strip()) == account_id(server, "saved")


def test_a_rescued_token_that_is_left_stays_where_it_is(session: Session, session_of: Callable[[], Session]) -> None:
    talk(session, CREATE, "saved", "", "3", "", "6", "q", "quit")
    session.close()
    (path,) = session.rescued
    talk(session_of(), SAVED, "q")
    assert path.exists()


def test_a_request_an_earlier_semtui_did_not_see_the_end_of_is_looked_after(
    context: object, session: Session, tmp_path: Path
) -> None:
    record = tmp_path / "unfinished-999999999-0badcafe.json"
    intent = {
        "host": session.context.host, "account_id": "", "account_name": "ci-deployer", "begun_at": 1.0,
        "updated_at": None,
    }  # fmt: skip
    record.write_text(json.dumps(intent))
    record.chmod(0o600)
    said = talk(session, "q")
    assert "It is not known how this ended: creating ci-deployer" in said
    assert "ci-deployer was not created: there is another account of that name, made on " in said
    assert not record.exists()


# Letters


def test_where_the_locale_has_only_ascii_nothing_else_is_written(session: Session) -> None:
    said = talk(session, "2", "", "0", "3", "ci-deployer", "1", "2", "", "", "q", ascii_only=True)
    assert said.isascii()
    assert "Loading the lists of acme.example.com..." in said


def test_one_zero_too_many_does_not_leave(session: Session) -> None:
    said = talk(session, "3", "0", "0", "0", "", "3", "q")
    assert said.count("16 service accounts.") == 2


def test_names_are_whole_where_nothing_stands_in_columns(session: Session, server: DemoServer) -> None:
    longest = max((each.name for each in server.organization.state.subjects.values()), key=len)
    assert len(longest) > 28
    said = talk(session, "5", "2", "organization.view", "1", "0", "1", "Member", "1", "1", *[""] * 6)
    assert said.count(f"{longest}: ") >= 1
    assert "…:" not in said


def test_help_is_there_wherever_a_choice_is(session: Session) -> None:
    said = talk(session, "?", "3", "?", "ci-deployer", "1", "?", "4", "?", "", "q")
    assert said.count("ctrl+d is like q.") == 4


# Whatever is typed

WORDS = (
    *map(str, range(14)), *[""] * 6, "?", "a", "f", "/x", "deploy", "night", "regenerate", "revoke", "deactivate",
    "delete", "remove", "give", "save", "invite", "stored", "show", "-", "2 2", "| cat > /dev/null", "x.token",
    "\x1b[A", "ci-deployer", "Olena", "999999999999999999999", "²", "王",
)  # fmt: skip


@given(answers=st.lists(st.sampled_from(WORDS), max_size=60))
@example(answers=["7", "0", "0", "1", "0", "6"])
def test_whatever_is_typed_it_goes_on_and_no_token_is_lost(answers: list[str]) -> None:
    with (
        tempfile.TemporaryDirectory() as place,
        contextlib.chdir(place),
        DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server,
    ):
        made: list[str] = []
        generate = server.organization.tokens.generate

        def noted() -> str:
            made.append(generate())
            return made[-1]

        server.organization.tokens.generate = noted
        context = Context("demo", "acme.example.com", server.address, server.tokens["owner"], demo=True)
        with Session(
            context, SessionOptions(limits=QUICK, rescue_directory=Path(place), clock=lambda: float(REFERENCE_TIME))
        ) as session:
            said = talk(session, *answers)
            assert "\x1b" not in said
            unstored = {token.secret.get_secret_value() for token in session.unstored_tokens}
        assert unstored <= {path.read_text().strip() for path in Path(place).rglob("*.token")}
        # A token may have been written to a file of any name.
        files = {path.read_text().strip() for path in Path(place).rglob("*") if path.is_file()}
        # The others were handed over, or said to be stored.
        assert len(set(made) - files) <= said.count("Its token was")
