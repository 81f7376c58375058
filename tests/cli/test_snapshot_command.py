"""`semtui snapshot` and `semtui diff`: what they write, what they say, how they end, and what they never do."""

from __future__ import annotations

import json
import os
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import head_sha256
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.support.commands import TOKEN, Run, account_id, change
from tests.support.contract import checked
from tests.support.terminal import SEMTUI, clean_environment


def test_a_snapshot_is_a_new_private_file_that_can_be_read_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    ended = run("snapshot", "--output", str(path), "--by", "Dana")
    assert (ended.status, ended.out) == (0, "")
    assert path.stat().st_mode & 0o777 == 0o600
    snapshot = read_snapshot(path.read_text(encoding="utf-8"))
    assert snapshot.head.by == "Dana"
    assert len(snapshot.projects.members) == len(snapshot.projects.listing.items) > 0
    assert snapshot.projects.roles
    assert snapshot.content_sha256 in ended.err


def test_one_is_never_written_over_another(run: Run, tmp_path: Path, server: DemoServer) -> None:
    path = tmp_path / "a.json"
    path.write_text("mine")
    ended = run("snapshot", "--output", str(path))
    assert ended.status == 2
    assert "never overwritten" in ended.err
    assert path.read_text() == "mine"
    assert server.requests == []


def test_two_of_an_unchanged_organization_have_the_same_content(run: Run, tmp_path: Path) -> None:
    one = json.loads(run("snapshot").out)
    other = json.loads(run("snapshot").out)
    assert one["content"] == other["content"]
    assert one["content_sha256"] == other["content_sha256"]


def test_the_one_before_is_named_by_the_hash_of_its_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path))
    after = json.loads(run("snapshot", "--previous", str(path)).out)
    assert after["head"]["previous_sha256"] == sha256(path.read_bytes()).hexdigest()
    written = json.loads(path.read_text(encoding="utf-8"))
    written["head"]["host"] = "acme.semaphoreci.com"
    written["head_sha256"] = head_sha256(written["head"], written["content_sha256"])
    path.write_text(json.dumps(written))
    ended = run("snapshot", "--previous", str(path))
    assert (ended.status, ended.out) == (2, "")
    assert "of another organization" in ended.err


def test_no_token_stands_in_a_snapshot(run: Run, server: DemoServer) -> None:
    text = run("snapshot").out
    assert not [token for token in server.tokens.values() if token in text]
    assert "@" not in text


def test_what_this_token_may_not_read_is_null_and_the_status_tells(run: Run) -> None:
    ended = run("snapshot", who="member")
    assert ended.status == 1
    assert "lacks organization.people.view" in ended.err
    written = json.loads(ended.out)
    assert written["content"]["users"] is None
    assert written["head"]["coverage"]["users"]["missing"] == "organization.people.view"


def test_a_list_that_fails_is_null(run: Run, server: DemoServer) -> None:
    server.inject(Fault(path="/groups", status=500, times=None))
    ended = run("snapshot")
    assert ended.status == 1
    assert json.loads(ended.out)["content"]["groups"] is None
    assert "The list of groups could not be read" in ended.err


def test_people_of_a_project_that_are_refused_are_null_and_counted(run: Run, server: DemoServer) -> None:
    project = server.organization.project_named("payments-api")
    assert project is not None
    server.inject(Fault("GET", f"/projects/{project.id}/members", "refuse", times=None))
    ended = run("snapshot")
    assert ended.status == 1
    assert "The people of 1 project could not be read." in ended.err
    people = {each["name"]: each["people"] for each in json.loads(ended.out)["content"]["projects"]}
    assert [name for name, rows in people.items() if rows is None] == ["payments-api"]


