"""Every sentence of a dialog can be read to its end, in the usual window and in the least one."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, Static

from semtui.demo.server import DemoServer
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.paragraphs import Paragraphs
from semtui.tui.widgets.row_table import RowTable
from tests.conftest import OpenScreen, screen_lines, screen_text, settle
from tests.tui.test_key_words import DIALOGS, SIZES

pytestmark = pytest.mark.anyio

QUESTIONS: dict[str, tuple[str, ...]] = {
    "another role of an Owner": ("2", "e"),
    "a removal": ("2", "j", "j", "j", "X"),
    "a deletion": ("3", "j", "X"),
    "a deletion of a group": ("4", "X"),
    "a regeneration": ("3", "j", "j", "j", "T"),
    "a deactivation": ("3", "j", "d"),
    "a role that is saved": ("5", "j", "j", "j", "e", "settled", "end", "x", *["tab"] * 3, "enter", *["tab"], "enter"),
    "a role of a project that is removed": (
        "6",
        "settled",
        "p",
        "settled",
        "c",
        *"noor",
        "enter",
        "settled",
        "end",
        "tab",
        "enter",
        "settled",
        *"jjjj",
        "X",
    ),
}
ALL = DIALOGS | QUESTIONS
PLANS = {"d": "3", "X": "2"}


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await (settle(pilot) if key == "settled" else pilot.press(key))
    await settle(pilot)


def texts(pilot: Pilot[None]) -> list[Widget]:
    """Everything in the dialog that is there to be read."""
    return [
        each
        for each in pilot.app.screen.query("#frame Static, #frame Paragraphs")
        if isinstance(each, Static | Paragraphs)
        and each.is_attached
        and all(node.display for node in each.ancestors_with_self if isinstance(node, Widget))
        and str(each.render()).strip()
    ]


def lines_of(text: Widget) -> int:
    """How many lines it needs at the width it has."""
    return text.get_content_height(text.app.size, text.app.size, max(1, text.content_size.width))


def visible(pilot: Pilot[None], text: Widget) -> set[int]:
    """Which of its lines are on the screen."""
    place = pilot.app.screen.find_widget(text)
    seen = place.region.intersection(place.clip)
    return set(range(seen.y - place.region.y, seen.bottom - place.region.y)) if seen else set()


async def read_all(pilot: Pilot[None]) -> dict[Widget, set[int]]:
    """What was on the screen while somebody read it with pgdn and tab."""
    seen: dict[Widget, set[int]] = {}

    def look() -> None:
        for text in texts(pilot):
            seen.setdefault(text, set()).update(visible(pilot, text))

    look()
    for _ in range(len(pilot.app.screen.focus_chain) + 1):
        if not isinstance(pilot.app.focused, ChoiceList | RowTable):
            for key in ("pageup", "pageup", "pagedown", "pagedown"):
                await press(pilot, key)
                look()
        await press(pilot, "tab")
        look()
    return seen


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ALL)
async def test_every_sentence_can_be_read_to_its_end(open_screen: OpenScreen, name: str, size: tuple[int, int]) -> None:
    async with open_screen(size) as pilot:
        await press(pilot, *ALL[name])
        seen = await read_all(pilot)
        assert seen
        for text, lines in seen.items():
            assert lines >= set(range(lines_of(text))), str(text.render())


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_begins_with_what_it_costs(open_screen: OpenScreen, name: str, size: tuple[int, int]) -> None:
    async with open_screen(size) as pilot:
        await press(pilot, *QUESTIONS[name])
        assert isinstance(pilot.app.screen, RequestModal)
        first = texts(pilot)[0]
        assert visible(pilot, first) >= set(range(lines_of(first)))
        frame = pilot.app.screen.query_one("#frame")
        assert frame.show_vertical_scrollbar == ("more" in str(frame.border_subtitle))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ALL)
async def test_every_button_is_whole(open_screen: OpenScreen, name: str, size: tuple[int, int]) -> None:
    async with open_screen(size) as pilot:
        await press(pilot, *ALL[name])
        buttons = pilot.app.screen.query_one("#buttons").region
        for button in pilot.app.screen.query(Button):
            assert button.region.right <= buttons.right
            assert button.content_size.width >= len(str(button.label))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("key", PLANS)
async def test_a_plan_says_at_what_to_look_twice(
    open_screen: OpenScreen, server: DemoServer, key: str, size: tuple[int, int]
) -> None:
    """Some names look alike: that is said first, and in full for each of them, however small the window is."""
    organization = server.organization
    state = organization.state
    if key == "X":
        twin = organization.person_named("Zoë Müller-Lüdenscheidt")
        assert twin is not None
        state.people[twin].name = state.subjects[twin].name = "Noor Нaddad"
    else:
        organization.create_service_account("ci-deplоyer")
    async with open_screen(size) as pilot:
        await press(pilot, "r", PLANS[key], "A", key)
        screen = pilot.app.screen
        assert isinstance(screen, BulkScreen)
        doubtful = [step for step in screen.plan.steps if step.caution]
        assert len(doubtful) == 2
        assert "Look twice at 2 names (marked !)" in screen_text(pilot.app)
        for step in doubtful:
            assert screen.rows.selected is step
            assert "! " in next(line for line in screen_lines(pilot.app) if "▌" in line)
            assert "".join(step.caution.split()) in "".join("".join(screen_lines(pilot.app)).split())
            for text in texts(pilot):
                assert visible(pilot, text) >= set(range(lines_of(text))), str(text.render())
            await press(pilot, "down")
        assert not screen.rows.selected.caution


@pytest.mark.parametrize("keys", [("3", "e"), ("i", *"quinn", "tab", "down")], ids=["creator has left", "Bitbucket"])
async def test_no_button_scrolls_off_for_room_kept_for_later(open_screen: OpenScreen, keys: tuple[str, ...]) -> None:
    async with open_screen((80, 24)) as pilot:
        await press(pilot, *keys)
        frame = pilot.app.screen.query_one("#frame")
        assert not frame.show_vertical_scrollbar
        assert all(visible(pilot, each) for each in pilot.app.screen.query(Button))
