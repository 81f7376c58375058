"""What depends on somebody, shown from `b` and from the dialogs that end an account or remove a person."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.pages.page import Page
from semtui.tui.screens.request_modal import RequestModal
from semtui.tui.screens.text_page import TextPage
from tests.conftest import OpenScreen, find, last_line, screen_text, settle, settled_in, to_button, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("name", "key"), [("ci-deployer", "X"), ("ci-deployer", "d"), ("Priya", "X")])
async def test_a_dialog_shows_what_hangs_on_it_and_stays(
    open_screen: OpenScreen, server: DemoServer, name: str, key: str
) -> None:
    async with open_screen((80, 50)) as pilot:
        await find(pilot, name)
        await pilot.press(key)
        await settled_in(pilot)
        await to_button(pilot, "impact")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TextPage)
        page = screen_text(pilot.app)
        assert "smoke-test" in page or "deploys to #releases" in page
        await pilot.press("q")
        assert isinstance(pilot.app.screen, RequestModal)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, Page)
        assert writes(server) == []


@pytest.mark.parametrize(("typed", "words"), [("depends", "smoke-test"), ("traces", "3 workflows in all")])
async def test_b_offers_it(open_screen: OpenScreen, typed: str, words: str) -> None:
    async with open_screen() as pilot:
        await find(pilot, "ci-deployer")
        await pilot.press("b", *typed, "enter")
        await settle(pilot)
        assert words in screen_text(pilot.app)
        await pilot.press("q")
        assert isinstance(pilot.app.screen, Page)


async def test_what_cannot_be_read_at_all_is_said(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "ci-deployer")
        server.inject(Fault("GET", "/plumber-workflows", "status", status=401))
        await pilot.press("b", *"traces", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Page)
        assert "token" in last_line(pilot.app)


def test_line_mode_reads_both_out(session: Session) -> None:
    said = talk(session, "3", "ci-deployer", "1", "6", "7", "0", "0", "0", "q")
    assert "Scheduled tasks run in this name: 1" in said
    assert "web-storefront: smoke-test" in said
    assert "3 workflows in all" in said
