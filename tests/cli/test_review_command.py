"""`semtui review`: the rows it writes, the manifest beside them, and what cannot be asked."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

import pytest

from semtui.cli.headless import write_pair
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.wording.review import DECIDED, FROM_PEOPLE_FILE, WRITTEN
from tests.support.commands import TOKEN, Run, account_id, change
from tests.support.organizations import parse
from tests.support.reviews import Review, manifest_of, rows_of, small


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
