"""Timeouts that count only the time this program is running.

After a stop (ctrl+z, SIGSTOP, a sleeping computer) every ordinary timeout has expired at once, and an answer that has
long since arrived would be thrown away.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import time
from collections.abc import Collection
from types import TracebackType
from typing import Any, Self

_STEP = 0.5
_STOPPED = 1.0
"""A timer that is late by this many seconds means that the program was stopped."""
_LAST_LOOK = 0.05
"""Seconds from the end of a timeout to giving up, in which data that has arrived is still read."""


class ActiveTimeout:
    """Like `asyncio.timeout`: use as an asynchronous context manager. Raises TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self.stopped = False
        """True if the program was stopped at any time during the timeout."""
        self._left = seconds
        self._limit = asyncio.timeout(None)
        self._timer: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        self._begin_step()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        await self._limit.__aexit__(kind, error, trace)

    def _begin_step(self) -> None:
        loop = asyncio.get_running_loop()
        step = min(_STEP, self._left)
        due = loop.time() + step
        self._timer = loop.call_at(due, self._end_step, step, due)

    def _end_step(self, step: float, due: float) -> None:
        loop = asyncio.get_running_loop()
        late = loop.time() - due
        if late > _STOPPED:
            self.stopped = True
            # Data may be waiting in the socket, and more may be on its way.
            self._left = max(self._left, _STEP)
        else:
            self._left -= step + max(0.0, late)
        if self._left > 0:
            self._begin_step()
        else:
            self._timer = loop.call_later(_LAST_LOOK, self._give_up)

    def _give_up(self) -> None:
        if not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())


def wait_active(futures: Collection[concurrent.futures.Future[Any]], seconds: float) -> None:
    """Wait for `futures`, for at most `seconds` of running time."""
    left = seconds
    while left > 0:
        began = time.monotonic()
        if not concurrent.futures.wait(futures, timeout=min(_STEP, left)).not_done:
            return
        spent = time.monotonic() - began
        left = max(left, _STEP) if spent > _STEP + _STOPPED else left - spent
