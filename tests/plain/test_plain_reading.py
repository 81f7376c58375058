"""What line mode shows, and what it does whatever is typed."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings import named_filters
from semtui.settings.contexts import Context
from tests.conftest import QUICK
from tests.support.line_mode import talk
from tests.support.plain_jobs import (
    EXPORT,
)

# Reading


def test_the_list_is_found_by_words_and_filtered_by_role(session: Session) -> None:
    said = talk(session, "1", "deploy", "0", "f", "2", "q")
    assert "with “deploy”." in said
    assert "ci-deployer, account, role Member, active, created Aug 02, 2025" in said
    after = said.partition("with “role:Admin”.")[2]
    rows = re.split(r" \d+\. ", after.partition(" Number or words")[0])[1:]
    direct = [row for row in rows if "role Admin" in row]
    through_groups = [row for row in rows if row not in direct]
    assert direct
    assert [row.partition(",")[0] for row in through_groups] == ["Kenji Watanabe", "Leilani Kealoha"]
    assert all("in 1 group" in row for row in through_groups)


@pytest.mark.parametrize(
    ("tab", "row"),
    [
        ("2", "Lucía Fernández, role Member from SCIM provisioning, in Support desk 7."),
        ("3", "legacy-signer, role Admin, active, token 629 days old, created Mar 04, 2025 by Amara Okafor, Signs the"),
        ("3", "ci-deployer, role Member, active, token at least 20 days old, created Aug 02, 2025 by Amara Okafor,"),
        ("3", "created Dec 12, 2025, its creator has left, Imports tickets"),
        ("3", "UTC and files it with compliance. Need…"),
        ("4", "Contractors, role Member, 2 members, Here until the end of the quarter"),
    ],
)
def test_a_list_tells_what_the_columns_of_its_tab_show(session: Session, tab: str, row: str) -> None:
    assert row in talk(session, tab, "0", "q")


def test_a_dot_repeats_the_last_search_in_another_list_too(session: Session) -> None:
    said = talk(session, "3", ".", "state:off", "0", "0", "1", ".", "0", "0", "6", ".", "owner:amara", "0", ".", "q")
    assert said.count("Nothing was searched for yet.") == 2
    assert "2 service accounts with “state:off”." in said
    assert "2 rows with “state:off”." in said
    assert said.count("2 projects with “owner:amara”.") == 2


def test_longer_lists_come_fifteen_at_a_time(session: Session) -> None:
    said = talk(session, "1", "", "", "")
    assert "15. " in said.partition("Enter for 22 more")[0]
    assert "16. " not in said.partition("Enter for 22 more")[0]
    assert "37. " in said


def test_everything_about_a_row_is_said_as_facts(session: Session) -> None:
    said = talk(session, "3", "ci-deployer", "1", "q")
    for words in ("kind: service account", "state: active", "created by: ", "Member, assigned directly"):
        assert words in said
    assert ",," not in said
    assert "●" not in said


def test_roles_tell_what_they_permit_who_holds_them_and_who_can(session: Session) -> None:
    said = talk(session, "5", "1", "Owner", "1", "1", "2", "0", "0", "0", "0", "2", "secrets manage", "1", "q")
    assert "Owner, organization role, built-in, 38 permissions, held by 2 people, 1 account" in said
    assert "Amara Okafor: person, assigned directly" in said
    assert "Who can organization.secrets.manage:" in said


def test_holders_that_are_deactivated_are_said_to_be_and_counted_apart(session: Session) -> None:
    read = ("1", "", "0", "0", "0")
    said = talk(session, "5", "1", "Member", "1", *read, "2", "organization.view", "1", "", "", "", "q")
    assert "accounts (1 of them deactivated)" in said
    assert said.count("nightly-backup: account, assigned directly, deactivated") == 1
    assert said.count("nightly-backup: account, Member, assigned directly, deactivated") == 1
    assert said.count("Of these, 1 is deactivated, and can do nothing now.") == 2


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


def test_terms_find_rows_and_what_is_not_understood_changes_nothing(session: Session) -> None:
    said = talk(session, "1", "stat:off", "q")
    assert "There is no such term; put it in quotes to find it as text. Did you mean state:?" in said
    assert "This is still the list of 37 rows." in said
    said = talk(session, "1", "state:off -nightly", "q")
    assert "1 row with “state:off -nightly”." in said
    assert "old-jenkins-bridge" in said.partition("1 row with")[2]
    said = talk(session, "2", "age>30d", "q")
    assert "0 people with “age>30d”. For 16 rows it is not known whether they match." in said


def test_a_filter_of_the_settings_is_chosen_by_its_name(session: Session) -> None:
    named_filters.use({"off": "state:off"})
    try:
        said = talk(session, "1", "'", "1", "q")
    finally:
        named_filters.use({})
    assert "1. off: state:off" in said
    assert "2 rows with “state:off”." in said
