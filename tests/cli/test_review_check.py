"""`semtui review --check`: what it makes of a table that reviewers have filled in."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import Run
from tests.support.renaming import rename
from tests.support.reviews import Review, Row, decided, filled, rows_of, save, small


def test_a_review_that_is_decided_and_whole_passes(review: Review, run: Run) -> None:
    _, path = review()
    ended = run("review", "--check", str(path))
    assert ended.status == 3
    number = len(rows_of(path))
    assert f"{number} open:\n  column decision: no decision yet. Lines 2-{number + 1}\n" in ended.out
    save(path, filled(path))
    ended = run("review", "--check", str(path))
    assert (ended.status, ended.err) == (0, "")
    assert f"keep {number} + change 0 + remove 0 + unsure 0 = {number} of {number} rows." in ended.out
    assert "Every row is decided" in ended.out


class Semicolons(csv.excel):
    delimiter = ";"
    lineterminator = "\n"


class Quoted(csv.excel):
    quoting = csv.QUOTE_ALL
    lineterminator = "\r"


class Tabs(csv.excel_tab):
    pass


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("dialect", [csv.excel, Semicolons, Quoted, Tabs])
def test_what_a_spreadsheet_does_on_saving_changes_nothing(
    review: Review,
    run: Run,
    dialect: Any,
    encoding: str,
) -> None:
    organization = "ee | P ana:Owner dan:Member | A bot:Admin | G ops:Member{dan}"
    with small(organization) as server:
        rename(server, lambda its_id: f'=Zoë, {its_id[:2]}; "x"')
        _, path = review(on=server)
    rows = [{column: plain(cell) for column, cell in row.items()} for row in filled(path)]
    # Sorted by somebody, with a column of their own and an empty row at the end.
    rows = [{**row, "notes": "mine"} for row in reversed(rows)]
    save(path, [*rows, dict.fromkeys(rows[0], "")], dialect, encoding)
    ended = run("review", "--check", str(path))
    assert (ended.status, ended.err) == (0, ""), ended.out


def plain(cell: str) -> str:
    """A cell as Google Sheets gives it back, and LibreOffice a time."""
    cell = cell.removeprefix("'")
    return cell.removesuffix("Z").replace("T", " ") if cell.startswith("20") and cell.endswith("Z") else cell


def test_old_letters_are_read_and_told(review: Review, run: Run) -> None:
    with small("ee | P ana:Owner") as server:
        rename(server, lambda its_id: "Zoë")
        _, path = review(on=server)
    save(path, filled(path), Semicolons, "cp1252")
    ended = run("review", "--check", str(path))
    assert ended.status == 0
    assert "Windows-1252" in ended.err


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"decision": ""}, "decision", "no decision yet"),
        ({"decision": "ok"}, "decision", "a decision is keep, change, remove or unsure"),
        ({"reviewer": " "}, "reviewer", "must be filled in"),
        ({"decided_at_utc": ""}, "decided_at_utc", "must be filled in"),
        ({"decided_at_utc": "soon"}, "decided_at_utc", "not a date"),
        ({"decided_at_utc": "2026-02-30"}, "decided_at_utc", "not a date"),
        ({"decided_at_utc": "03/04/2026"}, "decided_at_utc", "ambiguous"),
        ({"decided_at_utc": "2020-01-01"}, "decided_at_utc", "earlier than the review"),
        ({"decided_at_utc": "9998-01-01"}, "decided_at_utc", "in the future"),
        ({"justification": ""}, "justification", "needs a justification"),
        ({"decision": "Remove"}, "ticket", "needs a ticket"),
        ({"decision": "change"}, "ticket", "needs a ticket"),
        ({"carried_out_at_utc": "2020-01-01"}, "carried_out_at_utc", "earlier than the review"),
        ({"privileged": "no"}, "privileged", "this cell was edited"),
        ({"subject_name": "Somebody Else"}, "subject_name", "this cell was edited"),
        ({"roles": ""}, "roles", "this cell was edited"),
        ({"row_id": "r0000000000000000"}, "row_id", "does not belong to the review"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_column(
    review: Review,
    run: Run,
    cells: Row,
    column: str,
    said: str,
) -> None:
    with small("ee | P ana:Owner dan:Member") as server:
        _, path = review(on=server)
    first, *others = filled(path)
    save(path, [first | cells, *others])
    ended = run("review", "--check", str(path))
    assert ended.status == 3
    assert f"line 2, column {column}: " in ended.out
    assert said in " ".join(ended.out.split())


def test_rows_that_are_lost_added_or_doubled_are_told(review: Review, run: Run) -> None:
    with small("ee | P ana:Owner dan:Member eva:Member") as server:
        _, path = review(on=server)
    rows = filled(path)
    save(path, [rows[0], rows[0], {**rows[1], "row_id": "r1"}])
    out = " ".join(run("review", "--check", str(path)).out.split())
    assert "line 3, column row_id: this row appears twice. ana [" in out
    assert "line 4, column row_id: this row does not belong to the review." in out
    assert "this row is missing: eva [" in out
    assert "this row is missing: dan [" in out


def test_what_is_only_told_leaves_nothing_open(review: Review, run: Run) -> None:
    with small("ee | P ana:Owner dan:Member") as server:
        _, path = review(on=server)
    ana, dan = rows_of(path)
    save(path, [decided(ana, reviewer="ANA"), decided(dan, "unsure")])
    ended = run("review", "--check", str(path))
    out = " ".join(ended.out.split())
    assert ended.status == 0
    assert "2 to note" in out
    assert "column reviewer: the reviewer decided on their own access" in out
    assert "unsure 1 = 2 of 2 rows" in out


def test_a_check_tells_what_was_not_reviewed_and_not_known(review: Review, run: Run) -> None:
    with small(
        "ee | P ana:Owner dan:Member eva:Member | A bot:Admin | X groups=failed group_members=refused"
    ) as server:
        _, path = review("--only", "privileged", on=server)
    save(path, filled(path))
    ended = run("review", "--check", str(path))
    assert ended.status == 0
    assert "Something was unknown when the review was written" in ended.out
    with small("ee | P ana:Owner dan:Member eva:Member | A bot:Admin") as server:
        _, path = review("--only", "privileged", on=server, name="whole.csv")
    save(path, filled(path))
    out = run("review", "--check", str(path)).out
    assert "Only privileged access was reviewed; 2 subjects had no row." in out
    assert "unknown" not in out


def test_a_justification_is_not_needed_for_who_is_not_privileged(review: Review, run: Run) -> None:
    with small("ee | P ana:Owner dan:Member") as server:
        _, path = review(on=server)
    ana, dan = rows_of(path)
    save(path, [decided(ana), decided(dan, justification="")])
    assert run("review", "--check", str(path)).status == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"a,b\r\n1,2\r\n", "The file has no column review_id, row_id"),
        (b'review_id,row_id\r\n"x,1\r\n', "Line 2 is not valid CSV"),
        (b"review_id,row_id,review_id\r\n", "2 columns called review_id"),
        (b"\xff\xfea", "damaged"),
    ],
)
def test_what_is_no_review_is_told(review: Review, run: Run, content: bytes, said: str) -> None:
    _, path = review()
    path.write_bytes(content)
    ended = run("review", "--check", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err


def test_a_manifest_that_is_missing_or_changed_is_told(review: Review, run: Run) -> None:
    _, path = review()
    manifest = path.with_name("q4.manifest.json")
    text = manifest.read_text()
    for changed, said in (
        (text.replace('"privileged": "yes"', '"privileged": "perhaps"'), "should be one of yes, no, unknown"),
        (text.replace('"total": 37', '"total": 38'), "does not have as many rows as it says"),
        (text.replace('"total": 37', '"total": "many"'), "should be a whole number"),
        ("{}", "This is no manifest of a review"),
        (text[:-9], "stops being JSON"),
        (text.replace('"semtui_review": 1', '"semtui_review": 2'), "of another version"),
    ):
        manifest.write_text(changed)
        ended = run("review", "--check", str(path))
        assert (ended.status, ended.out) == (2, "")
        assert said in ended.err
    manifest.unlink()
    assert "There is no manifest beside it" in run("review", "--check", str(path)).err


def test_a_table_under_another_name_is_checked_with_its_manifest_and_the_answer_is_a_file(
    review: Review,
    run: Run,
    tmp_path: Path,
) -> None:
    _, path = review()
    back, answer = tmp_path / "q4 (final).csv", tmp_path / "answer.txt"
    save(back, filled(path))
    assert run("review", "--check", str(back)).status == 2
    beside = str(path.with_name("q4.manifest.json"))
    ended = run("review", "--check", str(back), "--manifest", beside, "--output", str(answer))
    assert (ended.status, ended.out) == (0, "")
    assert "Every row is decided" in answer.read_text()
