"""What the rows of an export tell."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import Any

import pytest

from semtui.api.errors import NoAnswerError
from semtui.api.models import (
    Member,
    RoleBinding,
    ServiceAccount,
)
from semtui.audit.access.selecting import shown as selected
from semtui.export.contents import (
    COLUMNS,
    FORMATS,
    WHATS,
    Format,
    What,
    export_text,
    gaps,
)
from semtui.export.records import NO_ROLE
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.organization.query import View
from tests.support.exported_texts import (
    ACCOUNT_COUNTS,
    CREATED,
    CREATED_CSV,
    NOW,
    PROJECTS,
    as_json,
    exported,
    member,
    organization,
    table,
    text_of,
    without,
)

# Tables


def test_people_begin_with_the_columns_of_the_web_and_its_empty_ones() -> None:
    text = text_of(organization(), "csv", "people")
    assert text == (
        "name,email,github_login,bitbucket_login,gitlab_login,id,kind,role,source,effective,state\r\n"
        "Ada,,,,,p1,person,Owner,manually,Owner; Member,\r\n"
        "Bo,,,,,p2,person,Admin; Member,manually; scim,Admin; Member,\r\n"
    )


def test_service_accounts_begin_with_the_columns_of_the_web_and_tell_when_they_were_really_updated() -> None:
    text = text_of(organization(), "csv", "service-accounts")
    assert text == (
        "name,description,deactivated,created_at,updated_at,id,kind,role,source,effective,state\r\n"
        "ci,Deploys,false,2025-07-16 01:04:15Z,2025-07-16 01:05:15Z,"
        "a1,service_account,Member,manually,Member,active\r\n"
        "idle,,true,,,a2,service_account,(none),,(none),deactivated\r\n"
    )


def test_groups_tell_how_many_members_they_have_and_who_they_are() -> None:
    text = text_of(organization(), "csv", "groups")
    # Whom no list names stands last, with an empty name.
    assert text == (
        "name,description,members,member_names,member_ids,id,kind,role,source,effective,state\r\n"
        "Crew,Ships,3,Ada; ci; ,p1; a1; gone,g1,group,Member,manually,Member,\r\n"
    )


def test_roles_tell_what_they_permit_and_how_many_hold_them() -> None:
    text = text_of(organization(), "csv", "roles")
    assert text == (
        "name,description,scope,permissions,origin,people,service_accounts,groups,deactivated_service_accounts,id,permission_names\r\n"
        "Admin,,org,0,custom,1,0,0,0,id of Admin,\r\n"
        "Member,Looks,org,2,built-in,1,1,1,0,id of Member,organization.dashboards.view; organization.view\r\n"
    )


def test_the_table_of_all_has_every_column_and_everyone_but_no_roles() -> None:
    rows = table(organization(), "all")
    assert [row["name"] for row in rows] == ["Ada", "Bo", "ci", "idle", "Crew"]
    assert [row["kind"] for row in rows] == ["person", "person", "service_account", "service_account", "group"]
    for what in WHATS[:3]:
        assert set(COLUMNS[what]) <= set(COLUMNS["all"])
        for row in table(organization(), what):
            assert row.items() <= next(one for one in rows if one["id"] == row["id"]).items()


def test_no_role_and_an_unknown_role_are_not_the_same() -> None:
    people = without(organization(), "account_members", "group_members")
    assert [(row["name"], row["role"], row["source"]) for row in table(people, "all")[2:]] == [
        ("ci", "", ""),
        ("idle", "", ""),
        ("Crew", "", ""),
    ]
    assert [row["role"] for row in table(organization(), "service-accounts")] == ["Member", NO_ROLE]
    assert as_json(people, "groups")["groups"][0]["roles"] is None
    assert as_json(organization(), "service-accounts")["service_accounts"][1]["roles"] == []


# With groups counted


def effective(people: People, what: What = "all") -> dict[str, str]:
    return {row["id"]: row["effective"] for row in table(people, what)}


def test_roles_through_groups_are_among_the_effective_ones() -> None:
    people = organization(group_members=(member("g1", "Crew", ("Admin", "manually")),))
    assert effective(people) == {
        "p1": "Owner; Admin",
        "p2": "Admin; Member",
        "a1": "Admin; Member",
        "a2": NO_ROLE,
        "g1": "Admin",
    }
    assert as_json(people, "people")["people"][0]["effective"] == {"roles": ["Owner", "Admin"], "complete": True}


def test_an_effective_role_that_may_be_missing_is_unknown_and_never_an_empty_cell() -> None:
    blind = without(organization(), "groups", "group_members", "account_members")
    assert effective(blind) == {
        "p1": "Owner; (unknown)",
        "p2": "Admin; Member; (unknown)",
        "a1": "(unknown)",
        "a2": "(unknown); (deactivated)",
    }
    assert as_json(blind, "people")["people"][0]["effective"] == {"roles": ["Owner"], "complete": False}
    # What the group gives is not known, to itself and to its members.
    by_group = effective(without(organization(), "group_members"))
    assert by_group == {
        "p1": "Owner; (unknown)",
        "p2": "Admin; Member",
        "a1": "Member; (unknown)",
        "a2": NO_ROLE,
        "g1": "(unknown)",
    }


def test_groups_that_were_not_read_make_nothing_unknown_that_they_could_not_add() -> None:
    # The list of their roles arrived, and tells which ones groups give at all.
    assert effective(without(organization(), "groups"), "people") == {"p1": "Owner; (unknown)", "p2": "Admin; Member"}


def test_a_deactivated_account_is_marked_beside_what_it_would_hold() -> None:
    off = organization(account_members=(member("a2", "idle", ("Admin", "manually")),))
    assert effective(off, "service-accounts")["a2"] == "Admin; (deactivated)"
    assert as_json(off, "service-accounts")["service_accounts"][1]["effective"] == {
        "roles": ["Admin"],
        "complete": True,
    }


def test_a_role_without_a_name_is_told_by_its_id() -> None:
    nameless = Member(id="p", name="P", roles=(RoleBinding(role_id="r-1", source="scim"),))
    (row,) = table(organization(users=(nameless,)), "people")
    assert (row["role"], row["source"]) == ("r-1", "scim")


def test_an_account_that_only_its_roles_tell_of_has_empty_cells() -> None:
    people = organization(accounts=())
    (row,) = table(people, "service-accounts")
    assert (row["name"], row["deactivated"], row["state"]) == ("old name", "", "unknown")
    (record,) = as_json(people, "service-accounts")["service_accounts"]
    assert (record["deactivated"], record["description"], record["created_at"]) == (None, None, None)


def test_members_of_a_group_that_only_its_role_tells_of_are_not_known() -> None:
    people = organization(groups=())
    (row,) = table(people, "groups")
    assert (row["name"], row["members"], row["member_ids"]) == ("Crew", "", "")
    (record,) = as_json(people, "groups")["groups"]
    assert (record["members"], record["description"]) == (None, None)


@pytest.mark.parametrize(
    ("lists", "unknown"),
    [
        (("users",), {"people", *ACCOUNT_COUNTS}),
        (("account_members",), {*ACCOUNT_COUNTS}),
        (("accounts",), {"people", *ACCOUNT_COUNTS}),
        (("group_members",), {"groups"}),
    ],
)
def test_holders_are_not_counted_where_a_list_is_missing(lists: tuple[ListName, ...], unknown: set[str]) -> None:
    people = without(organization(), *lists)
    for row, record in zip(table(people, "roles"), as_json(people, "roles")["roles"], strict=True):
        assert {key for key in ("people", "groups", *ACCOUNT_COUNTS) if row[key] == ""} == unknown
        assert {key for key, number in record["held_by"].items() if number is None} == unknown


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(CREATED, CREATED_CSV), (1, "1970-01-01 00:00:01Z"), (None, ""), (0, ""), (-1, ""), (10**30, "")],
)
def test_times_are_written_as_the_web_does_and_nonsense_is_left_out(seconds: int | None, written: str) -> None:
    people = organization(accounts=(ServiceAccount(id="a", created_at=seconds, updated_at=seconds),))
    (row,) = [row for row in table(people, "service-accounts") if row["id"] == "a"]
    assert (row["created_at"], row["updated_at"]) == (written, written)
    (record,) = [one for one in as_json(people, "service-accounts")["service_accounts"] if one["id"] == "a"]
    assert record["created_at"] == seconds
    assert record["created_at_utc"] == (written.replace(" ", "T") or None)


def test_what_the_screen_shows_is_exported_in_its_order() -> None:
    people = organization()
    shown = selected(people, Projects(), View(search="c", sort="created"), 0.0).rows
    rows = csv.DictReader(io.StringIO(export_text(shown, people, "csv", "all").text))
    assert [row["name"] for row in rows] == [subject.name for subject in shown] != []
    lists = json.loads(export_text(shown, people, "json", "all").text)
    assert set(lists) == {"people", "service_accounts", "groups"}
    assert [record["name"] for record in lists["service_accounts"]] == ["ci"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", WHATS)
def test_the_order_in_which_lists_arrive_changes_nothing(what: What, form: Format) -> None:
    people = organization()
    shuffled = people
    for name in LIST_NAMES:
        items = list(people.listing(name).items)
        random.Random(7).shuffle(items)
        shuffled = shuffled.arrived(name, tuple(items[::-1]), NOW)
    assert text_of(people, form, what) == text_of(shuffled, form, what)


@pytest.mark.parametrize("what", WHATS)
def test_an_empty_organization_has_headers_and_empty_lists(what: What) -> None:
    empty: dict[str, Any] = {name: () for name in LIST_NAMES}
    people = organization(**empty)
    assert exported(people, "csv", what, Projects()).text == ",".join(COLUMNS[what]) + "\r\n"
    lists = json.loads(exported(people, "json", what, Projects()).text)
    assert len(lists) == {"all": 4}.get(what, 1)
    assert all(records == [] for records in lists.values())


# Projects


def test_projects_tell_their_owner_and_their_people() -> None:
    # Whose people were not read has empty cells, and so has an owner nobody lists.
    assert text_of(organization(), "csv", "projects") == (
        "name,description,members,member_names,member_ids,member_roles,owner,owner_id,org_id,id\r\n"
        'shop,Sells,1,Bo,p2,"Admin, Reader",Ada,p1,o,j1\r\n'
        "unread,,,,,,,gone,o,j2\r\n"
    )
    shop, unread = as_json(organization(), "projects")["projects"]
    assert shop == {
        "id": "j1",
        "name": "shop",
        "description": "Sells",
        "org_id": "o",
        "owner_id": "p1",
        "owner_name": "Ada",
        "members": [
            {
                "id": "p2",
                "name": "Bo",
                "roles": [
                    {"role_id": "id of Admin", "role_name": "Admin", "source": "manually"},
                    {"role_id": "id of Reader", "role_name": "Reader", "source": "github"},
                ],
            }
        ],
    }
    assert (unread["owner_name"], unread["members"]) == (None, None)


def test_an_export_of_projects_says_that_others_may_have_access_too() -> None:
    (note,) = exported(organization(), "csv", "projects").notes
    assert note == "Groups and service accounts may have access to a project too; Semaphore shows its people only."


def test_what_is_lacking_of_projects_is_told() -> None:
    slow = NoAnswerError("acme is slow.")
    assert gaps(organization(), "projects", "csv", Projects().failed(slow)).missing == (
        "The list of projects could not be read: acme is slow.",
    )
    assert gaps(organization(), "projects", "csv").missing == (
        "The list of projects could not be read: It has not arrived yet.",
    )
    assert gaps(organization(), "projects", "csv", PROJECTS.failed(slow)).doubts == (
        "The list of projects could not be reloaded, so older data is written: acme is slow.",
        "The people of 1 project are not read yet; their cells are left empty.",
    )
    refused = PROJECTS.with_members("j2", Listing(loading=False, error=slow))
    older = refused.with_members("j1", Listing(loading=False, loaded_at=NOW, error=slow))
    assert gaps(organization(), "projects", "csv", older).doubts == (
        "The people of 1 project could not be read: acme is slow. Their cells are left empty.",
        "The people of 1 project could not be reloaded, so older data is written: acme is slow.",
    )


def test_without_the_list_of_people_owners_have_no_name() -> None:
    (sentence,) = gaps(without(organization(), "users"), "projects", "csv", PROJECTS).doubts[1:]
    assert sentence.startswith("The list of people could not be read: acme is slow.")
