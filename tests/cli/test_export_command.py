"""`semtui export`: what it writes, and what it never does."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.records import MANUALLY
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.export.contents import (
    FORMATS,
    WHATS,
    What,
)
from semtui.export.records import NO_ROLE
from tests.support.commands import Run
from tests.support.export_rows import by_id, effective_of, expected, project_members

# Complete


@pytest.mark.parametrize("what", WHATS)
def test_the_csv_is_what_the_organization_holds(export: Run, server: DemoServer, what: What) -> None:
    ended = export("--what", what)
    assert ended.status == 0
    assert by_id(ended.rows) == expected(server, what)
    assert ended.out.endswith("\r\n")
    assert re.search(r"(?<!\r)\n", ended.out) is None


@pytest.mark.parametrize("what", WHATS)
def test_the_json_is_what_the_organization_holds(export: Run, server: DemoServer, what: What) -> None:
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


def test_excel_finds_a_byte_order_mark_where_one_is_asked_for(export: Run, tmp_path: Path) -> None:
    plain = export("--what", "groups")
    assert export("--what", "groups", "--bom").out == f"\ufeff{plain.out}"
    path = tmp_path / "groups.csv"
    assert export("--what", "groups", "--bom", "--output", str(path)).status == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + plain.out.encode()


def test_a_cell_that_was_cut_is_told_and_the_export_is_not_complete(export: Run, server: DemoServer) -> None:
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


def test_the_many_members_of_a_group_are_counted_where_they_do_not_fit(export: Run) -> None:
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


def test_half_a_character_stops_no_reader_of_json(export: Run, server: DemoServer) -> None:
    role = '[{"id":"1","name":"Half","description":"half \\ud83d of it","scope":1,"permissions":[]}]'
    server.inject(Fault("GET", "/roles", "status", status=200, body=role, times=None))
    ended = export("--what", "roles", "--format", "json")
    assert ended.status == 0
    assert "1 text holds half of a character, which JSON cannot; U+FFFD stands there." in ended.err
    assert ended.lists["roles"][0]["description"] == "half \ufffd of it"
    assert export("--what", "roles").rows[0]["description"] == "half ‹D83D› of it"


def test_people_of_a_project_that_are_refused_leave_cells_empty_and_a_word(export: Run, server: DemoServer) -> None:
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


def test_without_the_list_of_projects_nothing_is_written(export: Run, server: DemoServer) -> None:
    server.inject(Fault("GET", "/projects", "refuse", times=None))
    ended = export("--what", "projects")
    assert (ended.status, ended.out) == (1, "")
    assert "The list of projects could not be read: " in ended.err


def test_everything_as_csv_is_the_default(export: Run) -> None:
    assert export().out == export("--what", "all", "--format", "csv").out


def test_two_exports_are_alike(export: Run) -> None:
    assert export("--format", "json").out == export("--format", "json").out


def test_only_get_is_sent_and_only_for_the_lists_that_are_needed(export: Run, server: DemoServer) -> None:
    assert export("--what", "people").status == 0
    assert {(request.method, request.path.partition("?")[0]) for request in server.requests} == {
        ("GET", "/api/v1alpha/members"),
        ("GET", "/api/v1alpha/service_accounts"),
        # People may hold roles through groups; roles tell whether there are groups at all.
        ("GET", "/api/v1alpha/groups"),
        ("GET", "/api/v1alpha/roles"),
    }


@pytest.mark.parametrize("what", WHATS)
def test_community_is_exported_whole_though_it_has_no_groups(export: Run, community: DemoServer, what: What) -> None:
    # A role given through the API turns an account into a "user" there (API.md#subject-types).
    account = community.organization.service_account_named("ci-deployer")
    assert account is not None
    community.organization.assign_role(account.id, "Admin")
    ended = export("--what", what, on=community)
    assert ended.status == 0
    assert by_id(ended.rows) == expected(community, what)
    assert ("Semaphore Community has no groups." in ended.err) == (what in ("groups", "all"))


def test_a_support_person_may_export_everything(export: Run, server: DemoServer) -> None:
    ended = export(who="support")
    assert ended.status == 0
    assert by_id(ended.rows) == expected(server, "all")


def test_a_large_organization_is_exported_whole(export: Run) -> None:
    with DemoServer(size=2500, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as large:
        ended = export(on=large)
        assert ended.status == 0
        assert by_id(ended.rows) == expected(large, "all")


def test_an_account_that_slips_between_two_pages_is_found(export: Run) -> None:
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
def test_hostile_names_are_inert_as_csv_and_whole_as_json(export: Run, server: DemoServer, text: str) -> None:
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


def test_no_token_is_ever_written(export: Run, server: DemoServer) -> None:
    organization = server.organization
    tokens = [organization.token_of(one) for one in (*organization.state.people, *organization.state.service_accounts)]
    assert len([token for token in tokens if token]) > 10
    written = export("--format", "json").out + export().out
    assert not [token for token in tokens if token and token in written]


def test_several_bindings_stand_in_step(export: Run, server: DemoServer) -> None:
    person_id = server.organization.person_named("Tomasz Wiśniewski")
    assert person_id is not None
    assert set(server.organization.state.org_bindings[person_id]) == {"scim", MANUALLY}
    (row,) = [row for row in export("--what", "people").rows if row["id"] == person_id]
    assert (row["role"], row["source"]) == ("Member; Release manager", "scim; manually")
