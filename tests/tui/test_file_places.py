"""Wherever a file name is typed, the full path is told before anything is written, and after."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import OpenScreen, find, last_line, screen_lines, screen_text, send, settle, settled_in
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio
NAME = "tok.txt"
TOKEN = "Tok3n-for_the-tests9"


@pytest.fixture(autouse=True)
def _token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: TOKEN


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, which is the home directory too."""
    directory = tmp_path / "here"
    directory.mkdir()
    monkeypatch.chdir(directory)
    monkeypatch.setenv("HOME", str(directory))
    return directory


def told(pilot: Pilot[None]) -> str:
    """What is on the screen without its line breaks and spaces: a long path is broken anywhere."""
    return "".join("".join(screen_lines(pilot.app)).split())


async def type_name(pilot: Pilot[None], field: str, name: str) -> None:
    line = pilot.app.screen.query_one(field, Input)
    line.focus()
    line.value = ""
    await pilot.press(*name)
    await settle(pilot)


async def regenerate(pilot: Pilot[None]) -> None:
    await find(pilot, "terraform")
    await pilot.press("T")
    await settled_in(pilot)


async def take_the_token(pilot: Pilot[None]) -> None:
    await regenerate(pilot)
    await send(pilot)
    await pilot.press("w")
    await settle(pilot)


async def create(pilot: Pilot[None]) -> None:
    await pilot.press("c", *"ci-bot", "tab", "tab", "down")
    await settled_in(pilot)


async def export(pilot: Pilot[None]) -> None:
    await pilot.press("E")
    await settle(pilot)


OFFERS: dict[str, tuple[Callable[[Pilot[None]], object], str]] = {
    "a token on the screen": (take_the_token, "#where"),
    "the token of a new account": (create, "#destination"),
    "a regenerated token": (regenerate, "#destination"),
    "an export": (export, "#path"),
}


@pytest.mark.parametrize("offer", OFFERS)
async def test_the_full_path_is_told_where_it_is_typed_and_once_it_is_written(
    open_screen: OpenScreen, here: Path, offer: str
) -> None:
    opened, field = OFFERS[offer]
    async with open_screen((100, 40)) as pilot:
        await opened(pilot)  # type: ignore[misc]
        for name in ("other.txt", "~/other.txt", "../here/other.txt", NAME):
            await type_name(pilot, field, name)
            full = here / "other.txt" if name.startswith("~") else here / name
            assert str(full) in told(pilot)
        assert os.listdir(here) == []
        if field == "#where":
            await pilot.press("enter")
            await settle(pilot)
        else:
            await send(pilot)
        assert os.listdir(here) == [NAME]
        after = last_line(pilot.app) if field == "#path" else told(pilot)
        assert f"to{here / NAME}" in "".join(after.split())


async def test_a_suggested_file_is_told_in_full(open_screen: OpenScreen, here: Path) -> None:
    async with open_screen((100, 40)) as pilot:
        await export(pilot)
        assert str(here / "semtui-all-2026-11-23.csv") in told(pilot)
        await pilot.press("escape")
        await take_the_token(pilot)
        assert str(here / "terraform.token") in told(pilot)


async def test_an_error_stays_until_something_else_is_typed(open_screen: OpenScreen, here: Path) -> None:
    (here / NAME).write_text("mine")
    async with open_screen((100, 40)) as pilot:
        await take_the_token(pilot)
        await type_name(pilot, "#where", NAME)
        await pilot.press("enter")
        await settle(pilot)
        assert "exists already" in screen_text(pilot.app)
        await pilot.press("2")
        await settle(pilot)
        assert "exists already" not in screen_text(pilot.app)
        assert str(here / f"{NAME}2") in told(pilot)


async def test_a_whole_path_is_not_told_twice(open_screen: OpenScreen, here: Path) -> None:
    async with open_screen((160, 40)) as pilot:
        await regenerate(pilot)
        await type_name(pilot, "#destination", str(here / NAME))
        assert told(pilot).count(NAME) == 1
        await type_name(pilot, "#destination", "| cat")
        assert str(here) not in told(pilot)


def test_line_mode_tells_where_a_name_alone_goes(session: Session, here: Path) -> None:
    said = "".join(talk(session, "7", "ci-bot", "", "3", NAME, "6", "0", "q").split())
    assert f"anamealonegoesto{here})" in said
    assert f"Itwillbesavedto{here / NAME}." in said
    assert f"savedto{here / NAME},mode0600" in said
    said = "".join(talk(session, "10", "1", "1", "rows.csv", "q").split())
    assert f"asin{here}/semtui-" in said
    assert f"anamealonegoesto{here};" in said
    assert f"to{here / 'rows.csv'}." in said
