"""Every list of choices: what is marked is what is highlighted, and what is granted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.server import DemoServer
from semtui.session.manager import ContextEntry
from semtui.settings.organization_marks import OrganizationMark
from semtui.tui.screens.candidate import Candidate
from semtui.tui.screens.chooser import Chooser
from semtui.tui.screens.context_picker import ContextPicker
from semtui.tui.widgets.choice_list import ChoiceList
from semtui.tui.widgets.picker import Picker
from tests.conftest import OpenScreen, screen_lines, screen_text, send, settle, writes

pytestmark = pytest.mark.anyio

OPENING: dict[str, tuple[str, ...]] = {
    "a new account": ("c", *"quick", "tab", "tab"),
    "an account": ("3", *"/ci-deployer", "enter", "e", "tab", "tab"),
    "an account without a role": (*"/fresh-runner", "enter", "e", "tab", "tab"),
    "a new group": ("4", "c", *"Crew", "tab", *"Sails", "tab"),
    "a group": ("4", *"/contractors", "enter", "e", "tab", "tab"),
    "a person": (*"/noor", "enter", "e"),
    "where an invited person logs in": ("i", "tab"),
    "an invited person's role": ("i", *"octocat", "tab", "tab"),
    "a role in a project": ("6", "wait", "p", "wait", "e"),
    "a role for many": ("2", "A", "e"),
    "an export": ("E", "tab"),
    "the scope of a new role": ("5", "c", *"Keeper", "tab", "tab"),
    "another organization": ("contexts",),
}
MOVES = ("down", "j", "up", "k", "end", "home", "pagedown", "pageup", "m", "s", "u", "z", "a", "enter", "space", "down")
GRANTING = {
    "a new account": ("PUT", "role_id"),
    "an account": ("PUT", "role_id"),
    "an account without a role": ("PUT", "role_id"),
    "a new group": ("PUT", "role_id"),
    "a group": ("PUT", "role_id"),
    "a person": ("PUT", "role_id"),
    "an invited person's role": ("POST", "role_id"),
    "a role in a project": ("PUT", "role_id"),
}


async def opened(pilot: Pilot[None], name: str) -> ChoiceList:
    for key in OPENING[name]:
        if key == "wait":
            await settle(pilot)
        elif key == "contexts":
            contexts = tuple(
                ContextEntry(each, f"{each}.example.com", OrganizationMark()) for each in ("acme", "beta", "mine")
            )
            pilot.app.push_screen(ContextPicker(contexts, "beta"))
        else:
            await pilot.press({"/": "slash"}.get(key, key))
    await settle(pilot)
    assert isinstance(pilot.app.focused, ChoiceList)
    return pilot.app.focused


def marked(choices: ChoiceList) -> list[int]:
    return [place for place, option in enumerate(choices.options) if "(•)" in str(option.prompt)]


@pytest.mark.parametrize("name", OPENING)
async def test_the_marked_row_is_the_highlighted_and_the_chosen_one(open_screen: OpenScreen, name: str) -> None:
    async with open_screen((100, 40)) as pilot:
        choices = await opened(pilot, name)
        seen = set()
        for move in ("", *MOVES):
            if pilot.app.focused is not choices:
                # Enter answered a dialog that asks for nothing else.
                break
            if move:
                await pilot.press(move)
            here = [] if choices.chosen_id is None else [choices.highlighted]
            assert marked(choices) == here, move
            assert choices.highlighted is not None
            assert (choices.chosen_id is None) or choices.choices[choices.highlighted].id == choices.chosen_id
            seen.add(choices.chosen_id)
        assert len(seen) > 1


@pytest.mark.parametrize("moves", [("up",), ("down",), ("end", "up"), ("home",), ("s", "u")], ids="-".join)
@pytest.mark.parametrize("name", GRANTING)
async def test_what_is_marked_is_what_is_granted(
    open_screen: OpenScreen, server: DemoServer, name: str, moves: tuple[str, ...]
) -> None:
    if name == "a role in a project" and moves == ("s", "u"):
        moves = ("c", "o")
    async with open_screen((100, 40)) as pilot:
        choices = await opened(pilot, name)
        before = choices.chosen_id
        await pilot.press(*moves)
        (place,) = marked(choices)
        wanted = choices.choices[place].id
        assert [line.split("(•)")[1].split("  ")[0].strip() for line in screen_lines(pilot.app) if "▌(•)" in line] == [
            choices.choices[place].name
        ]
        await send(pilot)
        method, key = GRANTING[name]
        sent = [json.loads(body).get(key) for verb, _, body in writes(server) if verb == method]
        given = [role_id for role_id in sent if role_id is not None]
        assert given == ([] if wanted in (before, "none") else [wanted])


@pytest.mark.parametrize("name", [*GRANTING, "where an invited person logs in", "the scope of a new role"])
async def test_enter_and_space_in_a_list_send_nothing(open_screen: OpenScreen, server: DemoServer, name: str) -> None:
    async with open_screen((100, 40)) as pilot:
        choices = await opened(pilot, name)
        dialog = pilot.app.screen
        await pilot.press("up")
        await settle(pilot)
        height = dialog.query_one("#frame").outer_size.height
        await pilot.press(*["enter", "space"] * 4)
        await settle(pilot)
        assert pilot.app.screen is dialog
        assert pilot.app.focused is choices
        assert dialog.query_one("#frame").outer_size.height == height
        assert " is chosen tab next" in screen_text(pilot.app)
        assert writes(server) == []
        await pilot.press("up")
        await pilot.pause()
        assert "is chosen" not in screen_text(pilot.app)


async def test_letters_find_a_role_and_one_too_many_leaves_nothing(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        choices = await opened(pilot, "a new account")
        for typed, name in (("s", "Support"), ("u", "Support"), ("q", "Support"), ("r", "Release manager")):
            await pilot.press(typed)
            assert choices.highlighted is not None
            assert choices.choices[choices.highlighted].name == name
        assert isinstance(pilot.app.focused, ChoiceList)


async def test_what_is_true_now_is_marked_as_such(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        await opened(pilot, "a person")
        assert "(•) Member now" in screen_text(pilot.app)
        await pilot.press("up")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "( ) Member now" in text
        assert "Role Member → Admin" in text


def test_no_dialog_has_another_kind_of_list() -> None:
    screens = Path(__file__).parents[2] / "semtui" / "tui" / "screens"
    assert {path.name for path in screens.glob("*.py") if "OptionList" in path.read_text(encoding="utf-8")} == set()


@pytest.mark.parametrize("opening", [("4", "c"), ("5", "c")])
async def test_a_list_of_many_shows_its_cursor_only_where_the_keys_go(
    open_screen: OpenScreen, opening: tuple[str, ...]
) -> None:
    async with open_screen((100, 40)) as pilot:
        await pilot.press(*opening)
        await settle(pilot)
        candidates = pilot.app.screen.query_one(Picker).candidates
        seen = set()
        for _ in range(12):
            seen.add(candidates.has_focus)
            lines = [candidates.render_line(y).text for y in range(candidates.size.height)]
            assert any(line.startswith("▌") for line in lines) == candidates.has_focus
            await pilot.press("tab")
            await settle(pilot)
        assert seen == {True, False}


async def test_a_search_draws_only_what_is_in_view(open_screen: OpenScreen) -> None:
    """However many there are: nothing is made of a row before it is to be seen."""
    drawn: set[str] = set()

    class Watched(Candidate):
        def __getattribute__(self, name: str) -> object:
            if name == "key":
                drawn.add(self.id)
            return super().__getattribute__(name)

    async with open_screen((80, 24)) as pilot:
        chooser = Chooser("Add", [Watched(str(number), f"person {number}", "person") for number in range(5000)])
        pilot.app.push_screen(chooser)
        await settle(pilot)
        await pilot.press(*"person", "space", *"49")
        await settle(pilot)
        assert chooser.choices.place == (1, 199)
        assert chooser.choices.selected.name == "person 49"
        assert 0 < len(drawn) < 100
