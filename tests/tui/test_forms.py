"""What holds in every form: Enter alone sends nothing, words are kept, errors go when they are mended."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from semtui.demo.server import DemoServer
from semtui.tui.pages.page import Page
from semtui.tui.screens.form import Form
from semtui.tui.screens.invite import Invite
from semtui.tui.screens.role_form import RoleForm
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.widgets.field import Field
from tests.conftest import (
    OpenScreen,
    find,
    last_line,
    screen_text,
    send,
    settle,
    settled_in,
    to_button,
    type_ahead,
    writes,
)

pytestmark = pytest.mark.anyio

FORMS = {
    "a new account": ("3", "c"),
    "an account": ("3", *"/ci-deployer", "enter", "e"),
    "a new group": ("4", "c"),
    "a group": ("4", "e"),
    "a new role": ("5", "c"),
    "a role": ("5", *"/support", "enter", "e"),
    "a person's role": (*"/noor", "enter", "e"),
    "an invitation": ("i",),
    "a role in a project": ("6", "settle", "p", "settle", "e"),
}


async def opened(pilot: Pilot[None], name: str) -> Form:
    for key in FORMS[name]:
        if key == "settle":
            await settle(pilot)
        else:
            await pilot.press({"/": "slash"}.get(key, key))
    await settle(pilot)
    form = pilot.app.screen
    assert isinstance(form, Form)
    return form


def status(form: Form) -> str:
    return str(form.query_one("#status", Static).content)


# The keys


@pytest.mark.parametrize(
    ("tab", "typed"),
    [("3", "erik"), ("4", "elena"), ("2", "erik"), ("5", "erik"), ("6", "pelle"), ("3", "ciw"), ("1", "elena")],
)
@pytest.mark.parametrize("lines", [1, 2, 6])
async def test_a_search_without_its_slash_changes_nothing(
    open_screen: OpenScreen, server: DemoServer, tab: str, typed: str, lines: int
) -> None:
    """Also pasted where the terminal marks no paste: each line ends in an Enter."""
    async with open_screen() as pilot:
        await pilot.press(tab)
        await settle(pilot)
        type_ahead(pilot.app, *[*typed, "enter"] * lines)
        await settle(pilot)
        assert writes(server) == []


@pytest.mark.parametrize("row", ["elena\ta\tb\tc\n", "erik\ta\t\tx y\n"])
async def test_a_row_of_a_table_pasted_as_if_it_were_typed_changes_nothing(
    open_screen: OpenScreen, server: DemoServer, row: str
) -> None:
    """Its tabs lead to the button, and letters are typed there before the Enter at its end."""
    async with open_screen() as pilot:
        await pilot.press("3", "j")
        await settle(pilot)
        keys = {"\t": "tab", "\n": "enter", " ": "space"}
        type_ahead(pilot.app, *(keys.get(each, each) for each in row))
        await settle(pilot)
        assert writes(server) == []
        form = pilot.app.screen
        assert isinstance(form, Form)
        assert "letters were typed" in status(form)
        await pilot.press("enter")
        await settle(pilot)
        assert len(writes(server)) == 1


@pytest.mark.parametrize("name", FORMS)
async def test_enter_in_a_field_moves_on_and_never_sends(
    open_screen: OpenScreen, server: DemoServer, name: str
) -> None:
    async with open_screen((100, 40)) as pilot:
        form = await opened(pilot, name)
        for field in form.query("#body .field Field").results(Field):
            if not field.display or field.disabled or not field.parent or not field.parent.display:
                continue
            field.focus()
            await pilot.press("end", *"x", "enter")
            await settle(pilot)
            assert pilot.app.screen is form
            assert pilot.app.focused is not field
            assert not isinstance(pilot.app.focused, Button) or pilot.app.focused.id == "send"
        assert writes(server) == []


@pytest.mark.parametrize("name", FORMS)
async def test_the_button_that_sends_can_always_be_reached_and_says_why_it_cannot(
    open_screen: OpenScreen, server: DemoServer, name: str
) -> None:
    async with open_screen((100, 40)) as pilot:
        form = await opened(pilot, name)
        await settled_in(pilot)
        await send(pilot)
        assert pilot.app.screen is form
        assert status(form) != ""
        assert writes(server) == []


async def test_a_prefilled_field_is_replaced_by_typing_and_ones_own_words_are_not(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        form = await opened(pilot, "an account")
        assert isinstance(form, ServiceAccountForm)
        await pilot.press(*"other", "tab", *"words", "shift+tab", *"wise")
        assert form.name_input.value == "otherwise"
        assert form.description_input.value == "words"


async def test_an_edit_shows_old_and_new_before_it_goes(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen((100, 40)) as pilot:
        await opened(pilot, "an account")
        assert "→" not in screen_text(pilot.app)
        await pilot.press(*"ci-deploy", "enter", *"Deploys", "enter", "up")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "Name ci-deployer → ci-deploy" in text
        assert "Description Deploys main to production → Deploys" in text
        assert "Role Member → Admin" in text
        assert writes(server) == []


@pytest.mark.parametrize(("name", "words"), [("a group", "Name Contractors → x"), ("a role", "Name Support → x")])
async def test_groups_and_roles_show_it_too(open_screen: OpenScreen, name: str, words: str) -> None:
    async with open_screen((100, 40)) as pilot:
        await opened(pilot, name)
        await pilot.press("x")
        await pilot.pause()
        assert words in screen_text(pilot.app)


# Errors


async def test_an_error_goes_when_it_is_mended(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        form = await opened(pilot, "a new account")
        await settled_in(pilot)
        await send(pilot)
        assert status(form) == "A name is needed."
        assert form.focused is form.query_one("#name")
        await pilot.press(*"quick")
        await pilot.pause()
        assert status(form) == "A role is needed; without one the account cannot do anything."
        await to_button(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert form.focused is form.query_one("#roles")
        await pilot.press("m")
        await pilot.pause()
        assert status(form) == ""


@pytest.mark.parametrize(
    ("name", "mending"),
    [
        ("an account", ("x",)),
        ("a person's role", ("up",)),
        ("a role in a project", ("up",)),
        ("a group", ("x",)),
        ("a role", ("x",)),
        ("a new role", tuple("Keeper")),
        ("a new group", (*"Crew", "tab", *"Sails")),
        ("an invitation", tuple("octocat")),
    ],
)
async def test_in_every_form(open_screen: OpenScreen, name: str, mending: tuple[str, ...]) -> None:
    async with open_screen((100, 40)) as pilot:
        form = await opened(pilot, name)
        first = form.focused
        await settled_in(pilot)
        await send(pilot)
        assert status(form) != ""
        if isinstance(form.focused, Button) and first is not None:
            first.focus()
        await pilot.press(*mending)
        await pilot.pause()
        assert status(form) == ""


# Words are kept


@pytest.mark.parametrize("way", ["escape", "button"])
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("a new account", (*"quick", "tab", *"lost words")),
        ("an account", ("tab", *"lost words")),
        ("a new group", (*"Crew", "tab", *"lost words")),
        ("a group", ("tab", *"lost words")),
        ("a new role", (*"Keeper", "tab", *"lost words", "tab", "j")),
        ("a role", ("tab", *"lost words")),
        ("an invitation", tuple("lost words")),
    ],
)
async def test_what_was_typed_is_there_again(
    open_screen: OpenScreen, server: DemoServer, name: str, typed: tuple[str, ...], way: str
) -> None:
    async with open_screen((100, 40)) as pilot:
        form = await opened(pilot, name)
        await pilot.press(*typed)
        if way == "button":
            await to_button(pilot, "cancel")
        await pilot.press("enter" if way == "button" else "escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Page)
        assert "What you typed is kept" in screen_text(pilot.app)
        await pilot.press("escape")
        again = await opened(pilot, name)
        assert again is not form
        assert "What you typed before is back." in status(again)
        assert "lost words" in [field.value for field in again.query(Field)]
        if isinstance(again, RoleForm) and name == "a new role":
            assert again._scope == "project"
        assert writes(server) == []


async def test_a_draft_of_one_row_is_none_of_another_and_goes_when_it_is_sent(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await opened(pilot, "an account")
        await pilot.press("tab", *"lost words", "escape", "escape")
        await find(pilot, "terraform")
        await pilot.press("e")
        await settle(pilot)
        assert "lost words" not in screen_text(pilot.app)
        await pilot.press("escape", "escape")
        await opened(pilot, "an account")
        await send(pilot)
        await settle(pilot)
        assert len(writes(server)) == 1
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert status(pilot.app.screen) == ""


async def test_ticks_are_kept_too(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        await opened(pilot, "a new group")
        await pilot.press("tab", "tab", "tab", *"noor", "enter", "enter")
        await pilot.pause()
        assert "1 to add" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        await opened(pilot, "a new group")
        assert "1 to add" in screen_text(pilot.app)


async def test_where_nothing_was_typed_nothing_is_kept_and_nothing_said(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("i", "tab", "down", "down")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Invite)
        await pilot.press("escape")
        await settle(pilot)
        assert last_line(pilot.app) == ""


@pytest.mark.parametrize("name", FORMS)
async def test_what_is_typed_at_once_is_in_a_field(open_screen: OpenScreen, name: str) -> None:
    async with open_screen() as pilot:
        form = await opened(pilot, name)
        await pilot.press(*"zq")
        await settle(pilot)
        fields = [field.value for field in form.query(Input)]
        assert not fields or any(value.endswith("zq") for value in fields)
