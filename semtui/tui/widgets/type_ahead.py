"""Waits for keys that are typed faster than they are handled."""

from __future__ import annotations

import asyncio
from math import inf
from time import monotonic

from textual.message_pump import MessagePump


async def caught_up(node: MessagePump) -> None:
    """Wait until everything typed into `node` so far has arrived there."""
    arrived = asyncio.Event()
    node.call_later(arrived.set)
    await arrived.wait()


_TIME_TO_READ = 0.3
"""Seconds after something appears in which it cannot be confirmed: such keys were meant for what was there before."""


class ReadingTime:
    """Whether what a screen shows has been there long enough to be read."""

    def __init__(self) -> None:
        self._since = inf

    def begin(self, node: MessagePump) -> None:
        """Count from when `node` has next been drawn."""
        self._since = inf
        node.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self._since = monotonic()

    @property
    def over(self) -> bool:
        """Whether a key pressed now can be an answer to it."""
        return monotonic() - self._since > _TIME_TO_READ
