"""Several accounts replaced by twins, step by step: the state is that of each, as one alone would have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.rotations import rotations
from semtui.session.session import Session
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.chooser import Chooser
from tests.changes.test_bulk_tokens import THREE, go, outcomes, plan_for
from tests.conftest import OpenScreen, people_screen, screen_text, settle, status_with, type_ahead
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio


def stages(pilot: Pilot[None]) -> dict[str, str]:
    return {each.old_name: each.stage for each in rotations(people_screen(pilot.app).store.people)}


async def step(pilot: Pilot[None], words: str, number: int) -> dict[str, str]:
    """Mark the accounts and their twins, choose a step by its words, and carry it out."""
    await pilot.press("U", "/", *"-", "ctrl+u", "enter", "3")
    await settle(pilot)
    for name in (*THREE, *(f"{each}-next" for each in THREE)):
        subject = next((each for each in people_screen(pilot.app).store.people.subjects if each.name == name), None)
        if subject is not None:
            people_screen(pilot.app).content.marks.add([subject.id])
    await pilot.press("H")
    await pilot.pause()
    assert isinstance(pilot.app.screen, Chooser)
    type_ahead(pilot.app, *words, "enter")
    await settle(pilot)
    assert isinstance(pilot.app.screen, BulkScreen)
    ended = await go(pilot, number)
    await pilot.press("escape")
    await settle(pilot)
    return ended


async def test_all_steps_for_all_that_are_at_them(
    open_screen: OpenScreen, server: DemoServer, session: Session, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await begin(pilot, f"{tmp_path}/{{name}}-next.token")
        assert await go(pilot, 3) == dict.fromkeys(THREE, "done")
        await pilot.press("escape")
        await settle(pilot)
        assert stages(pilot) == dict.fromkeys(THREE, "hand over")
        tokens = [(tmp_path / f"{name}-next.token").read_text().strip() for name in THREE]
        assert [status_with(token, server) for token in tokens] == [200] * 3
        twin = server.organization.service_account_named(f"{THREE[0]}-next")
        assert twin is not None
        assert server.organization.role_names_of(twin.id) == ["Member"]
        told = "ci-deployer, docs-preview and staging-deployer to be handed over"
        assert f"3 accounts are being replaced by twins: {told}." in screen_text(pilot.app)
        await step(pilot, "deactivate", 3)
        assert stages(pilot) == dict.fromkeys(THREE, "watch")
        assert [each.due_at is not None for each in session.under_way.all()] == [True] * 3
        await step(pilot, "nothing fails", 3)
        assert stages(pilot) == dict.fromkeys(THREE, "rename")
        await step(pilot, "names of", 3)
        assert stages(pilot) == {}
        assert session.under_way.all() == []
        assert [status_with(token, server) for token in tokens] == [200] * 3


async def begin(pilot: Pilot[None], where: str) -> None:
    """Mark the accounts, and plan their twins."""
    people = people_screen(pilot.app)
    people.content.marks.add(each.id for each in people.store.people.subjects if each.name in THREE)
    await pilot.press("H")
    await pilot.pause()
    await plan_for(pilot, where, key="enter")


async def test_a_twin_whose_answer_is_lost_holds_up_the_others_and_is_seen(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    async with open_screen() as pilot:
        await begin(pilot, f"{tmp_path}/{{name}}-next.token")
        server.inject(Fault("POST", "/service_accounts", "delay"))
        server.inject(Fault("POST", "/service_accounts", "drop_after"))
        ended = await go(pilot, 3)
        assert ended["ci-deployer"] == "done"
        assert ended["docs-preview"] in ("partly", "unknown")
        assert ended["staging-deployer"] == "planned"
        await pilot.press("r")
        await settle(pilot)
        assert outcomes(pilot)["staging-deployer"] == "done"
        await pilot.press("escape")
        await settle(pilot)
        assert stages(pilot) == dict.fromkeys(THREE, "hand over")
        names = server.organization.service_account_names()
        assert [names.count(f"{each}-next") for each in THREE] == [1, 1, 1]


def test_line_mode_replaces_several(session: Session, server: DemoServer, tmp_path: Path) -> None:
    create = ("a", "6", "1", f"{tmp_path}/{{name}}.twin", "2")
    said = talk(session, "3", "deployer", *create, "a", "6", "1", "2", "q")
    assert "1. The users have the new tokens: deactivate 2 accounts" in said
    accounts = [server.organization.service_account_named(name) for name in ("ci-deployer", "staging-deployer")]
    assert [each is not None and each.deactivated for each in accounts] == [True, True]
    assert [each.due_at is not None for each in session.under_way.all()] == [True, True]
    assert status_with((tmp_path / "ci-deployer.twin").read_text().strip(), server) == 200
