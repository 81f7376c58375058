"""What a new token comes to reach, told beside it: asked with the token itself, and unknown where that is not known."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from tests.conftest import OpenScreen, find, screen_text, send, settle
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
