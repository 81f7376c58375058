"""Inviting people: what is asked, and the plain words for each outcome."""

from __future__ import annotations

import json

import pytest
from textual.pilot import Pilot

from semtui.api.models import Invitation, Role
from semtui.changes.invite import invitation_words
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.tui.screens.invite import Invite
from tests.conftest import OpenScreen, SessionOf, last_line, screen_text, send, settled_in, writes

pytestmark = pytest.mark.anyio

ADMIN = Role(id="admin", name="Admin")


async def begin(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press("i")
    await settled_in(pilot)
    assert isinstance(pilot.app.screen, Invite)
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize(
    ("status", "role", "words", "whole"),
    [
        ("assigned", ADMIN, "Invited x, who holds the role Admin.", True),
        ("pending", None, "Invited x, who has no Semaphore account yet.", True),
        (
            "pending",
            ADMIN,
            "Invited x, who has no Semaphore account yet. Give the role Admin after the first sign-in: until then they "
            "are a Member.",
            False,
        ),
        ("denied", ADMIN, "Invited x, but the role Admin was not given: you may not grant it.", False),
        ("defaulted_to_member", None, "Invited x as a Member.", True),
        ("later", None, "Semaphore answered, but not what became of the invitation of x.", False),
    ],
)
def test_each_outcome_has_its_own_sentence(status: str, role: Role | None, words: str, whole: bool) -> None:
    assert invitation_words(Invitation(status=status), "x", role) == (words, whole)


async def test_a_person_is_invited_with_a_role(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await begin(pilot, *"octocat", "tab", "tab", "down", "down", "down")
        await send(pilot)
        ((method, path, body),) = writes(server)
        sent = json.loads(body)
        assert (method, path) == ("POST", "/members")
        assert (sent["provider"], sent["handle"]) == ("github", "octocat")
        member = server.organization.role_named("Member")
        assert member is not None
        assert sent["role_id"] == member.id
        assert "Invited octocat" in last_line(pilot.app)


async def test_bitbucket_needs_a_uid_and_the_others_do_not(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await begin(pilot)
        assert "Bitbucket uid" not in screen_text(pilot.app)
        await pilot.press(*"bea", "tab", "down")
        await send(pilot)
        assert "Bitbucket needs the person's uid as well." in screen_text(pilot.app)
        assert writes(server) == []
        await pilot.press(*"{7}")
        await send(pilot)
        ((_, _, body),) = writes(server)
        assert json.loads(body) == {"provider": "bitbucket", "handle": "bea", "uid": "{7}"}


async def test_a_login_is_needed(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen() as pilot:
        await begin(pilot)
        await send(pilot)
        assert "A login is needed." in screen_text(pilot.app)
        assert writes(server) == []


async def test_a_refusal_stays_in_the_form_with_what_was_typed(open_screen: OpenScreen, server: DemoServer) -> None:
    words = "Login octocat cannot be found. Please check the login and try again."
    server.inject(Fault("POST", "/members", status=400, body=json.dumps(words)))
    async with open_screen() as pilot:
        await begin(pilot, *"octocat")
        await send(pilot)
        text = screen_text(pilot.app)
        assert "Semaphore refused: Login octocat cannot be found." in text
        assert "Login octocat" in text


async def test_a_lost_answer_is_not_called_failed_and_not_sent_again(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    server.inject(Fault("POST", "/members", "drop_after"))
    async with open_screen() as pilot:
        await begin(pilot, *"octocat")
        await send(pilot)
        assert "octocat may or may not have been invited. Inviting again is safe" in screen_text(pilot.app)
        assert len(writes(server)) == 1


async def test_read_only_invites_nobody(open_screen: OpenScreen, session_of: SessionOf) -> None:
    async with open_screen(on=session_of("owner", read_only=True)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        assert "--read-only" in last_line(pilot.app)
