"""Findings are waived on the screen, in the user's own file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from semtui.changes.own_waivers import own_waivers
from semtui.demo.server import DemoServer
from semtui.settings.waivers_location import waivers_path
from semtui.tui.answers.findings_screen import FindingsScreen
from semtui.tui.answers.waiver_form import WaiverForm
from tests.conftest import OpenScreen, SessionOf, writes
from tests.tui.asking import ask

pytestmark = pytest.mark.anyio

REASON = ("W", *"known")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setenv("LOGNAME", "ada")
    return waivers_path({}, tmp_path)


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_finding_is_waived_at_once_whoever_looks(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer, path: Path, read_only: bool
) -> None:
    session = session_of("owner", read_only=read_only)
    async with open_screen(size=(160, 50), on=session) as pilot:
        text = await ask(pilot, "7", "j", "j")
        assert "· waived 0 ·" in text
        second = pilot.app.screen.rows.row.id  # type: ignore[attr-defined]
        text = await ask(pilot, *REASON, "to send", "enter")
        assert "· waived 1 ·" in text
        assert f"Written to {path}." in text
        assert "waived one-step" in text
        assert "by ada: known." in text
        # The next one has come up.
        assert pilot.app.screen.rows.cursor == 2  # type: ignore[attr-defined]
        assert pilot.app.screen.rows.row.id != second  # type: ignore[attr-defined]
    (waiver,) = own_waivers()
    assert (f"{waiver.rule}:{waiver.id}", waiver.host) == (second, session.context.host)
    assert mode_of(path) == 0o600
    assert not writes(server)


async def test_a_finding_is_waived_where_everything_about_it_is_read(open_screen: OpenScreen, path: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        assert "Waiver None." in await ask(pilot, "7", "/", *"orphan", "enter", "enter")
        text = await ask(pilot, *REASON, "tab", *"dana", "tab", "tab", *"SEC-1", "to send", "enter")
        assert "orphan: abandoned-importer" in text
        assert "by dana: known (SEC-1)." in text
        # Who decides is suggested for the next.
        assert "By dana" in await ask(pilot, "backspace", "backspace", "g", "W")


async def test_what_cannot_be_waived_says_so(open_screen: OpenScreen, path: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        assert "Only a finding can be waived." in await ask(pilot, "7", "enter", "v", "W")
        assert isinstance(pilot.app.screen, FindingsScreen)


@pytest.mark.parametrize(
    ("keys", "words", "field"),
    [
        (("W",), "Reason is missing.", "reason"),
        ((*REASON, "tab", "ctrl+u"), "By is missing.", "by"),
        ((*REASON, "tab", "tab", *"2099-01-01"), "Until is more than 366 days ahead.", "until"),
        ((*REASON, "tab", "tab", *"May"), "Until should be a date, as ", "until"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    open_screen: OpenScreen, path: Path, keys: tuple[str, ...], words: str, field: str
) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        assert words in await ask(pilot, "7", *keys, "to send", "enter")
        assert getattr(pilot.app.screen.focused, "id", "") == field
    assert not written(path)


async def test_the_severity_is_at_least_that_of_the_finding(open_screen: OpenScreen, path: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        await ask(pilot, "7", "/", *"everyone", "enter", *REASON, *["tab"] * 4)
        await ask(pilot, "up", "up", "to send", "enter")
    (waiver,) = own_waivers()
    assert waiver.severity == "medium"


async def test_what_was_typed_is_kept(open_screen: OpenScreen, path: Path) -> None:
    async with open_screen(size=(80, 24)) as pilot:
        text = await ask(pilot, "7", *REASON, "escape")
        assert "Nothing was written. What you typed is kept" in text
        text = await ask(pilot, "W")
        assert "Reason ▌known" in text
        assert "What you typed before is back." in text
    assert not written(path)


async def test_an_invalid_file_is_left_as_it_is(open_screen: OpenScreen, path: Path) -> None:
    write(path, '[[waiver]]\nrule = "nothing"\n')
    async with open_screen(size=(80, 24)) as pilot:
        text = await ask(pilot, "7", *REASON, "to send", "enter")
        assert "Nothing was written. waivers.toml: Line 1: " in text
        assert isinstance(pilot.app.screen, WaiverForm)
    assert written(path) == '[[waiver]]\nrule = "nothing"\n'
