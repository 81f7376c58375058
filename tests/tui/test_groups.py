"""Groups: created, edited and deleted, with Semaphore's queue told as what it is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.confirmations import DeleteGroup
from semtui.tui.screens.group_form import GroupForm
from tests.conftest import (
    QUICK,
    OpenScreen,
    SessionOf,
    find,
    last_line,
    screen_text,
    selected_name,
    send,
    settle,
    settled_in,
    type_ahead,
    writes,
)

pytestmark = pytest.mark.anyio


async def open_form(pilot: Pilot[None], *keys: str) -> GroupForm:
    await pilot.press("4", *keys)
    await settled_in(pilot)
    assert isinstance(pilot.app.screen, GroupForm)
    return pilot.app.screen


async def edit(pilot: Pilot[None], name: str) -> GroupForm:
    await pilot.press("4")
    await find(pilot, name)
    return await open_form(pilot, "e")


def members_of(server: DemoServer, name: str) -> set[str]:
    group = server.organization.group_named(name)
    assert group is not None, name
    return set(group.member_ids)


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None
    return found


def roles_of_group(server: DemoServer, name: str) -> list[str]:
    group = server.organization.group_named(name)
    assert group is not None
    return server.organization.role_names_of(group.id)


async def pick(pilot: Pilot[None], name: str) -> None:
    """In the form, search for somebody and press space on the first found."""
    form = pilot.app.screen
    assert isinstance(form, GroupForm)
    form.members.finder.focus()
    await pilot.press("ctrl+u", *name, "tab", "space")
    await pilot.pause()


async def test_a_group_is_created_with_role_and_members(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_form(pilot, "c")
        await pilot.press(*"Night crew", "tab", *"Watches", "tab", "end")
        await pick(pilot, "Noor")
        await pick(pilot, "ci-dep")
        assert "2 to add · 0 to remove · 0 now" in screen_text(pilot.app)
        await pilot.press("shift+tab", "shift+tab", "shift+tab")
        await send(pilot)
        account = server.organization.service_account_named("ci-deployer")
        assert account is not None
        assert members_of(server, "Night crew") == {person(server, "Noor Haddad"), account.id}
        assert roles_of_group(server, "Night crew") == ["Support"]
        assert last_line(pilot.app) == "Created the group Night crew. All membership changes are done."
        assert selected_name(pilot.app) == "Night crew"


async def test_an_edit_sends_only_what_changed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await edit(pilot, "Support desk")
        await pick(pilot, "Noor")
        await pick(pilot, "Sam")
        assert "1 to add · 1 to remove · 2 now" in screen_text(pilot.app)
        pilot.app.screen.query_one("#send").focus()
        await send(pilot)
        ((method, _, body),) = writes(server)
        sent = json.loads(body)
        assert (method, set(sent)) == ("PATCH", {"members_to_add", "members_to_remove"})
        assert person(server, "Noor Haddad") in members_of(server, "Support desk")
        assert person(server, "Sam Patel") not in members_of(server, "Support desk")
        assert "All membership changes are done." in last_line(pilot.app)


async def test_what_semaphore_would_stumble_over_is_said_before(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_form(pilot, "c")
        await send(pilot)
        assert "A name is needed" in screen_text(pilot.app)
        await pilot.press(*"Contractors")
        await pilot.pause()
        assert "There is a group called Contractors already." in screen_text(pilot.app)
        await pilot.press("2")
        await send(pilot)
        assert "A description is needed" in screen_text(pilot.app)
        type_ahead(pilot.app, *"x" * 256)
        await settle(pilot)
        assert "at most 255 characters" in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_groups_role_is_changed_in_its_form(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await edit(pilot, "Contractors")
        await pilot.press("tab", "tab", "down")
        await send(pilot)
        assert roles_of_group(server, "Contractors") == ["Release manager"]
        assert [method for method, _, _ in writes(server)] == ["PUT"]
        assert last_line(pilot.app) == "Saved the group Contractors."


async def test_an_unchanged_group_is_not_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await edit(pilot, "Contractors")
        await send(pilot)
        assert "Nothing is changed." in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_refused_role_leaves_the_group_and_says_which_half(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=403, body='"User unauthorized"'))
    async with open_screen() as pilot:
        await open_form(pilot, "c")
        await pilot.press(*"Crew", "tab", *"Sails", "tab", "up")
        await send(pilot)
        assert "The group Crew is saved. The role is not changed. Semaphore refused" in screen_text(pilot.app)
        await send(pilot)
        assert roles_of_group(server, "Crew") == ["Admin"]
        assert [method for method, _, _ in writes(server)] == ["POST", "PUT", "PUT"]


@pytest.mark.parametrize(("kind", "words"), [("drop_after", "as you asked for it"), ("drop_before", "was not created")])
async def test_a_lost_answer_is_followed_up(open_screen: OpenScreen, server: DemoServer, kind: str, words: str) -> None:
    server.inject(Fault("POST", "/groups", kind))  # type: ignore[arg-type]
    async with open_screen() as pilot:
        await open_form(pilot, "c")
        await pilot.press(*"Crew", "tab", *"Sails")
        await send(pilot)
        assert f"group Crew {words}" in screen_text(pilot.app)
        assert len(writes(server)) == 1


async def test_a_group_is_deleted_once_its_name_is_typed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("4")
        await find(pilot, "Contractors")
        await pilot.press("X")
        await settled_in(pilot)
        assert isinstance(pilot.app.screen, DeleteGroup)
        await pilot.press(*"Contractors", "enter")
        await settle(pilot)
        assert server.organization.group_named("Contractors") is None
        assert last_line(pilot.app) == "The group Contractors is deleted."


@asynccontextmanager
async def slow_queue(delay: float) -> AsyncIterator[tuple[Pilot[None], DemoServer]]:
    """The screen on an organization whose queue takes its time, as Semaphore's does."""
    with DemoServer(group_delay=delay) as server:
        context = Context("x", "acme", server.address, server.tokens["owner"])
        with Session(context, SessionOptions(limits=QUICK)) as session:
            async with SemtuiApp(session).run_test(size=(80, 24)) as pilot:
                await settle(pilot)
                yield pilot, server


