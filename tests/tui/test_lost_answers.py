"""Replacing an account on the screen at 80x24 while every answer to a change is lost: each step is looked up, told as
it is true, and gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from tests.conftest import QUICK, OpenScreen, find, last_line, screen_text, send, settle, settled_in, to_button

pytestmark = pytest.mark.anyio

OLD, TWIN = "ci-deployer", "ci-deployer-next"


@pytest.fixture
def session(context: Context, tmp_path: Path) -> Iterator[Session]:
    options = SessionOptions(
        limits=QUICK, rescue_directory=tmp_path, state=lambda: tmp_path, clock=lambda: float(REFERENCE_TIME)
    )
    with Session(context, options) as running:
        yield running


def lose_answers(server: DemoServer) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        server.inject(Fault(method, "*", "drop_after", times=None))


async def step(pilot: Pilot[None], words: str, *, name: str = "") -> None:
    """One step of the guide; its answer is lost, and the dialog closed once it has been looked up."""
    await pilot.press("H")
    await settle(pilot)
    await pilot.press(*words, "enter")
    await settle(pilot)
    await settled_in(pilot)
    if name:
        await pilot.press(*name)
    await send(pilot)


async def close(pilot: Pilot[None]) -> str:
    """Close the dialog; what it said, and what the last line says then."""
    told = screen_text(pilot.app)
    await to_button(pilot, "cancel")
    await pilot.press("enter")
    await settle(pilot)
    return f"{told}\n{last_line(pilot.app)}"


async def test_an_account_is_replaced_although_every_answer_is_lost(
    open_screen: OpenScreen, session: Session, server: DemoServer
) -> None:
    organization = server.organization
    old = organization.service_account_named(OLD)
    assert old is not None
    async with open_screen(on=session) as pilot:
        await find(pilot, OLD)
        lose_answers(server)
        await step(pilot, "create")
        assert "its token never reached this computer" in await close(pilot)
        twin = organization.service_account_named(TWIN)
        assert twin is not None
        assert f"{OLD} is being replaced by {TWIN}" in screen_text(pilot.app)
        await step(pilot, "lacks")
        assert f"{TWIN}: the role Member: given, as was looked up." in last_line(pilot.app)
        assert organization.role_names_of(twin.id) == ["Member"]
        await step(pilot, "deactivate")
        assert f"{OLD} is deactivated." in await close(pilot)
        now = organization.service_account(old.id)
        assert now is not None
        assert now.deactivated
        assert [each.due_at for each in session.under_way.all()] == [REFERENCE_TIME + 24 * 3600]
        await step(pilot, "delete", name=OLD)
        assert f"{OLD} is deleted." in await close(pilot)
        assert organization.service_account(old.id) is None
        assert session.under_way.all() == []
        await find(pilot, TWIN)
        await step(pilot, "name")
        assert "The rotation is finished." in await close(pilot)
        renamed = organization.service_account_named(OLD)
        assert renamed is not None
        assert (renamed.id, renamed.description) == (twin.id, old.description)


async def test_of_what_is_not_known_nobody_is_reminded(
    open_screen: OpenScreen, session: Session, server: DemoServer
) -> None:
    old = server.organization.service_account_named(OLD)
    assert old is not None
    server.organization.create_service_account(TWIN, f"Replaces {OLD} [{old.id}].")
    async with open_screen(on=session) as pilot:
        await find(pilot, OLD)
        lose_answers(server)
        server.inject(Fault("GET", f"/service_accounts/{old.id}", status=500, times=None))
        await step(pilot, "deactivate")
        server.clear_faults()
        assert f"Unknown whether {OLD} is deactivated." in await close(pilot)
        assert session.under_way.all() == []
