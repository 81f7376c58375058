"""The keys: a plain one for everything, a menu of all of it, and others in their place if the user wants them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from semtui.demo.server import DemoServer
from semtui.settings import keymap as keys
from semtui.settings.key_config import load_keys
from semtui.settings.keymap import DEFAULTS, PAGES
from semtui.settings.organization_marks import settings_path
from semtui.system.errors import ConfigurationError
from semtui.tui.answers.details_screen import DetailsScreen
from semtui.tui.pages.page import Page
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.pages.projects import PROJECT_ACTIONS
from semtui.tui.pages.roles import ROLE_ACTIONS
from semtui.tui.screens.actions import PEOPLE_ACTIONS, grouped
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.confirmations import RegenerateToken, SwitchServiceAccount
from semtui.tui.screens.help import wide_help_page
from semtui.tui.screens.project_people import ProjectPeople
from semtui.tui.screens.service_account_form import ServiceAccountForm
from tests.conftest import (
    OpenScreen,
    SessionOf,
    find,
    last_line,
    people_screen,
    screen_text,
    selected_name,
    settle,
    type_ahead,
    writes,
)
from tests.support.terminal import SEMTUI, Terminal, clean_environment

ACTIONS = {"the People page": PEOPLE_ACTIONS, "the Roles page": ROLE_ACTIONS, "the Projects page": PROJECT_ACTIONS}
OPENING = {"the People page": "1", "the Roles page": "5", "the Projects page": "6"}
PLAIN = {"space", "enter", "tab", "backspace", "up", "down", "left", "right"}
"""The keys that need neither a modifier nor a second row, besides those of letters, digits and signs."""
REMAPPED: dict[str, keys.Keys] = {
    "create": ("n",),
    "delete": ("Z",),
    "switch": ("z", "ctrl+o"),
    "details": ("l",),
    "clear": ("0",),
    "reload": ("f5",),
    "up": ("m",),
    "down": ("d",),
}


@pytest.fixture
def remapped() -> Iterator[None]:
    keys.use(REMAPPED)
    yield
    keys.use({})


def written(home: Path, text: str) -> Path:
    path = settings_path({}, home)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


# The table


@pytest.mark.parametrize("page", ACTIONS)
def test_every_action_has_keys_and_every_key_an_action(page: str) -> None:
    assert {action.name for action in ACTIONS[page]} | keys.MOVING.keys() == set(PAGES[page])


@pytest.mark.parametrize("name", sorted(DEFAULTS.keys() - {"half_page_up", "half_page_down", "page_up", "page_down"}))
def test_every_action_has_a_plain_key(name: str) -> None:
    assert any(len(each) == 1 or each in PLAIN for each in keys.keys_of(name))


@pytest.mark.parametrize("page", ACTIONS)
def test_every_action_stands_under_a_heading_of_its_own_kind(page: str) -> None:
    _, left_over = grouped(ACTIONS[page])[-1]
    assert {each.name for each in left_over} == {"menu", "contexts", "theme", "draw_anew", "help", "quit"}


@pytest.mark.parametrize("width", [60, 90, 120])
def test_columns_of_the_help_stay_in_line_whatever_the_keys_are(remapped: None, width: int) -> None:
    keys.use({**REMAPPED, "reload": ("backspace", "insert", "f5", "f6")})
    column = (width - 2) // 2
    lines = [line.text for line in wide_help_page(PEOPLE_ACTIONS, width)]
    beside = lines[: lines.index(next(filter(None, reversed(lines)))) - 1]
    assert all(line[column : column + 2].strip() == "" for line in beside)
    assert all(cell_len(line) <= width for line in beside)


def test_the_page_about_keys_lists_every_name_with_its_keys() -> None:
    page = Path(__file__).parents[2].joinpath(".github", "KEYS.md").read_text(encoding="utf-8")
    signs = {"up": "↑", "down": "↓"}
    listed: dict[str, set[str]] = {}
    for line in page.splitlines():
        cells = [re.findall(r"`([^`]+)`", cell) for cell in line.split(" | ")]
        for name in cells[0] if line.startswith("| `") else ():
            listed.setdefault(name, set()).update(cells[1])
    assert listed.keys() == DEFAULTS.keys()
    assert [name for name, keys in DEFAULTS.items() if not {signs.get(key, key) for key in keys} <= listed[name]] == []


# The settings


def test_without_settings_nothing_changes(tmp_path: Path) -> None:
    assert load_keys(settings_path({}, tmp_path)) == {}
    assert load_keys(written(tmp_path, '[context.a]\nlabel = "A"\n')) == {}


def test_keys_are_read_as_people_write_them(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[keys]\ncreate = "n"\nsearch = ["/", "Ctrl+S"]\nsort = "F2"\nmark = " "\nsearch_ = 1\n'.replace(
            "search_ = 1\n", 'clear = ["esc", "Backspace"]\npage_up = "PageUp"\nhelp = ","\n'
        ),
    )
    assert load_keys(path) == {
        "create": ("n",),
        "search": ("/", "ctrl+s"),
        "sort": ("f2",),
        "mark": ("space",),
        "clear": ("escape", "backspace"),
        "page_up": ("pgup",),
        "help": (",",),
    }


def test_two_actions_can_change_places(tmp_path: Path) -> None:
    assert load_keys(written(tmp_path, '[keys]\ncreate = "h"\nholders = "c"\n'))["create"] == ("h",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("keys = 7", "should be a table of keys"),
        ("[key]\ncreate = 'n'", "“key” is not known; there are"),
        ("[keys]\nmake = 'n'", "“make” is no action; there are up, down, .*create, edit, regenerate, .*people"),
        ("[keys]\ncreate = 7", "“create” should be a key in quotes"),
        ("[keys]\ncreate = []", "“create” needs a key; remove the line to keep c"),
        ("[keys]\ncreate = ''", "“” is no key"),
        ("[keys]\ncreate = 'shift+c'", "“shift[+]c” is no key; a key is one character, space, enter,"),
        ("[keys]\ncreate = 'alt+c'", "“alt[+]c” is no key"),
        ("[keys]\ncreate = 'f13'", "“f13” is no key"),
        ('[keys]\ncreate = "\\u001b"', "“␛” is no key"),
        ("[keys]\ncreate = 'd'", "d is for both create and switch on the People page; give one of them another key"),
        ("[keys]\ncompare = 'h'", "h is for both holders and compare on the Roles page"),
        ("[keys]\npeople = 's'", "s is for both sort and people on the Projects page"),
        ("[keys]\ncreate = 'j'", "j is for both down and create"),
        ("[keys]\nsearch = ['/', 'ctrl+f']", "ctrl[+]f is for both page_down and search"),
        ("[keys]\ncreate = 'enter'", "cannot have enter, which is for details and dialogs alone"),
        ("[keys]\ncreate = 'escape'", "cannot have escape, which is for clear"),
        ("[keys]\nmark = 'm'\ndown = 'space'", "cannot have space, which dialogs with lists need"),
        ("[keys]\ncreate = 'ctrl+q'", "cannot have ctrl[+]q, which is for quitting from anywhere"),
        ("[keys]\ncreate = 'ctrl+i'", "cannot have ctrl[+]i, which terminals cannot tell from tab"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        load_keys(written(tmp_path, text))
    assert "config.toml" in str(raised.value)


# Other keys


@pytest.mark.anyio
@pytest.mark.usefixtures("remapped")
async def test_other_keys_do_what_the_first_ones_did_and_those_do_nothing(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("3", "c", "X", "j", "k", "enter", "r")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert people_screen(pilot.app).rows.place[0] == 1
        await pilot.press("d", "d", "m")
        assert people_screen(pilot.app).rows.place[0] == 2
        for key, screen in (("n", ServiceAccountForm), ("ctrl+o", SwitchServiceAccount), ("z", SwitchServiceAccount)):
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(pilot.app.screen, screen)
            await pilot.press("escape")
        await pilot.press("l")
        await pilot.pause()
        assert isinstance(pilot.app.screen, DetailsScreen)


@pytest.mark.anyio
@pytest.mark.usefixtures("remapped")
async def test_other_keys_are_letters_where_something_is_typed(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "/", *"terraform", "enter", "z")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == "terraform"
        assert isinstance(pilot.app.screen, SwitchServiceAccount)
        await pilot.press("escape", "0")
        await pilot.pause()
        assert last_line(pilot.app) == "Filters cleared."
        await pilot.press("/", *"nl0dmz", "escape")
        await pilot.pause()
        assert people_screen(pilot.app).search.value == ""


@pytest.mark.anyio
@pytest.mark.usefixtures("remapped")
async def test_other_keys_are_named_wherever_keys_are(open_screen: OpenScreen) -> None:
    async with open_screen((100, 90)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        assert "n create e edit T token z deactivate Z delete l open" in screen_text(pilot.app)
        await find(pilot, "zebra")
        assert "0 clears the search" in screen_text(pilot.app)
        await pilot.press("0", "space")
        assert "z, e, T, H and Z apply to all" in last_line(pilot.app)
        await pilot.press("x", *"deactivate")
        await pilot.pause()
        assert "z Deactivate or reactivate 1 marked row" in screen_text(pilot.app)
        await pilot.press("escape", "?")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "m d one row up or down" in text
        assert "n Create a service account" in text


# The menu


async def entries(pilot: Pilot[None]) -> dict[str, str]:
    """What can be chosen, and why it cannot now."""
    menu = pilot.app.screen
    assert isinstance(menu, Chooser)
    return {each.id: each.obstacle for each, _ in menu._haystacks}


@pytest.mark.anyio
@pytest.mark.parametrize("page", ACTIONS)
async def test_the_menu_holds_every_action_of_a_page(open_screen: OpenScreen, page: str) -> None:
    async with open_screen((100, 50)) as pilot:
        await pilot.press(OPENING[page])
        await settle(pilot)
        await pilot.press("x")
        await pilot.pause()
        assert set(await entries(pilot)) == {action.method for action in ACTIONS[page]} - {"menu"}
        text = screen_text(pilot.app)
        first = next(action for action in ACTIONS[page] if action.needs)
        screen = pilot.app.screen_stack[0]
        assert isinstance(screen, Page)
        words = screen.content.menu_words(first.method, screen.rows.selected)
        assert f"{first.shown_key} {words}" in text


async def back_to(pilot: Pilot[None], page: str) -> None:
    """The page as it was first opened, on its first row; of people, the first account."""
    for _ in range(3):
        await pilot.press("escape")
        await pilot.pause()
    await pilot.press("1", "U", OPENING[page])
    await settle(pilot)
    if page == "the People page":
        await pilot.press("3", "g")


_CHANGING_THE_PAGE = ("quit", "menu", "theme", "mark", "mark_range", "messages")


@pytest.mark.anyio
@pytest.mark.parametrize("page", ACTIONS)
async def test_the_menu_does_what_the_key_does(open_screen: OpenScreen, page: str) -> None:
    async with open_screen() as pilot:
        # Every page is loaded before, which it says.
        for tab in "561":
            await pilot.press(tab)
            await settle(pilot)
        for action in ACTIONS[page]:
            await back_to(pilot, page)
            obstacle = pilot.app.screen.obstacle(action) if isinstance(pilot.app.screen, Page) else ""
            if (
                action.name in ("quit", "menu", "theme", "mark", "mark_range", "messages")
                or "sort" in action.name
                or obstacle
            ):
                continue
            await pilot.press({"/": "slash"}.get(action.shown_key, action.shown_key))
            await settle(pilot)
            by_key = screen_text(pilot.app)
            await back_to(pilot, page)
            type_ahead(pilot.app, "x", *action.words, "enter")
            await settle(pilot)
            assert screen_text(pilot.app) == by_key, action


@pytest.mark.anyio
async def test_the_menu_typed_at_once_does_what_it_does_when_typed_slowly(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "3", "x", *"regen", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        await pilot.press("escape")
        type_ahead(pilot.app, "/", *"nightly", "enter", "x", *"EDIT", "enter", *"-2")
        await settle(pilot)
        form = pilot.app.screen
        assert isinstance(form, ServiceAccountForm)
        assert selected_name(pilot.app) == "nightly-backup"
        await pilot.press("escape")
        type_ahead(pilot.app, "x", "down", "down", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, SwitchServiceAccount)
        await pilot.press("escape")
        type_ahead(pilot.app, "x", *"qu", "backspace", "backspace", "backspace", "j")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)


@pytest.mark.anyio
async def test_a_page_that_is_read_takes_what_is_typed_at_once(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "?", "/", *"quit?", "enter", "q", "j")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert people_screen(pilot.app).rows.place[0] == 2


@pytest.mark.anyio
async def test_what_the_menu_cannot_do_says_why(open_screen: OpenScreen, session_of: SessionOf) -> None:
    async with open_screen(on=session_of(read_only=True)) as pilot:
        await pilot.press("x")
        await pilot.pause()
        obstacles = await entries(pilot)
        changing = {action.method for action in PEOPLE_ACTIONS if action.permission}
        assert {name for name, words in obstacles.items() if words} == changing
        await pilot.press(*"create a service", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Chooser)
        assert "--read-only" in screen_text(pilot.app)


@pytest.mark.anyio
async def test_the_menu_names_what_is_meant(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "Noor Haddad")
        await pilot.press("x", *"token")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "Actions for Noor Haddad" in text
        assert "Noor Haddad is a person; this works on service accounts only." in text
        await pilot.press("escape", "escape", "3", "space", "space", "x")
        await pilot.pause()
        assert "Actions for 2 marked rows" in screen_text(pilot.app)


@pytest.mark.anyio
async def test_the_people_of_a_project_have_a_menu_too(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("x")
        await pilot.pause()
        assert set(await entries(pilot)) == {"edit", "create", "delete", "reload", "quit"}
        await pilot.press(*"add", "enter")
        await pilot.pause()
        assert "Add to" in screen_text(pilot.app)
        await pilot.press("backspace")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ProjectPeople)


# In a terminal


def test_other_keys_in_a_terminal(tmp_path: Path) -> None:
    written(tmp_path, '[keys]\ncreate = "n"\nquit = ["Q", "f10"]\nmenu = "m"\n')
    with Terminal([SEMTUI, "--demo"], clean_environment(tmp_path)) as terminal:
        terminal.wait_for("n create")
        terminal.wait_for("Loaded 37 rows.")
        terminal.press("/terraform\rmexport\r")
        terminal.wait_for("Export to a file")
        terminal.press("\tq")
        terminal.wait_for("Nothing was exported.")
        terminal.press("n")
        terminal.wait_for("Create service account")
        terminal.press("\t\t\t\t\t\r")
        terminal.wait_for(lambda: "Create service account" not in terminal.screen_text())
        terminal.press("qQ")
        assert terminal.wait_for_exit() == 0


def test_a_clash_is_told_before_anything_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path, '[keys]\ncreate = "d"\n')
    with Terminal([SEMTUI, "--demo"], clean_environment(tmp_path), columns=200) as terminal:
        assert terminal.wait_for_exit() == 2
        words = "d is for both create and switch on the People page; give one of them another key."
        assert terminal.screen_text().strip() == f"semtui: {path}, [keys]: {words}"


@pytest.mark.anyio
@pytest.mark.parametrize("page", ["3", "4", "5", "6"])
async def test_what_vim_and_tmux_users_type_by_habit_changes_nothing(
    open_screen: OpenScreen, server: DemoServer, page: str
) -> None:
    habits = ("dd", "xx", "X", "u", "ZZ", "p", "nN", "ggG", "yy", "ciw", "I", "O", "D", "J", "vd", ":x", "R")
    async with open_screen() as pilot:
        await pilot.press(page)
        await settle(pilot)
        for habit in habits:
            type_ahead(pilot.app, "ctrl+b", "ctrl+d", "ctrl+u", *habit, "ctrl+b", "enter")
            await settle(pilot)
            for _ in range(3):
                await pilot.press("escape")
        await settle(pilot)
        assert writes(server) == []
