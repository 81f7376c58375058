"""`semtui list` and `semtui show`: the rows of the screen, narrowed as on the screen, as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.wording.listings import COLUMNS, LISTED
from tests.conftest import rename_person
from tests.support.commands import TOKEN, Run, account_id


@pytest.mark.parametrize("what", LISTED)
def test_a_list_has_the_same_rows_in_every_format(run: Run, what: str, tmp_path: Path) -> None:
    text = run("list", what)
    assert text.status == 0, text.err
    names = [json_name(each) for each in next(iter(json.loads(run("list", what, "--format", "json").out).values()))]
    assert len(names) > 3
    lines = text.out.splitlines()
    assert lines[0].split()[0] == "NAME"
    assert len(lines) == len(names) + 1
    assert all(any(line.startswith(name) for line in lines) for name in names)
    rows = list(csv.DictReader(io.StringIO(run("list", what, "--format", "csv").out)))
    assert sorted(row["name"].removeprefix("'") for row in rows) == sorted(names)
    snapshot = tmp_path / "a.json"
    run("snapshot", "--output", str(snapshot))
    assert run("list", what, "--from", str(snapshot), "--format", "csv").rows == rows


def json_name(record: dict[str, str]) -> str:
    return record["name"]


@pytest.mark.parametrize(
    ("what", "search", "found"),
    [
        ("accounts", "state:active role:admin", ["legacy-signer", "terraform"]),
        ("accounts", "terra", ["terraform"]),
        ("groups", "support", ["Support desk"]),
        (
            "people",
            "group:Contractors",
            ["Maximiliana Konstantinopoulou-Featherstonehaugh de la Vega y Montenegro", "王秀英"],
        ),
        ("roles", "support", ["Support"]),
        ("roles", "can:people.manage kind:built-in scope:organization", ["Admin", "Owner"]),
        ("projects", "owner:Amara", ["infra-live", "web-storefront"]),
        ("projects", "shop", ["web-storefront"]),
        ("permissions", "people invite", ["organization.people.invite"]),
    ],
)
def test_a_filter_finds_what_the_search_line_finds(run: Run, what: str, search: str, found: list[str]) -> None:
    listed = json.loads(run("list", what, "--filter", search, "--format", "json").out)
    assert sorted(json_name(each) for each in next(iter(listed.values()))) == found


def test_a_table_keeps_its_columns_whatever_a_name_is(run: Run, server: DemoServer) -> None:
    rename_person(server, "Sam Patel", "王" * 30)
    lines = run("list", "people").out.splitlines()
    start = lines[0].index("ROLE")
    assert all(line[start - 2 : start] == "  " for line in lines if line.isascii() and len(line) < 120)
    assert len(COLUMNS["people"]) == len(lines[0].split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TOKEN,), "WHAT is people, accounts, groups, roles, projects or permissions."),
        (("roles", "--filter", "state:active"), "--filter: There is no such term here"),
        (("projects", "--filter", "owner>1"), "owner takes a colon"),
        (("projects", "--filter", "owner:zed"), "--filter: owner: nothing here has that value. There are Amara"),
        (("permissions", "--filter", "can:view"), "--filter: There is no such term here"),
        (("people", "--filter", "nonsense:x"), "--filter: "),
        (("people", "--filter", "role:Nobody"), "--filter: "),
        (("people", "--format", "md"), "--format takes text, json or csv."),
    ],
)
def test_what_cannot_be_listed_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = run("list", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "canary" not in ended.err


def test_a_list_that_could_not_be_read_is_not_called_complete(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/service_accounts", status=500, times=None))
    ended = run("list", "accounts")
    assert (ended.status, ended.out) == (1, "")
    assert "The list of service accounts could not be read" in ended.err
    assert "Nothing was written." in ended.err
    people = run("list", "people")
    assert people.status == 1
    assert "Service accounts may stand among the people." in people.err
    assert people.out
    assert run("list", "people", "--allow-unknown").status == 0


# Show


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("terraform", "description  Plans and applies infra-live"),
        ("Kenji Watanabe", "groups       Platform engineering  Admin"),
        ("Platform engineering", "Kenji Watanabe"),
        ("Support", "held by      1 person, 1 account, 1 group"),
        ("web-storefront", "Zoë Müller-Lüdenscheidt  Admin"),
    ],
)
def test_everything_is_shown_by_name_or_id(run: Run, name: str, words: str) -> None:
    shown = run("show", name)
    assert shown.status == 0, shown.err
    assert words in shown.out
    record = json.loads(run("show", name, "--format", "json").out)
    assert record["name"] == name
    assert json.loads(run("show", record["id"], "--at-id", "--format", "json").out) == record


def test_what_is_not_there_or_there_twice_is_not_shown(run: Run, server: DemoServer) -> None:
    ended = run("show", TOKEN)
    assert ended.status == 2
    assert "X: Nobody and nothing that is listed has that id or exactly that name." in ended.err
    rename_person(server, "Sam Patel", "terraform")
    both = run("show", "terraform")
    assert both.status == 2
    assert account_id(server, "terraform") in both.err
    assert "2 have that name; give one of the ids" in both.err
