"""The keys that move move everywhere: rows, pages of text, and lists to choose from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from semtui.tui.screens.text_page import TextPage
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.row_table import RowTable
from semtui.tui.widgets.text_view import TextView
from tests.conftest import OpenScreen, settle, type_ahead

pytestmark = pytest.mark.anyio

END, HOME = ("G", "end"), ("g", "home")
FORWARD, BACK = ("j", "down", "pagedown", "ctrl+f", "ctrl+d", "space"), ("k", "up", "pageup", "ctrl+b", "ctrl+u")
SMALL = (80, 12)

PAGES_OF_TEXT = {
    "help": "?",
    "who holds a role": "5 j j h",
}


async def open_by(pilot: Pilot[None], keys: str) -> None:
    for key in keys.split():
        await pilot.press(key)
    await settle(pilot)


async def moved(
    pilot: Pilot[None], place: Callable[[], int], keys: tuple[str, ...], steps: Callable[[int], bool]
) -> None:
    """Each of these keys takes the place where it belongs."""
    for key in keys:
        await pilot.press("g" if key in FORWARD else "G")
        before = place()
        await pilot.press(key)
        await pilot.pause()
        assert steps(place() - before), key


@pytest.mark.parametrize("keys", PAGES_OF_TEXT.values(), ids=PAGES_OF_TEXT)
async def test_a_page_of_text_is_moved_through(open_screen: OpenScreen, keys: str) -> None:
    async with open_screen(SMALL) as pilot:
        await open_by(pilot, keys)
        page = pilot.app.screen
        assert isinstance(page, TextPage)
        last = page.view.last_top

        def place() -> int:
            return page.view.spot[0]

        assert last > 1, "there is something to move through"
        for key in END:
            await pilot.press("g", key)
            assert place() == last, key
        for key in HOME:
            await pilot.press("G", key)
            assert place() == 0, key
        await moved(pilot, place, FORWARD, lambda by: by > 0)
        await moved(pilot, place, BACK, lambda by: by < 0)
        # Half a page is less than one.
        await pilot.press("g", "ctrl+d")
        assert place() == min(last, page.view.size.height // 2)
        # Typed at once it comes to the same.
        type_ahead(pilot.app, "g", "ctrl+d", "ctrl+u", "j", "G", "k")
        await settle(pilot)
        assert place() == last - 1


@pytest.mark.parametrize("keys", ["enter", "5 enter", "6 enter"], ids=["a person", "a role", "a project"])
async def test_details_are_moved_through(open_screen: OpenScreen, keys: str) -> None:
    async with open_screen(SMALL) as pilot:
        await open_by(pilot, keys)
        rows = pilot.app.screen.query_one(TextView)
        assert rows.last_top > 0, "there is something to move through"
        for key in END:
            await pilot.press("g", key)
            assert rows.spot[0] == rows.last_top, key
        for key in HOME:
            await pilot.press("G", key)
            assert rows.spot[0] == 0, key
        # From one line that leads on to the next, or on in the text.
        await moved(pilot, lambda: sum(rows.spot), FORWARD, lambda by: by > 0)
        await moved(pilot, lambda: sum(rows.spot), BACK, lambda by: by < 0)


async def test_help_that_is_opened_and_moved_through_in_one_burst(open_screen: OpenScreen) -> None:
    async with open_screen(SMALL) as pilot:
        type_ahead(pilot.app, "?", "G", "k", "k")
        await settle(pilot)
        page = pilot.app.screen
        assert isinstance(page, TextPage)
        assert page.view.spot[0] == page.view.last_top - 2 > 0


async def test_what_is_searched_for_on_a_page_is_text(open_screen: OpenScreen) -> None:
    async with open_screen(SMALL) as pilot:
        await pilot.press("?", "/", *"gG jk")
        page = pilot.app.screen
        assert isinstance(page, TextPage)
        assert page.finder.value == "gG jk"


LISTS = {
    "rows of an export": "E",
    "roles of a new account": "c x tab tab",
    "roles for many": "A e",
}


@pytest.mark.parametrize("keys", LISTS.values(), ids=LISTS)
async def test_a_list_of_choices_is_moved_through(open_screen: OpenScreen, keys: str) -> None:
    async with open_screen((80, 30)) as pilot:
        await open_by(pilot, keys)
        choices = pilot.app.screen.query_one(ChoiceList)
        choices.focus()
        last = choices.option_count - 1
        able = [place for place in range(last + 1) if not choices.get_option_at_index(place).disabled]

        def place() -> int:
            return -1 if choices.highlighted is None else choices.highlighted

        for key in END:
            await pilot.press("g", key)
            assert place() == able[-1], key
        for key in HOME:
            await pilot.press("G", key)
            assert place() == able[0], key
        # Space chooses.
        await moved(pilot, place, tuple(key for key in FORWARD if key != "space"), lambda by: by > 0)
        await moved(pilot, place, BACK, lambda by: by < 0)
        # Half a page never leads around the end.
        await pilot.press("G", "ctrl+d")
        assert place() == able[-1]
        await pilot.press("g", "ctrl+u")
        assert place() == able[0]


@pytest.mark.parametrize("keys", ["5 c x tab tab tab", "4 e tab tab tab"], ids=["permissions", "members"])
async def test_what_is_picked_from_is_moved_through(open_screen: OpenScreen, keys: str) -> None:
    async with open_screen((80, 40)) as pilot:
        await open_by(pilot, keys)
        rows = pilot.app.screen.query_one("#candidates", RowTable)
        rows.focus()
        total = rows.place[1]
        for key in END:
            await pilot.press("g", key)
            assert rows.place[0] == total, key
        await pilot.press("g")
        for key in ("j", "pagedown", "ctrl+d", "ctrl+f"):
            before = rows.place[0]
            await pilot.press(key)
            assert rows.place[0] > before, key
        for key in ("k", "pageup", "ctrl+u", "ctrl+b"):
            before = rows.place[0]
            await pilot.press(key)
            assert rows.place[0] < before, key


async def test_among_what_is_found_pages_move_and_letters_are_text(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        await pilot.press("x")
        await settle(pilot)
        choices = pilot.app.screen.query_one("#choices", RowTable)
        await pilot.press("ctrl+end")
        assert choices.place[0] == choices.place[1] > 1
        await pilot.press("ctrl+home", "pagedown")
        assert choices.place[0] > 2
        await pilot.press("pageup")
        assert choices.place[0] == 1
        await pilot.press(*"gG")
        assert pilot.app.screen.query_one("#finder").value == "gG"  # type: ignore[attr-defined]
