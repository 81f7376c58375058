"""`semtui review`: what it writes, what it makes of a table that comes back, and what it never does."""

from __future__ import annotations

import csv
import io
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from semtui.cli.headless import write_pair
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.wording.review import DECIDED, FROM_PEOPLE_FILE, WRITTEN
from tests.support.commands import TOKEN, Ended, Run, account_id, change, program
from tests.support.contract import checked_manifest
from tests.support.exported_texts import FORMULAS, computes
from tests.support.organization_server import serving
from tests.support.organizations import parse
from tests.support.renaming import rename

Row = dict[str, str]
TODAY = time.strftime("%Y-%m-%d", time.gmtime())


def rows_of(path: Path) -> list[Row]:
    """The rows of a table, as a spreadsheet has them."""
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest beside a table."""
    return checked_manifest(manifest_text(path))


def manifest_text(path: Path) -> str:
    """The same as it is written."""
    return path.with_name(f"{path.stem}.manifest.json").read_text(encoding="utf-8")


def save(path: Path, rows: list[Row], dialect: Any = csv.excel, encoding: str = "utf-8") -> None:
    """Write rows over a table, as somebody's spreadsheet would."""
    written = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(written, columns, dialect=dialect)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(written.getvalue().encode(encoding))


def decided(row: Row, decision: str = "keep", **cells: str) -> Row:
    """The row as a reviewer fills it."""
    filled = {"reviewer": "Rita Reviewer", "decision": decision, "decided_at_utc": TODAY}
    filled |= {"justification": "needed"} if decision == "keep" else {"ticket": "SEC-1"}
    return {**row, **filled, **cells}


@pytest.fixture
def review(run: Run, tmp_path: Path) -> Callable[..., tuple[Ended, Path]]:
    """Writes a review, by default of the demo organization."""

    def made(*arguments: str, name: str = "q4.csv", **more: Any) -> tuple[Ended, Path]:
        path = tmp_path / name
        return run("review", "--output", str(path), *arguments, **more), path

    return made


Review = Callable[..., tuple[Ended, Path]]


@contextmanager
def small(text: str) -> Iterator[DemoServer]:
    """A small organization, as of now."""
    with serving(parse(text), time.time()) as server:
        yield server


# What is written


def test_there_is_a_row_for_everybody_and_the_numbers_agree(review: Review, server: DemoServer) -> None:
    ended, path = review("--by", "Dana")
    rows, manifest = rows_of(path), manifest_of(path)
    assert list(rows[0]) == [*WRITTEN, *DECIDED]
    state = server.organization.state
    kinds = {"person": len(state.people), "account": len(state.service_accounts), "group": len(state.groups)}
    assert manifest["everybody"] == manifest["rows"]
    assert len(rows) == manifest["rows"]["total"] == manifest["table"]["rows"]
    for kind, number in kinds.items():
        found = [row for row in rows if row["subject_kind"] == kind]
        assert len(found) == manifest["rows"][kind] <= number
    for kind, levels in manifest["levels"].items():
        assert sum(levels.values()) == manifest["rows"][kind]
    assert manifest["levels"]["person"]["Owner"] == 2
    assert manifest["by"] == "Dana"
    assert manifest["command"][:4] == ["semtui", "review", "--output", "q4.csv"]
    assert manifest["table"]["sha256"] == sha256(path.read_bytes()).hexdigest()
    assert f"{len(rows)} rows." in ended.err
    assert len({row["row_id"] for row in rows}) == len(rows)
    assert {row["review_id"] for row in rows} == {manifest["review_id"]}
    for row in rows:
        assert not any(row[column] for column in DECIDED)
        assert all(row[column] for column in WRITTEN), row


def test_both_files_are_new_and_private_and_neither_is_written_over_another(
    review: Review, tmp_path: Path, server: DemoServer
) -> None:
    _, path = review()
    beside = path.with_name("q4.manifest.json")
    assert {each.stat().st_mode & 0o777 for each in (path, beside)} == {0o600}
    before = path.read_bytes()
    ended, _ = review()
    assert (ended.status, path.read_bytes()) == (2, before)
    (tmp_path / "q5.manifest.json").write_text("mine")
    asked = len(server.requests)
    ended, other = review(name="q5.csv")
    assert ended.status == 2
    assert not other.exists()
    assert len(server.requests) == asked


