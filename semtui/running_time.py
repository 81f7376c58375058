"""Time limits that count only while this program is running.

A program that is stopped (ctrl+z, SIGSTOP, a computer asleep) finds every ordinary limit over when it goes on, although
nobody kept it waiting, and would throw away an answer that has long arrived.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

_STEP = 0.5
_STOPPED = 1.0
"""A timer that is this late was kept by something that stopped the program."""
_LAST_LOOK = 0.05
"""Seconds from the end of a limit to giving up: what has arrived by then is still taken."""


class RunningTime:
    """A limit under way."""

    def __init__(self, seconds: float, limit: asyncio.Timeout) -> None:
        self.stopped = False
        """The program was stopped meanwhile."""
        self._left = seconds
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._timer = self._begin_step()

    def cancel(self) -> None:
        """Count no further."""
        self._timer.cancel()

    def _begin_step(self) -> asyncio.TimerHandle:
        step = min(_STEP, self._left)
        return self._loop.call_at(self._loop.time() + step, self._end_step, step, self._loop.time() + step)

    def _end_step(self, step: float, due: float) -> None:
        late = self._loop.time() - due
        if late > _STOPPED:
            self.stopped = True
            # What came meanwhile lies in the socket, and more may be on its way.
            self._left = max(self._left, _STEP)
        else:
            self._left -= step + max(0.0, late)
        if self._left > 0:
            self._timer = self._begin_step()
        else:
            self._timer = self._loop.call_later(_LAST_LOOK, self._give_up)

    def _give_up(self) -> None:
        if not self._limit.expired():
            self._limit.reschedule(self._loop.time())


@asynccontextmanager
async def running_timeout(seconds: float) -> AsyncIterator[RunningTime]:
    """Like `asyncio.timeout`. Raises TimeoutError."""
    async with asyncio.timeout(None) as limit:
        clock = RunningTime(seconds, limit)
        try:
            yield clock
        finally:
            clock.cancel()


def wait_running(futures: Collection[concurrent.futures.Future[Any]], seconds: float) -> None:
    """Like `concurrent.futures.wait`."""
    left = seconds
    while left > 0:
        began = time.monotonic()
        if not concurrent.futures.wait(futures, timeout=min(_STEP, left)).not_done:
            return
        spent = time.monotonic() - began
        left = max(left, _STEP) if spent > _STEP + _STOPPED else left - spent
