"""Records the bytes of an answer as they arrive, before HTTP is parsed and even if it is malformed."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpcore

from semtui.system.running_time import ActiveTimeout

_LAST_LOOK = 0.2
"""Seconds to wait for the rest of an answer that nobody reads any more."""
_OPENED = ("connect_tcp.complete", "start_tls.complete")

Trace = Callable[[str, dict[str, Any]], Awaitable[None]]
"""What httpcore tells of each step of a request."""


class ByteSink(Protocol):
    """Takes in what arrives."""

    @property
    def incomplete(self) -> bool:
        """It waits for more."""

    def add(self, part: bytes) -> None:
        """Something has arrived."""


def tee_answer(keeper: ByteSink, trace: Trace) -> Trace:
    """A trace that also has the keeper told of every byte the request is answered."""

    async def note(event: str, info: dict[str, Any]) -> None:
        await trace(event, info)
        if event.endswith(_OPENED):
            _listen(info["return_value"], keeper)

    return note


def _listen(stream: httpcore.AsyncNetworkStream, keeper: ByteSink) -> None:
    read, close = stream.read, stream.aclose

    async def heard(max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as httpcore has it
        part = await read(max_bytes, timeout)
        keeper.add(part)
        return part

    async def read_up_and_close() -> None:
        # An answer whose head or length is wrong is given up by httpcore with the rest of it unread.
        try:
            if keeper.incomplete:
                with contextlib.suppress(httpcore.NetworkError, OSError):
                    async with ActiveTimeout(_LAST_LOOK):
                        while keeper.incomplete and await heard(65_536):
                            pass
        finally:
            await close()

    stream.read, stream.aclose = heard, read_up_and_close  # type: ignore[method-assign]
