"""Stopped by ctrl+z or asleep with the whole computer: the time that passed meanwhile is not the server's."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import NoAnswerError, NotSentError, OutcomeUnknownError
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.system.running_time import ActiveTimeout, wait_active
from semtui.system.subprocesses import feed
from tests.conftest import QUICK, Held
from tests.support.fault_proxy import Line, Strike, Wire

pytestmark = pytest.mark.anyio

AGES = 1_000.0
LIMITS = replace(QUICK, read_total=2, write_total=2, read_tries=1)


@pytest.fixture
async def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets ages pass for the running loop, as they do while it is stopped: nothing runs, but its clock does."""
    loop = asyncio.get_running_loop()
    passed = [0.0]
    usual = time.monotonic

    def leap() -> None:
        passed[0] += AGES

    monkeypatch.setattr(loop, "time", lambda: usual() + passed[0])
    return leap


@pytest.fixture
def wire() -> Iterator[tuple[Wire, DemoServer]]:
    with DemoServer(group_delay=0, clock=lambda: float(REFERENCE_TIME)) as server, Wire(server.address) as wire:
        yield wire, server


def stopped_at(place: int, leap: Callable[[], None]) -> Callable[[Line], None]:
    """The answer is on its way, and `place` bytes of it have been read, when the program is stopped."""

    def play(line: Line) -> None:
        answer = line.commit().replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1)
        cut = place if place >= 0 else len(answer) + place
        line.send(answer[:cut])
        leap()
        line.send(answer[cut:])

    return play


@pytest.mark.parametrize("place", [0, 5, 40, 200, -30, -1])
async def test_an_answer_that_came_while_semtui_was_stopped_is_read(
    wire: tuple[Wire, DemoServer], pass_time: Callable[[], None], place: int
) -> None:
    between, server = wire
    held = Held()
    client = SemaphoreClient(
        f"http://127.0.0.1:{between.port}", server.tokens["owner"], limits=LIMITS, hold_token=held.hold
    )
    async with contextlib.aclosing(client):
        between.strike(Strike(stopped_at(place, pass_time)))
        new = await client.create_service_account("crew", "")
        assert server.organization.token_holder(new.secret.get_secret_value()) == new.account_id
        assert held == [new]
        assert not new.salvaged
        between.strike(Strike(stopped_at(place, pass_time), ("GET",)))
        assert await client.list_roles()


async def test_a_server_that_says_nothing_is_given_up_all_the_same(
    wire: tuple[Wire, DemoServer], pass_time: Callable[[], None]
) -> None:
    between, server = wire
    client = SemaphoreClient(f"http://127.0.0.1:{between.port}", server.tokens["owner"], limits=LIMITS)

    def stopped_and_silent(line: Line) -> None:
        pass_time()
        line.wait_for_hang_up()

    async with contextlib.aclosing(client):
        between.strike(Strike(stopped_and_silent, ("POST", "GET"), times=2))
        with pytest.raises(OutcomeUnknownError, match="within 2 seconds"):
            await client.create_service_account("crew", "")
        with pytest.raises(NoAnswerError, match="within 2 seconds"):
            await client.list_roles()


async def test_a_stop_while_connecting_is_not_laid_at_the_servers_door(pass_time: Callable[[], None]) -> None:
    with contextlib.ExitStack() as stack:
        # A queue for connections that is full: the next one is left waiting.
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = SemaphoreClient(f"http://127.0.0.1:{full.getsockname()[1]}", "token-of-nobody-01", limits=LIMITS)
        async with contextlib.aclosing(client):
            threading.Timer(0.1, pass_time).start()
            with pytest.raises(NotSentError, match=r"was stopped while it was connecting to .* Nothing was sent\."):
                await client.create_service_account("crew", "")


async def test_a_command_that_ended_while_semtui_was_stopped_is_not_called_too_slow(
    tmp_path: Path, pass_time: Callable[[], None]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeding = asyncio.create_task(feed(("/bin/sh", "-c", f"cat {pipe}"), "", {"PATH": os.defpath}, 1))

    def end_it() -> None:
        pass_time()
        pipe.write_text("done")

    await asyncio.to_thread(end_it)
    assert (await feeding).status == 0


async def test_only_running_time_counts(pass_time: Callable[[], None]) -> None:
    ways_out = []
    for stops in (0, 1, 3):
        try:
            async with ActiveTimeout(0.3) as clock:
                for _ in range(stops):
                    await asyncio.sleep(0)
                    pass_time()
                    await asyncio.sleep(0.01)
                await asyncio.Event().wait()
        except TimeoutError:
            ways_out.append(clock.stopped)
    assert ways_out == [False, True, True]


async def test_the_end_of_semtui_waits_for_a_write_as_long_as_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    passed, usual = [0.0], time.monotonic
    monkeypatch.setattr("semtui.system.running_time.time.monotonic", lambda: usual() + passed[0])
    write: concurrent.futures.Future[None] = concurrent.futures.Future()

    def stopped_meanwhile() -> None:
        passed[0] += AGES
        # Only a second look can see this.
        threading.Timer(0.7, write.set_result, [None]).start()

    threading.Timer(0.1, stopped_meanwhile).start()
    await asyncio.to_thread(wait_active, [write], 1.5)
    assert write.done()
