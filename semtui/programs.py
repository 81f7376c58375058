"""Other programs that are handed a text on their standard input, and never over their command line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from semtui.running_time import running_timeout

_MOST_SAID = 4_000
_LONGEST_SECRET = 400
_GRACE = 0.2
"""Seconds for what a program wrote last to arrive; a program it left behind may keep the pipe open for ever."""


@dataclass(frozen=True)
class Ending:
    """How a program ended."""

    status: int | None
    """Its exit status, negative for a signal; None for one that had to be stopped."""
    said: bytes = b""
    """The end of what it wrote to standard error. It may repeat what it was given, but never half of it."""

    @property
    def well(self) -> bool:
        """It says that all went well."""
        return self.status == 0


async def feed(
    command: Sequence[str], text: str, environ: Mapping[str, str], patience: float, *, listen: bool = False
) -> Ending:
    """Run a program with `text` on its standard input, for at most `patience` seconds. Raises OSError.

    It gets a session of its own: no terminal to write over or to ask on, and it may leave a process behind. That one
    would be ended by a message nobody reads, so messages are taken in only for `listen`.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE if listen else DEVNULL,
        env={name: value for name, value in environ.items() if name != "SEMAPHORE_API_TOKEN"},
        start_new_session=True,
    )
    said = bytearray()
    listening = asyncio.create_task(_listen(process.stderr, said))
    try:
        async with running_timeout(patience):
            await _write(process, text.encode())
            await process.wait()
        await asyncio.wait([listening], timeout=_GRACE)
    except TimeoutError:
        return Ending(None, bytes(said))
    finally:
        listening.cancel()
        if process.returncode is None:
            await _end(process)
    return Ending(process.returncode, bytes(said))


async def _write(process: asyncio.subprocess.Process, content: bytes) -> None:
    assert process.stdin is not None, "it was asked for"
    # A program need not read to its end what it is given.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()


async def _listen(messages: asyncio.StreamReader | None, said: bytearray) -> None:
    while messages is not None and (part := await messages.read(_MOST_SAID)):
        said += part
        if len(said) > _MOST_SAID + _LONGEST_SECRET:
            # The start of the text handed over may lie before the cut: what could be its end goes too.
            whole = said.find(b"\n", len(said) - _MOST_SAID)
            del said[: whole + 1 or None]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill a program that hangs, with whatever it started, and reap it."""
    if process.stdin is not None:
        # Text that nobody read would keep the pipe, and with it the wait, open.
        pipe = process.stdin.transport
        pipe.abort() if pipe.get_write_buffer_size() else pipe.close()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
