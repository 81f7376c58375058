"""Findings on the screen: what is open, waived, unknown and not evaluated, everything about each, and the report as a
file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from semtui.api.models import Member
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.projects import Projects
from semtui.organization.snapshot_store import SnapshotStore
from semtui.organization.store import MANY
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.settings.waivers_location import waivers_path
from semtui.tui.answers.findings_screen import FindingsScreen
from semtui.tui.app import SemtuiApp
from semtui.wording.answered import FORMS, Form, ending_of
from tests.conftest import OpenScreen, writes
from tests.support.organizations import parse
from tests.support.served import NOW
from tests.tui.asking import ask

pytestmark = pytest.mark.anyio


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    return tmp_path


def waive(home: Path, text: str) -> None:
    path = waivers_path({}, home)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("page", ["1", "5", "6"])
async def test_findings_are_shown_from_every_page(open_screen: OpenScreen, home: Path, page: str) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        text = await ask(pilot, page, "7")
        assert "Findings as of " in text
        assert "SEVERITY RULE WHO EVIDENCE" in text
        assert "high stale-token legacy-signer" in text


async def test_everything_about_one_what_they_can_do_and_back(open_screen: OpenScreen, home: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        text = await ask(pilot, "7", "/", *"orphan", "enter", "enter")
        assert "orphan: abandoned-importer" in text
        for label in (
            "Severity medium",
            "Evidence The ",
            "Condition ",
            "Fix ",
            "May mislead ",
            "Not known ",
            "Waiver No",
        ):
            assert label in text
        assert "What abandoned-importer can do" in await ask(pilot, "v")
        assert "orphan: abandoned-importer" in await ask(pilot, "backspace")
        assert "SEVERITY RULE" in await ask(pilot, "backspace")
        await ask(pilot, "backspace", "backspace")
        assert not isinstance(pilot.app.screen, FindingsScreen)


async def test_what_a_refused_list_hides_is_never_counted_as_passed(
    open_screen: OpenScreen, server: DemoServer, home: Path
) -> None:
    server.inject(Fault("GET", "/service_accounts", "status", status=403, body="Permission denied", times=None))
    async with open_screen(size=(160, 50)) as pilot:
        text = await ask(pilot, "7")
        assert "not evaluated 0" not in text
        assert "Incomplete or out of date, so not evaluated: service accounts" in text
        assert "not eval. stale-token – The list of service accounts is incomplete" in text
        text = await ask(pilot, "/", *"stale", "enter", "enter")
        assert "It does not count as passed." in text


async def test_what_is_waived_is_told_and_never_hidden(open_screen: OpenScreen, server: DemoServer, home: Path) -> None:
    account = server.organization.service_account_named("legacy-signer")
    assert account is not None
    async with open_screen(size=(160, 50)) as pilot:
        host = pilot.app.screen.session.context.host  # type: ignore[attr-defined]
        waive(
            home,
            f'[[waiver]]\nrule = "stale-token"\nid = "{account.id}"\nhost = "{host}"\nseverity = "high"\n'
            'reason = "replaced in January"\nby = "dana"\nuntil = 2026-12-31\n',
        )
        text = await ask(pilot, "7")
        assert "· waived 1 ·" in text
        assert "waived stale-token legacy-signer Waived until 2026-12-31 by dana: replaced in January." in text


async def test_waivers_that_are_not_understood_waive_nothing(open_screen: OpenScreen, home: Path) -> None:
    waive(home, '[[waiver]]\nrule = "nothing"\n')
    async with open_screen(size=(160, 50)) as pilot:
        text = await ask(pilot, "7")
        assert "waivers.toml: Line 1: " in text
        assert "No finding is waived." in text
        assert "· waived 0 ·" in text


@pytest.mark.parametrize("form", FORMS)
async def test_the_report_is_exported_as_the_command_writes_it(
    open_screen: OpenScreen, server: DemoServer, home: Path, form: Form
) -> None:
    path = home / f"report.{ending_of(form)}"
    async with open_screen(size=(80, 24)) as pilot:
        await ask(pilot, "7", "E", *["down"] * FORMS.index(form), "ctrl+u")
        pilot.app.screen.query_one("#path").value = str(path)  # type: ignore[attr-defined]
        text = await ask(pilot, "tab", "tab", "enter")
        assert "Written to " in text
    written = path.read_text(encoding="utf-8")
    assert "legacy-signer" in written
    assert form != "json" or json.loads(written)["question"] == "findings"
    assert not writes(server)


async def test_with_many_people_the_report_follows_and_the_keys_do_not_wait(tmp_path: Path, home: Path) -> None:
    users = tuple(Member(f"person-{number}", f"Person {number}", "user", ()) for number in range(MANY + 1))
    people = parse("ee | P ana:Owner | A bot:Admin").people(NOW)
    many = people.arrived("users", (*people.users.items, *users), NOW)
    context = Context("big", "big.example.com", "http://127.0.0.1:9", "")
    with Session(context, SessionOptions(snapshot="snapshot of then", rescue_directory=tmp_path)) as session:
        app = SemtuiApp(session, store=SnapshotStore(session, many, Projects(), int(NOW)))
        async with app.run_test(size=(80, 24)) as pilot:
            text = await ask(pilot, "7")
            assert "Findings snapshot of then" in text
            assert "info privileged-account bot" in text
            assert "Evaluating" not in text
            assert "info" in await ask(pilot, "G", "enter", "backspace")
