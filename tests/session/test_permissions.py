"""What an API token may is found out before it is tried, and shown."""

from __future__ import annotations

import pytest

from semtui.demo.server import DemoServer
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.pages.roles import RolesScreen
from semtui.tui.screens.role_form import RoleForm
from semtui.tui.screens.service_account_form import ServiceAccountForm
from tests.conftest import OpenScreen, SessionOf, last_line, screen_text, settle, writes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("key", ["c", "C", "e", "X", "i"])
async def test_what_a_support_token_may_not_do_is_said_at_the_key(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer, key: str
) -> None:
    session = session_of("support")
    session.permissions.fetch()
    async with open_screen(on=session) as pilot:
        await pilot.press(key)
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert last_line(pilot.app).startswith("This API token lacks the permission organization.")
        await pilot.press("5", "c")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RolesScreen)
        assert "lacks the permission organization.custom_roles.manage." in screen_text(pilot.app)
        assert writes(server) == []


async def test_what_is_granted_meanwhile_is_found_out_by_a_reload(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    session = session_of("support")
    session.permissions.fetch()
    async with open_screen(on=session) as pilot:
        holder = server.organization.token_holder(server.tokens["support"])
        assert holder is not None
        server.organization.assign_role(holder, "Owner")
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)


async def test_an_admin_may_make_accounts_but_no_roles(open_screen: OpenScreen, session_of: SessionOf) -> None:
    session = session_of("admin")
    session.permissions.fetch()
    async with open_screen(on=session) as pilot:
        await pilot.press("5", "c")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, RoleForm)
        await pilot.press("3", "c")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
