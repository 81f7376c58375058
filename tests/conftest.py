"""The demo organization, a session on it, and an open People screen: what every test stands on."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from textual import events
from textual.app import App
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from semtui.api.client import SemaphoreClient
from semtui.api.models import NewToken
from semtui.api.transport import Limits
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from semtui.tui.app import SemtuiApp
from semtui.tui.pages.people import PeopleScreen
from semtui.tui.screens.bulk import BulkScreen
from semtui.tui.screens.request_modal import RequestModal
from tests.support import idle, stylesheets
from tests.support.organization_server import serving
from tests.support.organizations import Organization, parse
from tests.support.served import NOW, Served, session_on

QUICK = Limits(
    connect=2,
    read_total=5,
    write_total=5,
    retry_wait=0,
    poll_for=0.3,
    poll_interval=0.05,
    queue_poll_for=1,
    queue_poll_interval=0.05,
)
"""Limits for tests: nothing waits longer than it must."""

OpenScreen = Callable[..., AbstractAsyncContextManager[Pilot[None]]]
SessionOf = Callable[..., Session]
OrganizationOf = Callable[[str | Organization], Served]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="run every cell of the matrices, and many more random runs")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "whole: only with --whole")
    whole = config.getoption("--whole")
    settings.register_profile("semtui", max_examples=200 if whole else 12, deadline=None, database=None)
    settings.load_profile("semtui")
    idle.install()
    stylesheets.install()
    if importlib.util.find_spec("sniffio") is None:
        # httpcore asks for it several times a request, and Python would search every directory each time.
        sys.modules["sniffio"] = None  # type: ignore[assignment]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--whole"):
        left_out = [item for item in items if item.get_closest_marker("whole")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """For `-n auto`: half of a run is waiting for a screen, so two workers share a processor."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture
