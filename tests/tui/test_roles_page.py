"""The Roles page: reading, holders, who can, comparing."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.roles import RolesScreen
from tests.conftest import QUICK, OpenScreen, SessionOf, screen_text, settle, until_held, writes

pytestmark = pytest.mark.anyio


async def test_every_role_stands_there_with_how_many_hold_it(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("5")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RolesScreen)
        text = screen_text(pilot.app)
        assert "Owner organization built-in 38 2 1 0" in text
        assert "Release manager organization custom 6 2 1 1" in text
        assert "Roles 5" in text


async def test_the_holders_of_a_role_and_why_each_holds_it(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "j", "h")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Who holds Admin" in text
        assert "Pam Whitfield person from SCIM provisioning" in text
        assert "Kenji Watanabe person through the group Platform engineering" in text


async def test_who_can_manage_secrets(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "w", *"secrets manage", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Who can organization.secrets.manage" in text
        assert "Member, assigned directly 6 9 11" in text


async def test_holders_that_are_deactivated_are_marked_and_counted_apart(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    accounts = server.organization.state.service_accounts.values()
    member = server.organization.role_names_of
    idle = [one for one in accounts if one.deactivated and "Member" in member(one.id)]
    assert len(idle) == 1
    async with open_screen((100, 60)) as pilot:
        await pilot.press("5", "j", "j", "h")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert f"{idle[0].name} account assigned directly, deactivated Of these, 1 is deactivated, and can do" in text
        assert text.count(", deactivated") == 1
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert "9 accounts (1 of them deactivated)" in screen_text(pilot.app)
        await pilot.press("escape", "w", *"organization.view", "enter")
        await settle(pilot)
        assert "accounts (1 deactivated). Complete." in screen_text(pilot.app)


async def test_two_roles_side_by_side(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "d")
        await pilot.pause()
        assert "Mark two or three roles with space first; 0 marked now." in screen_text(pilot.app)
        await pilot.press("j", "space", "space", "d")
        await settle(pilot)
        assert isinstance(pilot.app.screen, AnswerScreen)
        text = screen_text(pilot.app)
        assert "How Admin and Member differ" in text
        assert "51 differ, 14 in all of them." in text
        assert "PERMISSION Admin Member" in text
        await pilot.press("/", *"people.manage", "enter", "enter")
        await settle(pilot)
        assert "Who can organization.people.manage" in screen_text(pilot.app)
        await pilot.press("backspace", "v")
        await settle(pilot)
        assert "What Admin permits" in screen_text(pilot.app)


async def test_a_role_is_searched_sorted_and_read(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "/", *"suppo", "enter", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "kind custom" in text
        assert "8 permissions" in text
        await pilot.press("escape", "escape", "greater_than_sign", "greater_than_sign")
        await settle(pilot)
        assert "by permissions" in screen_text(pilot.app)
        await pilot.press("2")
        await settle(pilot)
        assert "Amara Okafor" in screen_text(pilot.app)


async def test_the_permissions_of_a_role_are_searched(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "j", "enter", "/", *"secrets manage", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "organization.secrets manage Manage secrets" in text
        assert "1 of 2" in text
        await pilot.press("/", *" zebra")
        await settle(pilot)
        assert "not found" in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        # Where it was before the search.
        assert "organization.secrets manage Manage secrets" in screen_text(pilot.app)
        assert "not found" not in screen_text(pilot.app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RolesScreen)


async def test_a_token_that_may_not_see_roles_gets_the_catalogue_marked_as_such(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("GET", "/roles", "refuse", times=None))
    async with open_screen() as pilot:
        await pilot.press("5")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "built-in catalog" in text
        assert "Owner organization built-in 38*" in text
        assert "Support organization unknown ?" in text


async def test_a_plain_member_gets_a_polite_page(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("member")) as pilot:
        await pilot.press("5", "r")
        await settle(pilot)
        assert "This API token shows no role." in screen_text(pilot.app)
        assert writes(server) == []


async def test_community_has_its_three_roles(open_screen: OpenScreen) -> None:
    with DemoServer(edition="ce") as community:
        context = Context("ce", "acme", community.address, community.tokens["owner"])
        with Session(context, SessionOptions(limits=QUICK)) as session:
            async with open_screen(on=session) as pilot:
                await pilot.press("5")
                await settle(pilot)
                assert "Member organization built-in 19" in screen_text(pilot.app)


async def test_who_holds_what_is_worked_out_once_for_the_lists_as_they_are(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("5")
        await settle(pilot)
        page = pilot.app.screen
        assert isinstance(page, RolesScreen)
        before = page.content.everything
        await pilot.press("/", *"support", "enter", "greater_than_sign", "greater_than_sign", "j")
        await settle(pilot)
        assert "Support" in screen_text(pilot.app)
        assert all(old is new for old, new in zip(before, page.content.everything, strict=True))
        await pilot.press("r")
        await settle(pilot)
        assert page.content.everything[0] is not before[0]
        assert page.content.everything == before


async def test_a_change_of_who_holds_a_role_is_shown_after_a_search(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await pilot.press("5", "/", *"owner", "enter")
        await settle(pilot)
        page = pilot.app.screen
        assert isinstance(page, RolesScreen)
        before = sum(page.content.everything[0].counts.values())
        gone = server.organization.person_named("Henrik Sørensen")
        assert gone is not None
        server.organization.remove_member(gone)
        await pilot.press("r")
        await settle(pilot)
        assert sum(page.content.everything[0].counts.values()) == before - 1


async def test_a_page_opened_while_the_lists_are_loading_shows_them_as_they_arrive(
    server: DemoServer, session: Session
) -> None:
    server.inject(Fault("GET", "/roles", "hold"))
    async with SemtuiApp(session).run_test(size=(80, 24)) as pilot:
        await until_held(pilot, server)
        await pilot.press("5")
        await pilot.pause()
        assert "Roles 5" not in screen_text(pilot.app)
        server.release()
        await settle(pilot)
        assert "Roles 5" in screen_text(pilot.app)
