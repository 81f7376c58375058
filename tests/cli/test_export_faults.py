"""`semtui export`: what is said and written when a list cannot be read."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.export.contents import (
    FORMATS,
)
from tests.support.commands import Run
from tests.support.export_rows import by_id, expected

# Something is missing


def test_a_member_may_export_nothing_and_nothing_is_written(export: Run, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    ended = export("--output", str(path), who="member")
    assert (ended.status, ended.out) == (1, "")
    assert "This API token lacks the permission organization.people.view." in ended.err
    assert "The list of service accounts could not be read" in ended.err
    assert "Nothing was exported." in ended.err
    assert not path.exists()
    assert list(tmp_path.iterdir()) == []


FAULTS = [
    pytest.param(Fault(kind="refuse", times=None), "lacks the permission", id="refused"),
    pytest.param(Fault(kind="status", times=None), "answered with a server error (status 500", id="failing"),
    pytest.param(Fault(kind="truncate", times=None), "", id="cut"),
    pytest.param(Fault(kind="html", status=200, times=None), "an HTML page", id="html"),
    pytest.param(Fault(kind="wrong_json", times=None), "cannot be read", id="wrong"),
]


def struck(fault: Fault, path: str) -> Fault:
    return Fault(path=path, kind=fault.kind, status=fault.status, times=fault.times)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("fault", "reason"), FAULTS)
@pytest.mark.parametrize(
    ("what", "path", "words"),
    [
        ("people", "/members", "people"),
        ("service-accounts", "/service_accounts", "service accounts"),
        ("groups", "/groups", "groups"),
        ("roles", "/roles", "roles"),
        ("all", "/groups", "groups"),
    ],
)
def test_without_its_own_list_an_export_writes_nothing(
    export: Run,
    server: DemoServer,
    tmp_path: Path,
    what: str,
    path: str,
    words: str,
    fault: Fault,
    reason: str,
    form: str,
) -> None:
    server.inject(struck(fault, path))
    output = tmp_path / "export"
    ended = export("--what", what, "--format", form, "--output", str(output))
    assert (ended.status, ended.out) == (1, "")
    assert re.search(rf"lists? of [a-z ,]*{words}[a-z ,]* could not be read: .*{re.escape(reason)}", ended.err)
    assert ended.err.endswith("semtui: Nothing was exported.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_second_page_that_fails_makes_the_list_missing(export: Run) -> None:
    with DemoServer(size=1000, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        large.inject(Fault(path="/service_accounts", kind="delay", seconds=0))
        large.inject(Fault(path="/service_accounts", kind="status"))
        ended = export("--what", "service-accounts", on=large)
    assert (ended.status, ended.out) == (1, "")
    assert "The list of service accounts could not be read" in ended.err


@pytest.mark.parametrize(("fault", "reason"), FAULTS)
def test_without_roles_accounts_are_written_and_their_cells_are_empty(
    export: Run, server: DemoServer, tmp_path: Path, fault: Fault, reason: str
) -> None:
    server.inject(struck(fault, "/members"))
    output = tmp_path / "accounts.csv"
    ended = export("--what", "service-accounts", "--output", str(output))
    assert (ended.status, ended.out) == (1, "")
    assert "roles of service accounts could not be read: " in ended.err
    assert reason in ended.err
    assert "What only that would tell is left empty." in ended.err
    assert "Roles that groups may give stand as (unknown) in the column effective." in ended.err
    rows = list(csv.DictReader(io.StringIO(output.read_bytes().decode(), newline="")))
    whole = [{**row, "role": "", "source": ""} for row in expected(server, "service-accounts")]
    for row in whole:
        row["effective"] = "(unknown); (deactivated)" if row["state"] == "deactivated" else "(unknown)"
    assert [{**row, "state": ""} for row in by_id(rows)] == [{**row, "state": ""} for row in whole]
    assert {row["state"] for row in rows} == {"active", "deactivated"}


def test_who_sees_people_alone_exports_people_alone(export: Run, server: DemoServer) -> None:
    person_id = server.organization.person_named("Olena Kovalenko")
    assert person_id is not None
    token = server.organization.tokens.issue(person_id)
    people = export("--what", "people", token=token)
    assert people.status == 1
    assert by_id(people.rows) == expected(server, "people")
    assert "Service accounts may stand among the people." in people.err
    everything = export(token=token)
    assert (everything.status, everything.out) == (1, "")
    assert "The list of service accounts could not be read" in everything.err


def test_an_organization_that_does_not_answer_is_told(export: Run) -> None:
    with DemoServer() as gone:
        tokens = gone.tokens
    ended = export(on=gone, token=tokens["owner"])
    assert (ended.status, ended.out) == (1, "")
    assert "The lists of people, service accounts and groups could not be read: " in ended.err


def test_a_token_that_is_not_accepted_is_told_once(export: Run) -> None:
    ended = export(token="not-a-token-of-anybody")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.count("does not accept this API token") == 2
