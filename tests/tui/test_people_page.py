"""The People screen: what it shows when all goes well, and what when Semaphore refuses, fails or is gone."""

from __future__ import annotations

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.settings.keymap import keys_of, shown
from semtui.tui.answers.details_screen import DetailsScreen
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.actions import PEOPLE_ACTIONS
from semtui.tui.screens.confirmations import RegenerateToken
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import (
    OpenScreen,
    SessionOf,
    find,
    last_line,
    people_screen,
    screen_lines,
    screen_text,
    selected_name,
    settle,
    settled_in,
    type_ahead,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio
CHANGING = ("c", "e", "T", "d", "X")


# Rows


async def test_everybody_arrives_and_is_counted(open_screen: OpenScreen) -> None:
    async with open_screen((100, 60)) as pilot:
        text = screen_text(pilot.app)
        assert "1 All 37 2 People 16 3 Service accounts 16 4 Groups 5" in text
        for name in ("Amara Okafor", "王秀英", "svc[prod] deploy", "Métricas y alertas", "On-call (weekends)"):
            assert name in text
        assert "Loaded 37 rows." in text
        assert "loaded 14:00 UTC" in text
        assert "DEMO" in text


async def test_a_row_tells_kind_role_state_and_date(open_screen: OpenScreen) -> None:
    async with open_screen((100, 60)) as pilot:
        line = next(line for line in screen_lines(pilot.app) if "nightly-backup" in line)
        assert line.split() == ["nightly-backup", "account", "Member", "○", "deactivated", "Nov", "28,", "2025"]
        line = next(line for line in screen_lines(pilot.app) if "Pam Whitfield" in line)
        assert line.split() == ["Pam", "Whitfield", "person", "Admin"]


async def test_a_sentence_goes_with_the_next_action_and_a_result_once_it_could_be_read(
    open_screen: OpenScreen, session: Session
) -> None:
    started, later = session.clock(), [0.0]
    session.clock = lambda: started + later[0]
    async with open_screen() as pilot:
        await pilot.press("=")
        assert last_line(pilot.app) == "Sorted by kind, reversed."
        await pilot.press("j")
        assert last_line(pilot.app) == ""
        people_screen(pilot.app).say("Created nightly-bot.", "good")
        await pilot.press("j")
        assert last_line(pilot.app) == "Created nightly-bot."
        later[0] = 3
        await pilot.press("j")
        assert last_line(pilot.app) == ""
        await pilot.press("v")
        later[0] = 9
        await pilot.press("j")
        assert last_line(pilot.app).startswith("A range begins at ")


async def test_one_to_four_narrow_to_a_kind(open_screen: OpenScreen) -> None:
    async with open_screen((100, 60)) as pilot:
        for key, present, absent in (
            ("2", "Henrik Sørensen", "terraform"),
            ("3", "terraform", "Henrik Sørensen"),
            ("4", "Release crew", "Henrik Sørensen"),
        ):
            await pilot.press(key)
            await pilot.pause()
            text = screen_text(pilot.app)
            assert present in text
            assert absent not in text
        await pilot.press("1")
        await pilot.pause()
        assert people_screen(pilot.app).rows.place[1] == 37


async def test_keys_move_the_cursor(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        names = [selected_name(pilot.app)]
        for key in ("j", "down", "k", "G", "g", "end", "home", "pagedown", "pageup"):
            await pilot.press(key)
            names.append(selected_name(pilot.app))
        assert names[0] == names[5] == names[7] == names[9]
        assert names[4] == names[6] == "Support desk"
        assert names[1] == names[3] != names[2]
        assert names[8] not in names[:8]


async def test_the_row_under_the_cursor_is_told_in_words(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        assert "terraform · in Platform engineering · Plans and applies infra-live" in screen_text(pilot.app)


async def test_a_wide_screen_shows_everything_about_the_row(open_screen: OpenScreen) -> None:
    async with open_screen((160, 50)) as pilot:
        await find(pilot, "terraform")
        text = screen_text(pilot.app)
        assert "2025-07-16 01:04:15 UTC, 1 year ago" in text
        assert "Platform engineering" in text


async def test_enter_opens_everything_about_the_row(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, DetailsScreen)
        text = screen_text(pilot.app)
        for words in ("terraform", "service account", "Plans and applies infra-live", "created by Amara Okafor"):
            assert words in text
        await pilot.press("q")
        assert isinstance(pilot.app.screen, PeopleScreen)


async def test_what_is_said_of_an_old_token_is_said_with_the_time_it_was_read(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    account = next(
        one for one in server.organization.state.service_accounts.values() if one.created_at == one.updated_at
    )
    async with open_screen((160, 50)) as pilot:
        # Somebody else, after the lists were read.
        server.organization.service_accounts.regenerate_token({"id": account.id})
        await find(pilot, account.name)
        assert "it was never renewed, as read at 2026-" in screen_text(pilot.app).replace("│ ", "")
        await pilot.press("escape", "r")
        await settle(pilot)
        assert "never renewed" not in screen_text(pilot.app)


async def test_a_name_of_markup_is_shown_as_it_is(open_screen: OpenScreen) -> None:
    async with open_screen((160, 50)) as pilot:
        await find(pilot, "svc[prod]")
        assert screen_text(pilot.app).count("svc[prod] deploy") >= 2
        await pilot.press("enter")
        assert "svc[prod] deploy" in screen_text(pilot.app)


# Reloading


async def test_the_cursor_stays_on_its_row_when_somebody_else_deletes_another(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await pilot.press("3", *"jjjjj")
        name = selected_name(pilot.app)
        gone = server.organization.service_account_named("abandoned-importer")
        assert gone is not None
        server.organization.delete_service_account(gone.id)
        before = people_screen(pilot.app).rows.place
        await pilot.press("r")
        await settle(pilot)
        assert selected_name(pilot.app) == name
        assert people_screen(pilot.app).rows.place == (before[0] - 1, before[1] - 1)
        assert "abandoned-importer" not in screen_text(pilot.app)


async def test_when_its_own_row_is_deleted_the_cursor_stays_near(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("3", *"jjjjj")
        place = people_screen(pilot.app).rows.place
        gone = server.organization.service_account_named(selected_name(pilot.app))
        assert gone is not None
        server.organization.delete_service_account(gone.id)
        await pilot.press("r")
        await settle(pilot)
        assert people_screen(pilot.app).rows.place == (place[0], place[1] - 1)


async def test_what_somebody_else_added_appears_after_a_reload(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        server.organization.create_service_account("aardvark", "Digs", "Member")
        assert "aardvark" not in screen_text(pilot.app)
        await pilot.press("3", "r")
        await settle(pilot)
        assert "3 Accounts 17" in screen_text(pilot.app)
        assert "aardvark" in screen_text(pilot.app)


async def test_while_the_lists_load_the_screen_says_so(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        server.inject(Fault(method="GET", path="/service_accounts", kind="hold"))
        await pilot.press("r")
        await until_held(pilot, server)
        text = screen_text(pilot.app)
        assert "Reloading all lists since 14:00:00 UTC; backspace stops it." in text
        assert "loading" in text
        assert "Amara Okafor" in text
        server.release()
        await settle(pilot)
        assert "Loaded 37 rows." in screen_text(pilot.app)


async def test_before_the_first_row_the_screen_says_that_it_loads(session: Session, server: DemoServer) -> None:
    server.inject(Fault(kind="hold", times=6))
    app = SemtuiApp(session)
    async with app.run_test() as pilot:
        await until_held(pilot, server)
        text = screen_text(app)
        assert "Loading people and accounts…" in text
        assert "Amara Okafor" not in text
        assert "All 0" not in text
        server.release()
        await settle(pilot)
        assert "All 37" in screen_text(app)


# Refused, failed, empty


async def test_a_refused_list_leaves_the_rest_working(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault(method="GET", path="/service_accounts", kind="refuse", times=None))
    async with open_screen((100, 24)) as pilot:
        text = screen_text(pilot.app)
        assert "Service accounts: This API token lacks the permission organization.service_accounts.view." in text
        assert "what is missing is listed above" in text
        assert "3 Service accounts 14+" in text
        assert "Amara Okafor" in text
        # Their roles are still told by the members' list; nothing else about them is.
        await pilot.press("3", "T")
        await settle(pilot)
        assert "is not in the list of service accounts, as far as that could be loaded" in last_line(pilot.app)
        assert writes(server) == []


async def test_a_refused_list_with_nothing_to_show_says_what_is_missing(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault(method="GET", path="/service_accounts", kind="refuse", times=None))
    server.organization.delete_all_service_accounts()
    async with open_screen() as pilot:
        await pilot.press("3")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "may not see service accounts" in text
        assert "An Owner or Admin can give" in text
        await pilot.press("2")
        await pilot.pause()
        assert "Amara Okafor" in screen_text(pilot.app)


async def test_a_token_that_may_change_nothing_is_told_so_before_anything_is_typed(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("support")) as pilot:
        assert people_screen(pilot.app).rows.place[1] == 37
        await find(pilot, "terraform")
        # What a token may change cannot be asked, so the first try goes out and the refusal is remembered.
        await pilot.press("d")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert "lacks the permission organization.service_accounts.manage" in screen_text(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        sent = len(writes(server))
        for key in CHANGING:
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "lacks the permission organization.service_accounts.manage" in last_line(pilot.app)
        assert len(writes(server)) == sent == 1


async def test_a_member_who_may_see_nothing_meets_a_polite_screen(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of("member")) as pilot:
        text = screen_text(pilot.app)
        assert "may not see who is in this organization" in text
        assert "lacks the permission organization.people.view" in text
        assert "An Owner or Admin can give" in text
        assert "6 shows the projects it may see" in text
        # One refusal is told once, not once for each of the lists it concerns.
        assert text.count("organization.people.view") == 1
        for key in CHANGING[1:]:
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(pilot.app.screen, PeopleScreen)
            assert "No row" in last_line(pilot.app) or "lacks the permission" in last_line(pilot.app)
        assert writes(server) == []


async def test_a_server_that_is_gone_is_named(session: Session, server: DemoServer) -> None:
    server.stop()
    app = SemtuiApp(session)
    async with app.run_test() as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "could not be loaded" in text
        assert "refused the connection" in text
        assert "r tries again" in text
        server.start()


async def test_a_long_reason_is_told_to_its_end(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("GET", "*", "html", status=200, times=None))
    async with open_screen() as pilot:
        text = screen_text(pilot.app)
        assert "answered with an HTML page where Semaphore's API should. Is the host right? r tries again" in text


async def test_a_failed_reload_keeps_the_old_rows_and_says_since_when(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await pilot.press(*"jj")
        name = selected_name(pilot.app)
        server.stop()
        await pilot.press("r")
        await settle(pilot)
        text = screen_text(pilot.app)
        assert "cannot be reached" in text
        assert "What is shown is from 14:00 UTC." in text
        assert "Nothing could be reloaded: the 37 rows shown are from 14:00 UTC. r tries again." in text
        assert "old: loaded 14:00 UTC" in text
        assert "Amara Okafor" in text
        assert "All 37" in text
        assert selected_name(pilot.app) == name


async def test_a_change_whose_reload_fails_is_told_together_with_that(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "nightly")
        await pilot.press("d")
        await settled_in(pilot)
        server.inject(Fault(method="GET", kind="status", status=500, body='"Internal error"', times=None))
        await pilot.press("right", "enter")
        await settle(pilot)
        said = last_line(pilot.app)
        assert said.startswith("Reactivated nightly-backup. Nothing could be reloaded")
        assert "old: loaded" in screen_text(pilot.app)


async def test_one_list_that_fails_is_told_and_tried_again(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault(method="GET", path="/groups", kind="status", status=500, body='"Internal error"'))
    async with open_screen() as pilot:
        text = screen_text(pilot.app)
        assert "Groups:" in text
        assert "answered with a server error" in text
        await pilot.press("r")
        await settle(pilot)
        assert "answered with a server error" not in screen_text(pilot.app)


async def test_no_service_accounts_yet(open_screen: OpenScreen, server: DemoServer) -> None:
    server.organization.delete_all_service_accounts()
    async with open_screen() as pilot:
        await pilot.press("3")
        await pilot.pause()
        text = screen_text(pilot.app)
        assert "There are no service accounts yet." in text
        assert "c creates the first one" in text


# What cannot be done


async def test_keys_for_accounts_say_why_they_do_nothing_on_a_person(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await find(pilot, "Noor Haddad")
        for key in ("T", "d"):
            await pilot.press("r")
            await settle(pilot)
            await pilot.press(key)
            await settle(pilot)
            assert "service accounts only" in last_line(pilot.app)
            assert "Noor Haddad is a person" in last_line(pilot.app)
            assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_read_only_changes_nothing_and_says_why(
    open_screen: OpenScreen, session_of: SessionOf, server: DemoServer
) -> None:
    async with open_screen(on=session_of(read_only=True)) as pilot:
        assert "READ-ONLY" in screen_text(pilot.app)
        for words in ("terraform", "Noor Haddad"):
            await find(pilot, words)
            for key in CHANGING:
                await pilot.press("greater_than_sign")
                await pilot.press(key)
                await settle(pilot)
                assert "--read-only" in last_line(pilot.app)
                assert isinstance(pilot.app.screen, PeopleScreen)
            await pilot.press("escape")
        assert {request.method for request in server.requests} == {"GET"}


# Type-ahead


async def test_a_search_and_a_command_typed_in_one_burst_reach_the_row_found(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "/", *"nightly", "enter", "e")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert "Edit nightly-backup" in screen_text(pilot.app)


async def test_moves_and_a_command_typed_in_one_burst_reach_the_row_moved_to(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "3", "j", "j", "T")
        await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        assert "Regenerate the token of break-glass?" in screen_text(pilot.app)


async def test_a_burst_that_would_confirm_a_dialog_does_not(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "3", "j", "d", "right", "enter")
        await settle(pilot)
        assert writes(server) == []


async def test_letters_typed_into_the_search_are_no_commands(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        type_ahead(pilot.app, "/", *"Xd1r?q")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert people_screen(pilot.app).search.value == "Xd1r?q"


# Help, palette, leaving


async def test_help_shows_every_key(open_screen: OpenScreen) -> None:
    async with open_screen((100, 90)) as pilot:
        await pilot.press("?")
        text = screen_text(pilot.app)
        for action in PEOPLE_ACTIONS:
            plain = [shown(each) for each in keys_of(action.name) if "+" not in each]
            assert f"{' '.join(plain)} {action.words}" in text


async def test_the_menu_calls_actions_by_the_row_under_headings(open_screen: OpenScreen) -> None:
    async with open_screen((100, 40)) as pilot:
        await find(pilot, "old-jenkins-bridge")
        await pilot.press("ctrl+p")
        await settle(pilot)
        text = screen_text(pilot.app)
        for words in (
            "The row e Edit old-jenkins-bridge T Regenerate the API token of old-jenkins-bridge",
            "d Reactivate old-jenkins-bridge H Rotate old-jenkins-bridge",
            "New c Create a service account",
        ):
            assert words in text
        await pilot.press("escape", "space", "x")
        await settle(pilot)
        assert "X Delete or remove 1 marked row" in screen_text(pilot.app)


async def test_an_action_chosen_in_the_menu_is_done(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await pilot.press("ctrl+p", *"Create a service")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, ServiceAccountForm)


async def test_q_and_ctrl_q_quit(open_screen: OpenScreen) -> None:
    for key in ("q", "ctrl+q"):
        async with open_screen() as pilot:
            await pilot.press(key)
            assert not pilot.app.is_running or pilot.app._exit


async def test_quitting_with_a_token_in_view_asks_first(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("T")
        await settled_in(pilot)
        await pilot.press("right", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert not pilot.app._exit
        assert "not stored yet" in screen_text(pilot.app)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert pilot.app._exit


async def test_a_load_can_be_called_off_and_what_was_there_stays(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        server.inject(Fault("GET", "/service_accounts", "hold"))
        await pilot.press("r")
        await until_held(pilot, server)
        assert last_line(pilot.app).startswith("Reloading all lists since 14:00:00 UTC")
        await pilot.press("escape")
        await pilot.pause()
        assert last_line(pilot.app) == "Loading stopped; r loads again."
        assert "Service accounts: loading was stopped; r loads it." in screen_text(pilot.app)
        await find(pilot, "terraform")
        assert selected_name(pilot.app) == "terraform"
        server.release()
        await pilot.press("escape", "r")
        await settle(pilot)
        assert "stopped" not in screen_text(pilot.app)


async def test_every_action_drops_the_message_before_and_what_matters_stays(open_screen: OpenScreen) -> None:
    async with open_screen((80, 24)) as pilot:
        page = people_screen(pilot.app)
        for keys in (
            ("j",),
            ("3",),
            ("slash", "escape"),
            ("x", "escape"),
            ("enter", "escape"),
            ("space",),
            ("greater_than_sign",),
        ):
            page.say("An old sentence.")
            await pilot.press(*keys)
            await settle(pilot)
            assert "An old sentence." not in screen_text(pilot.app), keys
        page.say("Whether it was created is not known.", "warn", lasts=True)
        await pilot.press("j", "3", "slash", "x")
        await pilot.press("enter", "x", "escape")
        await settle(pilot)
        assert "Whether it was created is not known." in last_line(pilot.app)
