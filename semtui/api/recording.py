"""Records the bytes of an answer as they arrive, before HTTP is parsed and even if it is malformed."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import httpcore

from semtui.system.running_time import ActiveTimeout

_LAST_LOOK = 0.2
"""Seconds to wait for the rest of an answer that httpcore has given up."""
_OPENED = ("connect_tcp.complete", "start_tls.complete")

Trace = Callable[[str, dict[str, Any]], Awaitable[None]]
"""httpcore's callback for each step of a request."""


class ByteSink(Protocol):
    """Receives the bytes of an answer."""

    @property
    def incomplete(self) -> bool:
        """Whether more bytes are needed."""

    def add(self, part: bytes) -> None:
        """Receive the next bytes."""


def tee_answer(sink: ByteSink, trace: Trace) -> Trace:
    """A trace that also gives the sink every byte of the answer."""

    async def note(event: str, info: dict[str, Any]) -> None:
        await trace(event, info)
        if event.endswith(_OPENED):
            _listen(info["return_value"], sink)

    return note


def _listen(stream: httpcore.AsyncNetworkStream, sink: ByteSink) -> None:
    read, close = stream.read, stream.aclose

    async def read_and_record(max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as httpcore has it
        part = await read(max_bytes, timeout)
        sink.add(part)
        return part

    async def read_up_and_close() -> None:
        # httpcore gives up an answer with an invalid head or length and leaves the rest unread.
        try:
            if sink.incomplete:
                with contextlib.suppress(httpcore.NetworkError, OSError):
                    async with ActiveTimeout(_LAST_LOOK):
                        while sink.incomplete and await read_and_record(65_536):
                            pass
        finally:
            await close()

    stream.read, stream.aclose = read_and_record, read_up_and_close  # type: ignore[method-assign]
