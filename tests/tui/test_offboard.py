"""Offboarding on the screen and in line mode."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

import pytest

from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session
from semtui.tui.answers.offboard_screen import OffboardScreen
from semtui.tui.screens.carry_out_offboarding import CarryOutOffboarding
from semtui.wording.offboarding import BACK, KEPT
from tests.conftest import OpenScreen, find, last_line, screen_text, settle, settled_in, writes
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio


def is_deactivated(server: DemoServer, name: str) -> bool:
    account = server.organization.service_account_named(name)
    assert account is not None
    return account.deactivated


async def test_what_is_chosen_is_carried_out_after_the_name(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    async with open_screen((100, 30)) as pilot:
        await find(pilot, "amara")
        await pilot.press("O")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OffboardScreen)
        await pilot.press("c")
        assert "Nothing is to be sent yet; enter chooses what is done about a row." in screen_text(pilot.app)
        await pilot.press("enter", *"deactivate", "enter", "down", "enter", *"regenerate", "enter", "c")
        await settled_in(pilot)
        assert isinstance(pilot.app.screen, CarryOutOffboarding)
        # The wrong name sends nothing.
        await pilot.press(*"amara", "enter")
        assert "Nothing was sent" in screen_text(pilot.app)
        assert writes(server) == []
        await pilot.press("shift+tab", *("backspace",), *str(tmp_path))
        await pilot.press("tab", *("backspace",) * 5, *"Amara Okafor", "enter")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OffboardScreen)
        told = screen_text(pilot.app)
        assert "Offboarding Amara Okafor: 2 of 2 done. E writes the receipt." in told
        assert is_deactivated(server, "audit-exporter")
        account = server.organization.service_account_named("break-glass")
        assert account is not None
        assert (tmp_path / "break-glass.token").read_text() == f"{server.organization.token_of(account.id)}\n"
        await pilot.press("q")
        await settle(pilot)
        assert last_line(pilot.app) == "Offboarding Amara Okafor: 2 of 2 done."


async def test_a_token_that_did_not_arrive_is_half_done_and_read_whole_below_its_row(
    open_screen: OpenScreen, server: DemoServer, tmp_path: Path
) -> None:
    server.organization.state.clock = itertools.count(REFERENCE_TIME, 5).__next__
    server.inject(Fault("POST", "*/regenerate_token", "drop_after"))
    async with open_screen((80, 24)) as pilot:
        await find(pilot, "amara")
        await pilot.press("O")
        await settle(pilot)
        await pilot.press("enter", *"regenerate", "enter", "c")
        await settled_in(pilot)
        await pilot.press("shift+tab", "backspace", *str(tmp_path), "tab", *"Amara Okafor", "enter")
        await settle(pilot)
        assert "0 of 1 done, 1 done in part." in screen_text(pilot.app)
        await pilot.press("down", "up")
        assert "The new token never reached this computer." in screen_text(pilot.app)
        await pilot.press("c")
        assert "Nothing is left to be sent" in screen_text(pilot.app)


async def test_choices_outlive_their_screen(open_screen: OpenScreen, server: DemoServer) -> None:
    async with open_screen((100, 30)) as pilot:
        await find(pilot, "amara")
        await pilot.press("O")
        await settle(pilot)
        await pilot.press("enter", *"deactivate", "enter", "q")
        await settle(pilot)
        assert last_line(pilot.app) == KEPT
        await pilot.press("O")
        await settle(pilot)
        told = screen_text(pilot.app)
        assert BACK in told
        assert "deactivate" in told
        assert writes(server) == []


async def test_only_people_are_offboarded(open_screen: OpenScreen) -> None:
    async with open_screen() as pilot:
        await find(pilot, "terraform")
        await pilot.press("O")
        await settle(pilot)
        assert last_line(pilot.app) == "terraform is a service account; this works on people only."


def test_line_mode_offboards(session: Session, server: DemoServer, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.txt"
    typed = ("2", "amara", "1", "3", "1", "2", "0", "3", "16", "Amara Okafor", "17", str(receipt), "0", "0", "0", "q")
    said = talk(session, *typed)
    assert said.count(KEPT) == 1
    assert BACK in said
    assert "account audit-exporter, deactivate, done, deactivated." in said
    assert is_deactivated(server, "audit-exporter")
    assert "account audit-exporter" in receipt.read_text()
    assert stat.S_IMODE(receipt.stat().st_mode) == 0o600
    assert len(writes(server)) == 1
