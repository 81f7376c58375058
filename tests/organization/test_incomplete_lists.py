"""What is said of a list that may not be complete, and that a server which sends few rows at a time costs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from semtui.cli.export import Order, export
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Chosen, Context
from semtui.tui.app import SemtuiApp
from tests.api.test_whole_lists import (
    CAP,
    DEFECTS,
    capped,
    lists_of,
)
from tests.conftest import QUICK, screen_text, settle
from tests.support.fault_proxy import Strike, Wire
from tests.support.line_mode import talk


@pytest.fixture(scope="module")
def still() -> Iterator[DemoServer]:
    """An organization in which nothing changes."""
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


def _opened(wire: Wire, server: DemoServer) -> Context:
    return Context("demo", "acme.example.com", f"http://127.0.0.1:{wire.port}", server.tokens["owner"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "defect", "tab", "words"),
    [
        ("users", "second page empty", "2 People 14+", "People: acme.example.com announces 8 pages and sends 14 rows"),
        ("groups", "second page empty", "4 Groups 5+", "Groups: acme.example.com sends a page that is not full"),
        (
            "service accounts",
            "second page a row short",
            "3 Service accounts 16+",
            "Service accounts: acme.example.com counts 16 rows and sends 15",
        ),
    ],
)
async def test_the_screen_says_that_a_list_may_not_be_complete(
    still: DemoServer, tmp_path: Path, name: str, defect: str, tab: str, words: str
) -> None:
    with Wire(still.address) as wire:
        wire.strike(Strike(capped(CAP, DEFECTS[defect], lists_of(still)[name]), ("GET",), "never", None))
        with Session(_opened(wire, still), SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session:
            app = SemtuiApp(session)
            async with app.run_test(size=(160, 40)) as pilot:
                await settle(pilot)
                text = screen_text(app)
                assert tab in text
                assert words in text
                assert "may not be complete" in text
                assert "that came are shown." in text
                assert "what is missing is listed above" in text


def test_line_mode_says_that_a_list_may_not_be_complete(still: DemoServer, tmp_path: Path) -> None:
    listed = lists_of(still)["groups"]
    with Wire(still.address) as wire:
        wire.strike(Strike(capped(CAP, DEFECTS["second page empty"], listed), ("GET",), "never", None))
        with Session(_opened(wire, still), SessionOptions(limits=QUICK, rescue_directory=tmp_path)) as session:
            said = talk(session, "q")
    assert "the list of groups may not be complete. The 3 that came are shown." in said
    assert "Groups, 5+" in said
    assert ", not everything." in said


@pytest.mark.parametrize("what", ["people", "service-accounts", "groups", "all"])
def test_an_export_of_a_list_that_may_not_be_complete_ends_with_1(
    still: DemoServer, tmp_path: Path, what: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    name = {"people": "users", "service-accounts": "service accounts"}.get(what, "groups")
    path = tmp_path / "export.csv"
    with Wire(still.address) as wire:
        play = capped(CAP, DEFECTS["second page a row short"], lists_of(still)[name])
        wire.strike(Strike(play, ("GET",), "never", None))
        assert export(Chosen(_opened(wire, still), ()), Order(what, "csv", path)) == 1
    assert "may not be complete" in capsys.readouterr().err
    assert not path.exists()


@pytest.mark.parametrize("what", ["people", "service-accounts", "groups", "all"])
def test_an_export_from_a_server_that_sends_few_rows_at_a_time_is_whole(
    still: DemoServer, tmp_path: Path, what: Any
) -> None:
    path = tmp_path / "export.json"
    with Wire(still.address) as wire:
        for listed in lists_of(still).values():
            wire.strike(Strike(capped(CAP, DEFECTS["none"], listed), ("GET",), "never", None))
        assert export(Chosen(_opened(wire, still), ()), Order(what, "json", path)) == 0
    exported = json.loads(path.read_text())
    lists = {"people": "users", "service_accounts": "service accounts", "groups": "groups"}
    for key in exported.keys() & lists.keys():
        live = lists_of(still)[lists[key]].live(still)
        assert {row["id"] for row in exported[key]} == live
