"""Creating and editing a service account: what is asked for, what is sent, and what is left when it goes wrong."""

from __future__ import annotations

import json

import pytest
from textual import events
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.service_account_form import ServiceAccountForm
from semtui.tui.screens.text_page import TextPage
from semtui.tui.screens.token_display import TokenDisplay
from tests.conftest import (
    OpenScreen,
    OrganizationOf,
    find,
    last_line,
    screen_text,
    selected_name,
    send,
    settle,
    settled_in,
    status_with,
    to_button,
    until_held,
    writes,
)

pytestmark = pytest.mark.anyio


async def fill(pilot: Pilot[None], name: str, description: str = "", role_steps: int = 0) -> None:
    """Open the create form and type; the role is the one in that place from the top, 0 for no role."""
    await pilot.press("c")
    await settled_in(pilot)
    await pilot.press(*name, "tab", *description, "tab", *["space", *["down"] * (role_steps - 1)][:role_steps])
    await pilot.pause()


async def open_edit(pilot: Pilot[None], name: str) -> ServiceAccountForm:
    await find(pilot, name)
    await pilot.press("e")
    await settled_in(pilot)
    form = pilot.app.screen
    assert isinstance(form, ServiceAccountForm)
    return form


async def retype(pilot: Pilot[None], text: str) -> None:
    """Replace what the focused field holds."""
    await pilot.press("end", "ctrl+u", *text)
    await pilot.pause()


# Creating


