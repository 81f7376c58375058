"""Changing the role of a person or a group."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from textual.pilot import Pilot

from semtui.changes import what_changes
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.change_role import ChangeRole
from semtui.tui.screens.text_page import TextPage
from semtui.tui.widgets.role_list import RoleList
from tests.conftest import (
    OpenScreen,
    OrganizationOf,
    SessionOf,
    find,
    last_line,
    people_screen,
    screen_text,
    selected_name,
    send,
    settle,
    settled_in,
    to_button,
    type_ahead,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio


async def open_roles(pilot: Pilot[None], name: str) -> None:
    await find(pilot, name)
    await pilot.press("e")
    await settled_in(pilot)
    assert isinstance(pilot.app.screen, ChangeRole)


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None, name
    return found


async def test_a_person_gets_another_role(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        text = screen_text(pilot.app)
        assert "Change the role of Noor Haddad" in text
        assert "(•) Member now" in text
        await pilot.press("up")
        await send(pilot)
        admin = server.organization.role_named("Admin")
        assert admin is not None
        assert server.organization.role_names_of(person(server, "Noor Haddad")) == ["Admin"]
        assert [(method, path, json.loads(body)) for method, path, body in writes(server)] == [
            ("PUT", f"/members/{person(server, 'Noor Haddad')}/role", {"role_id": admin.id})
        ]
        assert "The role of Noor Haddad is now Admin." in last_line(pilot.app)
        assert selected_name(pilot.app) == "Noor Haddad"


async def test_the_role_already_held_is_not_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await send(pilot)
        assert "Noor Haddad holds Member already." in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, ChangeRole)
        assert writes(server) == []


async def test_escape_changes_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("up", "escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_a_role_from_scim_stays_and_the_dialog_says_so(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Tomasz")
        assert "Member stays regardless of this choice: it is from SCIM provisioning." in screen_text(pilot.app)
        await pilot.press("up", "up")
        await send(pilot)
        assert server.organization.role_names_of(person(server, "Tomasz Wiśniewski")) == ["Admin", "Member"]


async def test_somebody_with_only_a_scim_role_has_none_chosen(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Pam Whitfield")
        text = screen_text(pilot.app)
        assert "Admin stays regardless of this choice" in text
        assert "(•)" not in text
        await send(pilot)
        assert writes(server) == []


async def test_changing_an_owner_comes_with_a_warning(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Henrik")
        text = screen_text(pilot.app)
        assert "Changing an Owner takes the permission organization.change_owner." in text
        assert "last Owner" not in text


async def test_the_last_owner_comes_with_a_stronger_warning(open_screen: OpenScreen, server: DemoServer) -> None:
    server.organization.assign_role(person(server, "Henrik Sørensen"), "Admin")
    account = server.organization.service_account_named("break-glass")
    assert account is not None
    server.organization.assign_role(account.id, "Member")
    async with open_screen() as pilot:
        await open_roles(pilot, "Amara")
        assert "last Owner" in screen_text(pilot.app)


async def test_an_admin_is_refused_an_owner_in_semaphores_words(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("admin")) as pilot:
        await open_roles(pilot, "Henrik")
        await pilot.press("down")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "Semaphore refused:" in text
        assert isinstance(pilot.app.screen, ChangeRole)
        assert server.organization.role_names_of(person(server, "Henrik Sørensen")) == ["Owner"]
        # One refused change takes no other ability away.
        await pilot.press("escape")
        await settle(pilot)
        await open_roles(pilot, "Noor Haddad")


async def test_an_admin_cannot_make_an_owner(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("admin")) as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("home")
        await send(pilot)
        text = screen_text(pilot.app)
        assert (
            "Semaphore refused: giving or taking the role Owner takes the permission organization.change_owner." in text
        )
        assert server.organization.role_names_of(person(server, "Noor Haddad")) == ["Member"]


async def test_a_role_beyond_the_token_is_shown_as_such_once_semaphore_said_so(
    open_screen: OpenScreen, session_of: SessionOf
) -> None:
    async with open_screen(on=session_of("admin")) as pilot:
        await open_roles(pilot, "Noor Haddad")
        assert "cannot be granted" not in screen_text(pilot.app)
        await pilot.press("home")
        await send(pilot)
        assert "Owner cannot be granted: takes change owner (1)" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        await open_roles(pilot, "Kenji")
        await pilot.press("home")
        await pilot.pause()
        assert "Owner cannot be granted: takes change owner (1)" in screen_text(pilot.app)
        chosen = pilot.app.screen.query_one(RoleList).chosen
        assert chosen is not None
        assert chosen.name == "Admin"


async def test_the_dialog_says_what_the_change_gives_and_what_stays_through_groups(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("up")
        await settle(pilot)
        words = "Noor Haddad gains Admin on every project, and 20 permissions of the organization: manage audit logs"
        assert words in screen_text(pilot.app)
        await pilot.press("p")
        await pilot.pause()
        assert "Gains 20 permissions of the organization, and Admin on every project" in screen_text(pilot.app)
        await pilot.press("escape", "escape")
        await open_roles(pilot, "Kenji")
        await pilot.press("up")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Admin stays through the group Platform engineering." in text
        assert "Nothing changes for Kenji Watanabe: the same comes from Admin" in text


async def test_ones_own_row_is_known_after_creating_an_account_and_comes_with_a_warning(
    open_screen: OpenScreen, session_of: SessionOf
) -> None:
    async with open_screen(on=session_of("admin")) as pilot:
        await open_roles(pilot, "Priya")
        assert "This is you" not in screen_text(pilot.app)
        await pilot.press("escape", "escape", "c", *"mine", "tab", "tab", "down", "down", "down")
        await settled_in(pilot)
        await send(pilot)
        await pilot.press("enter", "q")
        await settle(pilot)
        await open_roles(pilot, "Priya")
        assert "This is you" in screen_text(pilot.app)


async def test_while_the_role_changes_escape_does_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", "hold"))
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("up")
        await to_button(pilot)
        await pilot.press("enter")
        await until_held(pilot, server)
        assert "Giving Noor Haddad the role Admin…" in screen_text(pilot.app)
        await pilot.press("escape", "enter")
        assert isinstance(pilot.app.screen, ChangeRole)
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert len(writes(server)) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_lost_answer_is_followed_up(open_screen: OpenScreen, server: DemoServer, arrived: bool) -> None:
    server.inject(Fault("PUT", "/members/*/role", "drop_after" if arrived else "drop_before"))
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("up")
        await send(pilot)
        words = "The role of Noor Haddad is now Admin." if arrived else "Noor Haddad does not hold the role Admin"
        assert words in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert server.organization.role_names_of(person(server, "Noor Haddad")) == ["Admin"]
        assert len(writes(server)) == (1 if arrived else 2)


async def test_what_a_role_permits_can_be_read(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TextPage)
        assert "Everything Member permits" in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ChangeRole)


async def test_a_direct_role_whose_permissions_come_through_a_group_too_takes_nothing_away(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner dan:Admin | G ops:Admin{dan}")
    async with open_screen(on=served.session) as pilot:
        await open_roles(pilot, "dan")
        await pilot.press("down")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Nothing changes for dan: the same comes from Admin through the group ops." in text
        assert "loses" not in text


async def test_a_list_that_failed_makes_what_changes_unknown_with_its_reason(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner dan:Admin | G ops:Admin{dan} | X groups=failed")
    async with open_screen(on=served.session) as pilot:
        await open_roles(pilot, "dan")
        await pilot.press("down")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "for dan is not known: who is in the groups was not read, and a group may give it." in text
        assert "Nothing changes" not in text
        # What is not known stops nobody.
        await send(pilot)
        assert len(writes(served.server)) == 1


async def test_what_changes_is_worked_out_again_from_lists_that_are_others_now(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner dan:Admin | G ops:Member{dan}")
    async with open_screen(on=served.session) as pilot:
        await open_roles(pilot, "dan")
        await pilot.press("down")
        await settle(pilot)
        assert "dan loses Admin on every project" in screen_text(pilot.app)
        held = served.server.organization.group_named("ops")
        assert held is not None
        served.server.organization.assign_role(held.id, "Admin")
        people_screen(pilot.app).action_reload()
        await settle(pilot)
        assert "Nothing changes for dan" in screen_text(pilot.app)


async def test_among_many_rows_the_key_does_not_wait_for_what_changes(
    open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_changes, "MANY", 3)
    async with open_screen() as pilot:
        await open_roles(pilot, "Noor Haddad")
        loop, goes_on = asyncio.get_running_loop(), threading.Event()
        loop.set_default_executor(ThreadPoolExecutor(1))
        loop.run_in_executor(None, goes_on.wait)
        await pilot.press("up")
        assert "Working out what changes…" in screen_text(pilot.app)
        goes_on.set()
        await settle(pilot)
        assert "Noor Haddad gains Admin on every project" in screen_text(pilot.app)
        # Of what was chosen one after another only the last is shown.
        type_ahead(pilot.app, "down", "up", "up")
        await settle(pilot)
        assert "(•) Owner" in screen_text(pilot.app)
        assert "Noor Haddad gains Admin on every project, and 24 permissions" in screen_text(pilot.app)
