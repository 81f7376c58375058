"""`semtui --from FILE`: the pages show what a snapshot holds, nothing can be changed, and nobody is asked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.api.errors import NotSentError
from semtui.audit.snapshots.reading import read_snapshot
from semtui.audit.snapshots.snapshot import snapshot_text
from semtui.organization.snapshot_store import SnapshotStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.page import Page
from tests.audit.test_diff import source
from tests.conftest import screen_text, settle
from tests.support.organizations import parse
from tests.support.terminal import SEMTUI, clean_environment

pytestmark = pytest.mark.anyio

WORDS = "snapshot of 2026-11-26 09:00 UTC"
ORGANIZATION = parse(
    "ee | P ana:Owner dan:Member | A bot:Member | G ops:Admin{dan} | R Cap={o.view} "
    "| Q api@ana{dan:Reader} web@ana{} | Z api"
)


def text() -> str:
    made = source(ORGANIZATION)
    return snapshot_text(made.people, made.projects, made.head)


@pytest.fixture
def asleep(tmp_path: Path) -> Iterator[Session]:
    """A session for a file. There is nobody at its address."""
    context = Context("acme.semaphoreci.com", "acme.semaphoreci.com", "http://127.0.0.1:9", "")
    with Session(context, SessionOptions(snapshot=WORDS, rescue_directory=tmp_path)) as running:
        yield running


def app_on(session: Session) -> SemtuiApp:
    kept = read_snapshot(text())
    return SemtuiApp(session, store=SnapshotStore(session, kept.people, kept.projects))


async def test_every_page_shows_what_the_snapshot_holds(asleep: Session) -> None:
    async with app_on(asleep).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = screen_text(pilot.app)
        assert f"acme.semaphoreci.com {WORDS}" in shown
        assert all(name in shown for name in ("ana", "dan", "bot", "ops"))
        await pilot.press("5")
        await settle(pilot)
        assert "Cap" in screen_text(pilot.app)
        await pilot.press("6")
        await settle(pilot)
        assert "api" in screen_text(pilot.app)
        # The people of this one were not read.
        await pilot.press("G", "p")
        await settle(pilot)
        assert "The people of this project are not in the snapshot." in screen_text(pilot.app)


async def test_nothing_can_be_changed_and_a_reload_says_it_is_a_file(asleep: Session) -> None:
    async with app_on(asleep).run_test(size=(80, 24)) as pilot:
        for page in ("1", "5", "6"):
            await pilot.press(page)
            await settle(pilot)
            screen = pilot.app.screen
            assert isinstance(screen, Page)
            changing = [action for action in screen.ACTIONS if action.permission]
            assert changing or page == "6"
            for action in changing:
                assert screen.obstacle(action) == f"This is a file, the {WORDS}: nothing can be changed or asked."
            await pilot.press("r")
            await settle(pilot)
            assert f"This is a file, the {WORDS}: there is nothing newer to load." in screen_text(pilot.app)


async def test_nobody_is_asked(asleep: Session) -> None:
    async def never(_: object) -> None:
        raise AssertionError("somebody was asked")

    with pytest.raises(NotSentError, match="nothing can be changed or asked"):
        await asleep.read(never)
    with pytest.raises(NotSentError, match="nothing can be changed or asked"):
        await asleep.write(never)


def program(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SEMTUI, *arguments],
        env=clean_environment(home),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_line_mode_shows_it_too(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text(), encoding="utf-8")
    ran = program(tmp_path, "--plain", "--from", str(path), typed="11\nq\n")
    said = " ".join(ran.stdout.split())
    assert ran.returncode == 0
    assert "Organization acme.semaphoreci.com." in said
    assert f"This is a file, the {WORDS}: nothing can be changed or asked." in said
    assert f"This is a file, the {WORDS}: there is nothing newer to load." in said
    assert "People, 2" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "canary-token-0123456789"], "--from: The file cannot be read: No such file or directory."),
        (["--from", "a.json", "--demo"], "--from shows a file, and no organization; leave out --demo"),
        (["--from", "a.json", "export"], "export asks an organization; leave out --from."),
        (["--from", "a.json", "snapshot"], "snapshot asks an organization; leave out --from."),
        (["--from", "a.json", "diff", "a.json"], "diff takes its files as OLD and NEW; leave out --from."),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(tmp_path: Path, arguments: list[str], said: str) -> None:
    ran = program(tmp_path, *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "canary" not in ran.stderr