def test_when_the_second_file_cannot_be_written_the_first_is_not_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "q4.csv", tmp_path / "q4.manifest.json"
    second.write_text("mine")
    assert not write_pair((first, "one"), (second, "other"))
    assert (first.exists(), second.read_text()) == (False, "mine")
    assert "never overwritten" in capsys.readouterr().err


def test_a_row_tells_what_is_held_and_through_what(review: Review) -> None:
    organization = (
        "ee | P ana:Owner dan:Member~scim eva:Lead | A bot:-<gone -40d -40d; tf:Admin<left -400d -200d off; "
        "ci:Member<dan | G ops:Admin{dan,!zed} none:-{} | R Lead={o.view,o.people.manage} "
        "| Q api@ana{eva:Reader~github} | Z api"
    )
    with small(organization) as server:
        ended, path = review(on=server)
    rows = {row["subject_name"]: row for row in rows_of(path)}
    ids = parse(organization).ids
    dan, tf, bot, ops = rows["dan"], rows["tf"], rows["bot"], rows["ops"]
    assert dan["roles"] == "Member (scim); Admin (manually, through ops)"
    assert dan["groups"] == f"ops ({ids['ops']})"
    assert (dan["effective_level"], dan["privileged"]) == ("Admin", "yes")
    assert (dan["account_owner"], dan["status"], dan["last_used"]) == (
        "does not apply",
        "not in the API",
        "not in the API",
    )
    assert (tf["status"], tf["token_at_least_days"], tf["account_owner"]) == (
        "deactivated",
        "200",
        f"not listed ({ids['left']})",
    )
    assert (bot["account_owner"], bot["roles"], bot["privileged"]) == ("gone", "(none)", "no")
    assert rows["ci"]["account_owner"] == f"dan ({ids['dan']})"
    assert (ops["status"], ops["effective_level"], ops["token_at_least_days"]) == (
        "does not apply",
        "Admin",
        "does not apply",
    )
    assert rows["eva"]["sensitive_permissions"] == "organization.people.manage"
    unlisted = rows["(no name)"]
    assert (unlisted["subject_id"], unlisted["subject_kind"], unlisted["status"]) == (
        ids["zed"],
        "not listed",
        "unknown",
    )
    assert (unlisted["effective_level"], unlisted["privileged"]) == ("unknown, perhaps Admin", "unknown")
    assert "ghost (medium): Its token is accepted, and it holds no role." in bot["findings"]
    assert (bot["suggestion"], bot["decision"]) == ("remove", "")
    assert bot["suggestion_reason"] == "ghost: Give it a role, or delete it."
    # Who is in a group and in no list is unknown, and so the review is not complete.
    assert ended.status == 1
    assert manifest_of(path)["everybody"] == {"person": 3, "account": 3, "group": 2, "unlisted": 1, "total": 9}


def test_community_has_one_level_and_no_groups(review: Review) -> None:
    with small("ce | P ana:Owner ben:Admin dan:Member | A bot:Member | Q web@ana{dan:Member} | Z web") as server:
        ended, path = review(on=server)
    rows = {row["subject_name"]: row for row in rows_of(path)}
    assert ended.status == 0
    assert {name: row["effective_level"] for name, row in rows.items()} == {
        "ana": "Owner/Admin",
        "ben": "Owner/Admin",
        "dan": "none",
        "bot": "none",
    }
    assert rows["dan"]["groups"] == "(none)"
    assert "web (" in rows["dan"]["projects"]