async def test_a_queue_that_does_nothing_ends_in_honest_words() -> None:
    async with slow_queue(3600) as (pilot, server):
        await edit(pilot, "Support desk")
        await pick(pilot, "Noor")
        pilot.app.screen.query_one("#send").focus()
        await pilot.press("enter")
        await settle(pilot)
        assert "1 of 1 not added; Semaphore gives no reason" in last_line(pilot.app)
        assert person(server, "Noor Haddad") not in members_of(server, "Support desk")
        await pilot.press("X")
        await settled_in(pilot)
        await pilot.press(*"Support desk", "enter")
        await settle(pilot)
        assert "The group Support desk is still listed." in last_line(pilot.app)


async def test_who_is_not_in_the_organization_cannot_be_picked(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        form = await open_form(pilot, "c")
        form.members.finder.focus()
        await pilot.press(*"fresh-runner")
        await pilot.pause()
        assert "Nobody matches." in screen_text(pilot.app)


async def test_community_has_no_groups_and_the_key_says_so(open_screen: OpenScreen) -> None:
    with DemoServer(edition="ce") as community:
        context = Context("ce", "acme", community.address, community.tokens["owner"])
        with Session(context, SessionOptions(limits=QUICK)) as session:
            async with open_screen(on=session) as pilot:
                await pilot.press("4", "c")
                await settle(pilot)
                assert isinstance(pilot.app.screen, PeopleScreen)
                assert last_line(pilot.app) == "Semaphore Community has no groups."


async def test_without_the_permission_the_form_keeps_what_was_typed(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("support")) as pilot:
        await open_form(pilot, "C")
        await pilot.press(*"Crew", "tab", *"Sails")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "lacks the permission organization.people.manage" in text
        assert "Name Crew" in text
        assert server.organization.group_named("Crew") is None
