"""Waits for keys that are typed faster than they are handled."""

from __future__ import annotations

import asyncio

from textual.message_pump import MessagePump


async def caught_up(node: MessagePump) -> None:
    """Wait until everything typed into `node` so far has arrived there."""
    arrived = asyncio.Event()
    node.call_later(arrived.set)
    await arrived.wait()
