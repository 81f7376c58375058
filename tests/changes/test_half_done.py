"""After something was done, a refusal of the rest does not say that nothing was."""

from __future__ import annotations

from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.screens.confirmations import RegenerateToken
from tests.conftest import QUICK, OpenScreen, find, screen_text, send, settle, settled_in, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio

ROLE = Fault("PUT", "/members/*/role", status=429)
TOKEN = Fault("POST", "/service_accounts/*/regenerate_token", status=429)
FIRST = {
    "an edited account": (ROLE, ("3", *"/ci-deployer", "enter", "e"), (*"half", "tab", "tab", "up"), "PATCH PUT"),
    "an edited group": (ROLE, ("4", "e"), (*"half", "tab", "tab", "down"), "PATCH PUT"),
    "a new group": (ROLE, ("4", "c"), (*"Crew", "tab", *"Sails", "tab", "up"), "POST PUT"),
    "a new account": (ROLE, ("3", "c"), (*"half", "tab", "tab", "m"), "POST PUT"),
}


@pytest.mark.parametrize("name", FIRST)
async def test_what_was_saved_is_not_contradicted(open_screen: OpenScreen, server: DemoServer, name: str) -> None:
    fault, way, typed, sent = FIRST[name]
    server.inject(fault)
    async with open_screen((100, 40)) as pilot:
        await pilot.press(*way)
        await settle(pilot)
        await settled_in(pilot)
        await pilot.press(*typed)
        await send(pilot)
        await settle(pilot)
        assert " ".join(method for method, _, _ in writes(server)) == sent
        text = screen_text(pilot.app)
        assert "Nothing more was done." in text
        assert "Nothing was" not in text


async def revoke(open_screen: OpenScreen, on: Session | None = None) -> str:
    async with open_screen((100, 40), on) as pilot:
        await find(pilot, "ci-deployer")
        await pilot.press("T")
        for _ in range(2):
            await settled_in(pilot)
            await pilot.press("right", "right", "enter")
            await settle(pilot)
        assert isinstance(pilot.app.screen, RegenerateToken)
        return screen_text(pilot.app)


async def test_nor_is_a_role_that_was_taken_away(open_screen: OpenScreen, server: DemoServer) -> None:
    server.inject(TOKEN)
    text = await revoke(open_screen)
    assert [method for method, _, _ in writes(server)] == ["DELETE", "POST"]
    assert "The role Member of ci-deployer is removed." in text
    assert "Nothing more was done." in text
    assert "Nothing was" not in text


async def test_nor_where_a_token_could_be_kept_nowhere(
    open_screen: OpenScreen, server: DemoServer, context: Context, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with Session(context, SessionOptions(limits=QUICK, rescue_directory=tmp_path / "file")) as session:
        text = await revoke(open_screen, session)
    assert [method for method, _, _ in writes(server)] == ["DELETE"]
    taken_away = "The role Member of ci-deployer is removed."
    assert f"{taken_away} Nothing more was sent: there is no place on this computer to save a token" in text
    assert "Nothing was" not in text


def test_line_mode_does_not_contradict_it_either(session: Session, server: DemoServer, tmp_path: Path) -> None:
    server.inject(ROLE)
    said = talk(session, "3", "ci-deployer", "1", "1", "1", "half", "3", "5", "4", "0", "q")
    assert "Name and description are saved. The role is not changed." in said
    server.inject(TOKEN)
    said += talk(session, "3", "terraform", "1", "2", str(tmp_path / "t"), "revoke", "", "q")
    assert said.count("Nothing more was done.") == 2
    assert "Nothing was done." not in said
