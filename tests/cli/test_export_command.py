"""`semtui export`: what it writes, what it says, how it ends, and what it never does."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from semtui.__main__ import main
from semtui.demo.faults import Fault
from semtui.demo.records import MANUALLY
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.export.contents import (
    COLUMNS,
    FORMATS,
    WHATS,
    What,
)
from semtui.export.records import NO_ROLE
from tests.conftest import writes
from tests.support.terminal import SEMTUI, clean_environment

TOKEN = "canary-token-0123456789"


@dataclass(frozen=True)
class Ended:
    """How a run of semtui ended."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out, newline=""), strict=True))

    @property
    def lists(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Export = Callable[..., Ended]


@pytest.fixture
def export(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Export:
    """Runs `semtui export` against the demo organization, or another, with the token of `who`."""

    def run(*arguments: str, who: str = "owner", on: DemoServer | None = None, token: str = "") -> Ended:
        target = on or server
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("SEMAPHORE_HOST", target.address)
        monkeypatch.setenv("SEMAPHORE_API_TOKEN", token or target.tokens[who])
        status = main(["export", *arguments])
        out, err = (captured.decode() for captured in capfdbinary.readouterr())
        assert "Traceback" not in err
        assert all(re.fullmatch(r"semtui: [^\n]+[.?]", line) for line in err.splitlines()), err
        assert not writes(target)
        assert (token or target.tokens[who]) not in out + err
        return Ended(status, out, err)

    return run


@pytest.fixture
def community() -> Iterator[DemoServer]:
    with DemoServer(edition="ce", group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


def program(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run the installed semtui, without a terminal."""
    return subprocess.run(
        [SEMTUI, *arguments],
        env=clean_environment(home, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def shell(home: Path, command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which $SEMTUI is semtui."""
    return subprocess.run(
        ["bash", "-c", command],
        env=clean_environment(home, SEMTUI=SEMTUI, **variables),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


# What the organization holds, told by the organization itself


def roles_of(server: DemoServer, subject_id: str) -> tuple[str, str]:
    """The role and source cells of a subject."""
    state = server.organization.state
    order = ("Owner", "Admin", "Member")

    def web_order(binding: tuple[str, str]) -> tuple[int, str]:
        name = state.roles[binding[1]].name
        return (order.index(name) if name in order else 9, name)

    bindings = sorted(state.org_bindings.get(subject_id, {}).items(), key=web_order)
    names = "; ".join(state.roles[role_id].name for _, role_id in bindings)
    return names or NO_ROLE, "; ".join(source for source, _ in bindings)


def effective_of(server: DemoServer, subject_id: str) -> str:
    """The cell of the roles a subject holds, through groups too."""
    state = server.organization.state
    holders = [subject_id, *(each.id for each in state.groups.values() if subject_id in each.member_ids)]
    held = {state.roles[role].name for each in holders for role in state.org_bindings.get(each, {}).values()}
    first = ("Owner", "Admin", "Member")
    names = [*(name for name in first if name in held), *sorted(held - {*first}, key=str.casefold)]
    account = state.service_accounts.get(subject_id)
    off = ["(deactivated)"] if names and account is not None and account.deactivated else []
    return "; ".join([*names, *off]) or NO_ROLE


def web_time(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(seconds))


def people_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for person in state.people.values():
        role, source = roles_of(server, person.id)
        if role != NO_ROLE:
            rows.append({"name": person.name, "id": person.id, "kind": "person", "role": role, "source": source})
    return rows


def account_rows(server: DemoServer) -> list[dict[str, str]]:
    rows = []
    for account in server.organization.state.service_accounts.values():
        role, source = roles_of(server, account.id)
        state = "deactivated" if account.deactivated else "no role" if role == NO_ROLE else "active"
        rows.append(
            {
                "name": account.name,
                "description": account.description,
                "deactivated": str(account.deactivated).lower(),
                "created_at": web_time(account.created_at),
                "updated_at": web_time(account.updated_at),
                "id": account.id,
                "kind": "service_account",
                "role": role,
                "source": source,
                "state": state,
            }
        )
    return rows


def group_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for group in state.groups.values():
        members = [state.people.get(one) or state.service_accounts[one] for one in group.member_ids]
        members.sort(key=lambda member: member.name.casefold())
        role, source = roles_of(server, group.id)
        rows.append(
            {
                "name": group.name,
                "description": group.description,
                "members": str(len(members)),
                "member_names": "; ".join(member.name for member in members),
                "member_ids": "; ".join(member.id for member in members),
                "id": group.id,
                "kind": "group",
                "role": role,
                "source": source,
            }
        )
    return rows


def role_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for role in state.roles.values():
        if role.scope != "org":
            continue
        holders = {one for one, bindings in state.org_bindings.items() if role.id in bindings.values()}
        rows.append(
            {
                "name": role.name,
                "description": role.description,
                "scope": "org",
                "permissions": str(len(role.permissions)),
                "origin": "built-in" if role.readonly else "custom",
                "people": str(len(holders & state.people.keys())),
                "service_accounts": str(len(holders & state.service_accounts.keys())),
                "groups": str(len(holders & state.groups.keys())),
                "deactivated_service_accounts": str(
                    sum(account.deactivated for account in state.service_accounts.values() if account.id in holders)
                ),
                "id": role.id,
                "permission_names": "; ".join(sorted(role.permissions)),
            }
        )
    return rows


def project_members(server: DemoServer, project_id: str) -> list[dict[str, Any]]:
    """The people of a project, as Semaphore answers for them."""
    answer = httpx.get(
        f"{server.address}/api/v1alpha/projects/{project_id}/members",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        trust_env=False,
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["members"]
    return sorted(found, key=lambda member: (member["name"].casefold(), member["id"]))


def project_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for project in state.projects.values():
        members = project_members(server, project.id)
        owner = state.people.get(project.owner_id)
        rows.append(
            {
                "name": project.name,
                "description": project.description,
                "members": str(len(members)),
                "member_names": "; ".join(member["name"] for member in members),
                "member_ids": "; ".join(member["id"] for member in members),
                "member_roles": "; ".join(
                    ", ".join(sorted(role["role_name"] for role in member["roles"])) for member in members
                ),
                "owner": owner.name if owner else "",
                "owner_id": project.owner_id,
                "org_id": state.org_id,
                "id": project.id,
            }
        )
    return rows


def expected(server: DemoServer, what: What) -> list[dict[str, str]]:
    """The rows an export must have, every column filled in, by id."""
    makers: dict[What, Callable[[DemoServer], list[dict[str, str]]]] = {
        "people": people_rows,
        "service-accounts": account_rows,
        "groups": group_rows,
        "roles": role_rows,
        "projects": project_rows,
        "all": lambda server: people_rows(server) + account_rows(server) + group_rows(server),
    }
    rows = makers[what](server)
    if what not in ("roles", "projects"):
        rows = [{**row, "effective": effective_of(server, row["id"])} for row in rows]
    blank = dict.fromkeys(COLUMNS[what], "")
    return sorted(({**blank, **row} for row in rows), key=lambda row: row["id"])


def by_id(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["id"])


# Complete


@pytest.mark.parametrize("what", WHATS)
def test_the_csv_is_what_the_organization_holds(export: Export, server: DemoServer, what: What) -> None:
    ended = export("--what", what)
    assert ended.status == 0
    assert by_id(ended.rows) == expected(server, what)
    assert ended.out.endswith("\r\n")
    assert re.search(r"(?<!\r)\n", ended.out) is None


@pytest.mark.parametrize("what", WHATS)
def test_the_json_is_what_the_organization_holds(export: Export, server: DemoServer, what: What) -> None:
    ended = export("--what", what, "--format", "json")
    assert ended.status == 0
    assert ended.out.isascii()
    state = server.organization.state
    subjects = [name for name in ended.lists if name not in ("roles", "projects")]
    for record in [one for name in subjects for one in ended.lists[name]]:
        effective = effective_of(server, record["id"]).removesuffix("; (deactivated)")
        assert record["effective"] == {"roles": effective.split("; ") if effective != NO_ROLE else [], "complete": True}
        held = {(one["source"], one["role_id"]) for one in record["roles"]}
        assert held == set(state.org_bindings.get(record["id"], {}).items())
        assert all(state.roles[one["role_id"]].name == one["role_name"] for one in record["roles"])
    for record in ended.lists.get("service_accounts", []):
        account = state.service_accounts[record["id"]]
        for key in ("name", "description", "creator_id", "created_at", "updated_at", "deactivated"):
            assert record[key] == getattr(account, key)
    for record in ended.lists.get("groups", []):
        assert sorted(one["id"] for one in record["members"]) == sorted(state.groups[record["id"]].member_ids)
        assert record["member_ids"] == state.groups[record["id"]].member_ids
    for record in ended.lists.get("roles", []):
        role = state.roles[record["id"]]
        assert record["permissions"] == sorted(role.permissions)
        assert record["rbac_permissions"] == [
            {"name": name, "description": state.permissions[name].description} for name in sorted(role.permissions)
        ]
    for record in ended.lists.get("projects", []):
        project = state.projects[record["id"]]
        assert (record["name"], record["owner_id"]) == (project.name, project.owner_id)
        wanted = [{key: one[key] for key in ("id", "name", "roles")} for one in project_members(server, project.id)]
        assert record["members"] == wanted
    ids = {one["id"] for records in ended.lists.values() for one in records}
    roles = set(state.roles) if what == "all" else set()
    assert ids - roles == {row["id"] for row in expected(server, what)}


# Said of what is written


def test_excel_finds_a_byte_order_mark_where_one_is_asked_for(export: Export, tmp_path: Path) -> None:
    plain = export("--what", "groups")
    assert export("--what", "groups", "--bom").out == f"\ufeff{plain.out}"
    path = tmp_path / "groups.csv"
    assert export("--what", "groups", "--bom", "--output", str(path)).status == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + plain.out.encode()


def test_a_cell_that_was_cut_is_told_and_the_export_is_not_complete(export: Export, server: DemoServer) -> None:
    state = server.organization.state
    (account, other, *_) = state.service_accounts.values()
    account.description = "x" * 40_000
    other.description = "y" * 50_000
    ended = export("--what", "service-accounts")
    assert ended.status == 1
    assert "2 cells were longer than the 32,767 characters a spreadsheet takes and cut, in description; " in ended.err
    rows = {row["id"]: row for row in ended.rows}
    assert len(rows[account.id]["description"]) == 32_767
    assert rows[account.id]["description"].endswith("… (cut: 40,000 characters in all)")
    whole = export("--what", "service-accounts", "--format", "json")
    assert whole.status == 0
    assert [one["description"] for one in whole.lists["service_accounts"] if one["id"] == account.id] == ["x" * 40_000]


def test_the_many_members_of_a_group_are_counted_where_they_do_not_fit(export: Export) -> None:
    with DemoServer(size=2500, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        state = large.organization.state
        group = next(iter(state.groups.values()))
        group.member_ids = list(state.people)[:1500]
        ended = export("--what", "groups", on=large)
        (row,) = [row for row in ended.rows if row["id"] == group.id]
        assert ended.status == 1
        assert row["members"] == "1500"
        *kept, last = row["member_ids"].split("; ")
        assert set(kept) < set(group.member_ids)
        assert last == f"… (cut: {1500 - len(kept):,} more)"
        assert "in member_ids; JSON has all of it." in ended.err


def test_half_a_character_stops_no_reader_of_json(export: Export, server: DemoServer) -> None:
    role = '[{"id":"1","name":"Half","description":"half \\ud83d of it","scope":1,"permissions":[]}]'
    server.inject(Fault("GET", "/roles", "status", status=200, body=role, times=None))
    ended = export("--what", "roles", "--format", "json")
    assert ended.status == 0
    assert "1 text holds half of a character, which JSON cannot; U+FFFD stands there." in ended.err
    assert ended.lists["roles"][0]["description"] == "half \ufffd of it"
    assert export("--what", "roles").rows[0]["description"] == "half ‹D83D› of it"


def test_people_of_a_project_that_are_refused_leave_cells_empty_and_a_word(export: Export, server: DemoServer) -> None:
    project = server.organization.project_named("payments-api")
    assert project is not None
    server.inject(Fault("GET", f"/projects/{project.id}/members", "refuse", times=None))
    for form in FORMATS:
        ended = export("--what", "projects", "--format", form)
        assert ended.status == 1
        assert "The people of 1 project could not be read: " in ended.err
        if form == "csv":
            empty = [row["name"] for row in ended.rows if row["members"] == row["member_names"] == ""]
        else:
            empty = [one["name"] for one in ended.lists["projects"] if one["members"] is None]
        assert empty == ["payments-api"]


def test_without_the_list_of_projects_nothing_is_written(export: Export, server: DemoServer) -> None:
    server.inject(Fault("GET", "/projects", "refuse", times=None))
    ended = export("--what", "projects")
    assert (ended.status, ended.out) == (1, "")
    assert "The list of projects could not be read: " in ended.err


def test_everything_as_csv_is_the_default(export: Export) -> None:
    assert export().out == export("--what", "all", "--format", "csv").out


def test_two_exports_are_alike(export: Export) -> None:
    assert export("--format", "json").out == export("--format", "json").out


def test_only_get_is_sent_and_only_for_the_lists_that_are_needed(export: Export, server: DemoServer) -> None:
    assert export("--what", "people").status == 0
    assert {(request.method, request.path.partition("?")[0]) for request in server.requests} == {
        ("GET", "/api/v1alpha/members"),
        ("GET", "/api/v1alpha/service_accounts"),
        # People may hold roles through groups; roles tell whether there are groups at all.
        ("GET", "/api/v1alpha/groups"),
        ("GET", "/api/v1alpha/roles"),
    }


@pytest.mark.parametrize("what", WHATS)
def test_community_is_exported_whole_though_it_has_no_groups(export: Export, community: DemoServer, what: What) -> None:
    # A role given through the API turns an account into a "user" there (API.md#subject-types).
    account = community.organization.service_account_named("ci-deployer")
    assert account is not None
    community.organization.assign_role(account.id, "Admin")
    ended = export("--what", what, on=community)
    assert ended.status == 0
    assert by_id(ended.rows) == expected(community, what)
    assert ("Semaphore Community has no groups." in ended.err) == (what in ("groups", "all"))


def test_a_support_person_may_export_everything(export: Export, server: DemoServer) -> None:
    ended = export(who="support")
    assert ended.status == 0
    assert by_id(ended.rows) == expected(server, "all")


def test_a_large_organization_is_exported_whole(export: Export) -> None:
    with DemoServer(size=2500, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        ended = export(on=large)
        assert ended.status == 0
        assert by_id(ended.rows) == expected(large, "all")


def test_an_account_that_slips_between_two_pages_is_found(export: Export) -> None:
    with DemoServer(size=1000, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        accounts = sorted(large.organization.state.service_accounts.values(), key=lambda one: (one.created_at, one.id))
        assert len(accounts) > 100
        large.inject(Fault(path="/service_accounts", kind="delay", seconds=0))
        large.inject(Fault(path="/service_accounts", kind="hold", keep_work=False))

        def delete_meanwhile() -> None:
            assert large.wait_until_held(timeout=30)
            # The 101st account becomes the 100th: a page already read.
            large.organization.delete_service_account(accounts[0].id)
            large.release()

        meanwhile = threading.Thread(target=delete_meanwhile)
        meanwhile.start()
        ended = export("--what", "service-accounts", on=large)
        meanwhile.join()
        assert ended.status == 0
        # The list of roles, read before, may still tell of the deleted one.
        rows = [row for row in by_id(ended.rows) if row["id"] != accounts[0].id]
        assert rows == expected(large, "service-accounts")


# Options


def test_options_may_stand_before_or_after_the_word(tmp_path: Path) -> None:
    for arguments in (["--demo", "export"], ["export", "--demo"], ["--demo", "--read-only", "export", "--read-only"]):
        ended = program(tmp_path, *arguments, "--what", "groups")
        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.startswith(b"name,description,members,")


def test_a_host_given_before_the_word_is_not_forgotten(tmp_path: Path) -> None:
    ended = program(tmp_path, "--host", "me.semaphoreci.com", "export", SEMAPHORE_API_TOKEN=TOKEN)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"not an organization" in ended.stderr


def test_export_needs_no_terminal_and_loads_no_textual(tmp_path: Path) -> None:
    # httpx's command line needs click and, once it has found it, loads Rich: as where click is installed.
    (tmp_path / "click.py").write_text("import rich\nraise ImportError\n")
    code = (
        "import sys\nfrom semtui.__main__ import main\nstatus = main(['export', '--demo', '--output', sys.argv[1]])\n"
    )
    code += "print(status, sorted({name.partition('.')[0] for name in sys.modules} & {'textual', 'rich', 'httpx'}))"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "all.csv")],
        env=clean_environment(tmp_path, PYTHONPATH=str(tmp_path)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout == "0 ['httpx']\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--what", TOKEN], "--what takes people, service-accounts, groups, roles, projects or all"),
        (["--format", TOKEN], "--format takes csv or json"),
        (["--format", "json", "--bom"], "--bom is for CSV"),
        (["--what", ""], "--what takes"),
        (["--format", "CSV"], "--format takes csv or json"),
        (["--demo", "--host", "acme.semaphoreci.com"], "--demo opens the built-in organization"),
        (["--host", f"acme.semaphoreci.com/{TOKEN}"], "is not a host"),
    ],
)
def test_a_wrong_option_is_one_sentence_that_does_not_repeat_it(
    export: Export, server: DemoServer, arguments: list[str], said: str
) -> None:
    ended = export(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "canary" not in ended.err
    assert server.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", TOKEN],
        [TOKEN],
        [TOKEN, "export"],
        ["export", "--token", TOKEN],
        ["export", f"--token={TOKEN}"],
        ["export", f"--demo={TOKEN}"],
        [f"--demo={TOKEN}"],
        ["export", "--out", TOKEN],
    ],
)
def test_an_unknown_argument_is_refused_and_not_repeated(tmp_path: Path, arguments: list[str]) -> None:
    ended = program(tmp_path, *arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"unknown argument" in ended.stderr
    assert b"canary" not in ended.stderr


def test_help_tells_the_options_and_every_column(tmp_path: Path) -> None:
    ended = program(tmp_path, "export", "--help")
    assert (ended.returncode, ended.stderr) == (0, b"")
    words = ended.stdout.decode()
    options = set(re.findall(r"^  (?:-\w, )?(--[\w-]+)", words, re.MULTILINE))
    connection = {"--help", "--demo", "--context", "--host", "--read-only", "--ca-file"}
    assert options == connection | {"--what", "--format", "--output", "--bom"}
    for what in WHATS:
        told = re.search(rf"^  {what}: +((?:.|\n {{20}})+)", words, re.MULTILINE)
        assert told is not None
        assert re.sub(r"\s", "", told[1]) == ",".join(COLUMNS[what])


# Something is missing


def test_a_member_may_export_nothing_and_nothing_is_written(export: Export, tmp_path: Path) -> None:
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
    export: Export,
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


def test_a_second_page_that_fails_makes_the_list_missing(export: Export) -> None:
    with DemoServer(size=1000, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        large.inject(Fault(path="/service_accounts", kind="delay", seconds=0))
        large.inject(Fault(path="/service_accounts", kind="status"))
        ended = export("--what", "service-accounts", on=large)
    assert (ended.status, ended.out) == (1, "")
    assert "The list of service accounts could not be read" in ended.err


@pytest.mark.parametrize(("fault", "reason"), FAULTS)
def test_without_roles_accounts_are_written_and_their_cells_are_empty(
    export: Export, server: DemoServer, tmp_path: Path, fault: Fault, reason: str
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


def test_who_sees_people_alone_exports_people_alone(export: Export, server: DemoServer) -> None:
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


def test_an_organization_that_does_not_answer_is_told(export: Export) -> None:
    with DemoServer() as gone:
        tokens = gone.tokens
    ended = export(on=gone, token=tokens["owner"])
    assert (ended.status, ended.out) == (1, "")
    assert "The lists of people, service accounts and groups could not be read: " in ended.err


def test_a_token_that_is_not_accepted_is_told_once(export: Export) -> None:
    ended = export(token="not-a-token-of-anybody")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.count("does not accept this API token") == 2


# What others wrote


FORMULA = "=cmd|' /C calc'!A0"


def poisoned(server: DemoServer, text: str) -> None:
    """Let everybody's and everything's name be `text`."""
    state = server.organization.state
    for person in state.people.values():
        person.name = text
    for group in state.groups.values():
        group.name = text
    for account in state.service_accounts.values():
        account.name = text
    for identifier in (*state.people, *state.service_accounts, *state.groups):
        state.subjects[identifier].name = text
    for account in state.service_accounts.values():
        account.description = text
    for role in state.roles.values():
        role.description = text


@pytest.mark.parametrize(
    "text",
    [
        FORMULA,
        '=HYPERLINK("https://example.com","x")',
        "\t=1",
        "\r=1",
        "\0=1",
        "＝1",
        '"\r\n=1',
        "\x1b]0;title\x07",
        "a\u202eb",
        "\ufeff@SUM(1)",
        "x;=1",
    ],
)
def test_hostile_names_are_inert_as_csv_and_whole_as_json(export: Export, server: DemoServer, text: str) -> None:
    poisoned(server, text)
    table = export("--what", "all")
    assert table.status == 0
    assert table.out.replace("\r\n", "").isprintable()
    assert len(table.rows) == 37
    for row in table.rows:
        for cell in filter(None, row.values()):
            for part in cell.split(";"):
                assert part.strip(' "')[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\0")
    lossless = export("--what", "all", "--format", "json")
    assert lossless.status == 0
    rows = [one for name in ("people", "service_accounts", "groups") for one in lossless.lists[name]]
    assert {row["name"] for row in rows} == {text}
    assert {row["description"] for row in lossless.lists["roles"]} == {text}


def test_no_token_is_ever_written(export: Export, server: DemoServer) -> None:
    organization = server.organization
    tokens = [organization.token_of(one) for one in (*organization.state.people, *organization.state.service_accounts)]
    assert len([token for token in tokens if token]) > 10
    written = export("--format", "json").out + export().out
    assert not [token for token in tokens if token and token in written]


def test_several_bindings_stand_in_step(export: Export, server: DemoServer) -> None:
    person_id = server.organization.person_named("Tomasz Wiśniewski")
    assert person_id is not None
    assert set(server.organization.state.org_bindings[person_id]) == {"scim", MANUALLY}
    (row,) = [row for row in export("--what", "people").rows if row["id"] == person_id]
    assert (row["role"], row["source"]) == ("Member; Release manager", "scim; manually")


# Files


def test_a_file_is_written_whole_and_by_the_umask(export: Export, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    before = os.umask(0o027)
    try:
        ended = export("--output", str(path))
    finally:
        os.umask(before)
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.endswith(f"semtui: Exported to {path}.\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.stat().st_nlink == 1
    assert path.read_bytes().decode() == export().out
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_neither_overwritten_nor_anything_read(
    export: Export, server: DemoServer, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_text("older")
    ended = export("--output", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"semtui: {path} exists already and is never overwritten; choose another name, or remove it.\n"
    assert path.read_text() == "older"
    assert server.requests == []


def test_a_file_that_appears_meanwhile_is_not_overwritten(export: Export, server: DemoServer, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    server.inject(Fault(path="/groups", kind="hold"))

    def write_meanwhile() -> None:
        assert server.wait_until_held(timeout=30)
        path.write_text("somebody else's")
        server.release()

    meanwhile = threading.Thread(target=write_meanwhile)
    meanwhile.start()
    ended = export("--output", str(path))
    meanwhile.join()
    assert (ended.status, ended.out) == (1, "")
    assert "exists already and is never overwritten" in ended.err
    assert "Exported" not in ended.err
    assert path.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_is_never_followed(export: Export, tmp_path: Path, dangling: bool) -> None:
    elsewhere = tmp_path / "elsewhere"
    if not dangling:
        elsewhere.write_text("older")
    link = tmp_path / "all.csv"
    link.symlink_to(elsewhere)
    ended = export("--output", str(link))
    assert (ended.status, ended.out) == (2, "")
    assert "is a symbolic link, which is never written through" in ended.err
    assert elsewhere.exists() != dangling
    assert dangling or elsewhere.read_text() == "older"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param("", "A file name is missing", id="empty"),
        pytest.param(".", "A file name is missing", id="here"),
        pytest.param("directory", "is a directory; add a file name", id="directory"),
        pytest.param("directory/..", "A file name is missing", id="dots"),
        pytest.param("none/all.csv", "There is no directory", id="missing directory"),
        pytest.param("file/all.csv", "is not a directory", id="file for a directory"),
        pytest.param("n" * 300, "is too long", id="too long"),
        pytest.param("./-rf", "begins with a dash", id="dash"),
        pytest.param("a\nb", "cannot be printed", id="line break"),
        pytest.param("\x1b]0;x\x07", "cannot be printed", id="escape sequence"),
        pytest.param("a\0b", "cannot be printed", id="NUL"),
        pytest.param("loop/all.csv", "too many symbolic links", id="loop"),
        pytest.param("~nobody-of-this-name/all.csv", "home directory", id="unknown home"),
    ],
)
def test_a_bad_path_is_a_sentence_before_anything_is_read(
    export: Export, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(tmp_path.rglob("*"))
    ended = export("--output", path)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.rstrip("\n").isprintable()
    assert len(ended.err.splitlines()) == 1
    assert server.requests == []
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_named(export: Export, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o500)
    ended = export("--output", str(closed / "all.csv"))
    assert (ended.status, ended.out) == (2, "")
    assert "does not permit it" in ended.err


# Pipes


def test_whoever_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    # More than a pipe holds, so that head is gone before all is written.
    with DemoServer(size=1000) as large:
        ended = shell(
            tmp_path,
            '"$SEMTUI" export --format json | head -c 10; echo "${PIPESTATUS[0]}" >&2',
            SEMAPHORE_HOST=large.address,
            SEMAPHORE_API_TOKEN=large.tokens["owner"],
        )
    assert ended.stdout == b'{\n  "peopl'
    first, last = ended.stderr.decode().splitlines()
    assert first.startswith("semtui: Reading ")
    assert last == "1"


def test_a_pipe_that_is_already_closed_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ran = subprocess.run(
            [SEMTUI, "export", "--demo", "--what", "roles"],
            env=clean_environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writer)
    assert ran.returncode == 1
    assert re.fullmatch(rb"semtui: Reading [\d.:]+\.\n", ran.stderr)


def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo >/dev/full')
    assert ended.returncode == 1
    assert ended.stderr.decode().splitlines()[1:] == [
        "semtui: Standard output cannot be written: No space left on device."
    ]


def test_a_closed_standard_output_is_a_sentence(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo >&-')
    assert ended.returncode == 2
    assert ended.stderr == b"semtui: Standard output is closed; give a file with --output.\n"
    assert shell(tmp_path, '"$SEMTUI" export --demo --output all.csv >&-').returncode == 0


def test_a_closed_standard_error_leaves_the_export_clean(tmp_path: Path) -> None:
    ended = shell(tmp_path, '"$SEMTUI" export --demo --what roles 2>&-')
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"name,description,scope,")
    assert b"semtui:" not in ended.stdout


def test_the_file_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    ended = program(tmp_path, "export", "--demo", "--what", "people", LANG="C", LC_ALL="C", PYTHONUTF8="0")
    assert ended.returncode == 0
    assert "王秀英" in ended.stdout.decode()
