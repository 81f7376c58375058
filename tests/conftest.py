"""The demo organization, a session on it, and an open People screen: what every test stands on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from semtui.app import SemtuiApp
from semtui.client import SemaphoreClient
from semtui.contexts import Context
from semtui.demo import REFERENCE_TIME, DemoServer
from semtui.session import Session
from semtui.transport import Limits

QUICK = Limits(connect=2, read_total=5, write_total=5, retry_wait=0, settle=0.3, settle_step=0.05)
"""Limits for tests: nothing waits longer than it must."""

OpenScreen = Callable[..., AbstractAsyncContextManager[Pilot[None]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """The demo organization on a port, its clock standing still, group changes done at once."""
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running


@pytest.fixture
def context(server: DemoServer) -> Context:
    """The demo organization as an Owner sees it."""
    return Context("demo", "acme.example.com", server.address, server.tokens["owner"])


@pytest.fixture
async def client(context: Context) -> AsyncIterator[SemaphoreClient]:
    """A client holding an Owner's token."""
    client = SemaphoreClient(context.base_url, context.api_token, limits=QUICK)
    yield client
    await client.aclose()


@pytest.fixture
def session(context: Context, tmp_path: Path) -> Iterator[Session]:
    """A session on the demo organization; tokens left in it are rescued into `tmp_path`."""
    with Session(context, limits=QUICK, rescue_directory=tmp_path) as running:
        yield running


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every request is answered and everything is drawn."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def open_screen(session: Session) -> OpenScreen:
    """Opens the People screen, loaded, at a size; an async context manager giving the pilot."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24), on: Session | None = None) -> AsyncIterator[Pilot[None]]:
        app = SemtuiApp(on or session, clock=lambda: float(REFERENCE_TIME))
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot

    return opened
