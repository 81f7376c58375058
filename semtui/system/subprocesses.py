"""Runs other programs, passing text on standard input, never on the command line."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import struct
import termios
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from semtui.system.running_time import ActiveTimeout

_MOST_SAID = 4_000
_LONGEST_SECRET = 400
_GRACE = 0.2
"""Seconds to wait for a program's last output; a process it left behind may keep the pipe open forever."""


@dataclass(frozen=True)
class CommandResult:
    """How a program exited."""

    status: int | None
    """Its exit status, negative for a signal; None if it had to be killed."""
    said: bytes = field(default=b"", repr=False)
    """The end of what it wrote to standard error. May contain the whole input text, but never only part of it."""
    unread: bool = False
    """True if part of its input was not read."""
    still_running: bool = False
    """True if a process it started is still running."""

    @property
    def succeeded(self) -> bool:
        """True if it exited with status 0."""
        return self.status == 0


async def feed(
    command: Sequence[str], text: str, environ: Mapping[str, str], patience: float, *, listen: bool = False
) -> CommandResult:
    """Run a program with `text` on its standard input, for at most `patience` seconds. Raises OSError.

    It runs in a session of its own, with no terminal to write to or ask on. It may leave a process behind, which would
    be killed by writing to a closed pipe, so standard error is a pipe only with `listen`.
    """
    # The read end stays open here too, to see at the end what was never read.
    reading, writing = os.pipe()
    pipe, _ = await asyncio.get_running_loop().connect_write_pipe(asyncio.BaseProtocol, os.fdopen(writing, "wb", 0))
    try:
        return await _feed(command, text, environ, patience, reading, pipe, listen)
    finally:
        if not pipe.is_closing() or pipe.get_write_buffer_size():
            pipe.abort()
        os.close(reading)


async def output_of(command: Sequence[str], environ: Mapping[str, str], patience: float) -> str:
    """A program's standard output, "" if it fails; waits at most `patience` seconds. Raises OSError."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env={name: value for name, value in environ.items() if name != "SEMAPHORE_API_TOKEN"},
        start_new_session=True,
    )
    assert process.stdout is not None, "it was asked for"
    try:
        async with ActiveTimeout(patience):
            answer = b""
            while len(answer) < _MOST_SAID and (part := await process.stdout.read(_MOST_SAID)):
                answer += part
            return answer.decode(errors="replace") if await process.wait() == 0 else ""
    except TimeoutError:
        return ""
    finally:
        if process.returncode is None:
            await _kill_group(process)


async def _feed(
    command: Sequence[str],
    text: str,
    environ: Mapping[str, str],
    patience: float,
    reading: int,
    pipe: asyncio.WriteTransport,
    listen: bool,
) -> CommandResult:
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=reading,
        stdout=DEVNULL,
        stderr=PIPE if listen else DEVNULL,
        env={name: value for name, value in environ.items() if name != "SEMAPHORE_API_TOKEN"},
        start_new_session=True,
    )
    said = bytearray()
    listening = asyncio.create_task(_collect_messages(process.stderr, said))
    try:
        pipe.write(text.encode())
        # All of the text is in the pipe: closing it marks the end.
        pipe.close()
        async with ActiveTimeout(patience):
            await process.wait()
        await asyncio.wait([listening], timeout=_GRACE)
        unread = pipe.get_write_buffer_size() > 0 or _unread_bytes(reading) > 0
        return CommandResult(process.returncode, bytes(said), unread, _child_still_running(process.pid))
    except TimeoutError:
        return CommandResult(None, bytes(said))
    finally:
        listening.cancel()
        if process.returncode is None:
            await _kill_group(process)


def _unread_bytes(pipe: int) -> int:
    """The number of unread bytes in a pipe."""
    (number,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, struct.pack("i", 0)))
    return int(number)


def _child_still_running(group: int) -> bool:
    """Whether any process is left in a program's process group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _collect_messages(messages: asyncio.StreamReader | None, said: bytearray) -> None:
    while messages is not None and (part := await messages.read(_MOST_SAID)):
        said += part
        if len(said) > _MOST_SAID + _LONGEST_SECRET:
            # The cut may fall inside a copy of the input text, so the rest of that line is dropped too.
            whole = said.find(b"\n", len(said) - _MOST_SAID)
            del said[: whole + 1 or None]


async def _kill_group(process: asyncio.subprocess.Process) -> None:
    """Kill a program that hangs, with whatever it started, and reap it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
