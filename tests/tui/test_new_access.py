"""What a new token comes to reach, told beside it: asked with the token itself, and unknown where that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault, Kind
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.screens.project_picker import ProjectPicker
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.screens.token_display import TokenDisplay
from semtui.tui.widgets.picker import Picker
from tests.conftest import QUICK, OpenScreen, find, screen_text, send, settle, settled_in, to_button, writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import CREATE

pytestmark = pytest.mark.anyio


def questions(server: DemoServer) -> list[str]:
    """The tokens with which the projects were asked for."""
    asked = [request for request in server.requests if "/projects?" in request.path and request.method == "GET"]
    return [request.headers["authorization"].removeprefix("Token ") for request in asked]


def reached(server: DemoServer, account: str) -> list[str]:
    """The names of the projects that an account may see."""
    found = server.organization.service_account_named(account)
    assert found is not None
    return [each["metadata"]["name"] for each in server.organization.projects.page(found.id, {})[0]]


async def test_a_regenerated_token_tells_the_projects_it_reaches(open_screen: OpenScreen, server: DemoServer) -> None:
    organization = server.organization
    account, project = organization.service_account_named("ci-deployer"), organization.project_named("payments-api")
    reader = organization.role_named("Reader", "project")
    assert account is not None
    assert project is not None
    assert reader is not None
    organization.projects.give(project.id, account.id, reader.id)
    names = reached(server, "ci-deployer")
    async with open_screen() as pilot:
        await find(pilot, "ci-deployer")
        await pilot.press("T", "right")
        await send(pilot)
        assert f"Token reaches {len(names)} project" in screen_text(pilot.app)
        assert all(name in screen_text(pilot.app) for name in names[:5])
        assert "payments-api" in names
        assert questions(server)[-1] == organization.token_of(account.id)


async def test_a_new_member_reaches_nothing_and_after_lost_answers_nobody_knows(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("GET", "/projects", status=500, times=None))
    async with open_screen() as pilot:
        await pilot.press("c", *"ci-bot", "tab", "tab", "m")
        await send(pilot)
        assert "what it reaches is not known. " in screen_text(pilot.app)
        server.clear_faults()
        await pilot.press("t")
        await settle(pilot)
        assert "Token reaches no project yet" in screen_text(pilot.app)


def test_line_mode_says_the_same(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "ci-bot", "", "3", "", "6", "0", "stored", CREATE, "ci-admin", "", "2", "", "6")
    assert "Role: Member, assigned Token: reaches no project yet." in said
    names = reached(server, "ci-admin")
    assert f"Token: reaches {len(names)} projects: " in said
    assert all(name in said for name in names)


# Projects along with a new account


def roles_on(server: DemoServer, account: str) -> dict[str, str]:
    """The names of the roles that an account was given on projects, by project."""
    found = server.organization.service_account_named(account)
    assert found is not None
    state = server.organization.state
    return {
        project.name: state.roles[role_id].name if role_id else ""
        for project in state.projects.values()
        for role_id in state.project_bindings_of(project.id).get(found.id, {}).values()
    }


async def begin(pilot: Pilot[None], role: str = "m") -> None:
    await pilot.press("c")
    await settled_in(pilot)
    await pilot.press(*"ci-bot", "tab", "tab", role)


async def mark(pilot: Pilot[None], *names: str) -> None:
    """Choose projects in the dialog for them, with the role that stands there."""
    await to_button(pilot, "projects")
    await pilot.press("enter")
    await settle(pilot)
    assert isinstance(pilot.app.screen, ProjectPicker)
    picker = pilot.app.screen.query_one(Picker)
    for name in names:
        pilot.app.screen.set_focus(picker.finder)
        await pilot.press("end", "ctrl+u", *name, "tab", "space")
    await send(pilot)
    assert isinstance(pilot.app.screen, ServiceAccountForm)


async def test_a_new_account_is_added_to_the_chosen_projects_and_its_token_reaches_them(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await begin(pilot)
        assert "none: without one its token reaches no project" in screen_text(pilot.app)
        await mark(pilot, "payments", "web", "mobile")
        assert "Reader on mobile-app, Reader on payments-api and Reader on web-storefront" in screen_text(pilot.app)
        await mark(pilot, "mobile")
        assert "Reader on payments-api and Reader on web-storefront" in screen_text(pilot.app)
        await send(pilot)
        assert roles_on(server, "ci-bot") == {"payments-api": "Reader", "web-storefront": "Reader"}
        assert "given: Reader on payments-api and Reader on web-storefront" in screen_text(pilot.app)
        assert "Token reaches 2 projects: payments-api and web-storefront" in screen_text(pilot.app)


async def test_an_owner_needs_no_project(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await begin(pilot, "o")
        assert "none needed: an Owner reaches every project" in screen_text(pilot.app)


@pytest.mark.parametrize("kind", ["refuse", "drop_before", "drop_after"])
async def test_each_project_tells_how_it_ended_and_only_what_is_not_done_is_sent_again(
    open_screen: OpenScreen, server: DemoServer, kind: Kind
) -> None:
    payments = server.organization.project_named("payments-api")
    assert payments is not None
    server.inject(Fault("PUT", f"/projects/{payments.id}/members/*/role", kind))
    async with open_screen() as pilot:
        await begin(pilot)
        await mark(pilot, "payments", "web")
        await send(pilot)
        text = screen_text(pilot.app)
        assert isinstance(pilot.app.screen, TokenDisplay)
        if kind == "drop_after":
            # Its own token tells what no list does.
            assert "given: Reader on payments-api and Reader on web-storefront" in text
            assert "Token reaches 2 projects" in text
        else:
            assert "Reader on payments-api: " in text
            assert "r tries again." in text
            assert "Token reaches 1 project: web-storefront" in text
        sent = len(writes(server))
        await pilot.press("r")
        await settle(pilot)
        assert len(writes(server)) == sent + (kind != "drop_after")
        assert roles_on(server, "ci-bot") == {"payments-api": "Reader", "web-storefront": "Reader"}
        assert "Token reaches 2 projects" in screen_text(pilot.app)


async def test_like_another_account_takes_its_role_groups_and_the_projects_semtui_gave_it(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await begin(pilot)
        await mark(pilot, "payments")
        await send(pilot)
        await pilot.press("enter", "s")
        await settle(pilot)
        await pilot.press("c")
        await settled_in(pilot)
        await pilot.press(*"other")
        await to_button(pilot, "like")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*"ci-bot", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "As ci-bot has it. Semaphore shows no roles of accounts on projects; those that semtui gave it" in text
        assert "Reader on payments-api" in text
        await send(pilot)
        assert roles_on(server, "other") == {"payments-api": "Reader"}
        account = server.organization.service_account_named("other")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Member"]


def test_line_mode_gives_projects_too(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "ci-bot", "", "3", "", "7", "web", "1", "3", "0", "6", "0", "stored")
    assert "web-storefront, chosen with the role Reader." in said
    assert "given: Reader on web-storefront." in said
    assert "Token: reaches 1 project: web-storefront." in said
    assert roles_on(server, "ci-bot") == {"web-storefront": "Reader"}


async def test_on_community_a_project_is_joined_without_a_role(open_screen: OpenScreen, tmp_path: Path) -> None:
    with DemoServer(edition="ce") as community:
        context = Context("ce", "ce.example.com", community.address, community.tokens["owner"], demo=True)
        with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session:
            async with open_screen(on=session) as pilot:
                await begin(pilot)
                await mark(pilot, "payments")
                await send(pilot)
                assert "given: a place on payments-api" in screen_text(pilot.app)
                puts = [body for method, path, body in writes(community) if method == "PUT" and "/projects/" in path]
                assert puts == [b"{}"]
                assert roles_on(community, "ci-bot") == {"payments-api": ""}
