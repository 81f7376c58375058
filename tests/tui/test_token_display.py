"""The one time an API token is shown: taking it, not losing it, and the role that comes with a new account."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import (
    OpenScreen,
    find,
    last_line,
    screen_text,
    settle,
    settled_in,
    to_button,
    type_ahead,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio
TOKEN = "Tok3n-for_the-tests9"


@pytest.fixture(autouse=True)
def _known_token(server: DemoServer) -> None:
    server.organization.tokens.generate = lambda: TOKEN


@pytest.fixture(autouse=True)
def _over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As over SSH, where copying goes through the terminal."""
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)


async def regenerate(pilot: Pilot[None]) -> TokenDisplay:
    """Get a new token for terraform and look at it."""
    await find(pilot, "terraform")
    await pilot.press("T")
    await settled_in(pilot)
    await pilot.press("right", "enter")
    await settle(pilot)
    assert isinstance(pilot.app.screen, TokenDisplay)
    return pilot.app.screen


async def create(pilot: Pilot[None]) -> None:
    """Create ci-bot, a Member."""
    await pilot.press("c")
    await settled_in(pilot)
    await pilot.press(*"ci-bot", "tab", "tab", "down", "down")
    await to_button(pilot)
    await pilot.press("enter")


async def type_path(pilot: Pilot[None], path: Path) -> None:
    await pilot.press("w", "end", "ctrl+u")
    type_ahead(pilot.app, *str(path), "enter")
    await settle(pilot)


# Taking it


