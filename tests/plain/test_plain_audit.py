"""The audit of line mode: the questions, and their answers as files."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.audit.sources import source_of
from semtui.changes.own_waivers import own_waivers
from semtui.demo.server import DemoServer
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session
from tests.conftest import writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import AUDIT

TEXT, JSON = "1", "2"
END, NO = "0", "0"
"""Of a text that is read out; to a file."""


def test_who_can_do_something_is_told_and_exported(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "who.json"
    said = talk(session, AUDIT, "1", "secrets manage", "1", END, JSON, str(path), "0", "q")
    assert "Who can organization.secrets.manage:" in said
    assert "14 people, 12 accounts (1 deactivated). Complete." in said
    assert f"Written to {path}." in said
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["question"] == "who-can organization.secrets.manage"
    assert len(found["answer"]["people"]) == 14


def test_what_somebody_can_and_why(session: Session) -> None:
    said = talk(session, AUDIT, "2", "kenji", "1", END, NO, "4", "kenji", "1", "people manage", "1", NO, "0", "q")
    assert "34 of 38 permissions of the organization; 31 of 31 on every project." in said
    assert "Kenji Watanabe holds organization.people.manage, in 1 way." in said
    assert "To end it:" in said


def test_what_a_role_permits_and_how_roles_differ(session: Session) -> None:
    said = talk(session, AUDIT, "3", "admin", "1", END, NO, "6", "owner", "1", "admin", "1", "", END, NO, "0", "q")
    assert "What the role Admin" in said
    assert "How Owner and Admin differ" in said
    assert "Only Owner:" in said


def test_what_would_change_is_told_as_the_command_tells_it_and_taken_away(
    session: Session, server: DemoServer, tmp_path: Path
) -> None:
    path = tmp_path / "change.json"
    said = talk(session, AUDIT, "9", "1", "platform", "1", "1", "member", "1", JSON, str(path), "0", "q")
    told = " ".join(said.split())
    assert "Platform engineering: what would be done?" in told
    assert "Give Platform engineering which role?" in told
    assert "Access changes for 2 people; 1 keeps everything by other means. Complete." in told
    assert "Loses 20 permissions of the organization, and Admin on every project:" in told
    assert "1 account unchanged, because of Admin assigned directly" in told
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["question"].startswith("what-if 'role ")
    assert [each["name"] for each in found["answer"]["changes"]] == ["Kenji Watanabe", "Leilani Kealoha"]
    assert writes(server) == []


def test_what_would_change_says_what_cannot_be_asked(session: Session) -> None:
    said = talk(session, AUDIT, "9", "1", "henrik", "1", "4", "2", NO, "0", "q")
    assert "Henrik Sørensen is in no group." in said
    assert "Semaphore would refuse to remove Henrik Sørensen" in " ".join(said.split())


def test_permissions_a_role_would_have_are_picked_one_by_one(session: Session) -> None:
    words = ("2", "release manager", "1", "1", "1", "billing.view", "1", "2", "people", "1", "3")
    said = " ".join(talk(session, AUDIT, "9", *words, NO, "0", "q").split())
    assert "1 permission to add, 1 to remove" in said
    assert "(-organization.people.view, +organization.plans_and_billing.view)" in said
    assert "Any edit of Release manager drops the project role it is mapped to" in said


def test_a_built_in_role_is_not_edited(session: Session) -> None:
    said = talk(session, AUDIT, "9", "2", "admin", "1", "1", "0", "0", "q")
    assert "Admin is built in; Semaphore lets nobody edit or delete it." in said


def test_who_is_a_step_away(session: Session) -> None:
    said = talk(session, AUDIT, "5", "1", "1", TEXT, "", "0", "q")
    assert "Who is within one step of Owner:" in said
    assert "can regenerate the token of break-glass" in said


def test_on_one_project(session: Session) -> None:
    said = talk(session, AUDIT, "1", "project.view", "1", "2", "1", "", NO, "0", "q")
    assert "Loading the projects…" in said
    assert "Unknown for" in said


def test_a_file_that_is_there_is_not_written_over(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "steps.txt"
    path.write_text("mine")
    said = talk(session, AUDIT, "5", "1", "1", TEXT, str(path), "", "0", "q")
    assert "Written to" not in said
    assert path.read_text() == "mine"


def test_findings_are_told_and_taken_away(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "findings.json"
    said = talk(session, AUDIT, "7", END, NO, JSON, str(path), "0", "q")
    assert "Loading the projects…" in said
    assert "20 open (10 high, 6 medium, 4 info). 22 rules evaluated." in said
    assert "one-step: Kenji Watanabe, person [" in said
    assert json.loads(path.read_text(encoding="utf-8"))["question"] == "findings"


def test_waivers_that_are_not_understood_waive_nothing(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "semtui").mkdir()
    (tmp_path / "semtui" / "waivers.toml").write_text("waiver = 1")
    said = talk(session, AUDIT, "7", END, NO, NO, "0", "q")
    assert "No finding is waived." in said


def test_a_finding_is_waived(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "ada")
    path = tmp_path / "findings.json"
    first = ("1", "stale svc", "1", "for the move", "", "soon", "")
    again = ("for the move", "dana", "", "SEC-1")
    second = ("1", "ghost", "1", "we know", "2", "", "", "")
    said = talk(session, AUDIT, "7", END, *first, *again, *second, NO, JSON, str(path), "0", "q")
    assert "Until should be a date, as " in said
    assert "Waived until " in said
    assert "18 open, 2 waived." in said
    one, other = own_waivers()
    assert (one.rule, one.severity, one.reason, one.by, one.ticket) == (
        "stale-token",
        "high",
        "for the move",
        "dana",
        "SEC-1",
    )
    assert (other.rule, other.severity, other.by, other.ticket) == ("ghost", "high", "dana", "")
    found = json.loads(path.read_text(encoding="utf-8"))["answer"]["findings"]
    assert sorted(each["rule"] for each in found if each["waiver"]) == ["ghost", "stale-token"]


def test_without_a_reason_nothing_is_waived(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    said = talk(session, AUDIT, "7", END, "1", "1", "", NO, NO, "0", "q")
    assert "Reason; Enter goes back" in said
    assert own_waivers() == ()


def test_what_has_changed_since_a_snapshot(session: Session, server: DemoServer, tmp_path: Path) -> None:
    snapshot, path = tmp_path / "old.json", tmp_path / "diff.json"
    store = OrganizationStore(session)
    asyncio.run(store.load_people(lambda: None))
    asyncio.run(store.load_projects(lambda: None))
    source = source_of(store)
    snapshot.write_text(snapshot_text(source.people, source.projects, source.head), encoding="utf-8")
    server.organization.create_role("Auditor", ["organization.view"], "Reads.")
    said = talk(session, AUDIT, "8", str(tmp_path), str(snapshot), JSON, str(path), "0", "q")
    assert "Snapshot: This is not a regular file." in said
    assert "What has changed from 2026-11-23 14:00 UTC" in said
    assert "Auditor was created, with 1 permission" in said
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["question"] == "diff"
    assert [each["kind"] for each in found["answer"]["changes"]] == ["role-created"]
