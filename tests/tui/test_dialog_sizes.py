"""A message that appears in a dialog moves neither its fields nor its buttons."""

from __future__ import annotations

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widgets import Button, Input

from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import OpenScreen, last_line, settle, settled_in

pytestmark = pytest.mark.anyio
_SENTENCE = "Semaphore refused: that name is taken by another account. Try another name."


def places(pilot: Pilot[None]) -> list[Region]:
    """Where the frame, the fields and the buttons of the dialog in front are."""
    screen = pilot.app.screen
    return [each.region for each in (screen.query_one("#frame"), *screen.query(Input), *screen.query(Button))]


@pytest.mark.parametrize(
    "keys",
    [
        ("3", "j", "T"),
        ("3", "j", "d"),
        ("3", "j", "X"),
        ("3", "j", "j", "j", "e"),
        ("3", "c"),
        ("4", "c"),
        ("2", "j", "j", "j", "j", "j", "e"),
        ("2", "j", "j", "j", "X"),
        ("i",),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_sentence_moves_nothing(open_screen: OpenScreen, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    async with open_screen(size) as pilot:
        await pilot.press(*keys)
        await settled_in(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, RequestModal)
        before = places(pilot)
        # In few lines a form keeps room for one.
        dialog.say(_SENTENCE if size[1] > 24 else _SENTENCE[:57], "bad")
        await settle(pilot)
        assert dialog.said in str(dialog.status.content)
        assert places(pilot) == before


async def test_what_is_said_of_a_copy_and_a_destination_leave_the_token_where_it_is(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        await pilot.press("3", "j", "j", "j", "T")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, TokenDisplay), last_line(pilot.app)
        before = [dialog.query_one(each).region for each in ("#frame", "#secret", "#status", "#example")]
        for keys in ("v", "c", "w", "escape", "t", "enter"):
            await pilot.press(keys)
            await settle(pilot)
            now = [dialog.query_one(each).region for each in ("#frame", "#secret", "#status", "#example")]
            assert now == before, keys
