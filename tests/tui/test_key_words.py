"""What a dialog says of its keys is what they do where the focus is; and one cursor shows where that is."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from semtui.demo.server import DemoServer
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.text_page import TextPage
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.picker import Picker
from semtui.tui.widgets.role_list import RoleList
from semtui.tui.widgets.row_table import RowTable
from tests.conftest import OpenScreen, screen_lines, settle, writes

pytestmark = pytest.mark.anyio

DIALOGS: dict[str, tuple[str, ...]] = {
    "a new account": ("c",),
    "an account": ("3", "j", "j", "j", "e"),
    "a new group": ("4", "c"),
    "a group": ("4", "j", "j", "e"),
    "a new role": ("5", "c"),
    "a role": ("5", "G", "e"),
    "an invitation": ("i",),
    "another role": ("2", "j", "e"),
    "a role on a project": ("6", "settled", "p", "settled", "e"),
    "a deletion": ("3", "j", "X"),
    "a removal": ("2", "j", "j", "j", "X"),
    "a regeneration": ("3", "j", "j", "j", "T"),
}
SIZES = [(80, 24), (60, 15)]


async def opened(pilot: Pilot[None], name: str) -> RequestModal:
    for key in DIALOGS[name]:
        await (settle(pilot) if key == "settled" else pilot.press(key))
    await settle(pilot)
    assert isinstance(pilot.app.screen, RequestModal)
    return pilot.app.screen


def hint(dialog: RequestModal) -> str:
    return str(dialog.frame.border_subtitle)


def state(widget: Widget) -> object:
    """What a key could have changed in a list."""
    if isinstance(widget, ChoiceList):
        return widget.chosen_id
    assert widget.parent is not None
    picker = widget.parent
    assert isinstance(picker, Picker)
    return picker.toggled


async def do_what_it_says(pilot: Pilot[None], dialog: RequestModal) -> None:
    """Press every key that the hint names for the widget in focus, and see that it does that."""
    here, said = dialog.focused, hint(dialog)
    assert here is not None
    if "space, enter mark" in said:
        for key in ("space", "enter"):
            before = state(here)
            await pilot.press(key)
            assert state(here) != before, key
    if isinstance(here, ChoiceList):
        before = state(here)
        await pilot.press("down")
        after = state(here)
        await pilot.press("up", "up")
        assert len({before, after, state(here)}) > 1
        assert dialog.focused is here
    if "p permissions" in said:
        await pilot.press("end", "p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TextPage)
        await pilot.press("q")
    if "enter" in said.partition("next field")[0] and "next field" in said:
        await pilot.press("enter")
        assert dialog.focused is not here
        assert pilot.app.screen is dialog
        await pilot.press("shift+tab")
        assert dialog.focused is here


async def does_more_than_it_says(pilot: Pilot[None], here: Widget, said: str) -> list[str]:
    """Keys besides those told that change a list."""
    found = []
    for key in ("space", "enter"):
        before = state(here)
        await pilot.press(key)
        if state(here) != before and f"{key}" not in said:
            found.append(key)
    return found


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", DIALOGS)
async def test_the_keys_do_what_the_dialog_says_where_the_focus_is(
    open_screen: OpenScreen, server: DemoServer, name: str, size: tuple[int, int]
) -> None:
    async with open_screen(size) as pilot:
        dialog = await opened(pilot, name)
        told = set()
        for _ in range(len(dialog.focus_chain)):
            here, said = dialog.focused, hint(dialog)
            told.add(said)
            if isinstance(here, ChoiceList | RowTable):
                assert said
                # In a narrow window there may be no room for it.
                assert isinstance(here, RoleList) or "p permissions" not in said
                assert "p permissions" in said or not isinstance(here, RoleList) or size[0] < 80
                assert await does_more_than_it_says(pilot, here, said) == []
            await do_what_it_says(pilot, dialog)
            await pilot.press("tab")
            await settle(pilot)
        assert writes(server) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", DIALOGS)
async def test_what_is_said_of_keys_is_never_cut(open_screen: OpenScreen, name: str, size: tuple[int, int]) -> None:
    async with open_screen(size) as pilot:
        dialog = await opened(pilot, name)
        for _ in range(len(dialog.focus_chain)):
            # Something always fits, and what is seen is all of it.
            assert hint(dialog)
            assert hint(dialog) in "\n".join(screen_lines(pilot.app))
            await pilot.press("tab")
            await settle(pilot)


@pytest.mark.parametrize("name", DIALOGS)
async def test_one_bar_shows_where_the_keys_go_to(open_screen: OpenScreen, name: str) -> None:
    async with open_screen((100, 40)) as pilot:
        dialog = await opened(pilot, name)
        for _ in range(len(dialog.focus_chain)):
            cursors = [line for line in screen_lines(pilot.app) if "▌" in line]
            has_bar = isinstance(dialog.focused, ChoiceList | RowTable | Input)
            assert len(cursors) == has_bar, dialog.focused
            await pilot.press("tab")
            await settle(pilot)


async def test_a_line_to_type_into_is_no_list(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        dialog = await opened(pilot, "a new group")
        assert isinstance(dialog.focused, Input)
        assert hint(dialog) == "enter, tab next field   esc leaves"


@pytest.mark.parametrize("size", [(80, 24), (160, 50)], ids=str)
@pytest.mark.parametrize("name", ["a new account", "an account", "another role", "an invitation"])
async def test_a_dialog_keeps_its_place_and_size_while_one_moves_through_the_roles(
    open_screen: OpenScreen, name: str, size: tuple[int, int]
) -> None:
    async with open_screen(size) as pilot:
        dialog = await opened(pilot, name)
        roles = dialog.query_one(RoleList)
        roles.focus()
        places = []
        for key in (*["down"] * len(roles.roles), *["up"] * len(roles.roles)):
            await pilot.press(key)
            await settle(pilot)
            places.append((dialog.frame.region, dialog.buttons.region))
        assert len(set(places[0 if size[1] == 50 else len(roles.roles) :])) == 1, places


@pytest.mark.parametrize("place", ["roles", "send"])
async def test_a_question_mark_shows_the_keys_of_a_form_outside_its_fields(open_screen: OpenScreen, place: str) -> None:
    async with open_screen((80, 24)) as pilot:
        dialog = await opened(pilot, "a new account")
        await pilot.press("a", "?")
        assert dialog.query_one("#name", Input).value == "a?"
        dialog.query_one(f"#{place}").focus()
        await pilot.press("?")
        await settle(pilot)
        page: Screen[object] = pilot.app.screen
        assert isinstance(page, TextPage)
        await pilot.press("q")
        assert pilot.app.screen == dialog


async def test_a_wide_window_shows_all_keys_in_two_columns(open_screen: OpenScreen) -> None:
    async with open_screen((160, 70)) as pilot:
        await pilot.press("?")
        await settle(pilot)
        lines = screen_lines(pilot.app)
        (heading,) = (line for line in lines if "Moving" in line)
        beside = heading.partition("Moving")[2].partition("│")[0].strip()
        assert beside in ("Access", "Tabs", "The list")
        await pilot.press("slash", *"reactivate")
        await settle(pilot)
        lines = screen_lines(pilot.app)
        assert any("Deactivate or reactivate the" in line for line in lines)
        assert any("1 of 1" in line for line in lines)
