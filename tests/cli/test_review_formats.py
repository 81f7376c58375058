"""`semtui review` in every format, whatever anything is called."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.support.exported_texts import FORMULAS, computes
from tests.support.organizations import parse
from tests.support.renaming import rename
from tests.support.reviews import Review, manifest_of, manifest_text, rows_of, small


@pytest.mark.parametrize("text", [*FORMULAS, "two\nlines", "user\u202egnp.exe", "\x1b[2J", "x|y", "a, b; c"])
def test_a_name_is_a_text_in_every_form(review: Review, text: str) -> None:
    organization = (
        "ee | P ana:Owner dan:Cap | A bot:Admin<dan | G ops:Member{dan} | R Cap={o.view} "
        "| Q api@ana{dan:Reader~github} | Z api"
    )
    with small(organization) as server:
        rename(server, lambda its_id: text)
        _, path = review(on=server)
        _, vanta = review("--format", "vanta", "--assume-people-active", on=server, name="vanta.csv")
        _, page = review("--format", "md", on=server, name="page")
    for table in (path, vanta):
        written = table.read_bytes().decode("utf-8-sig")
        assert written.replace("\r\n", "").isprintable()
        assert not [cell for row in rows_of(table) for cell in row.values() if computes(cell)]
    assert page.read_text(encoding="utf-8").replace("\n", "").isprintable()
    manifest = manifest_of(path)
    assert {each["name"] for each in manifest["subjects"]} == {text}
    assert not [char for char in manifest_text(path) if char != "\n" and unicodedata.category(char)[0] == "C"]


def test_vanta_takes_seven_columns_and_the_assumption_is_written_down(review: Review) -> None:
    with small(
        "ee | P ana:Owner dan:Member | A bot:Admin<ana -9d; old:Member<ana -9d -9d off | G ops:Member{dan,!zed}"
    ) as server:
        ended, path = review("--format", "vanta", "--assume-people-active", on=server)
    rows, manifest = rows_of(path), manifest_of(path)
    assert list(rows[0]) == [
        *("Account name", "Account owner", "Role", "Status", "Access Appropriate"),
        *("Date created (UTC)", "Date deactivated (UTC)"),
    ]
    told = {row["Account name"]: (row["Account owner"], row["Role"], row["Status"]) for row in rows}
    assert told == {
        "ana": ("", "Owner", "Active"),
        "dan": ("", "Member", "Active"),
        "bot": ("Not a person", "Admin", "Active"),
        "old": ("Not a person", "Member", "Deactivated"),
    }
    assert {row["Date deactivated (UTC)"] for row in rows} == {row["Access Appropriate"] for row in rows} == {""}
    assert "people-active" in manifest["assumptions"]
    assert (manifest["table"]["rows"], manifest["rows"]["total"]) == (4, 6)
    assert "people and service accounts only" in ended.err


def test_vanta_without_a_status_is_told(review: Review, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"id,active\n{parse('ee | P ana:Owner').id('ana')},yes\n")
    with small("ee | P ana:Owner dan:Member") as server:
        ended, path = review("--format", "vanta", "--people", str(people), on=server)
    assert ended.status == 1
    assert [row["Status"] for row in rows_of(path)] == ["Active", ""]
    assert "1 row without a status" in ended.err
    assert manifest_of(path)["table"]["without_status"] == 1


def test_two_of_a_name_are_told_apart_for_vanta(review: Review) -> None:
    with small("ee | P ana:Owner | A one:Member; two:Member") as server:
        rename(server, lambda its_id: "twin")
        _, path = review("--format", "vanta", "--assume-people-active", on=server)
    names = [row["Account name"] for row in rows_of(path)]
    assert len(set(names)) == 3
    assert all(name.startswith("twin (") for name in names)


def test_a_page_has_a_table_for_each_kind(review: Review) -> None:
    _, path = review("--format", "md", name="q4")
    page = path.read_text(encoding="utf-8")
    for title in ("## People", "## Service accounts", "## Groups", "## What this is based on"):
        assert title in page
    assert manifest_of(path)["table"]["format"] == "md"
