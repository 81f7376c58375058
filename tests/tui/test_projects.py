"""The Projects page, and the people of a project: read, given a role, taken off, in both editions."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal

import pytest
from textual.pilot import Pilot

from semtui.api.models import Member, Project, RoleBinding
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.listing import Listing
from semtui.organization.projects import Projects
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.projects import ProjectsScreen
from semtui.tui.screens.project_people import ProjectPeople
from semtui.tui.widgets.role_list import RoleList
from semtui.wording.projects import UNKNOWN_OTHERS, load_words
from tests.conftest import QUICK, OpenScreen, SessionOf, screen_text, send, settle, settled_in, writes

pytestmark = pytest.mark.anyio

Opened = Callable[..., AbstractAsyncContextManager[tuple[Pilot[None], DemoServer]]]


@pytest.fixture
def opened() -> Opened:
    """The people of the first project, in an edition, for a caller."""

    @asynccontextmanager
    async def start(
        edition: Literal["ee", "ce"] = "ee", who: str = "owner", *, read_only: bool = False
    ) -> AsyncIterator[tuple[Pilot[None], DemoServer]]:
        with DemoServer(edition=edition, group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server:
            context = Context("x", "acme", server.address, server.tokens[who])
            with Session(context, SessionOptions(limits=QUICK, read_only=read_only)) as session:
                async with SemtuiApp(session).run_test(size=(80, 24)) as pilot:
                    await settle(pilot)
                    await pilot.press("6")
                    await settle(pilot)
                    await pilot.press("p")
                    await settle(pilot)
                    assert isinstance(pilot.app.screen, ProjectPeople)
                    yield pilot, server

    return start


async def members(server: DemoServer, name: str = "infra-live") -> dict[str, list[tuple[str, str]]]:
    """Who is on a project by what, as an Owner's own client sees it."""
    from semtui.api.client import SemaphoreClient

    client = SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)
    project = next(each for each in await client.list_projects() if each.name == name)
    found = await client.list_project_members(project.id)
    await client.aclose()
    return {member.name: [(binding.role_name, binding.source) for binding in member.roles] for member in found}


async def add(pilot: Pilot[None], name: str) -> None:
    await pilot.press("c", *name, "enter")
    await settled_in(pilot)


async def stand_on(pilot: Pilot[None], member_id: str) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, ProjectPeople)
    await pilot.press("g", *["down"] * screen.rows.ids.index(member_id))


async def test_projects_stand_there_with_their_people_and_owners(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ProjectsScreen)
        text = screen_text(pilot.app)
        assert "infra-live 8 5 Admin, 3 Contributor" in text
        assert "6 Projects 4" in text
        assert "Loaded 4 projects." in text
        await pilot.press("enter")
        await settle(pilot)
        assert "Groups and service accounts may have access too" in screen_text(pilot.app)


