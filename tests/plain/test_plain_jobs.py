"""The jobs of line mode on accounts: what is typed, what is said, and what is true in the organization afterwards."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import SessionOf, status_with, writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import (
    CREATE,
    INVITE,
    KEEP_HERE,
    SAVED,
    SECRET,
    account_id,
    posts,
)

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
    assert "ghost was not created. Try again." in said
    assert "Role: Member, assigned" in said
    assert posts(server) == ["/service_accounts", "/service_accounts"]


def test_a_role_that_is_refused_does_not_hide_the_token(session: Session, server: DemoServer, tmp_path: Path) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=400, body='"No such role"'))
    file = tmp_path / "half.token"
    said = talk(session, CREATE, "half", "", "3", str(file), "6", "7", "0")
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
    assert "The role Member of ci-deployer is removed. Regenerated the token of ci-deployer." in said
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
    assert "ci-deployer is no longer listed." in said
    assert "The list has changed; its numbers are new." in said
    assert server.organization.service_account_named("ci-deployer") is None


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
