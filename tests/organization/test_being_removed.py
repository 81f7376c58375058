"""Service accounts and groups that are deleted while the lists of roles still show them, as Semaphore's do for
seconds: what was deleted from here is gone, and what somebody else deleted is said to be."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.api.models import Member, ServiceAccount
from semtui.cli.export import Order, export
from semtui.demo.faults import Fault
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.people import People
from semtui.plain.speech import row_words
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Chosen, Context
from semtui.tui.app import SemtuiApp
from semtui.wording.subjects import kind_word
from tests.changes.test_bulk import go
from tests.conftest import QUICK, find, last_line, people_screen, screen_text, settle, settled_in
from tests.support.line_mode import talk

pytestmark = pytest.mark.anyio
LATER = 3600
"""Seconds after which Semaphore removes the roles: never within a test."""


class Slow:
    """A session on an organization whose queue does not get there."""

    def __init__(self, place: Path) -> None:
        self.stack = ExitStack()
        clock = lambda: float(REFERENCE_TIME)  # noqa: E731
        self.server = self.stack.enter_context(DemoServer(group_delay=LATER, clock=clock))
        context = Context("demo", "acme.example.com", self.server.address, self.server.tokens["owner"])
        self.chosen = Chosen(context, ())
        self.session = self.stack.enter_context(
            Session(context, SessionOptions(limits=QUICK, rescue_directory=place, clock=clock))
        )

    def id_of(self, name: str) -> str:
        account = self.server.organization.service_account_named(name)
        assert account is not None
        return account.id

    @asynccontextmanager
    async def screen(self) -> AsyncIterator[Pilot[None]]:
        async with SemtuiApp(self.session).run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            yield pilot


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    running = Slow(tmp_path)
    with running.stack:
        yield running


async def delete(pilot: Pilot[None], name: str) -> None:
    await find(pilot, name)
    await pilot.press("X")
    await settled_in(pilot)
    await pilot.press(*name, "enter")
    await settle(pilot)


async def test_an_account_deleted_from_here_is_no_row_any_more(slow: Slow) -> None:
    async with slow.screen() as pilot:
        assert "3 Service accounts 16" in screen_text(pilot.app)
        await delete(pilot, "terraform")
        assert "Deleted terraform." in last_line(pilot.app)
        await pilot.press("escape")
        await pilot.pause()
        assert people_screen(pilot.app).rows.place[1] == 36
        assert "1 All 36" in screen_text(pilot.app)
        assert "3 Service accounts 15" in screen_text(pilot.app)
        await pilot.press("r")
        await settle(pilot)
        assert people_screen(pilot.app).rows.place[1] == 36
        assert "unknown" not in screen_text(pilot.app)


async def test_an_account_whose_deletion_was_only_looked_up_is_no_row_any_more(slow: Slow) -> None:
    slow.server.inject(Fault("DELETE", kind="drop_after"))
    async with slow.screen() as pilot:
        await delete(pilot, "terraform")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert "3 Service accounts 15" in screen_text(pilot.app)


async def test_accounts_deleted_together_are_no_rows_any_more(slow: Slow) -> None:
    async with slow.screen() as pilot:
        for name in ("terraform", "nightly-backup"):
            await find(pilot, name)
            await pilot.press("space", "escape")
        await pilot.press("X")
        await pilot.pause()
        await go(pilot, 2)
        await pilot.press("escape")
        await settle(pilot)
        assert "3 Service accounts 14" in screen_text(pilot.app)


async def test_what_somebody_else_deleted_is_being_removed_and_its_keys_say_so(slow: Slow) -> None:
    group = slow.server.organization.group_named("Support desk")
    assert group is not None
    slow.server.organization.service_accounts.drop(slow.id_of("terraform"))
    del slow.server.organization.state.groups[group.id]
    async with slow.screen() as pilot:
        for name in ("terraform", "Support desk"):
            await find(pilot, name)
            row = people_screen(pilot.app).rows.selected
            assert row.state == "being removed"
            for pressed in ("e", "X", *("Td" if row.kind == "account" else "R")):
                await pilot.press(pressed)
                await pilot.pause()
                assert f"{name} is being removed" in last_line(pilot.app)
                assert "missing" not in last_line(pilot.app)
            slow.server.organization.access.forget(row.id)
            await pilot.press("escape", "r")
            await settle(pilot)
            assert row.id not in people_screen(pilot.app).rows.ids


async def test_an_account_made_while_the_lists_were_read_is_not_taken_for_deleted(slow: Slow) -> None:
    """The list of accounts was read before it was made, that of roles after."""
    server = slow.server
    server.inject(Fault("GET", "/members", "hold", query="*service_account*page_no=0*", keep_work=False))
    async with SemtuiApp(slow.session).run_test(size=(120, 40)) as pilot:
        while "3 Service accounts 16" not in screen_text(pilot.app):
            await pilot.pause()
        account, _ = server.organization.create_service_account("night-bot")
        server.organization.assign_role(account.id, "Member")
        server.release()
        await settle(pilot)
        await find(pilot, "night-bot")
        assert people_screen(pilot.app).rows.selected.state == "active"


async def test_where_the_list_of_accounts_is_refused_an_account_is_unknown(slow: Slow) -> None:
    slow.server.inject(Fault("GET", "/service_accounts", "refuse", times=None))
    async with slow.screen() as pilot:
        await find(pilot, "terraform")
        assert people_screen(pilot.app).rows.selected.state == "unknown"


def test_line_mode_leaves_the_menu_of_an_account_that_is_deleted(slow: Slow) -> None:
    said = talk(slow.session, "3", "terraform", "1", "4", "terraform", "0", "", "", "q")
    assert "Deleted terraform." in said
    after = said.partition("Deleted terraform.")[2]
    assert "terraform is no longer listed." in after
    assert "unknown" not in after
    assert "15 service accounts." in after


def test_line_mode_says_what_somebody_else_has_deleted(slow: Slow) -> None:
    slow.server.organization.service_accounts.drop(slow.id_of("terraform"))
    said = talk(slow.session, "3", "terraform", "1", "4", "", "q")
    assert "terraform, role " in said
    assert "being removed" in said
    assert "Delete it: not possible. terraform is being removed" in said


def test_an_export_tells_it_too(slow: Slow, tmp_path: Path) -> None:
    slow.server.organization.service_accounts.drop(slow.id_of("terraform"))
    path = tmp_path / "accounts.csv"
    assert export(slow.chosen, Order("service-accounts", "csv", path)) == 0
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
    assert {row["name"]: row["state"] for row in rows}["terraform"] == "being removed"


def test_community_lists_a_deleted_account_among_people_and_it_is_called_none() -> None:
    account = ServiceAccount(id="a-1", name="crew")
    nameless = Member(id="a-1", name="")
    fresh = People().arrived("users", (nameless,), 1.0).arrived("accounts", (), 1.0)
    row = fresh.by_id["a-1"]
    assert (row.kind_known, row.state) == (False, "unknown")
    assert kind_word(row) == "unknown"
    assert "kind unknown" in row_words(row, fresh, 1.0)
    seen = fresh.arrived("accounts", (account,), 2.0).arrived("accounts", (), 3.0).arrived("accounts", (), 4.0)
    row = seen.by_id["a-1"]
    assert (row.kind, row.name, row.state) == ("account", "crew", "being removed")