def whole(request: pytest.FixtureRequest) -> bool:
    """Every cell is asked for, not only those that the checks have time for."""
    return bool(request.config.getoption("--whole"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """The demo organization on a port, its clock standing still, group changes done at once."""
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as running:
        yield running
        assert not running.unmet_faults, "a fault that no request met shows nothing"


@pytest.fixture
def context(server: DemoServer) -> Context:
    """The demo organization as an Owner sees it."""
    return Context("demo", "acme.example.com", server.address, server.tokens["owner"], demo=True)


@pytest.fixture
async def client(context: Context) -> AsyncIterator[SemaphoreClient]:
    """A client holding an Owner's token."""
    client = SemaphoreClient(context.base_url, context.api_token, limits=QUICK)
    yield client
    await client.aclose()


@pytest.fixture
def session(context: Context, tmp_path: Path) -> Iterator[Session]:
    """A session on the demo organization; tokens left in it are rescued into `tmp_path`."""
    with Session(
        context, SessionOptions(limits=QUICK, rescue_directory=tmp_path, clock=lambda: float(REFERENCE_TIME))
    ) as running:
        yield running


@pytest.fixture
def session_of(server: DemoServer, context: Context, tmp_path: Path) -> Iterator[SessionOf]:
    """Opens a session for another caller: `owner`, `admin`, `support` or `member`, perhaps with --read-only."""
    with ExitStack() as open_sessions:

        def opened(who: str = "owner", *, read_only: bool = False) -> Session:
            theirs = replace(context, api_token=server.tokens[who])
            running = Session(
                theirs,
                SessionOptions(
                    read_only=read_only,
                    limits=QUICK,
                    rescue_directory=tmp_path,
                    clock=lambda: float(REFERENCE_TIME),
                ),
            )
            return open_sessions.enter_context(running)

        yield opened


@pytest.fixture
def organization(tmp_path: Path) -> Iterator[OrganizationOf]:
    """Serves an organization, given in its notation, and opens a session on it as its first Owner."""
    with ExitStack() as stack:

        def opened(text: str | Organization) -> Served:
            written = parse(text) if isinstance(text, str) else text
            server = stack.enter_context(serving(written, NOW))
            return Served(written, server, stack.enter_context(session_on(server, tmp_path, QUICK)))

        yield opened


def keys_wait(app: App[None]) -> bool:
    """True while a key that was typed has not done everything it does."""
    return isinstance(app, SemtuiApp) and not app.key_queue.empty


class Held(list[NewToken]):
    """Holds tokens as a session does: what becomes known later of the same one takes its place."""

    def hold(self, token: NewToken) -> None:
        self[:] = [*(each for each in self if each.secret != token.secret), token]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every request is answered, whatever followed from the answers is done, and everything is drawn."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        busy = any(not worker.is_finished for worker in pilot.app.workers) or keys_wait(pilot.app)
        quiet = 0 if busy else quiet + 1
        # A reload that was overtaken by the next one ends cancelled.
        with suppress(WorkerCancelled):
            await pilot.app.workers.wait_for_complete()


def screen_lines(app: App[None]) -> list[str]:
    """What stands on the screen, line by line; of a dialog, only what is inside its frame."""
    screen = app.screen
    strips = screen._compositor.render_strips()
    frames = screen.query("#frame")
    if not frames:
        return ["".join(segment.text for segment in strip) for strip in strips]
    region = frames.first().region.intersection(screen.region)
    return [strip.crop(region.x + 1, region.right - 1).text for strip in strips[region.y : region.bottom]]


def screen_text(app: App[None]) -> str:
    """The words on the screen, however they are wrapped; of a dialog, only what is inside its frame."""
    return " ".join(" ".join(screen_lines(app)).replace("─", " ").split())


def people_screen(app: App[None]) -> PeopleScreen:
    """The People screen, whatever is open above it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, PeopleScreen))


def last_line(app: App[None]) -> str:
    """The message at the bottom of the People screen."""
    return str(people_screen(app).message.content).strip()


def selected_name(app: App[None]) -> str:
    """The name of the row under the cursor."""
    subject = people_screen(app).rows.selected
    return "" if subject is None else subject.name


def type_ahead(app: App[None], *keys: str) -> None:
    """Post keys in one burst, as a fast typist or a slow link does; nothing is waited for between them."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        app.post_message(events.Key(name, key if len(key) == 1 else {"enter": "\r"}.get(key)))


async def find(pilot: Pilot[None], words: str) -> None:
    """Search for `words` and go to the rows found; the first is under the cursor."""
    await pilot.press("/", *words, "enter")
    await pilot.pause()


async def settled_in(pilot: Pilot[None]) -> None:
    """Wait until the dialog that was just opened lets itself be confirmed, and says what it would change."""
    await pilot.pause()
    modal = pilot.app.screen
    assert isinstance(modal, RequestModal | BulkScreen), (
        f"no dialog is open but {modal!r}; the last line says {last_line(pilot.app)}"
    )
    while not modal.accepts_confirmation or any(
        each.group == "effect" and not each.is_finished for each in pilot.app.workers
    ):
        await pilot.pause(0.02)
    await _released(pilot)


async def _released(pilot: Pilot[None]) -> None:
    """Wait until no button looks pressed any more: until then it takes no second press."""
    while pilot.app.screen.query("Button.-active"):
        await pilot.pause(0.02)


async def to_button(pilot: Pilot[None], button: str = "send") -> None:
    """Tab to a button of the dialog in front."""
    for _ in range(12):
        if getattr(pilot.app.screen.focused, "id", "") == button:
            return
        await pilot.press("tab")
    raise AssertionError(f"tab does not lead to {button}")


async def send(pilot: Pilot[None]) -> None:
    """Tab to the button that sends, press it as soon as it can be confirmed, and wait for what comes of it."""
    await to_button(pilot)
    if isinstance(pilot.app.screen, RequestModal | BulkScreen):
        await settled_in(pilot)
    await _released(pilot)
    await pilot.press("enter")
    await settle(pilot)


async def until_held(pilot: Pilot[None], server: DemoServer) -> None:
    """Wait until the server holds a request back, with everything drawn that this leads to."""
    assert await asyncio.to_thread(server.wait_until_held)
    await pilot.pause()


def rename_person(server: DemoServer, name: str, new: str) -> None:
    """People take their names from where they sign in; two may be called the same."""
    state, person_id = server.organization.state, server.organization.person_named(name)
    assert person_id is not None, name
    state.people[person_id].name = state.subjects[person_id].name = new


def status_with(token: str, server: DemoServer) -> int:
    """What a real call with this API token is answered; listing projects takes no permission, only a valid token."""
    answer = httpx.get(
        f"{server.address}/api/v1alpha/projects",
        headers={"Authorization": f"Token {token}"},
        trust_env=False,
    )
    return answer.status_code


QUESTIONS = (("/service_accounts", b"{}"), ("/members", b"{}"), ("/roles", b'{"permissions":"none"}'))
"""Requests Semaphore refuses whoever sends them; they only find out what an API token may (API.md#what-a-token-may)."""


def writes(server: DemoServer) -> list[tuple[str, str, bytes]]:
    """Every request so far that was to change something: method, path below the API's prefix, body."""
    return [
        (request.method, request.path.removeprefix("/api/v1alpha"), request.body)
        for request in server.requests
        if request.method != "GET" and (request.path.removeprefix("/api/v1alpha"), request.body) not in QUESTIONS
    ]


@pytest.fixture
def open_screen(session: Session) -> OpenScreen:
    """Opens the People screen, loaded, at a size; an async context manager giving the pilot."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24), on: Session | None = None) -> AsyncIterator[Pilot[None]]:
        app = SemtuiApp(on or session)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            yield pilot

    return opened