async def test_an_account_is_created_with_its_role_and_its_token_works(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        # Owner, Admin, Member: the third step stands on Member.
        await fill(pilot, "ci-bot", "Builds things", 3)
        await send(pilot)
        account = server.organization.service_account_named("ci-bot")
        assert account is not None
        assert account.description == "Builds things"
        assert server.organization.role_names_of(account.id) == ["Member"]
        display = pilot.app.screen
        assert isinstance(display, TokenDisplay)
        token = display.token.secret.get_secret_value()
        assert server.organization.token_holder(token) == account.id
        assert status_with(token, server) == 200
        assert [method for method, _, _ in writes(server)] == ["POST", "PUT"]


async def test_after_creating_the_cursor_stands_on_the_new_row(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await send(pilot)
        await pilot.press("enter", "q")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert selected_name(pilot.app) == "ci-bot"
        assert "Created ci-bot." in last_line(pilot.app)


async def test_the_button_creates_too(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await pilot.press("tab")
        await send(pilot)
        assert server.organization.service_account_named("ci-bot") is not None


async def test_a_blank_name_is_not_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "   ", "Builds things", 3)
        await send(pilot)
        assert "A name is needed." in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert pilot.app.screen.name_input.has_focus
        assert writes(server) == []


async def test_a_role_is_needed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot")
        await pilot.press("shift+tab")
        await send(pilot)
        assert "A role is needed" in screen_text(pilot.app)
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert pilot.app.screen.role_list.has_focus
        assert writes(server) == []


async def test_a_too_long_description_is_told_while_typing_and_not_sent(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await pilot.press("shift+tab")
        pilot.app.post_message(events.Paste("x" * 501))
        await pilot.pause()
        await pilot.pause()
        assert "501 / 500" in screen_text(pilot.app)
        await send(pilot)
        assert "longer than 500 characters" in screen_text(pilot.app)
        assert writes(server) == []


@pytest.mark.parametrize("typed", ["Nightly-Backup", "nightly_backup", "nightly backup"])
async def test_a_name_that_is_the_same_to_semaphore_is_told_while_typing(
    open_screen: OpenScreen, server: DemoServer, typed: str
) -> None:
    async with open_screen() as pilot:
        await fill(pilot, typed, "", 3)
        assert "Semaphore treats this as the same name as “nightly-backup”" in screen_text(pilot.app)
        await send(pilot)
        assert "Another name is needed" in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_too_long_name_is_told_while_typing(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await pilot.press("c")
        await settled_in(pilot)
        pilot.app.post_message(events.Paste("n" * 256))
        await pilot.pause()
        await pilot.pause()
        assert "at most 255" in screen_text(pilot.app)
        await send(pilot)
        assert writes(server) == []


async def test_a_role_is_explained_before_it_is_given(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        assert "Member can" in screen_text(pilot.app)
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TextPage)
        text = screen_text(pilot.app)
        assert "What Member permits" in text
        assert "View the existing dashboards within the organization." in text
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ServiceAccountForm)
        assert pilot.app.screen.name_input.value == "ci-bot"


async def test_a_refusal_stays_inside_and_keeps_everything_typed(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts", status=400, body='"Name has already been taken"', keep_work=False))
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "Builds things", 3)
        await send(pilot)
        assert "Semaphore refused: Name has already been taken." in screen_text(pilot.app)
        form = pilot.app.screen
        assert isinstance(form, ServiceAccountForm)
        assert form.name_input.value == "ci-bot"
        assert form.description_input.value == "Builds things"
        assert form.role_list.chosen is not None
        assert form.role_list.chosen.name == "Member"
        await send(pilot)
        assert server.organization.service_account_named("ci-bot") is not None


async def test_while_the_request_runs_escape_does_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("POST", "/service_accounts", "hold"))
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await to_button(pilot)
        await pilot.press("enter")
        await until_held(pilot, server)
        assert "Creating ci-bot…" in screen_text(pilot.app)
        await pilot.press("escape", "enter", "x", "escape")
        await pilot.pause()
        form = pilot.app.screen
        assert isinstance(form, ServiceAccountForm)
        assert form.name_input.value == "ci-bot"
        server.release()
        await settle(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert len([method for method, _, _ in writes(server) if method == "POST"]) == 1


async def test_escape_leaves_the_form_and_sends_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert writes(server) == []


async def test_when_the_answer_is_lost_but_the_account_made_the_form_says_so(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("POST", "/service_accounts", "drop_after"))
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await send(pilot)
        text = screen_text(pilot.app)
        assert "Unknown whether this request created ci-bot: there is an account of that name" in text
        assert "its token never reached this computer" in text
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert "at 14:00:00 UTC by Amara Okafor." in last_line(pilot.app)
        assert len(writes(server)) == 1


async def test_when_the_request_was_lost_the_form_says_so_and_can_be_sent_again(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("POST", "/service_accounts", "drop_before"))
    async with open_screen() as pilot:
        await fill(pilot, "ci-bot", "", 3)
        await send(pilot)
        assert "ci-bot was not created. Try again." in screen_text(pilot.app)
        assert server.organization.service_account_named("ci-bot") is None
        await send(pilot)
        assert isinstance(pilot.app.screen, TokenDisplay)
        assert server.organization.service_account_named("ci-bot") is not None


# Editing


async def test_only_a_changed_name_is_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        form = await open_edit(pilot, "nightly-backup")
        assert (form.name_input.value, form.description_input.value) == ("nightly-backup", "Backs up artifacts")
        await retype(pilot, "evening-backup")
        await send(pilot)
        assert [(method, json.loads(body)) for method, _, body in writes(server)] == [
            ("PATCH", {"name": "evening-backup"})
        ]
        account = server.organization.service_account_named("evening-backup")
        assert account is not None
        assert account.description == "Backs up artifacts"
        assert "Saved evening-backup." in last_line(pilot.app)


async def test_only_a_changed_description_is_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await pilot.press("tab")
        await retype(pilot, "Kept elsewhere")
        await send(pilot)
        assert [(method, json.loads(body)) for method, _, body in writes(server)] == [
            ("PATCH", {"description": "Kept elsewhere"})
        ]


async def test_a_description_can_be_emptied(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await pilot.press("tab")
        await retype(pilot, "")
        await send(pilot)
        account = server.organization.service_account_named("nightly-backup")
        assert account is not None
        assert account.description == ""


async def test_only_a_changed_role_is_sent(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await pilot.press("tab", "tab", "up")
        await send(pilot)
        account = server.organization.service_account_named("nightly-backup")
        assert account is not None
        admin = server.organization.role_named("Admin")
        assert admin is not None
        assert [(method, path, json.loads(body)) for method, path, body in writes(server)] == [
            ("PUT", f"/members/{account.id}/role", {"role_id": admin.id})
        ]
        assert server.organization.role_names_of(account.id) == ["Admin"]


async def test_nothing_changed_sends_nothing(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await send(pilot)
        assert writes(server) == []


async def test_half_a_success_says_which_half_and_a_retry_sends_only_the_rest(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=403, body='"User unauthorized"'))
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await retype(pilot, "evening-backup")
        await pilot.press("tab", "tab", "up")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "Name and description are saved." in text
        assert "The role is not changed. Semaphore refused: giving or taking the role Owner takes" in text
        account = server.organization.service_account_named("evening-backup")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Member"]
        assert [method for method, _, _ in writes(server)] == ["PATCH", "PUT"]
        await send(pilot)
        assert [method for method, _, _ in writes(server)] == ["PATCH", "PUT", "PUT"]
        assert server.organization.role_names_of(account.id) == ["Admin"]


async def test_after_half_a_success_leaving_shows_the_half_that_was_saved(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("PUT", "/members/*/role", status=403, body='"User unauthorized"'))
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await retype(pilot, "nightly-backup2")
        await pilot.press("tab", "tab", "up")
        await send(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, PeopleScreen)
        assert "nightly-backup2" in screen_text(pilot.app)


async def test_a_lost_answer_to_an_edit_is_followed_up(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PATCH", "/service_accounts/*", "drop_after"))
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await retype(pilot, "evening-backup")
        await send(pilot)
        assert "evening-backup is saved." in screen_text(pilot.app)
        assert len(writes(server)) == 1


async def test_a_lost_request_to_edit_can_be_sent_again(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(Fault("PATCH", "/service_accounts/*", "drop_before"))
    async with open_screen() as pilot:
        await open_edit(pilot, "nightly-backup")
        await retype(pilot, "evening-backup")
        await send(pilot)
        assert "Nothing was saved" in screen_text(pilot.app)
        await send(pilot)
        assert server.organization.service_account_named("evening-backup") is not None


async def test_of_an_account_whose_creator_is_gone_only_the_role_can_change(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        form = await open_edit(pilot, "abandoned-importer")
        assert form.name_input.disabled
        assert form.description_input.disabled
        assert form.role_list.has_focus
        assert "The creator of this account has left" in screen_text(pilot.app)
        await pilot.press("up")
        await send(pilot)
        account = server.organization.service_account_named("abandoned-importer")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Admin"]


async def test_an_account_without_a_role_gets_one(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        form = await open_edit(pilot, "fresh-runner")
        assert form.role_list.chosen is None
        await pilot.press("tab", "tab", "down", "down")
        await send(pilot)
        account = server.organization.service_account_named("fresh-runner")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Member"]


async def test_when_roles_are_refused_those_somebody_holds_are_offered(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("GET", "/roles", "refuse", times=None))
    async with open_screen((80, 30)) as pilot:
        await fill(pilot, "ci-bot", "", 3)
        text = screen_text(pilot.app)
        assert "Semaphore did not list the roles; these are the ones somebody" in text
        for role in ("Owner", "Admin", "Member", "Release manager", "Support"):
            assert role in text
        await send(pilot)
        account = server.organization.service_account_named("ci-bot")
        assert account is not None
        assert server.organization.role_names_of(account.id) == ["Member"]


async def test_another_role_says_what_it_changes_net_of_groups(
    organization: OrganizationOf, open_screen: OpenScreen
) -> None:
    served = organization("ee | P ana:Owner | A bot:Admin; both:Admin | G ops:Admin{both}")
    async with open_screen(on=served.session) as pilot:
        for name, words in (
            ("bot", "bot loses Admin on every project, and 20 permissions of the organization"),
            ("both", "Nothing changes for both: the same comes from Admin through the group ops."),
        ):
            await find(pilot, name)
            await pilot.press("e", "tab", "tab", "down")
            await settle(pilot)
            assert words in screen_text(pilot.app)
            await pilot.press("escape")
            await settle(pilot)
