"""The journal on the screen, and undoing the last change."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.answers.journal_screen import JournalScreen
from semtui.tui.pages.page import Page
from semtui.tui.screens.undo import UndoChange
from tests.conftest import (
    OpenScreen,
    SessionOf,
    find,
    last_line,
    screen_lines,
    screen_text,
    send,
    settle,
    settled_in,
    writes,
)

pytestmark = pytest.mark.anyio


async def test_what_was_changed_is_listed_and_undone(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("J")
        assert "Nothing has been changed through semtui here" in screen_text(pilot.app)
        await pilot.press("q", "u")
        await pilot.pause()
        assert last_line(pilot.app).startswith("There is nothing to undo")
        await find(pilot, "terraform")
        await pilot.press("d")
        await send(pilot)
        await pilot.press("u")
        await settled_in(pilot)
        assert isinstance(pilot.app.screen, UndoChange)
        told = screen_text(pilot.app)
        assert "Deactivate the account terraform" in told
        assert "Sent now Reactivate the account terraform State: deactivated → active" in told
        # The harmless button has the focus.
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Page)
        assert len(writes(server)) == 1
        await pilot.press("u")
        await send(pilot)
        account = server.organization.service_account_named("terraform")
        assert account is not None
        assert not account.deactivated
        assert last_line(pilot.app) == "terraform is active again."
        await pilot.press("J")
        assert isinstance(pilot.app.screen, JournalScreen)
        rows = [line for line in screen_lines(pilot.app) if "terraform" in line]
        assert ["Reactivate" in row for row in rows] == [True, False]
        await pilot.press("down", "enter")
        assert "It was undone later." in screen_text(pilot.app)


async def test_a_lost_answer_to_an_undo_is_looked_up(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("d")
        await send(pilot)
        server.inject(Fault("POST", "/service_accounts/*/reactivate", "drop_after", times=1))
        await pilot.press("u")
        await send(pilot)
        assert "terraform is active." in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("J", "enter")
        assert "Outcome done, as looked up" in screen_text(pilot.app)


async def test_a_read_only_session_undoes_nothing(open_screen: OpenScreen, session_of: SessionOf) -> None:
    async with open_screen(on=session_of(read_only=True)) as pilot:
        await pilot.press("u")
        await pilot.pause()
        assert last_line(pilot.app) == "semtui was started with --read-only: nothing can be changed."
