"""Somebody else changes the same thing while a form is open: nothing is overwritten before that was read."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.records import ServiceAccountRecord
from semtui.demo.server import DemoServer
from semtui.tui.screens.role_form import SaveRole
from tests.conftest import OpenScreen, find, last_line, screen_text, send, settle, settled_in, writes

pytestmark = pytest.mark.anyio


async def open_dialog(pilot: Pilot[None], name: str, *keys: str) -> None:
    await find(pilot, name)
    await pilot.press(*keys)
    await settled_in(pilot)


def terraform(server: DemoServer) -> ServiceAccountRecord:
    found = server.organization.service_account_named("terraform")
    assert found is not None
    return found


async def test_a_description_changed_meanwhile_is_not_overwritten_silently(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen(size=(100, 30)) as pilot:
        await open_dialog(pilot, "terraform", "e")
        server.organization.edit_service_account(terraform(server).id, description="Theirs")
        await pilot.press("tab", "end", *" and ours")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "Somebody else has changed this in the meantime: the description was “Plans and applies infr" in text
        assert "is “Theirs” now" in text
        assert writes(server) == []
        await pilot.press("enter")
        await settle(pilot)
        assert terraform(server).description.endswith(" and ours")
        assert last_line(pilot.app) == "Saved terraform."


async def test_another_field_changed_meanwhile_is_left_as_it_is(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_dialog(pilot, "terraform", "e")
        server.organization.edit_service_account(terraform(server).id, description="Theirs")
        await pilot.press("end", "2")
        await send(pilot)
        edited = server.organization.service_account_named("terraform2")
        assert edited is not None
        assert edited.description == "Theirs"


async def test_a_role_changed_meanwhile_is_said_before_it_is_replaced(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    noor = server.organization.person_named("Noor Haddad")
    assert noor is not None
    async with open_screen() as pilot:
        await open_dialog(pilot, "Noor Haddad", "e")
        server.organization.assign_role(noor, "Support")
        await pilot.press("up")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "the role was “Member” and is “Support” now, yours is “Admin”" in text
        assert server.organization.role_names_of(noor) == ["Support"]
        assert writes(server) == []
        await pilot.press("enter")
        await settle(pilot)
        assert server.organization.role_names_of(noor) == ["Admin"]


async def test_an_accounts_role_changed_meanwhile_is_said_too(open_screen: OpenScreen, server: DemoServer) -> None:
    account = server.organization.service_account_named("nightly-backup")
    assert account is not None
    async with open_screen() as pilot:
        await open_dialog(pilot, "nightly-backup", "e")
        server.organization.assign_role(account.id, "Admin")
        await pilot.press("tab", "tab", "end")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "The role is not changed. Somebody else has changed this in the meantime" in text
        assert writes(server) == []
        await pilot.press("enter")
        await settle(pilot)
        assert server.organization.role_names_of(account.id) == ["Support"]


async def test_a_group_renamed_meanwhile_is_said_before_it_is_renamed_again(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await pilot.press("4")
        await open_dialog(pilot, "Contractors", "e")
        group = next(one for one in server.organization.state.groups.values() if one.name == "Contractors")
        group.name = "Freelancers"
        await pilot.press("end", "2")
        await send(pilot)
        assert "the name was “Contractors” and is “Freelancers” now" in screen_text(pilot.app)
        assert group.name == "Freelancers"
        await pilot.press("enter")
        await settle(pilot)
        assert group.name == "Contractors2"


async def test_a_custom_role_changed_meanwhile_is_said_in_the_question(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    role = server.organization.role_named("Support")
    assert role is not None
    async with open_screen() as pilot:
        await pilot.press("5", "G", "e")
        await settled_in(pilot)
        await pilot.press("end", "2")
        await send(pilot)
        await settled_in(pilot)
        assert isinstance(pilot.app.screen, SaveRole)
        role.name = "Helpers"
        await pilot.press(*"Support", "enter")
        await settle(pilot)
        assert "the name was “Support” and is “Helpers” now, yours is “Support2”" in screen_text(pilot.app)
        assert role.name == "Helpers"
        await pilot.press("enter")
        await settle(pilot)
        assert role.name == "Support2"


async def test_what_cannot_be_looked_at_is_not_overwritten(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_dialog(pilot, "terraform", "e")
        server.inject(Fault("GET", "/service_accounts/*", status=502, times=None))
        await pilot.press("end", "2")
        await send(pilot)
        assert "Nothing was sent." in screen_text(pilot.app)
        assert writes(server) == []


async def test_an_account_deleted_meanwhile_is_told(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_dialog(pilot, "terraform", "e")
        server.organization.delete_all_service_accounts()
        await pilot.press("end", "2")
        await send(pilot)
        assert "not found" in screen_text(pilot.app).lower()
        assert writes(server) == []
