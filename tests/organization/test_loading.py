"""Lists of many pages: the first rows come at once, the rest side by side, and nothing partial passes for whole."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import aclosing
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.organization.people import People
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from tests.conftest import OpenScreen, people_screen, screen_text, selected_name, settle
from tests.support.fault_proxy import Line, Strike, Wire
from tests.support.faults import http

pytestmark = pytest.mark.anyio

PER_PAGE = 5


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SemaphoreClient, "members_per_page", PER_PAGE)
    monkeypatch.setattr(SemaphoreClient, "accounts_per_page", PER_PAGE)


LATER_PAGES = "*page_no=[1-9]*"


def asked(server: DemoServer, path: str, word: str) -> list[str]:
    """The values of a parameter in the requests so far, in the order they came."""
    paths = [request.path for request in server.requests if f"{path}?" in request.path]
    return [match[1] for each in paths if (match := re.search(rf"[?&]{word}=(\w*)", each))]


async def test_the_first_rows_are_shown_while_the_rest_is_still_awaited(session: Session, server: DemoServer) -> None:
    server.inject(Fault("GET", "/members", "hold", query=LATER_PAGES, times=None))
    app = SemtuiApp(session)
    async with app.run_test(size=(100, 30)) as pilot:
        # Three further pages of people and two of accounts, all at the same time.
        assert await asyncio.to_thread(server.wait_until_held, 5)
        while "2 People 5+" not in screen_text(app):
            await pilot.pause()
        assert "loading" in screen_text(app)
        await pilot.press("2", "G")
        assert people_screen(app).rows.place == (5, 5)
        name = selected_name(app)
        server.clear_faults()
        server.release()
        await settle(pilot)
        assert "2 People 16" in screen_text(app)
        assert selected_name(app) == name
        assert "Loaded 37 rows." in screen_text(app)


async def test_a_list_that_broke_off_says_how_much_of_it_is_shown(session: Session, server: DemoServer) -> None:
    server.inject(Fault("GET", "/members", status=500, query=LATER_PAGES, times=None))
    app = SemtuiApp(session)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "People: acme.example.com answered with a server error" in text
        assert "Only the first 5 are shown." in text
        assert "2 People 5+" in text
        assert "what is missing is listed above" in text
        server.clear_faults()
        await pilot.press("r")
        await settle(pilot)
        assert "2 People 16" in screen_text(app)
        assert "Only the first" not in screen_text(app)


async def test_a_reload_shows_the_old_rows_until_the_new_ones_are_whole(
    open_screen: OpenScreen, server: DemoServer
) -> None:
    async with open_screen() as pilot:
        server.inject(Fault("GET", "/members", "hold", query=LATER_PAGES, times=None))
        await pilot.press("r")
        assert await asyncio.to_thread(server.wait_until_held, 5)
        await pilot.pause()
        assert "2 People 16" in screen_text(pilot.app)
        server.clear_faults()
        server.release()
        await settle(pilot)
        assert "2 People 16" in screen_text(pilot.app)


async def test_loading_that_is_called_off_keeps_what_has_come(session: Session, server: DemoServer) -> None:
    server.inject(Fault("GET", "/members", "hold", query=LATER_PAGES, times=None))
    app = SemtuiApp(session)
    async with app.run_test(size=(100, 30)) as pilot:
        assert await asyncio.to_thread(server.wait_until_held, 5)
        while "2 People 5+" not in screen_text(app):
            await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert "2 People 5+" in screen_text(app)
        assert "Only the first 5 are shown." in screen_text(app)
        server.release()


async def test_further_pages_are_asked_for_side_by_side_and_none_twice(server: DemoServer, context: Context) -> None:
    async with aclosing(SemaphoreClient(context.base_url, context.api_token)) as client:
        users = await client.list_members("user")
        assert len(users) == 16
        # The last one of each comes empty: only that shows that there is no more.
        assert sorted(asked(server, "/members", "page_no")) == ["0", "1", "2", "3", "4"]
        server.requests.clear()
        accounts = await client.list_service_accounts()
        assert len(accounts) == 16
        tokens = asked(server, "/service_accounts", "page_token")
        assert sorted(tokens) == ["10", "15", "16", "20", "5"]


async def test_a_guessed_page_counts_only_where_the_one_before_names_it(server: DemoServer, context: Context) -> None:
    """A server whose page tokens are no counts of rows is followed link by link."""
    # No number Python would read.
    long = "9" * 5_000
    pages = {"": ("7", "a"), "7": (long, "b"), long: ("", "c")}
    with Wire(server.address) as wire:

        def play(line: Line) -> None:
            found = re.search(r"page_token=(\w+)", line.request.decode())
            following, name = pages.get(found[1] if found else "", ("", "never"))
            body = {"service_accounts": [{"id": name}], "next_page_token": following}
            line.send(http(200, json.dumps(body).encode()))

        wire.strike(Strike(play, ("GET",), "never", None))
        async with aclosing(SemaphoreClient(f"http://127.0.0.1:{wire.port}", context.api_token)) as client:
            assert [account.id for account in await client.list_service_accounts()] == ["a", "b", "c"]


async def test_many_rows_are_worked_out_aside_and_keys_go_on(server: DemoServer, tmp_path: Path) -> None:
    """What follows from a list for thousands of rows is there before it is shown, and none of it twice."""
    people = People()
    with DemoServer(size=4_000) as large:
        context = Context("demo", "acme.example.com", large.address, large.tokens["owner"], demo=True)
        with Session(context, SessionOptions(rescue_directory=tmp_path)) as session:
            roster, drawn = OrganizationStore(session), list[int]()

            def changed() -> None:
                nonlocal people
                people = roster.people
                if people.size > 3_000:
                    assert "subjects" in people.__dict__
                    assert "texts" in people.__dict__
                drawn.append(len(people.users.items))

            await roster.load_people(changed)
    assert people.counts["person"] == 4_000
    assert drawn == sorted(drawn)