async def test_the_people_of_a_project_teach_the_project_roles(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("6")
        await settle(pilot)
        await pilot.press("5")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Contributor project built-in 29 ? ? ?" in text
        assert "Reader project" in text


async def test_a_person_is_given_a_role_and_loses_it_again(opened: Opened) -> None:
    async with opened() as (pilot, server):
        assert "so it is unknown" in screen_text(pilot.app)
        await add(pilot, "noor")
        await pilot.press("end")
        await send(pilot)
        assert ("Reader", "manually") in (await members(server))["Noor Haddad"]
        text = screen_text(pilot.app)
        assert "Noor Haddad holds Reader on infra-live." in text
        assert "Noor Haddad Reader" in text
        noor = server.organization.person_named("Noor Haddad")
        assert noor is not None
        await stand_on(pilot, noor)
        await pilot.press("X")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "Noor Haddad" not in await members(server)
        assert "no longer has a directly assigned role on infra-live" in screen_text(pilot.app)


async def test_what_comes_from_elsewhere_cannot_be_taken_away(opened: Opened) -> None:
    async with opened() as (pilot, server):
        await pilot.press("X")
        await settle(pilot)
        assert "has no directly assigned role here" in screen_text(pilot.app)
        assert writes(server) == []


async def test_an_account_can_be_added_and_stays_unseen_and_the_words_say_so(opened: Opened) -> None:
    async with opened() as (pilot, server):
        await add(pilot, "ci-deployer")
        assert "is not in any list" in screen_text(pilot.app)
        await pilot.press("end")
        await send(pilot)
        assert "it shows no account of a project" in screen_text(pilot.app)
        assert len(writes(server)) == 1


async def test_on_community_no_request_ever_names_a_role(opened: Opened) -> None:
    async with opened("ce") as (pilot, server):
        await pilot.press("e")
        await settle(pilot)
        assert "Community has no project roles" in screen_text(pilot.app)
        await add(pilot, "noor")
        assert "becomes a member of this project" in screen_text(pilot.app)
        await pilot.press("left", "enter")
        await settle(pilot)
        assert "Noor Haddad" in await members(server)
        noor = server.organization.person_named("Noor Haddad")
        assert noor is not None
        assert server.organization.role_names_of(noor) == ["Member"]
        await pilot.press("X")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "of the organization and so on every project" in text
        await stand_on(pilot, noor)
        await pilot.press("X")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "Noor Haddad" not in await members(server)
        assert server.organization.role_names_of(noor) == ["Member"]
        assert [json.loads(body or b"{}") for _, _, body in writes(server)] == [{}, {}]


async def test_where_the_edition_is_not_known_nothing_is_offered(opened: Opened) -> None:
    async with opened() as (pilot, server):
        server.inject(Fault("GET", "/roles", "refuse", times=None))
        screen = pilot.app.screen
        assert isinstance(screen, ProjectPeople)
        screen.store.people = type(screen.store.people)()
        await pilot.press("c")
        await settle(pilot)
        assert "Whether this is Community or Enterprise is not known" in screen_text(pilot.app)
        assert writes(server) == []


@pytest.mark.parametrize(("kind", "there"), [("drop_after", True), ("drop_before", False)])
async def test_a_lost_answer_is_followed_up(opened: Opened, kind: str, there: bool) -> None:
    async with opened() as (pilot, server):
        server.inject(Fault("PUT", "/projects/*/role", kind))  # type: ignore[arg-type]
        await add(pilot, "noor")
        await pilot.press("end")
        await send(pilot)
        words = "now holds the role in this project" if there else "the request did not arrive"
        assert words in screen_text(pilot.app)
        assert ("Noor Haddad" in await members(server)) == there
        assert len(writes(server)) == 1


async def test_a_refusal_in_one_project_is_told_there_only(opened: Opened) -> None:
    async with opened() as (pilot, server):
        server.inject(Fault("PUT", "/projects/*/role", "refuse"))
        await add(pilot, "noor")
        await pilot.press("end")
        await send(pilot)
        assert "lacks the permission project.access.manage" in screen_text(pilot.app)
        assert pilot.app.screen.query_one(RoleList).chosen is not None
        assert isinstance(pilot.app, SemtuiApp)
        assert pilot.app.session.permissions.denied == set()
        assert "Noor Haddad" not in await members(server)


async def test_read_only_changes_nothing(opened: Opened) -> None:
    async with opened(read_only=True) as (pilot, server):
        await pilot.press("c")
        await settle(pilot)
        assert "--read-only" in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_plain_member_sees_what_there_is(open_screen: OpenScreen, session_of: SessionOf) -> None:
    async with open_screen(on=session_of("member")) as pilot:
        await pilot.press("6")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Loaded" in text or "This API token sees no project." in text


async def test_projects_that_cannot_be_loaded_say_so(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        server.inject(Fault("GET", "/projects", status=502, body="bad gateway", times=None))
        await pilot.press("6")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "The projects could not be loaded." in text
        assert "status 502" in text


def test_project_roles_are_learnt_by_their_ids() -> None:
    binding = RoleBinding(role_id="r", role_name="Reader", source="github")
    member = Member(id="m", name="m", roles=(binding,))
    projects = Projects().arrived((Project(id="p", name="p"), Project(id="q", name="q")), 1)
    projects = projects.with_members("p", Listing((member,), loading=False, loaded_at=1))
    assert projects.role_names == {"r": "Reader"}
    assert load_words(projects) == "Loaded 2 projects; the people of 1 could not be read or were not yet."
    assert "unknown" in UNKNOWN_OTHERS
