"""What changes, in the dialogs of groups, roles and accounts: per member, and net of every other way."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from semtui.tui.screens.text_page import TextPage
from tests.conftest import OpenScreen, OrganizationOf, find, screen_text, send, settle, settled_in, writes
from tests.tui.test_role_form import on_role, open_form, pick

pytestmark = pytest.mark.anyio
BOTH = "ee | P ana:Owner ben:Admin~scim,Member dan:Member kim:Member | A bot:Admin<ana | G ops:Admin{ben,dan}"
LOST = "loses Admin on every project, and 20 permissions of the organization"


async def said(pilot: Pilot[None], page: str, name: str, *keys: str) -> str:
    """What the dialog says that these keys open, and fill in, for the row of that name."""
    await pilot.press(page)
    await find(pilot, name)
    await pilot.press(keys[0])
    await settled_in(pilot)
    await pilot.press(*keys[1:])
    await settle(pilot)
    return screen_text(pilot.app)


async def test_the_role_of_a_group_is_netted_for_each_member(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization(BOTH)
    async with open_screen(on=served.session) as pilot:
        text = await said(pilot, "4", "ops", "e", "tab", "tab", "down")
        assert f"dan {LOST}" in text
        assert "Nothing changes for ben: the same comes from Admin from SCIM provisioning." in text
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TextPage)
        assert served.written.id("dan") in screen_text(pilot.app)
        assert writes(served.server) == []


async def test_who_joins_and_leaves_a_group_is_told_together_with_its_role(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization(BOTH)
    async with open_screen(on=served.session) as pilot:
        # Members come first, by name.
        text = await said(pilot, "4", "ops", "e", "tab", "tab", "tab", *"kim", "tab", "space")
        assert "kim gains Admin on every project, and 20 permissions of the organization" in text
        await pilot.press("escape", "escape")
        await settle(pilot)
        text = await said(pilot, "4", "ops", "e", "tab", "tab", "tab", *"dan", "tab", "space")
        assert f"dan {LOST}" in text


async def test_deleting_a_group_says_who_loses_by_it(organization: OrganizationOf, open_screen: OpenScreen) -> None:
    served = organization(BOTH)
    async with open_screen(on=served.session) as pilot:
        text = await said(pilot, "4", "ops", "X")
        assert f"dan {LOST}" in text
        assert "ben loses" not in text
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TextPage)
        assert "1 keeps everything by other means" in screen_text(pilot.app)


async def test_switching_an_account_off_and_deleting_it_say_what_it_could_do(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner | A bot:Admin<ana; other:Member<bot; idle:Member<ana off")
    async with open_screen(on=served.session) as pilot:
        text = await said(pilot, "3", "bot", "d")
        assert "bot keeps 65 permissions, and cannot use them while deactivated." in text
        await pilot.press("escape")
        await settle(pilot)
        text = await said(pilot, "3", "bot", "X")
        assert "bot loses everything: Admin on every project, and 34 permissions of the organization." in text
        assert "other can no longer be edited, because its creator is deleted." in text
        await pilot.press("escape")
        await settle(pilot)
        # Reactivating gives nobody more than they hold already.
        assert "What changes" not in await said(pilot, "3", "idle", "d")


async def test_editing_a_role_says_who_loses_what_net_of_other_roles(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization(
        "ee | P ana:Owner rey:Cap max:Cap | G ops:Admin{max} | R Cap={o.view,o.dashboards.manage} | Q api@ana{} | Z api"
    )
    async with open_screen(on=served.session) as pilot:
        await pilot.press("6")
        await settle(pilot)
        await open_form(pilot, "Cap")
        await pick(pilot, "dashboards.manage")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "drops manage dashboards (1)" in text
        assert "rey loses 1 permission of the organization: manage dashboards." in text
        assert "max loses" not in text
        assert writes(served.server) == []


async def test_deleting_a_role_that_somebody_unseen_may_hold_is_said_to_be_perhaps_refused(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner | R Cap={o.view} | X account_members=failed")
    async with open_screen(on=served.session) as pilot:
        await on_role(pilot, "Cap")
        await pilot.press("X")
        await settled_in(pilot)
        text = screen_text(pilot.app)
        assert "Semaphore may refuse to do this: not every list of members was read whole" in text
