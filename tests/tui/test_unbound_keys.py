"""No key is silent: one of a tab or page leaves what is read for it, and others say that they do nothing."""

from __future__ import annotations

import pytest

from semtui.tui.answers.findings_screen import FindingsScreen
from semtui.tui.answers.journal_screen import JournalScreen
from semtui.tui.pages.page import Page
from semtui.tui.pages.roles import RolesScreen
from semtui.tui.screens.file_form import FileForm
from semtui.tui.screens.form import Form
from semtui.tui.screens.text_page import TextPage
from tests.conftest import OpenScreen, last_line, screen_text, settle

pytestmark = pytest.mark.anyio

READ = {
    "findings": ("7", "enter"),
    "details": ("enter", "enter"),
    "keys": ("?",),
    "messages": ("!",),
    "journal": ("J",),
}


@pytest.mark.parametrize("keys", READ.values(), ids=READ)
async def test_the_key_of_a_tab_leaves_what_is_read_for_it(open_screen: OpenScreen, keys: tuple[str, ...]) -> None:
    async with open_screen() as pilot:
        await pilot.press(*keys, "5")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RolesScreen)
        await pilot.press("1", *keys, "7", "J")
        await settle(pilot)
        page, journal = pilot.app.screen_stack
        assert isinstance(page, Page)
        assert isinstance(journal, JournalScreen)
        await pilot.press("8", "enter")
        await settle(pilot)
        assert "Who is within one step of Owner" in screen_text(pilot.app)


async def test_a_form_below_what_is_read_stays(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("c", *"ci", "tab", "tab", "?", "3")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TextPage)
        assert "3 does nothing here; q leaves." in screen_text(pilot.app)
        await pilot.press("q")
        assert isinstance(pilot.app.screen, Form)


async def test_a_key_that_does_nothing_says_so_and_what_to_press(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("Z")
        assert last_line(pilot.app) == "Z does nothing here; ? shows every key."
        await pilot.press("7", "z")
        await settle(pilot)
        assert isinstance(pilot.app.screen, FindingsScreen)
        assert "z does nothing here; q leaves, ? shows the keys." in screen_text(pilot.app)


async def test_the_people_of_a_project_answer_every_key_too(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("Z")
        assert "Z does nothing here; x shows the menu, q leaves." in screen_text(pilot.app)


async def test_enter_and_v_are_named_only_where_they_lead_on(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("7")
        await settle(pilot)
        assert "v what they can do" in screen_text(pilot.app)
        await pilot.press("/", *"everyone-", "enter")
        await settle(pilot)
        assert "v what they can do" not in screen_text(pilot.app)
        await pilot.press("v")
        await settle(pilot)
        assert "v does nothing here" in screen_text(pilot.app)
        await pilot.press("q", "J")
        await settle(pilot)
        assert "enter all of it" not in screen_text(pilot.app)


async def test_a_dialog_for_a_file_shows_the_keys_of_dialogs(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("S", "tab")
        await settle(pilot)
        assert isinstance(pilot.app.screen, FileForm)
        assert "space, enter choose" in screen_text(pilot.app)
        await pilot.press("?")
        await settle(pilot)
        assert "Keys of dialogs" in screen_text(pilot.app)