async def test_the_token_is_hidden_until_it_is_asked_for(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        text = screen_text(pilot.app)
        assert TOKEN not in text
        assert "•" * len(TOKEN) in text
        assert "Semaphore keeps no copy" in text
        await pilot.press("v")
        await pilot.pause()
        assert TOKEN in screen_text(pilot.app)
        await pilot.press("v")
        await pilot.pause()
        assert TOKEN not in screen_text(pilot.app)


async def test_copying_sends_it_to_the_terminal_and_keeps_no_copy(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("c")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Sent to your terminal's clipboard" in text
        assert "Paste it once to be sure." in text
        assert TOKEN not in text
        assert pilot.app._clipboard == ""
        # The terminal gives no answer, so this is no proof that it is stored.
        await pilot.press("enter")
        await pilot.pause()
        assert "It is not known whether the token reached your clipboard" in screen_text(pilot.app)
        await pilot.press("s")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert "Its token was stored, as you said." in last_line(pilot.app)


async def test_the_example_can_be_copied_and_holds_no_token(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        text = screen_text(pilot.app)
        assert 'curl -H "Authorization: Token $API_TOKEN"' in text
        await pilot.press("y")
        await settle(pilot)
        assert "Sent to your terminal's clipboard" in screen_text(pilot.app)
        # The example is not the token: leaving still asks.
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TokenDisplay)


async def test_it_is_saved_to_a_new_file_only_its_owner_can_read(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = tmp_path / "terraform.token"
    async with open_screen() as pilot:
        await regenerate(pilot)
        await type_path(pilot, path)
        assert "mode 0600" in screen_text(pilot.app)
        assert path.read_text() == TOKEN + "\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert "Its token was saved to" in last_line(pilot.app)


async def test_a_path_typed_ahead_of_its_field_is_no_command(
    open_screen: OpenScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters would copy the token, test it and show it."""
    monkeypatch.chdir(tmp_path)
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        type_ahead(pilot.app, "w", *"cvtq", "enter")
        await settle(pilot)
        assert (tmp_path / "cvtq").read_text() == TOKEN + "\n"
        assert not display._shown
        assert not display._sent


async def test_an_existing_file_is_never_overwritten(open_screen: OpenScreen, tmp_path: Path) -> None:
    path = tmp_path / "terraform.token"
    path.write_text("something precious")
    async with open_screen() as pilot:
        await regenerate(pilot)
        await type_path(pilot, path)
        assert "exists" in screen_text(pilot.app)
        assert path.read_text() == "something precious"
        # Another name in the same field does.
        await pilot.press("end")
        type_ahead(pilot.app, "2", "enter")
        await settle(pilot)
        assert (tmp_path / "terraform.token2").read_text() == TOKEN + "\n"


async def test_the_file_proposed_is_named_after_the_account(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        await pilot.press("w")
        await pilot.pause()
        assert display.where.value.endswith("terraform.token")
        assert "terraform.token" in screen_text(pilot.app)


async def test_escape_in_the_path_leaves_the_path_and_not_the_token(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        await pilot.press("w", "escape")
        await pilot.pause()
        assert pilot.app.screen is display
        assert not display.where_field.display
        await pilot.press("v")
        await pilot.pause()
        assert TOKEN in screen_text(pilot.app)


# Leaving


async def test_leaving_without_the_token_asks_and_q_then_leaves_it_in_a_private_file(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        assert [token.account_name for token in session.unstored_tokens] == ["terraform"]
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app.screen is display
        await pilot.press("enter")
        await pilot.pause()
        assert "neither copied nor saved" in screen_text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen is display
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        (path,) = session.rescued
        assert path.parent == tmp_path
        assert f"Its token was left in {path}; o opens it." in last_line(pilot.app)
        assert path.read_text() == f"{TOKEN}\n"
        assert session.unstored_tokens == ()
        await pilot.press("r")
        await settle(pilot)
        assert "o opens it." in screen_text(pilot.app)
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("s", "enter", "s")
        await settle(pilot)
        assert "is removed." in last_line(pilot.app)
        assert os.listdir(tmp_path) == []
        assert session.rescued == []


async def test_quitting_asks_again_for_another_token(open_screen: OpenScreen, session: Session) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("ctrl+q", "enter", "s")
        await settle(pilot)
        await pilot.press("escape")
        await create(pilot)
        await settle(pilot)
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert pilot.app.is_running
        assert "An API token is not stored yet" in screen_text(pilot.app)
        assert len(session.unstored_tokens) == 1


async def test_a_token_that_can_be_left_nowhere_stays_in_view(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        os.rename(tmp_path, f"{tmp_path}-gone")
        await pilot.press("enter", "q")
        await settle(pilot)
        assert pilot.app.screen is display
        assert "It cannot be left in a private file." in screen_text(pilot.app)
        await pilot.press("ctrl+q", "ctrl+q")
        await settle(pilot)
        assert pilot.app.is_running
        assert "cannot be saved at the end." in screen_text(pilot.app)
        assert "press the same key once more to lose it" in screen_text(pilot.app)
        os.rename(f"{tmp_path}-gone", tmp_path)
        await pilot.press("q")
        await settle(pilot)
        assert [path.read_text() for path in session.rescued] == [f"{TOKEN}\n"]


async def test_each_token_that_would_be_lost_is_named_before_it_is(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        os.rename(tmp_path, f"{tmp_path}-gone")
        await pilot.press("ctrl+q", "ctrl+q")
        await settle(pilot)
        assert "cannot be saved at the end." in screen_text(pilot.app)
        os.rename(f"{tmp_path}-gone", tmp_path)
        await pilot.press("enter", "s")
        await settle(pilot)
        await pilot.press("escape")
        await create(pilot)
        await settle(pilot)
        os.rename(tmp_path, f"{tmp_path}-gone")
        await pilot.press("ctrl+q", "ctrl+q")
        await settle(pilot)
        assert pilot.app.is_running
        assert "The API token of ci-bot cannot be saved at the end." in screen_text(pilot.app)
        os.rename(f"{tmp_path}-gone", tmp_path)


async def test_a_token_is_asked_about_only_when_nothing_can_replace_it_any_more(
    open_screen: OpenScreen, session: Session, server: DemoServer
) -> None:
    """Semaphore remembers a yes for minutes, also for a token that was replaced right after."""
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        session.vault._over_at[display.token.account_id] = time.monotonic() + 0.6
        asked = len(server.requests)
        await pilot.press("t")
        await pilot.pause()
        assert "An earlier request may still replace this token; asking in 1 second…" in screen_text(pilot.app)
        assert len(server.requests) == asked
        await settle(pilot)
        assert "Semaphore accepts this token. Asked at 14:00:00 UTC; one that was replaced" in screen_text(pilot.app)


async def test_escape_never_loses_the_token(open_screen: OpenScreen, session: Session) -> None:
    async with open_screen() as pilot:
        display = await regenerate(pilot)
        for _ in range(6):
            await pilot.press("escape")
            await pilot.pause()
            assert pilot.app.screen is display
        assert len(session.unstored_tokens) == 1


async def test_a_burst_of_enter_and_q_typed_before_the_token_came_does_not_lose_it(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await until_held(pilot, server)
        type_ahead(pilot.app, "escape", "escape", "enter", "q")
        await pilot.pause()
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)


async def test_once_left_the_token_is_nowhere_on_the_screen(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("v", "enter", "q")
        await settle(pilot)
        assert TOKEN not in screen_text(pilot.app)
        assert TOKEN not in pilot.app.export_screenshot()


async def test_a_token_left_in_view_at_the_end_is_rescued(
    open_screen: OpenScreen, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("ctrl+q", "ctrl+q")
        await pilot.pause()
    session.close()
    assert [path.read_text() for path in session.rescued] == [TOKEN + "\n"]
    assert session.rescued[0].parent == tmp_path


# The role of a new account


async def test_a_new_account_says_that_its_role_is_assigned(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await create(pilot)
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "The API token of ci-bot" in text
        assert "Member, assigned" in text


async def test_while_the_role_is_assigned_the_token_can_be_taken(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", "hold"))
    async with open_screen() as pilot:
        await create(pilot)
        await until_held(pilot, server)
        assert "being assigned" in screen_text(pilot.app)
        await pilot.press("v")
        await pilot.pause()
        assert TOKEN in screen_text(pilot.app)
        server.release()
        await settle(pilot)
        assert "Member, assigned" in screen_text(pilot.app)


async def test_a_role_that_fails_says_why_and_r_tries_again(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=403, body='"User unauthorized"'))
    async with open_screen() as pilot:
        await create(pilot)
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "Member is not assigned. Semaphore refused: giving or taking the role Owner takes" in text
        assert "r tries again" in text
        account = server.organization.service_account_named("ci-bot")
        assert account is not None
        assert server.organization.role_names_of(account.id) == []
        await pilot.press("r")
        await settle(pilot)
        assert "Member, assigned" in screen_text(pilot.app)
        assert server.organization.role_names_of(account.id) == ["Member"]
        sent = len(writes(server))
        await pilot.press("r")
        await settle(pilot)
        assert len(writes(server)) == sent


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_lost_answer_about_the_role_is_followed_up(
    open_screen: OpenScreen, server: DemoServer, arrived: bool
) -> None:
    server.inject(Fault("PUT", "/members/*/role", "drop_after" if arrived else "drop_before"))
    async with open_screen() as pilot:
        await create(pilot)
        await settle(pilot)
        text = screen_text(pilot.app)
        if arrived:
            assert "The role of ci-bot is now Member." in text
        else:
            assert "ci-bot does not hold the role Member" in text
            await pilot.press("r")
            await settle(pilot)
        account = server.organization.service_account_named("ci-bot")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Member"]


async def test_a_lost_answer_about_the_role_never_hides_the_token(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PUT", "/members/*/role", "drop_before"))
    async with open_screen() as pilot:
        await create(pilot)
        await settle(pilot)
        server.inject(Fault("PUT", "/members/*/role", "drop_before"))
        server.inject(Fault("GET", "/members", status=500, times=None))
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert "Unknown whether ci-bot now holds the role Member" in screen_text(pilot.app)
        await pilot.press("v")
        await pilot.pause()
        assert TOKEN in screen_text(pilot.app)


async def test_semaphore_is_asked_whether_it_accepts_the_token(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert "Semaphore accepts this token." in screen_text(pilot.app)
        assert server.requests[-1].headers["authorization"] == f"Token {TOKEN}"
        account = server.organization.service_account_named("terraform")
        assert account is not None
        server.organization.deactivate_service_account(account.id)
        await pilot.press("t")
        await settle(pilot)
        assert "Semaphore does not accept this token" in screen_text(pilot.app)
        server.inject(Fault("GET", "/service_accounts", "drop_before", times=None))
        await pilot.press("t")
        await settle(pilot)
        assert "It is not known whether the token works." in screen_text(pilot.app)
        assert TOKEN not in screen_text(pilot.app)


async def test_a_token_left_in_view_is_masked_again(open_screen: OpenScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenDisplay, "SECONDS_IN_VIEW", 0.2)
    async with open_screen() as pilot:
        await regenerate(pilot)
        await pilot.press("v")
        while "Hidden again; v shows it." not in screen_text(pilot.app):
            await pilot.pause(0.05)
        assert TOKEN not in screen_text(pilot.app)
