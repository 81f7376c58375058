"""Regenerating, deactivating, deleting: asked first, never confirmed by accident, and told truly afterwards."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.confirmations import DeleteServiceAccount, RegenerateToken, SwitchServiceAccount
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import (
    OpenScreen,
    find,
    last_line,
    people_screen,
    screen_text,
    selected_name,
    settle,
    settled_in,
    status_with,
    type_ahead,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio


async def ask(pilot: Pilot[None], name: str, key: str) -> None:
    """Open a dialog about the account and wait until it can be confirmed."""
    await find(pilot, name)
    await pilot.press(key)
    await settled_in(pilot)


def id_of(server: DemoServer, name: str) -> str:
    account = server.organization.service_account_named(name)
    assert account is not None, name
    return account.id


# Regenerating


async def test_enter_keeps_the_present_token(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        assert isinstance(pilot.app.screen, RegenerateToken)
        text = screen_text(pilot.app)
        assert "Regenerate the token of terraform?" in text
        assert "There is no way back to the old token." in text
        assert id_of(server, "terraform") in text
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


@pytest.mark.parametrize("key", ["T", "d"])
async def test_a_dialog_just_opened_is_not_confirmed_by_keys_already_typed(
    open_screen: OpenScreen, server: DemoServer, key: str
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        type_ahead(pilot.app, key, "right", "enter")
        await settle(pilot)
        assert writes(server) == []
        assert isinstance(pilot.app.screen, RegenerateToken | SwitchServiceAccount)
        # A moment later the same key does.
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert len(writes(server)) == 1


async def test_the_old_token_is_refused_and_the_new_one_accepted(open_screen: OpenScreen, server: DemoServer) -> None:
    account_id = id_of(server, "terraform")
    old = server.organization.token_of(account_id)
    assert old is not None
    assert status_with(old, server) == 200
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await settle(pilot)
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        assert "The API token of terraform" in screen_text(pilot.app)
        new = display.token.secret.get_secret_value()
    assert new != old
    assert status_with(old, server) == 401
    assert status_with(new, server) == 200


async def test_while_regenerating_nothing_can_be_touched(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "hold"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await until_held(pilot, server)
        assert "Regenerating the token of terraform…" in screen_text(pilot.app)
        await pilot.press("escape", "enter", "left", "enter")
        assert isinstance(pilot.app.screen, RegenerateToken)
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert len(writes(server)) == 1


async def test_a_lost_new_token_is_told(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    old = server.organization.token_of(id_of(server, "terraform"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "The new token never reached this computer. If nobody else has just changed the account" in text
        assert "Treat the old token as dead" in text
        assert server.organization.token_of(id_of(server, "terraform")) != old
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert selected_name(pilot.app) == "terraform"


async def test_looking_what_came_of_it_can_be_called_off(
    open_screen: OpenScreen, session: Session, server: DemoServer
) -> None:
    """Nothing answers any more: whoever sits before the screen is not kept there for minutes."""
    server.inject(Fault("GET", "/service_accounts/*", "delay"))
    server.inject(Fault("GET", "/service_accounts/*", "hold", times=None))
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_after"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await until_held(pilot, server)
        words = "It is not known whether it was done. Checking since 14:00:00 UTC… q stops checking."
        assert words in screen_text(pilot.app)
        await pilot.press("q")
        await settle(pilot)
        assert "It is not known whether it was done: the check was stopped." in screen_text(pilot.app)
        assert len(writes(server)) == 1
        # What is not known is still on record, for the next start.
        assert session.vault.journal.unfinished("acme.example.com") == []
        assert len(session.vault.journal.records("acme.example.com")) == 1
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PeopleScreen)


async def test_a_token_somebody_else_has_just_replaced_is_not_replaced_unseen(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    account_id = id_of(server, "terraform")
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        server.organization.regenerate_token(account_id)
        theirs = server.organization.token_of(account_id)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        assert "Nothing was sent: terraform was changed at" in screen_text(pilot.app)
        assert "somebody may have just replaced its token" in screen_text(pilot.app)
        assert server.organization.token_of(account_id) == theirs
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert server.organization.token_of(account_id) != theirs


async def test_a_lost_request_leaves_the_old_token_and_says_so(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/regenerate_token", "drop_before"))
    old = server.organization.token_of(id_of(server, "terraform"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "was not replaced; the old one still works" in screen_text(pilot.app)
        assert server.organization.token_of(id_of(server, "terraform")) == old
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)


async def test_a_damaged_answer_still_yields_the_token(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(
        Fault("POST", "/service_accounts/*/regenerate_token", status=200, body='{"api_token":"Salvaged-0123456789x", ')
    )
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "The answer was damaged" in screen_text(pilot.app)
        await pilot.press("v")
        await pilot.pause()
        assert "Salvaged-0123456789x" in screen_text(pilot.app)


async def test_the_token_of_a_deactivated_account_comes_with_a_warning(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "nightly-backup", "T")
        assert "The account is deactivated" in screen_text(pilot.app)


async def test_a_token_of_an_account_deleted_meanwhile_cannot_be_regenerated(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "T")
        server.organization.delete_service_account(id_of(server, "terraform"))
        await pilot.press("right", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        assert "Semaphore says:" in screen_text(pilot.app)
        assert writes(server) == []


# Deactivating and reactivating


async def test_deactivating_bars_the_token_and_reactivating_lets_it_in_again(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    token = server.organization.token_of(id_of(server, "terraform"))
    assert token is not None
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "d")
        assert "Deactivate terraform?" in screen_text(pilot.app)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "Deactivated terraform." in last_line(pilot.app)
        assert "○ deactivated" in screen_text(pilot.app)
        assert "d reactivate" in screen_text(pilot.app)
        assert status_with(token, server) == 401
        await pilot.press("d")
        await settled_in(pilot)
        assert "Reactivate terraform?" in screen_text(pilot.app)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "Reactivated terraform." in last_line(pilot.app)
        assert "● active" in screen_text(pilot.app)
        assert status_with(token, server) == 200


async def test_enter_leaves_the_account_as_it_is(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "d")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_a_lost_answer_to_deactivating_is_followed_up(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", "drop_after"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "d")
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "terraform is deactivated." in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        assert "○ deactivated" in screen_text(pilot.app)


async def test_a_lost_request_to_deactivate_can_be_sent_again(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts/*/deactivate", "drop_before"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "d")
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "terraform is still active" in screen_text(pilot.app)
        await pilot.press("enter")
        await settle(pilot)
        account = server.organization.service_account_named("terraform")
        assert account is not None
        assert account.deactivated


# Deleting


async def test_an_account_is_deleted_once_its_name_is_typed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        assert isinstance(pilot.app.screen, DeleteServiceAccount)
        assert "Delete terraform?" in screen_text(pilot.app)
        await pilot.press(*"terraform", "enter")
        await settle(pilot)
        assert server.organization.service_account_named("terraform") is None
        assert "Deleted terraform." in last_line(pilot.app)
        assert [method for method, _, _ in writes(server)] == ["DELETE"]
        await pilot.press("escape")
        await pilot.pause()
        assert people_screen(pilot.app).rows.place[1] == 36


async def test_a_wrong_name_deletes_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press(*"Terraform", "enter")
        await settle(pilot)
        assert "Nothing was deleted." in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, DeleteServiceAccount)
        assert writes(server) == []


async def test_enter_with_nothing_typed_keeps_the_account(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


@pytest.mark.parametrize("name", ["Métricas y alertas", "integration-environment"])
async def test_for_an_awkward_name_the_start_of_the_id_is_typed(
    open_screen: OpenScreen, server: DemoServer, name: str
) -> None:
    full_name = next(one for one in server.organization.service_account_names() if one.startswith(name))
    code = id_of(server, full_name)[:8]
    async with open_screen() as pilot:
        await ask(pilot, name, "X")
        assert f"Type “{code}” to delete it" in screen_text(pilot.app)
        await pilot.press(*code, "enter")
        await settle(pilot)
        assert server.organization.service_account_named(full_name) is None


async def test_a_name_of_brackets_and_blanks_can_be_typed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "svc[prod]", "X")
        assert "Delete svc[prod] deploy?" in screen_text(pilot.app)
        await pilot.press(*"svc[prod] deploy", "enter")
        await settle(pilot)
        assert server.organization.service_account_named("svc[prod] deploy") is None


async def test_an_account_deleted_meanwhile_by_somebody_else(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        server.organization.delete_service_account(id_of(server, "terraform"))
        await pilot.press(*"terraform", "enter")
        await settle(pilot)
        assert "terraform had been deleted already" in last_line(pilot.app)
        assert isinstance(pilot.app.screen, PeopleScreen)


async def test_an_account_somebody_else_has_changed_meanwhile_is_not_deleted_unseen(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    """It was deactivated and of no use; now somebody needs it."""
    account_id = id_of(server, "nightly-backup")
    async with open_screen() as pilot:
        await ask(pilot, "nightly-backup", "X")
        server.organization.reactivate_service_account(account_id)
        await pilot.press(*"nightly-backup", "enter")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "It was “nightly-backup”, deactivated, and is “nightly-backup”, active, now." in text
        assert writes(server) == []
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert server.organization.service_account_named("nightly-backup") is None


async def test_while_deleting_escape_does_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("DELETE", "/service_accounts/*", "hold"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press(*"terraform", "enter")
        await until_held(pilot, server)
        assert "Deleting terraform…" in screen_text(pilot.app)
        await pilot.press("escape", "enter")
        assert isinstance(pilot.app.screen, DeleteServiceAccount)
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)


@pytest.mark.parametrize("gone", [True, False])
async def test_a_lost_answer_to_a_deletion_is_followed_up(
    open_screen: OpenScreen, server: DemoServer, gone: bool
) -> None:
    server.inject(Fault("DELETE", "/service_accounts/*", "drop_after" if gone else "drop_before"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press(*"terraform", "enter")
        await settle(pilot)
        assert ("terraform is deleted." if gone else "terraform is still there") in screen_text(pilot.app)
        assert (server.organization.service_account_named("terraform") is None) is gone


async def test_a_refused_deletion_says_why_and_stays(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("DELETE", "/service_accounts/*", "refuse"))
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press(*"terraform", "enter")
        await settle(pilot)
        assert "lacks the permission organization.service_accounts.manage" in screen_text(pilot.app)
        assert server.organization.service_account_named("terraform") is not None


# Keys typed ahead


@pytest.mark.parametrize("keys", [("T", "right", "enter"), ("d", "right", "enter"), ("X", *"terraform", "enter")])
async def test_what_was_typed_before_the_question_could_be_read_does_nothing_and_is_told(
    open_screen: OpenScreen, server: DemoServer, keys: tuple[str, ...]
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        type_ahead(pilot.app, *keys)
        await settle(pilot)
        assert "that key was pressed before this could be read. Press it again." in screen_text(pilot.app)
        assert writes(server) == []
        await settled_in(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert len(writes(server)) == 1


async def test_the_complaint_about_a_wrong_name_goes_when_another_is_typed(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await ask(pilot, "terraform", "X")
        await pilot.press("t", "enter")
        await pilot.pause()
        assert "That is not “terraform”." in screen_text(pilot.app)
        await pilot.press("e")
        await pilot.pause()
        assert "That is not" not in screen_text(pilot.app)
