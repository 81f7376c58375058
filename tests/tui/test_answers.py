"""Answers on the screen: down to the reason, turned round, searched, exported, asked again when lists change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from semtui.audit.snapshots.reading import read_snapshot
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.people import People
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.page import Page
from semtui.wording.answered import FORMS, Form, ending_of
from tests.conftest import OpenScreen, people_screen, screen_lines, screen_text, settle, type_ahead, writes
from tests.support.organizations import parse
from tests.support.terminal import SEMTUI, clean_environment
from tests.tui.asking import WORDS, app_on, ask, write_snapshot

pytestmark = pytest.mark.anyio
ORGANIZATION = parse(
    "ee | P ana:Owner ben:Admin~scim,Member dan:Member rey:Cap | A bot:Member; old:Admin<ana -700d -400d off "
    "| G ops:Admin{dan,!zed} void:Admin{} | R Cap={o.view}=>Admin | Q api@ana{dan:Reader} | X roles=stale"
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A snapshot of an organization with something of everything."""
    return write_snapshot(ORGANIZATION, tmp_path / "a.json")


@pytest.fixture
def app(snapshot: Path, tmp_path: Path) -> Iterator[SemtuiApp]:
    """The screen on that snapshot. There is nobody at its address."""
    with app_on(snapshot, tmp_path) as app:
        yield app


def id_of(app: SemtuiApp, name: str) -> str:
    return next(each.id for each in people_screen(app).store.people.subjects if each.name == name)


WHO_CAN = ("w", *"people.manage", "enter")


@pytest.mark.parametrize("page", ["1", "3", "5", "6"])
async def test_who_can_is_asked_on_every_page(app: SemtuiApp, page: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, page, *WHO_CAN)
        assert f"Who can organization.people.manage {WORDS}" in text
        assert "At least 3 people, 1 account (1 deactivated); 1 unknown." in text
        assert "Admin, from SCIM provisioning 1 – 1" in text
        assert "old " in text
        assert "Unknown for 1: an id that is in a group but in no list" in text


async def test_down_to_the_reason_and_back(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *WHO_CAN, "j", "enter")
        assert "Because of " in text
        text = await ask(pilot, "g", "enter")
        assert " holds organization.people.manage, in " in text
        assert "To end it:" in text
        assert "PERMISSION" in await ask(pilot, "v")
        assert "To end it:" in await ask(pilot, "backspace")
        assert "Because of " in await ask(pilot, "escape")
        assert "BECAUSE OF PEOPLE" in await ask(pilot, "backspace")
        await ask(pilot, "backspace")
        assert not isinstance(pilot.app.screen, AnswerScreen)


async def test_keys_in_one_burst_arrive_where_slow_ones_do(app: SemtuiApp) -> None:
    keys = (*WHO_CAN, "enter", "enter", "v", "j", "j", "v")
    async with app.run_test(size=(80, 24)) as pilot:
        slow = await ask(pilot, *keys)
        await ask(pilot, "q")
        type_ahead(pilot.app, *keys)
        await settle(pilot)
        assert screen_text(pilot.app) == slow
        assert "Who can organization." in slow


async def test_an_unknown_says_what_would_make_it_known(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, "w", *"project.delete", "enter", "/", *"custom", "enter", "enter")
        assert "Unknown for " in text
        assert "rey" in text
        text = await ask(pilot, "enter")
        assert "Whether rey holds project.delete is unknown." in text
        assert "What would make it known:" in text


async def test_what_an_answer_is_based_on_stands_at_its_end(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *WHO_CAN, "G", "enter")
        assert "L1: " in text
        assert "could not be reloaded, so an older one is used" in text


@pytest.mark.parametrize(("page", "keys"), [("2", ("/", *"dan", "enter")), ("4", ()), ("5", ("j", "j", "j"))])
async def test_what_the_row_can_do(app: SemtuiApp, page: str, keys: tuple[str, ...]) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, page, *keys, "a")
        assert isinstance(pilot.app.screen, AnswerScreen)
        assert "permissions of the organization" in text
        if page == "2":
            assert "Person, effectively Admin. Holds Member, assigned directly; Admin, through the group ops." in text
            assert "! people.manage organization Admin, group ops" in text
            assert "Cannot, in the organization: change_owner" in text