def test_nothing_is_written_when_nothing_could_be_read(
    run: Run, server: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.inject(Fault(status=401, times=None))
    path = tmp_path / "a.json"
    ended = run("snapshot", "--output", str(path))
    assert (ended.status, ended.out) == (1, "")
    assert "Nothing could be read, so nothing is written." in ended.err
    assert not path.exists()


@pytest.mark.parametrize(("given", "read"), [("0", 0), ("1", 1), ("all", None)])
def test_of_so_many_projects_the_people_are_read(run: Run, given: str, read: int | None) -> None:
    coverage = json.loads(run("snapshot", "--projects", given).out)["head"]["coverage"]["projects"]
    assert coverage["people_read"] == (coverage["items"] if read is None else read)


def test_community_has_no_groups_and_that_is_no_gap(run: Run, community: DemoServer) -> None:
    ended = run("snapshot", on=community)
    assert ended.status == 0
    assert "groups" not in ended.err
    assert json.loads(ended.out)["head"]["edition"] == "ce"


# Comparing


def test_a_file_is_compared_with_the_organization_as_it_is(run: Run, server: DemoServer, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path))
    ended = run("diff", str(path))
    assert (ended.status, ended.err) == (0, f"semtui: Reading {server.address.removeprefix('http://')}.\n")
    assert "Nothing differs in what could be compared." in ended.out
    change(server, "POST", f"service_accounts/{account_id(server, 'terraform')}/deactivate")
    ended = run("diff", str(path), "--format", "json")
    answer = checked(ended.out)
    assert [each["kind"] for each in answer["answer"]["changes"]] == ["deactivated"]
    assert answer["source"] == "live"
    assert answer["complete"] is True


def test_two_files_are_compared_without_a_token_and_without_a_network(
    run: Run, server: DemoServer, tmp_path: Path
) -> None:
    before, after, table = (tmp_path / name for name in ("a.json", "b.json", "table.csv"))
    run("snapshot", "--output", str(before))
    change(server, "DELETE", f"service_accounts/{account_id(server, 'terraform')}")
    run("snapshot", "--output", str(after))
    ran = subprocess.run(
        [SEMTUI, "diff", str(before), str(after), "--format", "csv", "--output", str(table)],
        env=clean_environment(tmp_path / "nobody"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert table.read_text(encoding="utf-8").splitlines()[1].startswith("deleted,account,terraform,")
    assert "What has changed" in run("diff", str(before), str(after), "--format", "md").out
    assert run("diff", str(after), str(before)).status in (0, 2)
    assert run("diff", str(before), str(after), "--only", "privilege").status == 0


def test_what_is_not_known_makes_the_status_1_unless_that_is_allowed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    run("snapshot", "--output", str(path), who="member")
    ended = run("diff", str(path))
    assert ended.status == 1
    assert "Not compared, because it was not read whole both times: the list of people." in ended.out.replace("\n", " ")
    allowed = run("diff", str(path), "--allow-unknown")
    assert (allowed.status, allowed.out) == (0, ended.out)
    assert "not complete" in allowed.err or "Not known" in allowed.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", TOKEN], "OLD: The file cannot be read: No such file or directory."),
        (["diff", "a.json", TOKEN], "cannot be read"),
        (["diff", "."], "OLD: This is not a regular file."),
        (["diff", "a.json", "--only", TOKEN], "--only takes privilege."),
        (["diff", "a.json", "--format", TOKEN], "--format takes text, json, csv or md."),
        (["diff", "a.json", "--projects", TOKEN], "--projects takes a number or all."),
        (["diff", "a.json", "b.json", "--demo"], "leave out --demo"),
        (["snapshot", "--projects", "-1"], "--projects takes a number or all."),
        (["snapshot", "--by", "x" * 201], "--by takes a name of at most 200 characters."),
        (["snapshot", "--previous", TOKEN], "--previous: The file cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_that_does_not_repeat_it(
    run: Run, server: DemoServer, arguments: list[str], said: str
) -> None:
    ended = run(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1
    assert "canary" not in ended.err
    assert server.requests == []


def test_a_file_that_is_no_snapshot_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for content, said in (
        (b"\xff", "it is not UTF-8"),
        (b"{}", "`semtui snapshot` writes them"),
        (b"", "stops being JSON"),
    ):
        path.write_bytes(content)
        ended = run("diff", str(path))
        assert (ended.status, ended.out) == (2, "")
        assert said in ended.err
    os.truncate(path, (512 << 20) + 1)
    assert "larger than any snapshot" in run("diff", str(path)).err


def test_a_command_that_lacks_a_file_says_so(tmp_path: Path) -> None:
    ran = subprocess.run(
        [SEMTUI, "diff"], env=clean_environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "the following arguments are required: OLD" in ran.stderr


@pytest.mark.parametrize("command", ["snapshot", "diff"])
def test_help_tells_the_statuses(tmp_path: Path, command: str) -> None:
    ran = subprocess.run(
        [SEMTUI, command, "--help"],
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "exit status is 0" in ran.stdout
    assert all(len(line) <= 100 for line in ran.stdout.splitlines())
