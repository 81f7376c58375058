"""Waiting on one event loop for what runs on another."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
from typing import TypeVar

T = TypeVar("T")


async def wait_without_owning(future: concurrent.futures.Future[T]) -> T:
    """Wait for `future` without owning it: cancelling the caller leaves it running, and neither loop can harm the
    other by ending first. Returns its result or raises its error."""
    loop = asyncio.get_running_loop()
    arrived = loop.create_future()

    def wake(_: object) -> None:
        # The waiting loop may have ended; only the session's own bookkeeping counts then.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_mark_arrived, arrived)

    future.add_done_callback(wake)
    await arrived
    return future.result()


def _mark_arrived(arrived: asyncio.Future[None]) -> None:
    if not arrived.done():
        arrived.set_result(None)