@pytest.mark.parametrize(
    ("failing", "name", "column", "cell"),
    [
        ("groups=failed", "dan", "groups", "(unknown)"),
        ("groups=refused", "dan", "privileged", "unknown"),
        ("group_members=failed", "dan", "roles", "Member (manually); (unknown)"),
        ("account_members=failed", "tf", "effective_level", "unknown, perhaps Owner"),
        ("accounts=refused", "tf", "status", "unknown"),
        ("accounts=failed", "tf", "created_at_utc", "unknown"),
        ("users=failed", "tf", "account_owner", "unknown ("),
        ("roles=failed", "eva", "sensitive_permissions", "perhaps organization.delete"),
    ],
)
def test_what_was_not_read_is_unknown_in_the_rows_and_in_the_manifest(
    review: Review, failing: str, name: str, column: str, cell: str
) -> None:
    organization = (
        "ee | P ana:Owner dan:Member eva:Lead | A tf:Member<ana -9d -9d | G ops:Admin{dan} | R Lead={o.view} | X "
    )
    with small(organization + failing) as server:
        ended, path = review(on=server)
    row = next(row for row in rows_of(path) if row["subject_name"] == name)
    manifest = manifest_of(path)
    assert ended.status == 1
    assert cell in row[column]
    assert manifest["complete"] is False
    list_name, _, fate = failing.partition("=")
    assert manifest["coverage"][list_name]["fate"] == fate
    assert "could not be read" in ended.err
    assert all(each[part] for each in rows_of(path) for part in WRITTEN)


def test_with_nothing_read_nothing_is_written(review: Review, server: DemoServer) -> None:
    server.inject(Fault(status=401, times=None))
    ended, path = review()
    assert ended.status == 1
    assert "nobody to review" in ended.err
    assert not path.exists()


def test_only_who_is_privileged_or_may_be_is_kept_and_the_others_are_counted(review: Review) -> None:
    organization = (
        "ee | P ana:Owner dan:Member eva:Member | A tf:Admin; bot:Member | G ops:Admin{dan} | X groups=failed"
    )
    with small(organization) as server:
        _, path = review("--only", "privileged", on=server)
    rows, manifest = rows_of(path), manifest_of(path)
    assert {row["subject_name"]: row["privileged"] for row in rows} == {
        "ana": "yes",
        "tf": "yes",
        "ops": "yes",
        "dan": "unknown",
        "eva": "unknown",
        "bot": "unknown",
    }
    assert manifest["only"] == "privileged"
    with small(organization.partition(" | X")[0]) as server:
        _, path = review("--only", "privileged", on=server, name="whole.csv")
    assert {row["subject_name"] for row in rows_of(path)} == {"ana", "tf", "ops", "dan"}
    manifest = manifest_of(path)
    assert (manifest["rows"]["total"], manifest["everybody"]["total"]) == (4, 6)


def test_a_snapshot_gives_the_same_rows_without_a_network(
    review: Review,
    run: Run,
    tmp_path: Path,
    server: DemoServer,
) -> None:
    snapshot = tmp_path / "a.json"
    run("snapshot", "--output", str(snapshot))
    _, filed = review("--from", str(snapshot))
    _, live = review(name="live.csv")
    differing = ("review_id", "row_id", "taken_at_utc")
    one, other = (
        [{k: v for k, v in row.items() if k not in differing} for row in rows_of(path)] for path in (filed, live)
    )
    assert one == other
    manifest = manifest_of(filed)
    assert manifest["source"] == "snapshot"
    assert manifest["snapshot_sha256"] == sha256(snapshot.read_bytes()).hexdigest()
    assert manifest["content_sha256"] == manifest_of(live)["content_sha256"]


def test_what_changed_since_an_earlier_snapshot_is_told(
    review: Review,
    run: Run,
    tmp_path: Path,
    server: DemoServer,
) -> None:
    snapshot = tmp_path / "a.json"
    run("snapshot", "--output", str(snapshot))
    change(server, "POST", f"service_accounts/{account_id(server, 'terraform')}/deactivate")
    server.organization.create_service_account("brand-new", "", "Member")
    _, path = review("--previous", str(snapshot))
    rows = {row["subject_name"]: row["changed_since_last_review"] for row in rows_of(path)}
    assert rows["terraform"] == "is deactivated, was active"
    assert rows["brand-new"] == "new"
    assert rows["ci-deployer"] == "no"
    assert manifest_of(path)["previous"]["sha256"] == sha256(snapshot.read_bytes()).hexdigest()


