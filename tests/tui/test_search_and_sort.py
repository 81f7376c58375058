"""Finding rows: the search box, the role filter, the sort orders, and the cursor that survives them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.widgets import Static

from semtui.demo.server import DemoServer
from semtui.settings import named_filters
from semtui.tui.pages.frame import PageFrame
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.chooser import Chooser
from tests.conftest import (
    OpenScreen,
    find,
    last_line,
    people_screen,
    screen_lines,
    screen_text,
    selected_name,
    settle,
    type_ahead,
)

pytestmark = pytest.mark.anyio


async def test_rows_narrow_with_every_letter(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        places = []
        await pilot.press("/")
        for letter in "deploy":
            await pilot.press(letter)
            await pilot.pause()
            places.append(people_screen(pilot.app).rows.place[1])
        assert places == sorted(places, reverse=True)
        text = screen_text(pilot.app)
        for name in ("ci-deployer", "staging-deployer", "svc[prod] deploy"):
            assert name in text
        assert "Henrik Sørensen" not in text


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("TERRA", "terraform"),
        ("infra-live", "terraform"),
        ("installers", "legacy-signer"),
        ("métricas", "Métricas y alertas"),
        ("王秀英", "王秀英"),
        ("[prod]", "svc[prod] deploy"),
        ("every second", "Release crew"),
    ],
)
async def test_name_and_description_are_searched_whatever_the_case(
    open_screen: OpenScreen, typed: str, name: str
) -> None:
    async with open_screen() as pilot:
        await find(pilot, typed)
        assert selected_name(pilot.app) == name
        assert people_screen(pilot.app).rows.place == (1, 1)


async def test_an_id_is_found(open_screen: OpenScreen, server: DemoServer) -> None:
    account = server.organization.service_account_named("renovate")
    assert account is not None
    async with open_screen() as pilot:
        await find(pilot, account.id)
        assert selected_name(pilot.app) == "renovate"


@pytest.mark.parametrize("tab", "123456")
async def test_while_a_search_is_typed_the_key_line_says_what_keys_do_then(open_screen: OpenScreen, tab: str) -> None:
    async with open_screen() as pilot:
        await pilot.press(tab)
        await settle(pilot)

        def keys() -> str:
            return str(pilot.app.screen.query_one("#keys", Static).content).strip()

        terms = {"5": "can: scope: kind:", "6": "owner:"}.get(tab, "role: state: kind: by: can: age> …")
        typing = f"enter keep  esc clear  tab complete {terms}"
        for_rows = keys()
        assert "help" in for_rows
        await pilot.press("/")
        await pilot.pause()
        assert keys() == typing
        await pilot.press("e", "down")
        await pilot.pause()
        assert keys() == typing
        await pilot.press("enter")
        await settle(pilot)
        assert "help" in keys()
        await pilot.press("/", "escape")
        await settle(pilot)
        assert keys() == for_rows


async def test_a_search_that_finds_nothing_says_how_to_drop_it(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "zebra")
        text = screen_text(pilot.app)
        assert "No people and accounts match." in text
        assert "backspace clears the search" in text
        assert people_screen(pilot.app).rows.place == (0, 0)
        await pilot.press("e")
        assert "No row" in last_line(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert people_screen(pilot.app).rows.place == (1, 37)
        assert "Filters cleared." in last_line(pilot.app)


async def test_escape_in_the_search_box_drops_it_and_leaves(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("/", *"nightly", "escape")
        await pilot.pause()
        assert people_screen(pilot.app).search.value == ""
        assert people_screen(pilot.app).rows.has_focus
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_enter_leaves_the_search_box_and_keeps_the_search(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "deploy")
        assert people_screen(pilot.app).rows.has_focus
        await pilot.press("j")
        assert people_screen(pilot.app).rows.place[0] == 2
        assert people_screen(pilot.app).search.value == "deploy"


async def test_a_search_stays_through_a_reload(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "deploy")
        await pilot.press("j")
        name, place = selected_name(pilot.app), people_screen(pilot.app).rows.place
        await pilot.press("r")
        await settle(pilot)
        assert (selected_name(pilot.app), people_screen(pilot.app).rows.place) == (name, place)


@pytest.mark.parametrize("found_by", [("/", *"nightly", "enter"), ("/", *"nightly", "enter", "r"), ("/", *"nightly")])
async def test_a_row_that_was_found_stays_under_the_cursor_when_the_search_is_dropped(
    open_screen: OpenScreen, found_by: tuple[str, ...]
) -> None:
    async with open_screen() as pilot:
        await pilot.press(*found_by)
        await settle(pilot)
        assert selected_name(pilot.app) == "nightly-backup"
        await pilot.press("escape")
        await settle(pilot)
        assert selected_name(pilot.app) == "nightly-backup"
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_the_cursor_stays_on_the_row_it_was_moved_to_when_the_search_is_dropped(
    open_screen: OpenScreen,
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "deploy")
        await pilot.press("j")
        name = selected_name(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert selected_name(pilot.app) == name
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_a_role_that_is_chosen_is_written_into_the_search_line(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("f")
        assert isinstance(pilot.app.screen, Chooser)
        text = screen_text(pilot.app)
        for role in ("any role 37 rows", "Owner 3 rows", "Member 20 rows", "Release manager", "no role 2 rows"):
            assert role in text
        await pilot.press(*"own", "enter")
        await pilot.pause()
        assert "backspace clears the search line." in last_line(pilot.app)
        assert people_screen(pilot.app).search.value == "role:Owner"
        text = screen_text(pilot.app)
        assert people_screen(pilot.app).rows.place == (1, 3)
        for name in ("Amara Okafor", "Henrik Sørensen", "break-glass"):
            assert name in text
        await pilot.press("f", *"release", "enter")
        await pilot.pause()
        assert people_screen(pilot.app).search.value == 'role:"Release manager"'
        await pilot.press("escape")
        await pilot.pause()
        assert people_screen(pilot.app).search.value == ""
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_the_role_filter_can_be_left_as_it_was(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("f", "down", "escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert people_screen(pilot.app).content.view.search == ""


async def test_what_is_not_understood_is_said_and_changes_nothing(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "role:owner")
        assert people_screen(pilot.app).rows.place == (1, 3)
        await pilot.press("/", "home", *"stat:off ")
        await settle(pilot)
        assert last_line(pilot.app).startswith("There is no such term; put it in quotes to find it as text.")
        assert people_screen(pilot.app).rows.place == (1, 3)
        assert screen_lines(pilot.app)[2].rstrip().endswith("still showing “role:owner” · 1/3")
        await pilot.press("enter")
        await settle(pilot)
        assert people_screen(pilot.app).search.has_keys
        await pilot.press(*["left"] * 5, "e")
        await settle(pilot)
        assert people_screen(pilot.app).search.value.startswith("state:off role:owner")
        assert people_screen(pilot.app).rows.place == (0, 0)
        assert last_line(pilot.app) == ""
        assert "still showing" not in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == ""
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_escape_drops_what_is_not_understood(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "/", *"stat:off", "enter", "X", "escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert people_screen(pilot.app).search.value == ""
        assert people_screen(pilot.app).rows.has_focus
        assert "Filters cleared." in last_line(pilot.app)


async def test_tab_completes_terms_and_values_and_offers_what_there_is(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("/", *"ro", "tab")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == "role:"
        await pilot.press("tab")
        await settle(pilot)
        assert "Owner, Admin, Member" in last_line(pilot.app)
        await pilot.press(*"rel", "tab", *"st", "tab", *"ac", "tab")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == 'role:"Release manager" state:active '
        type_ahead(pilot.app, "ctrl+u", *"by:ama", "tab", "enter")
        await settle(pilot)
        assert people_screen(pilot.app).search.value.startswith('by:"Amara Okafor"')
        assert people_screen(pilot.app).rows.has_focus


@pytest.mark.parametrize(
    ("tab", "typed", "line", "rows"),
    [
        ("5", ("kin", "cu"), "kind:custom ", 2),
        ("6", ("owne", "am"), 'owner:"Amara Okafor" ', 2),
    ],
)
async def test_tab_completes_on_every_page_and_a_term_begun_keeps_the_rows(
    open_screen: OpenScreen, tab: str, typed: tuple[str, str], line: str, rows: int
) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press(tab, "/", *typed[0])
        await settle(pilot)
        page = pilot.app.screen
        assert isinstance(page, PageFrame)
        assert page.rows.place[1] > rows
        assert "tab completes the word to" in str(page.message.content)
        await pilot.press("tab", *typed[1], "tab")
        await settle(pilot)
        assert (page.search.value, page.rows.place[1]) == (line, rows)


async def test_rows_for_which_it_is_not_known_are_counted(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "age>180d -kind:account")
        assert "16 unknown" in screen_text(pilot.app)
        assert "For 16 rows it is not known whether they match." in last_line(pilot.app)
        assert people_screen(pilot.app).rows.place == (0, 0)


async def test_new_words_are_found_among_what_the_terms_find(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "state:active deploy")
        await pilot.press("/", *"terra", "enter")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == "state:active terra"
        assert selected_name(pilot.app) == "terraform"


async def test_search_role_and_kind_narrow_together(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("f", "down", "down", "enter", "3")
        await find(pilot, "plan")
        assert selected_name(pilot.app) == "terraform"
        assert people_screen(pilot.app).rows.place == (1, 1)


async def test_keys_go_through_the_orders_and_the_cursor_stays_on_its_row(open_screen: OpenScreen) -> None:
    async with open_screen((100, 30)) as pilot:
        await pilot.press("3", *"jjj")
        name = selected_name(pilot.app)
        places = set()
        for order in ("role", "state", "token age", "creator", "created", "name"):
            await pilot.press("greater_than_sign")
            await pilot.pause()
            assert f"by {order}" in screen_text(pilot.app)
            assert f"Sorted by {order}." in last_line(pilot.app)
            assert selected_name(pilot.app) == name
            places.add(people_screen(pilot.app).rows.place[0])
        assert len(places) > 1
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert "Sorted by created." in last_line(pilot.app)


async def test_s_offers_the_orders_by_name(open_screen: OpenScreen) -> None:
    async with open_screen((100, 30)) as pilot:
        type_ahead(pilot.app, "3", "s", *"age", "enter")
        await settle(pilot)
        assert "TOKEN AGE ▼" in screen_text(pilot.app)
        assert selected_name(pilot.app) == "legacy-signer"
        await pilot.press("equals_sign")
        await pilot.pause()
        assert "TOKEN AGE ▲" in screen_text(pilot.app)
        assert "Sorted by token age, reversed." in last_line(pilot.app)


async def test_a_click_on_a_heading_sorts_by_it_and_again_turns_it_round(open_screen: OpenScreen) -> None:
    async with open_screen((100, 30)) as pilot:
        await pilot.press("3")
        await pilot.pause()
        place = screen_lines(pilot.app)[3].index("STATE")
        for arrow in "▲▼":
            await pilot.click("#rows", offset=(place + 1, 0))
            await settle(pilot)
            assert f"STATE {arrow}" in screen_lines(pilot.app)[3]


async def test_a_click_on_a_tab_or_a_key_does_what_its_key_does(open_screen: OpenScreen) -> None:
    async with open_screen((120, 30)) as pilot:
        await pilot.click("#tabs", offset=(screen_lines(pilot.app)[1].index("Groups"), 0))
        await settle(pilot)
        assert people_screen(pilot.app).content.tab == "group"
        keys = next(line for line in screen_lines(pilot.app) if "menu" in line)
        await pilot.click("#keys", offset=(keys.index("menu"), 0))
        await settle(pilot)
        assert "Actions for" in screen_text(pilot.app)


async def test_each_tab_keeps_its_cursor_and_the_tab_before_is_a_key_away(open_screen: OpenScreen) -> None:
    async with open_screen((100, 30)) as pilot:
        await pilot.press("3", "j", "j", "2", "j", "minus")
        await settle(pilot)
        assert (people_screen(pilot.app).content.tab, selected_name(pilot.app)) == ("account", "break-glass")
        await pilot.press("minus")
        await settle(pilot)
        assert selected_name(pilot.app) == "Desmond O'Connor"


async def test_by_creation_date_the_newest_comes_first(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        type_ahead(pilot.app, "3", "s", *"created", "enter")
        await settle(pilot)
        await pilot.pause()
        text = screen_text(pilot.app)
        places = [text.index(name) for name in ("renovate", "fresh-runner", "terraform", "legacy-signer")]
        assert places == sorted(places)


async def test_by_state_what_needs_attention_comes_first(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        type_ahead(pilot.app, "3", "s", *"state", "enter")
        await settle(pilot)
        await pilot.pause()
        states = [line for line in screen_lines(pilot.app) if "●" in line or "○" in line]
        text = screen_text(pilot.app)
        assert text.index("fresh-runner") < text.index("nightly-backup") < text.index("terraform")
        assert "○" in states[0]
        assert "●" in states[-1]


async def test_by_name_kinds_are_mixed(open_screen: OpenScreen) -> None:
    async with open_screen((100, 60)) as pilot:
        await pilot.press("greater_than_sign")
        await pilot.pause()
        text = screen_text(pilot.app)
        places = [text.rindex(name) for name in ("audit-exporter", "Contractors", "Desmond O'Connor", "terraform")]
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (["a", "b", "backspace", "c"], "ac"),
        (["a", "b", "c", "ctrl+u", "x"], "x"),
        (["a", "b", "left", "left", "x", "end", "y"], "xaby"),
        (["a", "b", "home", "delete", "c"], "cb"),
    ],
)
async def test_what_is_typed_at_once_is_edited_in_its_order(
    open_screen: OpenScreen, typed: list[str], left: str
) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "/", *typed)
        await settle(pilot)
        assert people_screen(pilot.app).search.value == left


@pytest.fixture
def filters() -> Iterator[None]:
    named_filters.use({"stale": "state:active age>365d", "left behind": "by:gone"})
    yield
    named_filters.use({})


@pytest.mark.usefixtures("filters")
async def test_a_filter_of_the_settings_is_chosen_by_its_name(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("'", *"sta", "enter")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == "state:active age>365d"
        assert selected_name(pilot.app) == "legacy-signer"


async def test_without_filters_in_the_settings_their_key_says_where_to_write_one(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("'")
        assert "[filters]" in last_line(pilot.app)
        assert isinstance(pilot.app.screen, PeopleScreen)


async def test_the_last_search_is_repeated(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press(".")
        assert "Nothing was searched for yet." in last_line(pilot.app)
        await find(pilot, "deploy")
        await pilot.press("escape", ".")
        await settle(pilot)
        assert people_screen(pilot.app).search.value == "deploy"
        assert "deploy" in selected_name(pilot.app)


async def test_the_beginning_of_a_term_does_not_blank_the_list(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("2")
        rows = people_screen(pilot.app).rows
        everybody = rows.place[1]
        await pilot.press("/")
        for letter in "stat":
            await pilot.press(letter)
            await settle(pilot)
            assert rows.place[1] > 0
        assert "still showing “sta” · " in screen_lines(pilot.app)[2]
        assert last_line(pilot.app) == "Nothing matches; tab completes the word to state:, enter searches for it."
        await pilot.press(*"e:active")
        await settle(pilot)
        assert last_line(pilot.app) == ""
        assert rows.place[1] == 0
        await pilot.press("ctrl+u", *" role:owner", "home", *"stat")
        await settle(pilot)
        assert rows.place[1] > 0
        assert "still showing" in screen_lines(pilot.app)[2]
        await pilot.press("ctrl+u", "ctrl+k", *"stat", "enter")
        await settle(pilot)
        assert rows.place == (0, 0)
        await pilot.press("escape")
        await settle(pilot)
        assert rows.place[1] == everybody
