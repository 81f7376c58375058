"""`--all-contexts`: every context of ~/.sem.yaml side by side, read-only, with what is known of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.conftest import rename_person, writes
from tests.support.commands import TOKEN, Run

OLENA = "Olena Kovalenko"


@pytest.fixture
def other() -> Iterator[DemoServer]:
    """Another organization, where everybody but one is called otherwise."""
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        for person in list(running.organization.state.people.values()):
            if person.name != OLENA:
                rename_person(running, person.name, f"{person.name} Jr")
        rename_person(running, OLENA, "OLENA  Kovalenko")
        yield running


@pytest.fixture
def _contexts(server: DemoServer, other: DemoServer, tmp_path: Path) -> None:
    text = "".join(
        f'  {name}: {{host: "{each.address}", auth: {{token: "{each.tokens["owner"]}"}}}}\n'
        for name, each in (("one", server), ("two", other))
    )
    path = tmp_path / ".sem.yaml"
    path.write_text(f"active-context: one\ncontexts:\n{text}")
    path.chmod(0o600)


@pytest.fixture
def hosts(_contexts: None, server: DemoServer, other: DemoServer) -> list[str]:
    return [each.address.removeprefix("http://") for each in (server, other)]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "arguments", [("list", "accounts"), ("list", "projects"), ("who-can", "people.manage"), ("findings",)], ids=" ".join
)
def test_the_rows_of_each_stand_beside_those_of_the_others(
    run: Run, hosts: list[str], server: DemoServer, other: DemoServer, arguments: tuple[str, ...]
) -> None:
    alone = [run(*arguments, "--format", "csv", on=each).rows for each in (server, other)]
    both = run(*arguments, "--all-contexts", "--format", "csv")
    assert {row["organization"].removeprefix("'") for row in both.rows} == set(hosts)
    for host, rows in zip(hosts, alone, strict=True):
        mine = [row for row in both.rows if row["organization"].removeprefix("'") == host]
        assert [{key: row[key] for key in rows[0]} for row in mine] == rows
    text = run(*arguments, "--all-contexts").out
    assert text.split()[0] == "ORGANIZATION"
    assert all(f"\n{host}: " in text for host in hosts)
    told = json.loads(run(*arguments, "--all-contexts", "--format", "json").out)
    assert {each["organization"] for each in told["organizations"]} == set(hosts)
    assert writes(server) + writes(other) == []


def test_a_context_that_cannot_be_opened_is_named(run: Run, hosts: list[str], tmp_path: Path) -> None:
    with (tmp_path / ".sem.yaml").open("a") as file:
        file.write('  out: {host: acme.semaphoreci.com}\n  odd: {host: "a b", auth: {token: x}}\n')
    ended = run("list", "groups", "--all-contexts")
    assert ended.status == 0
    assert "semtui: The context out is left out: it has no API token.\n" in ended.err
    assert "semtui: The context odd is left out: its host cannot be understood.\n" in ended.err


def test_people_of_one_name_are_probably_the_same(run: Run, hosts: list[str]) -> None:
    ended = run("list", "people", "--all-contexts")
    assert ended.status == 0
    rows = [line for line in ended.out.splitlines() if "kovalenko" in line.casefold()]
    assert len(rows) == 2
    assert [line.split()[-1] for line in rows] == [
        next(host for host in hosts if not line.startswith(host)) for line in rows
    ]
    assert "PROBABLY THE SAME IN" in ended.out
    told = json.loads(run("list", "people", "--all-contexts", "--format", "json").out)
    assert [each["name"].casefold().split() for each in told["probably_the_same"]] == [OLENA.casefold().split()]
    # Accounts of one name are not: everybody calls one ci-deployer.
    assert "PROBABLY" not in run("list", "accounts", "--all-contexts").out


def test_what_is_not_known_of_one_is_said_of_that_one(
    run: Run, hosts: list[str], server: DemoServer, other: DemoServer
) -> None:
    other.inject(Fault(path="/service_accounts", status=500, times=None))
    ended = run("list", "accounts", "--all-contexts")
    assert ended.status == 1
    assert f"\n{hosts[0]}: Complete.\n" in ended.out
    assert f"\n{hosts[1]}: The list of service accounts could not be read" in ended.out
    assert not any(line.startswith(hosts[1]) for line in ended.out.partition("\n\n")[0].splitlines())
    told = json.loads(run("list", "accounts", "--all-contexts", "--format", "json").out)
    answers = {each["organization"]: each["answer"] for each in told["organizations"]}
    assert answers[hosts[1]] is None
    assert answers[hosts[0]]["service_accounts"]
    other.inject(Fault(path="/members", status=500, times=None))
    asked = run("who-can", "people.manage", "--all-contexts")
    assert asked.status == 1
    assert f"\n{hosts[0]}: Complete.\n" in asked.out
    assert f"\n{hosts[1]}: The list of people could not be read" in asked.out


def test_a_question_that_means_something_in_one_only_is_answered_there(
    run: Run, hosts: list[str], server: DemoServer
) -> None:
    server.organization.create_role("Night watch", ["organization.view"])
    ended = run("list", "people", "--all-contexts", "--filter", "role:'Night watch'")
    assert ended.status in (1, 2)
    assert run("list", "people", "--all-contexts", "--filter", "nonsense:x").status == 2


def test_an_organization_that_fails_a_threshold_fails_all(run: Run, hosts: list[str]) -> None:
    assert run("findings", "--all-contexts", "--fail-on", "high").status == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--demo",), "--all-contexts asks every context of ~/.sem.yaml, not one; leave out --demo"),
        (("--host", "acme.example.com"), "leave out --demo, --context and --host."),
        (("--from", "a.json"), "--all-contexts asks organizations; leave out --from."),
        (("--format", "md"), "--format takes text, json or csv."),
    ],
)
def test_what_does_not_go_with_it_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = run("who-can", "people.manage", "--all-contexts", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_without_contexts_there_is_nothing_to_ask(run: Run) -> None:
    ended = run("list", "people", "--all-contexts", token=TOKEN)
    assert ended.status == 2
    assert "There is no context in ~/.sem.yaml to open" in ended.err