def test_an_earlier_snapshot_with_gaps_makes_unknowns_and_never_a_no(review: Review, run: Run, tmp_path: Path) -> None:
    snapshot = tmp_path / "a.json"
    with small(
        "ee | P ana:Owner dan:Member | A tf:Admin | G ops:Admin{dan} | X groups=failed account_members=failed"
    ) as server:
        run("snapshot", "--output", str(snapshot), on=server)
        server.clear_faults()
        _, path = review("--previous", str(snapshot), on=server)
    rows = {row["subject_name"]: row["changed_since_last_review"] for row in rows_of(path)}
    assert rows["dan"] == rows["tf"] == "(unknown)"


def test_a_file_of_people_is_told_beside_and_whom_it_lacks_is_unmatched(review: Review, tmp_path: Path) -> None:
    ids = parse("ee | P ana:Owner dan:Member eva:Member").ids
    people = tmp_path / "people.csv"
    people.write_text(
        f"\ufeffid;E-Mail;manager;active\r\n{ids['ana']};ana@acme.example;Max;yes\r\n{ids['dan']};=1+1;Max;no\r\nnobody;x;y;\r\n"
    )
    with small("ee | P ana:Owner dan:Member eva:Member | A bot:Member") as server:
        _, path = review("--people", str(people), on=server)
    rows = {row["subject_name"]: row for row in rows_of(path)}
    assert list(rows["ana"]) == [*WRITTEN, *FROM_PEOPLE_FILE, *DECIDED]
    told = {name: tuple(row[column] for column in FROM_PEOPLE_FILE) for name, row in rows.items()}
    assert told == {
        "ana": ("ana@acme.example", "Max", "active"),
        "dan": ("'=1+1", "Max", "not active"),
        "eva": ("", "", "unmatched"),
        "bot": ("", "", "does not apply"),
    }
    assert rows["dan"]["status"] == "not in the API"
    record = manifest_of(path)["people_file"]
    assert (record["matched"], record["unmatched"], record["not_in_organization"]) == (2, [ids["eva"]], 1)


