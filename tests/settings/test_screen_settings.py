"""How the screen begins and looks: `theme`, `tab`, `[sort]` and `refresh` of config.toml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from semtui.settings import screen_settings
from semtui.settings.organization_marks import settings_path
from semtui.settings.screen_settings import TABS, ScreenSettings, load_screen_settings
from semtui.system.errors import ConfigurationError
from semtui.tui.content.sorts import SORTS
from tests.conftest import OpenScreen, people_screen, selected_name, settle
from tests.settings.test_marks import mark


@pytest.fixture
def used(tmp_path: Path) -> Iterator[None]:
    text = 'theme = "light"\ntab = "accounts"\nrefresh = 30\n[sort]\naccounts = "-age"\n'
    screen_settings.use(load_screen_settings(mark(tmp_path, text), SORTS))
    yield
    screen_settings.use(ScreenSettings())


def test_what_is_left_out_is_as_it_was(tmp_path: Path) -> None:
    assert load_screen_settings(settings_path({}, tmp_path), SORTS) == ScreenSettings()
    assert load_screen_settings(mark(tmp_path, 'refresh = "off"\n'), SORTS).refresh is None
    assert set(TABS.values()) == set(SORTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('theme = "blue"', 'theme should be "dark" or "light".'),
        ("theme = true", 'theme should be "dark" or "light".'),
        ('tab = "account"', "tab should be"),
        ("refresh = 5", "a whole number of seconds from 30 to 86,400"),
        ("refresh = true", 'refresh should be "off"'),
        ("sort = 3", "[sort]: should be a table"),
        ('[sort]\nmembers = "name"', "“members” is no tab; there are all, people, accounts"),
        ('[sort]\ngroups = "age"', 'groups should be "name", "role" or "members"'),
        ("[sort]\ngroups = 3", "a minus before it reverses the order"),
    ],
)
def test_what_is_not_understood_is_told_with_what_is(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_screen_settings(mark(tmp_path, f"{text}\n"), SORTS)
    assert words in str(caught.value)


@pytest.mark.anyio
@pytest.mark.usefixtures("used")
async def test_the_screen_begins_as_the_settings_say(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        await settle(pilot)
        content = people_screen(pilot.app).content
        assert pilot.app.theme == "semtui-light"
        assert (content.tab, content.view.sort, content.view.reverse) == ("account", "age", True)
        await pilot.press("2")
        assert (content.view.sort, content.view.reverse) == ("name", False)
        await pilot.press("3")
        assert (content.view.sort, content.view.reverse) == ("age", True)


@pytest.mark.anyio
async def test_lists_that_are_loaded_again_by_themselves_say_nothing(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        page = people_screen(pilot.app)
        await pilot.press("j", "j")
        page.say("Nothing was sent.")
        before, row = page.store.people, selected_name(pilot.app)
        page.refresh_lists()
        await settle(pilot)
        assert page.store.people is not before
        assert selected_name(pilot.app) == row
        assert page.store.messages[-1][1] == "Nothing was sent."
        await pilot.press("slash")
        typing = page.store.people
        page.refresh_lists()
        await settle(pilot)
        assert page.store.people is typing
