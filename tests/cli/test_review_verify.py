"""`semtui review --verify`: which decisions were carried out, as far as the lists show."""

from __future__ import annotations

import csv
import io
import time
from hashlib import sha256
from pathlib import Path

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.support.commands import Run, account_id, change, program
from tests.support.exported_texts import computes
from tests.support.reviews import Review, decided, filled, manifest_of, rows_of, save, small


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