def test_a_finding_that_is_waived_is_told_and_suggests_nothing(review: Review, tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.toml"
    written = "ee | P ana:Owner ben:Owner | A ghost:-; other:-"
    with small(written) as server:
        waivers.write_text(
            f"""[[waiver]]
rule = "ghost"
id = "{parse(written).id("ghost")}"
host = "{server.address.removeprefix("http://")}"
severity = "medium"
reason = "kept for the migration"
by = "Dana"
until = {time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86_400))}
"""
        )
        _, path = review("--waivers", str(waivers), on=server)
    rows = {row["subject_name"]: row for row in rows_of(path)}
    assert "kept for the migration" in rows["ghost"]["findings"]
    assert (rows["ghost"]["suggestion"], rows["other"]["suggestion"]) == ("none", "remove")
    assert manifest_of(path)["waivers_sha256"] == sha256(waivers.read_bytes()).hexdigest()


# Harmless


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


# Other forms


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


# A table that comes back


def filled(path: Path) -> list[Row]:
    return [decided(row) for row in rows_of(path)]


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


# What was done


def test_what_was_done_is_read_again_and_written_into_a_new_file(
    review: Review,
    run: Run,
    tmp_path: Path,
    server: DemoServer,
) -> None:
    _, path = review()
    by_name = {row["subject_name"]: row for row in rows_of(path)}
    wanted = {
        "terraform": ("change", "partly"),
        "renovate": ("remove", "done"),
        "nightly-backup": ("remove", "not done"),
        "docs-preview": ("remove", "partly"),
        "ci-deployer": ("change", "not done"),
        "break-glass": ("change", "done"),
        "svc[prod] deploy": ("change", "unknown"),
    }
    save(path, [decided(row, wanted.get(name, ("keep",))[0]) for name, row in by_name.items()])
    before = path.read_bytes()
    change(server, "DELETE", f"service_accounts/{account_id(server, 'renovate')}")
    change(server, "POST", f"service_accounts/{account_id(server, 'docs-preview')}/deactivate")
    change(server, "POST", f"service_accounts/{account_id(server, 'svc[prod] deploy')}/regenerate_token")
    server.organization.assign_role(account_id(server, "break-glass"), "Member")
    server.organization.assign_role(account_id(server, "terraform"), "Member")
    output = tmp_path / "verified.csv"
    ended = run("review", "--verify", str(path), "--output", str(output))
    assert ended.status == 3
    assert "Changes and removals: 7; done 2, partly 2, not done 2, unknown 1." in ended.err
    verified = {row["subject_name"]: row["verified"] for row in rows_of(output)}
    for name, (_, outcome) in wanted.items():
        assert verified[name].startswith(f"{outcome}: "), (name, verified[name])
    assert verified["break-glass"] == (
        "done: level none, was Owner; gained Member (manually); lost Owner (manually); "
        + "; ".join(f"lost organization.{each}" for each in SENSITIVE)
    )
    assert verified["terraform"].endswith(
        "still Member (manually); still Admin (manually, through Platform engineering)"
    )
    assert verified["renovate"] == "done: no longer in any list"
    assert verified["Amara Okafor"] == ""
    assert path.read_bytes() == before
    manifest = manifest_of(output)
    assert manifest["verification"]["filled_sha256"] == sha256(before).hexdigest()
    assert manifest["verification"]["outcomes"] == {"done": 2, "partly": 2, "not done": 2, "unknown": 1}
    assert manifest["table"]["sha256"] == sha256(output.read_bytes()).hexdigest()
    # It is a review still.
    assert run("review", "--check", str(output)).status == 0


SENSITIVE = (
    "change_owner",
    "people.manage",
    "service_accounts.manage",
    "custom_roles.manage",
    "okta.manage",
    "delete",
)


def test_what_reviewers_wrote_is_harmless_in_the_new_file(
    review: Review,
    run: Run,
    tmp_path: Path,
) -> None:
    with small("ee | P ana:Owner dan:Member") as server:
        _, path = review(on=server)
        rows = [
            decided(row, "change", ticket="-1+1", justification="two\n=lines", reviewer="=Rita")
            for row in rows_of(path)
        ]
        save(path, [{**row, "=1+1": "@SUM(A1)", "\u202enotes": "mine"} for row in rows])
        output = tmp_path / "verified.csv"
        assert run("review", "--verify", str(path), "--output", str(output), on=server).status == 3
    text = output.read_bytes().decode("utf-8-sig")
    assert text.replace("\r\n", "").isprintable()
    assert not [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if computes(cell)]
    assert "mine" in text
    assert run("review", "--check", str(output)).status == 0


def test_a_list_that_fails_makes_it_unknown_and_never_done(review: Review, run: Run, tmp_path: Path) -> None:
    with small("ee | P ana:Owner dan:Admin | A bot:Member | G ops:Member{dan}") as server:
        _, path = review(on=server)
        rows = [decided(row, "keep" if row["subject_name"] == "ana" else "remove") for row in rows_of(path)]
        save(path, rows)
        for name in ("members", "groups", "service_accounts"):
            server.inject(Fault(path=f"/{name}", status=500, times=None))
        output = tmp_path / "verified.csv"
        ended = run("review", "--verify", str(path), "--output", str(output), on=server)
        assert ended.status == 1
        assert {row["verified"] for row in rows_of(output)} == {"", "unknown: a list that is needed could not be read"}
        allowed = run(
            "review", "--verify", str(path), "--output", str(tmp_path / "b.csv"), "--allow-unknown", on=server
        )
        assert allowed.status == 0


def test_it_is_verified_from_a_snapshot_that_is_newer(
    review: Review,
    run: Run,
    tmp_path: Path,
    server: DemoServer,
) -> None:
    old, new, output = (tmp_path / name for name in ("old.json", "new.json", "verified.csv"))
    run("snapshot", "--output", str(old))
    time.sleep(1.1)
    _, path = review()
    save(path, [decided(row, "remove" if row["subject_name"] == "renovate" else "keep") for row in rows_of(path)])
    refused = run("review", "--verify", str(path), "--from", str(old), "--output", str(output))
    assert (refused.status, output.exists()) == (2, False)
    assert "older than the review" in refused.err
    change(server, "DELETE", f"service_accounts/{account_id(server, 'renovate')}")
    run("snapshot", "--output", str(new))
    asked = len(server.requests)
    assert run("review", "--verify", str(path), "--from", str(new), "--output", str(output)).status == 0
    assert len(server.requests) == asked
    manifest = manifest_of(output)
    assert manifest["verification"]["snapshot_sha256"] == sha256(new.read_bytes()).hexdigest()


def test_another_organization_verifies_nothing(review: Review, run: Run, tmp_path: Path) -> None:
    _, path = review()
    save(path, filled(path))
    with DemoServer(edition="ce", group_delay=0, clock=lambda: float(REFERENCE_TIME)) as other:
        ended = run("review", "--verify", str(path), "--output", str(tmp_path / "b.csv"), on=other)
    assert ended.status == 2
    assert "of another" in ended.err


def test_a_changed_table_is_not_verified(review: Review, run: Run, tmp_path: Path, server: DemoServer) -> None:
    _, path = review()
    save(path, filled(path)[1:])
    asked = len(server.requests)
    output = tmp_path / "b.csv"
    ended = run("review", "--verify", str(path), "--output", str(output))
    assert (ended.status, output.exists(), len(server.requests)) == (3, False, asked)
    assert "nothing is verified" in ended.err


def test_it_needs_no_terminal_and_a_check_no_organization(tmp_path: Path) -> None:
    path = tmp_path / "q4.csv"
    ran = program(tmp_path, "review", "--demo", "--output", str(path))
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert b"4 rows with something unknown; the manifest has the reasons." in ran.stderr
    save(path, filled(path))
    ran = program(tmp_path / "nobody", "review", "--check", str(path))
    assert (ran.returncode, ran.stderr) == (0, b"")


# What cannot be done


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name the table with --output"),
        (["--output", "a.csv", "--only", TOKEN], "--only takes privileged."),
        (["--output", "a.csv", "--format", TOKEN], "--format takes csv, md or vanta."),
        (["--output", "a.csv", "--format", "vanta"], "Vanta requires a status"),
        (["--output", "a.csv", "--assume-people-active"], "is for --format vanta"),
        (["--output", "a.csv", "--by", "x" * 201], "at most 200 characters"),
        (["--output", "a.csv", "--previous", TOKEN], "--previous: The file cannot be read"),
        (["--output", "a.csv", "--people", TOKEN], "--people: The file cannot be read"),
        (["--output", "a.csv", "--waivers", TOKEN], "--waivers: The file cannot be read"),
        (["--verify", "a.csv", "--waivers", "w", "--output", "b.csv"], "leave out --waivers."),
        (["--output", "a.csv", "--projects", TOKEN], "--projects takes a number or all."),
        (["--output", "a.csv", "--from", TOKEN], "--from: The file cannot be read"),
        (["--output", "a.csv", "--from", "a.json", "--demo"], "leave out --demo"),
        (["--check", TOKEN], "There is no manifest beside it"),
        (["--check", "~nobody-of-that-name/a.csv"], "There is no manifest beside it"),
        (["--check", "a\0.csv"], "There is no manifest beside it"),
        (["--check", "a.csv", "--verify", "b.csv"], "either --check or --verify"),
        (["--check", "a.csv", "--only", "privileged", "--by", "Dana"], "leave out --only, --by."),
        (["--check", "a.csv", "--manifest", TOKEN], "--check (manifest): The file cannot be read"),
        (["--output", "a.csv", "--manifest", "b.json"], "--manifest is for --check and --verify."),
        (["--check", "a.csv", "--from", "b.json"], "leave out --from"),
        (["--verify", "a.csv", "--by", "Dana", "--output", "b.csv"], "leave out --by."),
        (["--verify", "a.csv"], "name the table with --output"),
        (["--verify", TOKEN, "--output", "b.csv"], "There is no manifest beside it"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_that_does_not_repeat_it(
    run: Run,
    server: DemoServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("review", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "canary" not in ended.err
    assert server.requests == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("email\nx\n", "no column id"),
        ("id\na\na\n", "Line 3 repeats an id."),
        ("id,email\n,x\n", "Line 2 has no id."),
        ("id,active\na,perhaps\n", "Line 2, column active, takes yes or no."),
    ],
)
def test_a_file_of_people_that_makes_no_sense_is_told(
    review: Review, tmp_path: Path, server: DemoServer, content: str, said: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text(content)
    ended, path = review("--people", str(people))
    assert (ended.status, path.exists()) == (2, False)
    assert said in ended.err
    assert server.requests == []
