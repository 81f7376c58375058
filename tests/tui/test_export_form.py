"""Exporting what the screen shows: which rows, in which form, to which file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.export_form import ExportForm
from tests.conftest import OpenScreen, find, last_line, screen_text, send, settle, type_ahead

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def exported(home: Path) -> list[Path]:
    return list(home.glob("semtui-*"))


async def test_the_rows_shown_are_written_and_the_file_is_named(open_screen: OpenScreen, home: Path) -> None:
    async with open_screen() as pilot:
        await pilot.press("3")
        await find(pilot, "deploy")
        await pilot.press("E")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ExportForm)
        assert "~/semtui-service-accounts-2026-11-23.csv" in screen_text(pilot.app)
        await send(pilot)
        path = home / "semtui-service-accounts-2026-11-23.csv"
        written = table(path)
        assert last_line(pilot.app) == f"Exported {len(written)} rows to {path}."
        assert {"ci-deployer", "staging-deployer"} <= {row["name"] for row in written}
        assert len(written) < 16


async def test_everything_can_be_written_as_json(open_screen: OpenScreen, home: Path, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "deploy")
        await pilot.press("E", "tab", "end")
        await send(pilot)
        lists = json.loads((home / "semtui-all-2026-11-23.json").read_text())
        assert {len(lists[kind]) for kind in ("people", "service_accounts")} == {16}
        names = {account["name"] for account in lists["service_accounts"]}
        assert names == set(server.organization.service_account_names())
        assert lists["roles"]


async def test_an_existing_file_is_never_overwritten(open_screen: OpenScreen, home: Path) -> None:
    path = home / "semtui-all-2026-11-23.csv"
    path.write_text("mine")
    async with open_screen() as pilot:
        await pilot.press("E")
        await send(pilot)
        assert isinstance(pilot.app.screen, ExportForm)
        assert "exists" in screen_text(pilot.app)
        assert path.read_text() == "mine"
        await pilot.press("shift+tab", "shift+tab", "end", *"x")
        await send(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert len(table(home / "semtui-all-2026-11-23.csvx")) == 37
        assert path.read_text() == "mine"


async def test_a_list_that_is_missing_is_told_and_not_passed_off_as_empty(
    open_screen: OpenScreen, server: DemoServer, home: Path
) -> None:
    server.inject(Fault("GET", "/service_accounts", "refuse", times=None))
    async with open_screen() as pilot:
        await pilot.press("3", "E")
        await pilot.pause()
        assert "The list of service accounts could not be read" in screen_text(pilot.app)
        await send(pilot)
        assert "Nothing was written." in screen_text(pilot.app)
        assert exported(home) == []
        await pilot.press("escape")
        await settle(pilot)
        assert last_line(pilot.app) == "Nothing was exported."


async def test_a_name_that_is_typed_stays_when_the_format_changes(open_screen: OpenScreen, home: Path) -> None:
    async with open_screen() as pilot:
        await pilot.press("E", "tab", "end")
        await pilot.pause()
        assert "2026-11-23.json" in screen_text(pilot.app)
        await pilot.press("shift+tab", "ctrl+u", *"mine.txt", "tab", "up")
        await pilot.pause()
        assert "mine.txt" in screen_text(pilot.app)


@pytest.mark.parametrize("tab", ["1", "5", "6"])
@pytest.mark.parametrize("typed", ["quick.csv", "jam.csv", "list.csv", "G g p"])
async def test_a_name_typed_at_once_is_the_name(open_screen: OpenScreen, tab: str, typed: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(tab)
        await settle(pilot)
        type_ahead(pilot.app, "E", *typed)
        await settle(pilot)
        assert isinstance(pilot.app.screen, ExportForm)
        assert pilot.app.screen.path.value == typed


async def test_the_arrows_choose_a_format_from_there_and_a_name_that_was_offered_is_still_replaced(
    open_screen: OpenScreen, home: Path
) -> None:
    async with open_screen() as pilot:
        await pilot.press("E", "down", "down", "up", "down")
        await pilot.pause()
        assert "~/semtui-all-2026-11-23.json" in screen_text(pilot.app)
        await pilot.press(*str(home / "x.json"))
        await send(pilot)
        assert json.loads((home / "x.json").read_text())["people"]


async def test_a_file_for_excel_begins_with_a_byte_order_mark(open_screen: OpenScreen, home: Path) -> None:
    async with open_screen() as pilot:
        await pilot.press("4", "E", "down")
        await send(pilot)
        written = (home / "semtui-groups-2026-11-23.csv").read_bytes()
        assert written.startswith(b"\xef\xbb\xbfname,description,")


async def test_a_cell_that_was_cut_is_told(open_screen: OpenScreen, home: Path, server: DemoServer) -> None:
    next(iter(server.organization.state.service_accounts.values())).description = "x" * 40_000
    async with open_screen() as pilot:
        await pilot.press("3", "E")
        await send(pilot)
        assert "1 cell was longer than the 32,767 characters a spreadsheet takes and cut" in last_line(pilot.app)


async def test_the_roles_that_are_written_are_counted_and_not_those_that_are_shown(
    open_screen: OpenScreen, home: Path
) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "E")
        await settle(pilot)
        assert "The 5 roles shown as CSV" in screen_text(pilot.app)
        # The people of projects hold roles that Semaphore does not list.
        await pilot.press("escape", "6")
        await settle(pilot)
        await pilot.press("5")
        await settle(pilot)
        assert "/8" in screen_text(pilot.app)
        await pilot.press("E")
        await settle(pilot)
        assert "5 of the 8 roles shown, those Semaphore lists, as CSV" in screen_text(pilot.app)
        await send(pilot)
        assert len(table(home / "semtui-roles-2026-11-23.csv")) == 5


async def test_json_of_everything_says_that_the_roles_are_in_it(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("E")
        await settle(pilot)
        assert "The 37 rows shown and 5 roles as JSON" in screen_text(pilot.app)


async def test_projects_are_written_as_they_are_shown(open_screen: OpenScreen, home: Path, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("/", *"infra", "enter", "E")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "The 1 project shown as CSV" in text
        assert "All 4 projects as CSV" in text
        await send(pilot)
        (row,) = table(home / "semtui-projects-2026-11-23.csv")
        project = server.organization.project_named("infra-live")
        assert project is not None
        assert (row["id"], row["name"], row["owner"]) == (project.id, "infra-live", "Amara Okafor")
        assert "Leilani Kealoha" in row["member_names"]
