"""What the commands without a screen share.

They send only GET, write their answer to standard output or a new file, and everything else to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from semtui.organization.loading import LIST_WORDS
from semtui.system.gc_tuning import freeze_loaded
from semtui.system.private_files import PrivateFileError, remove, write_new, write_private

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

    from semtui.cli.connection import Connection
    from semtui.organization.listing import Listing, ListName
    from semtui.organization.loading import Read, Request

INTERRUPTED = 130
"""The exit status after ctrl+c."""


def interruptible(connection: Connection | None, work: Callable[[], int]) -> int:
    """Print the connection's warnings, then run `work`; returns the exit status."""
    for warning in connection.chosen.warnings if connection else ():
        say(warning)
    try:
        return work()
    except KeyboardInterrupt:
        say("Interrupted.")
        return INTERRUPTED


@asynccontextmanager
async def reading(connection: Connection) -> AsyncIterator[Read]:
    """Opens a read-only client, which refuses everything but GET, and closes it at the end."""
    from semtui.api.client import SemaphoreClient

    context = connection.chosen.context
    client = SemaphoreClient(
        context.base_url,
        context.api_token,
        host=context.host,
        read_only=True,
        ca_file=connection.ca_file,
        log=connection.log,
    )

    def read(request: Request) -> Awaitable[tuple[Any, ...]]:
        return request(client)

    freeze_loaded()
    async with aclosing(client):
        yield read


def tell_progress(name: ListName, listing: Listing[Any]) -> None:
    """Print one line when a list has arrived, if somebody is watching: not into a log."""
    if listing.is_known and sys.stderr is not None and sys.stderr.isatty():
        say(f"The list of {LIST_WORDS[name]} has arrived: {len(listing.items):,}.")


def deliver(text: str, output: Path | None, *, done: str = "Written") -> bool:
    """Write an answer to standard output, or to a new file and say so; returns whether all of it was written."""
    if output is None:
        return print_text(text)
    try:
        path = write_new(output, text)
    except PrivateFileError as error:
        say(str(error))
        return False
    say(f"{done} to {path}.")
    return True


def write_pair(first: tuple[Path, str], second: tuple[Path, str]) -> bool:
    """Write two new files of mode 0600, both or neither, and say so; returns whether they were written."""
    written: list[Path] = []
    complete = False
    try:
        for path, text in (first, second):
            written.append(write_private(path, text))
        complete = True
    except PrivateFileError as error:
        say(str(error))
    finally:
        if not complete:
            for path in written:
                remove(path)
    if complete:
        say(f"Written to {written[0]} and {written[1].name}.")
    return complete


def print_text(text: str) -> bool:
    """Write to standard output, as UTF-8 in every locale; returns whether all of it was written."""
    return print_pieces((text,))


def print_pieces(pieces: Iterable[str]) -> bool:
    """The same for text that is produced as it is written. A reader that stops reading is not a crash."""
    if sys.stdout is None:
        say("Standard output is closed.")
        return False
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        # Python flushes again at exit, and would print an error of its own.
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            say(f"Standard output cannot be written: {error.strerror}.")
        return False
    return True


def say(sentence: str) -> None:
    """Print a sentence on standard error."""
    # If standard error is closed, print would fall back to standard output, which is for the answer alone.
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"semtui: {sentence}", file=sys.stderr, flush=True)
