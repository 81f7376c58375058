"""What `impact` and `trace` share: the lists, then more that is read of one subject, in one connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from semtui import __version__
from semtui.cli.headless import reading, say, tell_progress
from semtui.organization.loading import all_of, load_people, load_projects

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.organization.loading import Read

T = TypeVar("T")


def read_more(
    connection: Connection, more: Callable[[Read, Source], Awaitable[T]], *, project_people: bool
) -> tuple[Source, T]:
    """The lists, and what `more` reads with the same connection. Raises SemaphoreError."""
    return asyncio.run(_read(connection, more, project_people))


async def _read(
    connection: Connection, more: Callable[[Read, Source], Awaitable[T]], project_people: bool
) -> tuple[Source, T]:
    from semtui.audit.access.edition import edition_of
    from semtui.audit.contract import Source
    from semtui.audit.snapshots.snapshot import Head

    host, started = connection.chosen.context.host, int(time.time())
    say(f"Reading {host}.")
    async with reading(connection) as read:
        people = await load_people(read, time.time, tell_progress)
        projects = await load_projects(read, time.time, all_of if project_people else lambda items: items[:0])
        edition, told_by = edition_of(people)
        head = Head(host, started, int(time.time()), edition, told_by, f"semtui {__version__}")
        source = Source(people, projects, head, live=True)
        return source, await more(read, source)
