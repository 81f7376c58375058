"""Waits for keys that are typed faster than they are handled."""

from __future__ import annotations

import asyncio
from math import inf
from time import monotonic
from typing import Protocol, runtime_checkable

from textual.message_pump import MessagePump

from semtui.tui.terminal.key_queue import KeyQueue


async def caught_up(node: MessagePump) -> None:
    """Wait until everything typed into `node` so far has arrived there."""
    arrived = asyncio.Event()
    node.call_later(arrived.set)
    await arrived.wait()


_TIME_TO_READ = 0.3
"""Seconds after something appears in which it cannot be confirmed: such keys were meant for what was there before."""


@runtime_checkable
class QueuesKeys(Protocol):
    """An app that handles keys one by one."""

    key_queue: KeyQueue


class ReadingTime:
    """Whether what a screen shows has been there long enough to be read."""

    def __init__(self) -> None:
        self._since = inf
        self._app: object = None

    def begin(self, node: MessagePump) -> None:
        """Count from when `node` has next been drawn."""
        self._since = inf
        self._app = node.app
        node.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self._since = monotonic()

    @property
    def over(self) -> bool:
        """Whether the key that is being handled can be an answer to it, or one pressed now."""
        # A key may have waited for long while a slow computer handled those before it.
        pressed = self._app.key_queue.pressed_at if isinstance(self._app, QueuesKeys) else monotonic()
        return pressed - self._since > _TIME_TO_READ
