"""A token put into a secret of Semaphore, from the screen, from line mode and by a command."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.screens.secret_exposure import SecretExposure
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import OpenScreen, find, screen_text, send, settle, settled_in, type_ahead, writes
from tests.support.line_mode import talk
from tests.support.plain_jobs import CREATE

pytestmark = pytest.mark.anyio


def stored(server: DemoServer, name: str, project: str = "") -> dict[str, str] | None:
    found = server.organization.secret_store.named(name, project)
    return found.env_vars if found else None


def token_of(server: DemoServer, name: str) -> str | None:
    account = server.organization.service_account_named(name)
    return server.organization.token_of(account.id) if account else None


async def create(pilot: Pilot[None], role: str, to: str) -> None:
    """Fill in the form for ci-bot and press Create."""
    await pilot.press("c")
    await settled_in(pilot)
    await pilot.press(*"ci-bot", "tab", "tab", role, "tab")
    type_ahead(pilot.app, *to)
    await pilot.pause()
    await send(pilot)


async def test_a_members_token_goes_into_a_secret_and_who_reads_it_is_said_before(
    open_screen: OpenScreen, server: DemoServer, session: Session
) -> None:
    async with open_screen() as pilot:
        await pilot.press("c")
        await settled_in(pilot)
        await pilot.press(*"ci-bot", "tab", "tab", "m", "tab")
        type_ahead(pilot.app, *"secret:deploy-bot")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "a new secret deploy-bot of the organization, with the variable SEMAPHORE_API_TOKEN." in text
        assert "every Member may delete and replace secrets of the organization." in text
        await send(pilot)
        assert "It was put into the secret deploy-bot of the organization" in screen_text(pilot.app)
        assert stored(server, "deploy-bot") == {"SEMAPHORE_API_TOKEN": token_of(server, "ci-bot")}
        assert session.unstored_tokens == ()


async def test_an_admins_token_for_every_member_takes_the_name_of_the_secret(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await create(pilot, "a", "secret:deploy-bot")
        assert isinstance(pilot.app.screen, SecretExposure)
        assert "With this token every Member can act with the role Admin." in screen_text(pilot.app)
        # Enter with nothing typed leaves, back to the form with everything in it.
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert writes(server) == []
        await send(pilot)
        await settled_in(pilot)
        await pilot.press(*"deploy-bot", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert stored(server, "deploy-bot") == {"SEMAPHORE_API_TOKEN": token_of(server, "ci-bot")}


async def test_in_a_project_nobody_else_gets_it_and_nothing_is_to_be_typed(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await create(pilot, "a", "secret:web-storefront/deploy-bot=TOKEN")
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert stored(server, "deploy-bot", "web-storefront") == {"TOKEN": token_of(server, "ci-bot")}


async def test_a_name_that_is_taken_stops_the_request_and_offers_the_ways_on(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen((160, 50)) as pilot:
        await create(pilot, "m", "secret:deployer-token")
        text = screen_text(pilot.app)
        assert "There is the secret deployer-token of the organization already." in text
        assert ";recreate, which deletes it and creates it again: jobs that name it cannot start in between" in text
        assert writes(server) == []


async def test_a_secret_that_is_refused_after_the_token_exists_leaves_it_here(
    open_screen: OpenScreen, server: DemoServer, session: Session
) -> None:
    server.inject(Fault("POST", "/api/v1beta/secrets", status=400, body='{"code":3,"message":"quota"}'))
    async with open_screen() as pilot:
        await create(pilot, "m", "secret:deploy-bot")
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        assert "It is not in the secret deploy-bot of the organization." in screen_text(pilot.app)
        assert "The token is still here." in screen_text(pilot.app)
        assert session.unstored_tokens == (display.token,)
        # What was typed stands there again, and Enter tries once more.
        await pilot.press("enter")
        await settle(pilot)
        assert stored(server, "deploy-bot") == {"SEMAPHORE_API_TOKEN": token_of(server, "ci-bot")}
        assert not session.unstored_tokens


async def test_regenerating_counts_the_roles_that_the_account_holds(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "break-glass")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("left")
        type_ahead(pilot.app, *"secret:emergency", "enter")
        await pilot.pause()
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, SecretExposure)
        assert "With this token every Member can act with the role Owner." in screen_text(pilot.app)
        assert writes(server) == []


def test_line_mode_does_the_same(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "ci-bot", "", "3", "secret:deploy-bot", "6", "0")
    assert "It will be put into a new secret deploy-bot of the organization, with the variable" in said
    assert "every Member may delete and replace secrets of the organization." in said
    assert "It was put into the secret deploy-bot of the organization" in said
    assert stored(server, "deploy-bot") == {"SEMAPHORE_API_TOKEN": token_of(server, "ci-bot")}
    said = talk(session, CREATE, "ci-admin", "", "2", "secret:everybody", "6", "no", "6", "everybody", "0")
    assert "With this token every Member can act with the role Admin." in said
    assert "Type the secret's name, everybody, to put it there anyway; Enter goes back" in said
    assert stored(server, "everybody") == {"SEMAPHORE_API_TOKEN": token_of(server, "ci-admin")}


def test_a_token_already_here_can_go_into_one_too(session: Session, server: DemoServer) -> None:
    said = talk(session, CREATE, "ci-bot", "", "3", "", "6", "6", "web-storefront/later=TOKEN", "0")
    assert "It was put into the secret later of web-storefront as the variable TOKEN" in said
    assert stored(server, "later", "web-storefront") == {"TOKEN": token_of(server, "ci-bot")}
