"""A token that goes to a file or a command from the screen, and revoking at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.confirmations import RegenerateToken
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import OpenScreen, find, last_line, screen_text, settle, settled_in, type_ahead, writes

pytestmark = pytest.mark.anyio
SECRET = "Tok3n-for_the-tests9"
ENVIRON = {"PATH": os.defpath}


@pytest.fixture(autouse=True)
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: SECRET


# On the screen


async def test_a_new_token_goes_where_it_was_told_to_before_it_was_made(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("left")
        type_ahead(pilot.app, *f"| cat > {tmp_path}/got", "enter")
        await pilot.pause()
        await pilot.press("right", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert "It was handed to cat, which read it and ended with status 0." in screen_text(pilot.app)
        assert SECRET not in screen_text(pilot.app)
        assert (tmp_path / "got").read_text() == SECRET
        # It is where it was to go, so nothing is left to be saved should the program end now.
        assert session.unstored_tokens == ()
        assert os.listdir(tmp_path) == ["got"]
        await pilot.press("enter")
        await settle(pilot)
        assert "handed to cat" in last_line(pilot.app)


async def test_a_place_typed_at_once_is_not_lost_and_the_role_is_kept(open_screen: OpenScreen, tmp_path: Path) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press(*f"{tmp_path}/got", "tab", "tab")
        await pilot.pause()
        assert pilot.app.screen.query_one("#send").has_focus
        await pilot.press("enter")
        await settle(pilot)
        assert (tmp_path / "got").read_text() == f"{SECRET}\n"
        assert "is removed" not in screen_text(pilot.app)


async def test_a_place_that_would_not_take_it_stops_the_request(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("left")
        type_ahead(pilot.app, *"/no/such/place/x", "enter")
        await pilot.pause()
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "There is no directory /no/such/place" in screen_text(pilot.app)
        assert "Nothing was sent." in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_command_that_fails_keeps_the_token_and_can_be_mended(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await pilot.press("c")
        await settled_in(pilot)
        await pilot.press(*"ci-bot", "tab", "tab", "down", "down", "tab")
        type_ahead(pilot.app, *"| false", "tab", "enter")
        await settle(pilot)
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        assert "false ended with status 1" in screen_text(pilot.app)
        assert "Member, assigned" in screen_text(pilot.app)
        assert session.unstored_tokens == (display.token,)
        assert display.where.value == "| false"
        await pilot.press("end", "ctrl+u")
        type_ahead(pilot.app, *f"| tee {tmp_path}/got", "enter")
        await settle(pilot)
        assert (tmp_path / "got").read_text() == SECRET


async def test_a_command_of_which_not_all_is_known_keeps_the_token_and_leaving_asks(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("left")
        type_ahead(pilot.app, *"| tee /dev/full; true", "enter")
        await pilot.pause()
        await pilot.press("right", "enter")
        await settle(pilot)
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        assert "tee read the token and ended with status 0; whether it stored the token is not known" in screen_text(
            pilot.app
        )
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert "It is not known whether tee has stored the token: check there first." in screen_text(pilot.app)
        assert len(session.unstored_tokens) == 1
        await pilot.press("s")
        await settle(pilot)
    assert not session.unstored_tokens


# Revoke now


async def revoke_terraform(pilot: Pilot[None]) -> None:
    await find(pilot, "terraform")
    await pilot.press("T")
    await settled_in(pilot)
    await pilot.press("right", "right", "enter")
    await settle(pilot)
    assert "Press “Revoke now” again to do it." in screen_text(pilot.app)
    await settled_in(pilot)
    await pilot.press("right", "right", "enter")
    await settle(pilot)


async def test_revoke_now_says_what_it_does_before_it_does_it(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        assert "Nothing was sent yet. This removes the role Admin" in screen_text(pilot.app)
        assert writes(server) == []


async def test_an_enter_that_is_held_down_revokes_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    """A keyboard repeats it late at first and then fast; a slow link hands on the two of a double press far apart."""
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_another_button_forgets_that_revoke_now_was_asked(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "refuse"))
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        await settled_in(pilot)
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert [method for method, _, _ in writes(server)] == ["POST"]
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert [method for method, _, _ in writes(server)] == ["POST"]
        assert "Press “Revoke now” again to do it." in screen_text(pilot.app)


async def test_revoke_now_takes_the_role_away_before_it_regenerates(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await revoke_terraform(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        account_id = pilot.app.screen.token.account_id
        assert [(method, path) for method, path, _ in writes(server)] == [
            ("DELETE", f"/members/{account_id}"),
            ("POST", f"/service_accounts/{account_id}/regenerate_token"),
        ]
        words = screen_text(pilot.app)
        assert "of terraform is removed." in words
        assert "Wait 5 minutes before you give the role back" in words


async def test_what_a_leaked_token_keeps_through_groups_is_told(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        for name, left in (
            ("terraform", "only what comes through the group Platform engineering."),
            ("nightly", "no permissions."),
        ):
            await find(pilot, name)
            await pilot.press("T")
            await settled_in(pilot)
            assert f"the old token may be accepted for up to 5 more minutes, with {left}" in screen_text(pilot.app)
            await pilot.press("escape", "escape")


async def test_a_role_that_cannot_be_taken_away_leaves_the_token_as_it_is(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("DELETE", "/members/*", "refuse"))
    async with open_screen() as pilot:
        await revoke_terraform(pilot)
        assert [method for method, _, _ in writes(server)] == ["DELETE"]
        assert "permission" in screen_text(pilot.app)
        # The same again does both.
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert [method for method, _, _ in writes(server)] == ["DELETE", "DELETE", "POST"]


@pytest.mark.parametrize(
    "fault", [Fault("DELETE", "/members/*", "drop_after"), Fault("DELETE", "/members/*", "drop_before")]
)
async def test_an_unclear_removal_is_looked_up_before_the_token_goes(
    open_screen: OpenScreen, server: DemoServer, fault: Fault
) -> None:
    server.inject(fault)
    async with open_screen() as pilot:
        await revoke_terraform(pilot)
        done = fault.does_work
        assert [method for method, _, _ in writes(server)] == (["DELETE", "POST"] if done else ["DELETE"])
        assert ("is removed" if done else "The token is not regenerated") in screen_text(pilot.app)


async def test_when_the_second_half_fails_the_first_is_told_and_not_done_again(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "refuse"))
    async with open_screen() as pilot:
        await revoke_terraform(pilot)
        assert "of terraform is removed." in screen_text(pilot.app)
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert [method for method, _, _ in writes(server)] == ["DELETE", "POST", "POST"]
        assert isinstance(pilot.app.screen, TokenDisplay)