async def test_ids_are_whole_when_asked_for(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        short = await ask(pilot, "w", *"change_owner", "enter", "enter")
        ana = id_of(app, "ana")
        assert ana[:8] in short
        assert ana not in short
        assert ana in await ask(pilot, "i")
        assert ana not in await ask(pilot, "i")


async def test_an_answer_is_searched_by_name_and_by_id(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "w", *"organization.view", "enter", "enter")
        text = await ask(pilot, "/", *"dan", "enter")
        assert "1/1" in text
        assert "ana" not in text
        assert "Whether" not in await ask(pilot, "backspace")
        assert "bot" in await ask(pilot, "/", *id_of(app, "bot")[:8], "enter")
        assert "Nothing here matches." in await ask(pilot, "/", *"zebra")
        # Letters are text there, and no keys.
        assert isinstance(pilot.app.screen, AnswerScreen)
        await ask(pilot, "escape", "q")
        assert not isinstance(pilot.app.screen, AnswerScreen)


QUESTIONS = {
    "who-can": (WHO_CAN, ("who-can", "people.manage")),
    "who-can on every project": (("w", *"project.delete", "enter"), ("who-can", "project.delete")),
    "who-can on a project": (("6", "w", *"project.delete on", "enter"), ("who-can", "project.delete", "--on", "api")),
    "can": (("2", "/", *"dan", "enter", "a"), ("can", "dan")),
    "can of a role": (("5", "j", "j", "j", "a"), ("can", "Cap")),
    "why": (("2", "/", *"dan", "enter", "a", "enter"), ("why", "dan", "people.manage")),
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("form", FORMS)
async def test_a_file_of_an_answer_is_what_the_command_writes(
    app: SemtuiApp, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, form: Form
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    keys, command = QUESTIONS[name]
    path = tmp_path / f"answer.{ending_of(form)}"
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, *keys)
        assert isinstance(pilot.app.screen, AnswerScreen)
        await ask(pilot, "E", *["down"] * FORMS.index(form), *str(path), "enter", "tab", "enter")
        text = await ask(pilot)
        assert "Written to" in text
    command_line = [SEMTUI, *command, "--from", str(snapshot), "--format", form]
    told = await anyio.run_process(command_line, env=clean_environment(tmp_path), check=False)
    assert path.read_bytes() == told.stdout


async def test_a_short_answer_is_copied_as_text(app: SemtuiApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX", "STY"):
        monkeypatch.delenv(variable, raising=False)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *WHO_CAN, "y")
        assert "Who can organization.people.manage as text: Sent to your terminal's clipboard" in text
        assert app.clipboard.startswith("Who can organization.people.manage\n")


@pytest.mark.parametrize(
    ("keys", "begins"),
    [
        (("?",), "Keys\n\nMoving\n"),
        (("!",), "Messages of this run, the newest first\n\n"),
        (("enter",), "ana\n\nkind "),
    ],
)
async def test_every_page_of_text_is_written_to_a_file(
    app: SemtuiApp, tmp_path: Path, keys: tuple[str, ...], begins: str
) -> None:
    path = tmp_path / "page.txt"
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, *keys, "E", *str(path), "enter", "enter")
        assert "Written to" in await ask(pilot)
    assert path.read_text().startswith(begins)


async def test_an_answer_grows_while_a_list_is_read(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        page = people_screen(app)
        whole = page.store.people
        page.store.people = People(roles=whole.roles).growing("users", whole.users.items[:2])
        page.draw()
        text = await ask(pilot, *WHO_CAN)
        assert "Still reading: 2 people, 0 accounts with a role" in text
        assert "Complete" not in text
        page.store.people = whole
        page.draw()
        await settle(pilot)
        text = screen_text(app)
        assert "Still reading" not in text
        assert "At least 3 people, 1 account (1 deactivated); 1 unknown." in text


async def test_a_list_that_is_refused_is_named(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("GET", "/groups", "status", status=500, body="{}", times=None))
    async with open_screen() as pilot:
        text = await ask(pilot, *WHO_CAN)
        assert "The list of groups could not be read" in text
        assert "At least " in text
        assert "Complete" not in text
        assert writes(server) == []


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (60, 16)])
async def test_when_it_is_from_and_how_to_leave_are_always_said(app: SemtuiApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        for keys in (WHO_CAN, ("enter",), ("enter",), ("v",)):
            await ask(pilot, *keys)
            lines = screen_lines(app)
            assert WORDS in lines[0]
            assert "q leaves" in lines[-1]


async def test_a_click_on_the_row_under_the_cursor_leads_on(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "w", *"change_owner", "enter")
        await pilot.click("#answer-rows", offset=(5, 1))
        text = await ask(pilot)
        assert "Because of " in text


async def test_a_role_of_projects_is_not_asked_about_in_the_organization(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "6")
        text = await ask(pilot, "5", "G", "a")
        assert not isinstance(pilot.app.screen, AnswerScreen)
        assert "is held on projects only; enter shows what it permits there." in text


async def test_a_file_that_is_there_is_not_written_over(app: SemtuiApp, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("mine")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await ask(pilot, *WHO_CAN, "E", *str(path), "enter", "tab", "enter")
        assert "exists already and is never" in text
        assert "Nothing was written." in await ask(pilot, "tab", "enter")
    assert path.read_text() == "mine"


async def test_a_snapshot_of_what_has_been_read(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    async with open_screen() as pilot:
        await ask(pilot, "6", "S", *str(path), "enter", "tab", "enter")
        assert "Written to" in await ask(pilot)
        kept = read_snapshot(path.read_text(encoding="utf-8"))
        assert isinstance(pilot.app.screen, Page)
        assert set(kept.people.users.items) == set(pilot.app.screen.store.people.users.items)
        assert len(kept.projects.listing.items) == 4
        assert path.stat().st_mode & 0o777 == 0o600


async def test_a_snapshot_is_not_taken_of_a_snapshot(app: SemtuiApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        assert f"This is a file already, the {WORDS}." in await ask(pilot, "S")
