"""Rows as CSV that a spreadsheet cannot run and as JSON that loses nothing."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
from typing import Any

import pytest

from semtui.api.errors import NoAnswerError, PermissionDeniedError
from semtui.api.models import (
    Group,
    Member,
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
    Format,
    What,
    gaps,
    lists_for,
)
from semtui.export.csv_table import escape_formula
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.text.clean import clean, raw
from tests.support.exported_texts import (
    CREATED,
    CREATED_JSON,
    FORMULAS,
    HOSTILE,
    NOW,
    PROJECTS,
    WHOLE,
    as_json,
    computes,
    exported,
    organization,
    table,
    without,
)

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
