"""Removing people, and taking a group's role away."""

from __future__ import annotations

from typing import Literal

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.remove_member import RemoveMember
from semtui.tui.screens.text_page import TextPage
from tests.conftest import (
    QUICK,
    OpenScreen,
    OrganizationOf,
    SessionOf,
    find,
    last_line,
    screen_text,
    selected_name,
    settle,
    settled_in,
    writes,
)

pytestmark = pytest.mark.anyio


async def ask(pilot: Pilot[None], name: str) -> None:
    await find(pilot, name)
    await pilot.press("X")
    await settled_in(pilot)
    assert isinstance(pilot.app.screen, RemoveMember)


async def remove(pilot: Pilot[None]) -> None:
    await pilot.press("right", "enter")
    await settled_in(pilot)
    assert "Nothing was sent yet." in screen_text(pilot.app)
    await pilot.press("right", "enter")
    await settle(pilot)


def roles_of(server: DemoServer, name: str) -> list[str]:
    found = server.organization.person_named(name)
    return [] if found is None else server.organization.role_names_of(found)


async def test_a_person_is_removed_after_being_told_what_is_lost(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "Kenji")
        text = screen_text(pilot.app)
        assert "Kenji Watanabe leaves the organization and all of its projects." in text
        assert "Membership in Platform engineering ends too" in text
        words = "loses everything: Admin on every project, and 34 permissions of the organization."
        assert f"Kenji Watanabe {words}" in text
        await pilot.press("enter")
        await settle(pilot)
        assert writes(server) == []
        await ask(pilot, "Kenji")
        await remove(pilot)
        assert last_line(pilot.app) == "Removed Kenji Watanabe."
        assert roles_of(server, "Kenji Watanabe") == []
        assert len(writes(server)) == 1


async def test_what_is_lost_is_net_of_what_comes_from_elsewhere_and_can_be_read_in_full(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization(
        "ee | P ana:Owner ben:Admin~scim,Member dan:Member kim:Member | A bot:Admin<kim | G ops:Admin{ben,dan}"
    )
    async with open_screen(on=served.session) as pilot:
        await ask(pilot, "kim")
        assert "kim created bot, which reaches Admin, and may know its token." in screen_text(pilot.app)
        await pilot.press("escape")
        await ask(pilot, "ben")
        assert "Nothing changes for ben: the same comes from Admin from SCIM provisioning." in screen_text(pilot.app)
        await pilot.press("escape", "4")
        await find(pilot, "ops")
        await pilot.press("R")
        await settled_in(pilot)
        assert "dan loses Admin on every project, and 20 permissions of the organization" in screen_text(pilot.app)
        assert "ben loses" not in screen_text(pilot.app)
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TextPage)
        text = screen_text(pilot.app)
        assert served.written.id("dan") in text
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RemoveMember)
        assert writes(served.server) == []


@pytest.mark.parametrize(("page", "name", "opening"), [("2", "Kenji", "X"), ("4", "Contractors", "R")])
async def test_one_press_of_the_button_takes_nothing_away(
    open_screen: OpenScreen, server: DemoServer, page: str, name: str, opening: str
) -> None:
    """However slowly the keys of one burst arrive, its Enter meets a second question."""
    async with open_screen() as pilot:
        await pilot.press(page)
        await find(pilot, name)
        await pilot.press(opening)
        await settled_in(pilot)
        await pilot.press("tab", "enter")
        await settled_in(pilot)
        assert "Nothing was sent yet." in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert writes(server) == []


async def test_who_is_held_by_scim_loses_a_role_and_stays(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "Tomasz")
        assert "stays a member through Member, which is from SCIM provisioning" in screen_text(pilot.app)
        await remove(pilot)
        assert last_line(pilot.app) == "Tomasz Wiśniewski stays a member through Member (from SCIM provisioning)."
        assert roles_of(server, "Tomasz Wiśniewski") == ["Member"]
        assert selected_name(pilot.app) == "Tomasz Wiśniewski"


@pytest.mark.parametrize(
    ("name", "words"),
    [("Amara", "is an Owner, and Semaphore does not remove Owners"), ("Pam", "has no directly assigned role")],
)
async def test_who_cannot_be_removed_is_told_why(
    open_screen: OpenScreen, server: DemoServer, name: str, words: str
) -> None:
    async with open_screen() as pilot:
        await find(pilot, name)
        await pilot.press("X")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert words in last_line(pilot.app)
        assert writes(server) == []


async def test_on_community_even_an_owner_can_go_and_the_words_say_so(
    open_screen: OpenScreen,
) -> None:
    edition: Literal["ce"] = "ce"
    with DemoServer(edition=edition) as community:
        context = Context("ce", "acme", community.address, community.tokens["owner"])
        with Session(context, SessionOptions(limits=QUICK)) as session:
            async with open_screen(on=session) as pilot:
                await ask(pilot, "Henrik")
                assert "Community lets everybody who manages people remove the last one too." in screen_text(pilot.app)
                await remove(pilot)
                assert last_line(pilot.app) == "Removed Henrik Sørensen."
                assert roles_of(community, "Henrik Sørensen") == []


async def test_a_groups_role_is_taken_away_and_the_group_stays(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("4")
        await find(pilot, "Contractors")
        await pilot.press("R")
        await settled_in(pilot)
        assert "The group stays" in screen_text(pilot.app)
        await remove(pilot)
        group = server.organization.group_named("Contractors")
        assert group is not None
        assert server.organization.role_names_of(group.id) == []
        assert last_line(pilot.app) == "The group Contractors has no role any more."


@pytest.mark.parametrize(("kind", "stays"), [("drop_after", False), ("drop_before", True)])
async def test_a_lost_answer_is_followed_up(
    open_screen: OpenScreen, server: DemoServer, kind: str, stays: bool
) -> None:
    server.inject(Fault("DELETE", "/members/*", kind))  # type: ignore[arg-type]
    async with open_screen() as pilot:
        await ask(pilot, "Noor")
        await remove(pilot)
        words = "is still a member: the request did not arrive" if stays else "is not a member of the organization"
        assert words in screen_text(pilot.app)
        assert (roles_of(server, "Noor Haddad") == ["Member"]) == stays
        assert len(writes(server)) == 1


async def test_what_cannot_be_read_afterwards_is_not_claimed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "Noor")
        server.inject(Fault("GET", "/members", status=500, body='"Internal error"', times=None))
        await remove(pilot)
        assert "the result could not be read back" in last_line(pilot.app)


async def test_without_the_permission_nothing_is_removed(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("support")) as pilot:
        await ask(pilot, "Noor")
        await remove(pilot)
        assert "lacks the permission organization.people.manage" in screen_text(pilot.app)
        assert roles_of(server, "Noor Haddad") == ["Member"]
