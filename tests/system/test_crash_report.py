"""A fault of our own ends with a status that says so, and its words and variables are never told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size

from semtui.demo.server import DemoServer
from semtui.system.crash_report import crash_lines, places_of
from tests.conftest import OpenScreen
from tests.support.terminal import clean_environment

CANARY = "Canary-that-no-crash-may-tell"
STRIKING = """
import asyncio, concurrent.futures, gc, sys, threading
import semtui.__main__ as program
from semtui.api.client import SemaphoreClient
from semtui.session.manager import SessionManager
from semtui.session.session import Session
opened = SessionManager.open
def fault(*_, **__):
    secret = {canary!r}
    raise RuntimeError(secret)
class Falling:
    def __del__(self):
        fault()
def with_a_thread(self, context):
    thread = threading.Thread(target=fault)
    thread.start()
    thread.join()
    return opened(self, context)
def with_a_falling_object(self, context):
    Falling()
    gc.collect()
    return opened(self, context)
def in_the_sessions_loop(self, context):
    session = opened(self, context)
    session._loop.call_soon_threadsafe(fault)
    return session
closed = SemaphoreClient.aclose
async def in_a_callback(self):
    asyncio.get_running_loop().call_soon(fault)
    await asyncio.sleep(0.1)
    await closed(self)
async def fault_later():
    fault()
async def in_a_task_nobody_awaits(self):
    asyncio.get_running_loop().create_task(fault_later())
    await asyncio.sleep(0.1)
    gc.collect()
    await closed(self)
async def in_a_futures_callback(self):
    future = concurrent.futures.Future()
    future.add_done_callback(fault)
    future.set_result({canary!r})
    await closed(self)
def interrupted(*_):
    raise KeyboardInterrupt({canary!r})
{place}
sys.exit(program.main({arguments!r}))
"""
LINES, EXPORT = ["--plain"], ["export", "--format", "csv"]
PLACES = [
    (LINES, "program.read_arguments = fault"),
    (LINES, "SessionManager.open = fault"),
    (LINES, "SessionManager.open = with_a_thread"),
    (LINES, "SessionManager.open = in_the_sessions_loop"),
    (EXPORT, "program.read_arguments = fault"),
    (EXPORT, "SemaphoreClient.__init__ = fault"),
    (EXPORT, "SemaphoreClient.list_members = fault"),
    (EXPORT, "SemaphoreClient.aclose = in_a_callback"),
    (EXPORT, "SemaphoreClient.aclose = in_a_task_nobody_awaits"),
    (EXPORT, "SemaphoreClient.aclose = in_a_futures_callback"),
]


def strike(server: DemoServer, home: Path, place: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    owner = server.tokens["owner"]
    return subprocess.run(
        [sys.executable, "-c", STRIKING.format(canary=CANARY, place=place, arguments=arguments)],
        env=clean_environment(home, SEMAPHORE_HOST=server.address, SEMAPHORE_API_TOKEN=owner),
        input="q\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("arguments", "place"), PLACES)
def test_without_a_screen_too(server: DemoServer, tmp_path: Path, arguments: list[str], place: str) -> None:
    done = strike(server, tmp_path, place, arguments)
    assert done.returncode == 1
    assert done.stderr.count("semtui crashed (RuntimeError)") == 1
    assert " in fault\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_an_object_that_cannot_be_disposed_of_ends_nothing_and_tells_nothing(
    server: DemoServer, tmp_path: Path
) -> None:
    done = strike(server, tmp_path, "SessionManager.open = with_a_falling_object", ["--plain"])
    assert done.returncode == 0
    assert CANARY not in done.stdout + done.stderr


def test_ctrl_c_before_anything_is_open_is_no_fault(server: DemoServer, tmp_path: Path) -> None:
    done = strike(server, tmp_path, "program.read_arguments = interrupted", [])
    assert done.returncode == -2
    assert done.stderr == ""


def test_the_fault_itself_is_told_and_not_what_carried_it() -> None:
    def strike_within() -> None:
        try:
            raise KeyError(CANARY)
        except KeyError as error:
            raise ExceptionGroup(CANARY, [error]) from None

    with pytest.raises(ExceptionGroup) as caught:
        strike_within()
    kind, places = places_of(caught.value)
    assert kind == "KeyError"
    assert places[-1][2] == "strike_within"
    assert CANARY not in "".join(crash_lines(caught.value))


@pytest.mark.anyio
async def test_two_sizes_at_once_come_to_rest_at_the_windows(open_screen: OpenScreen) -> None:
    """In Textual by itself their events answer each other for ever."""
    async with open_screen() as pilot:
        screen, laid_out = pilot.app.screen, []
        screen.screen_layout_refresh_signal.subscribe(screen, lambda _: laid_out.append(screen.size))
        for size in (Size(132, 50), Size(80, 24), Size(100, 30), Size(80, 24)):
            screen.post_message(events.Resize(size, size))
            screen.post_message(events.Show())
        for _ in range(20):
            await pilot.pause()
        assert screen.size == pilot.app.size == Size(80, 24)
        assert len(laid_out) < 12
