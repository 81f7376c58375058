"""The organization's lists: which request loads which, what each is called, and all of them loaded at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from semtui.errors import NoAnswerError, SemaphoreError
from semtui.pages import WHOLE, Reading
from semtui.people import LIST_NAMES, Listing, ListName, People

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient

Request = Callable[["SemaphoreClient"], Coroutine[Any, Any, tuple[Any, ...]]]
Read = Callable[[Request], Awaitable[tuple[Any, ...]]]
"""Carries a request out: `Session.read`, or a client of one's own."""

REQUESTS: dict[ListName, Callable[[SemaphoreClient, Reading], Coroutine[Any, Any, tuple[Any, ...]]]] = {
    "users": lambda client, reading: client.list_members("user", reading),
    "account_members": lambda client, reading: client.list_members("service_account", reading),
    "group_members": lambda client, reading: client.list_members("group", reading),
    "accounts": lambda client, reading: client.list_service_accounts(reading),
    "groups": lambda client, reading: client.list_groups(reading),
    "roles": lambda client, reading: client.list_roles(),
}

LIST_WORDS: dict[ListName, str] = {
    "users": "people",
    "account_members": "roles of service accounts",
    "group_members": "roles of groups",
    "accounts": "service accounts",
    "groups": "groups",
    "roles": "roles",
}
"""What each list tells of, within a sentence."""

_MOST_SWEEPS = 7


async def load_people(
    read: Read,
    clock: Callable[[], float],
    report: Callable[[ListName, Listing[Any]], None] = lambda name, listing: None,
    names: Iterable[ListName] = LIST_NAMES,
) -> People:
    """Load the lists of these names, all at once and each with its own fate; `clock` gives epoch seconds, UTC.

    `report` is called whenever one arrived or failed. A list not asked for stays as if it were still loading.
    """
    import asyncio

    people = People()

    async def load(name: ListName) -> None:
        nonlocal people
        try:
            items = await load_whole(read, name)
            # Only now: while this list was awaited, others have arrived.
            people = people.arrived(name, items, clock())
        except SemaphoreError as error:
            people = people.failed(name, error)
        report(name, people.listing(name))

    await asyncio.gather(*map(load, names))
    return people


async def load_whole(read: Read, name: ListName, reading: Reading = WHOLE) -> tuple[Any, ...]:
    """A list read until it is the same twice running, if it fills more than a page.

    Whatever is deleted between two pages moves another row across their border, unseen (`security.md` §2.4). The
    news of `reading` is told while the list is read for the first time, on whichever thread reads it.
    """
    ids: set[str] | None = None
    for _ in range(_MOST_SWEEPS):
        items, page = await read(partial(_read_with_page_size, name, reading))
        before, ids = ids, {item.id for item in items}
        if len(items) < page or ids == before:
            found: tuple[Any, ...] = items
            return found
        reading = Reading(known={item.id: item for item in items})
    raise NoAnswerError("It kept changing while it was being read.")


async def _read_with_page_size(name: ListName, reading: Reading, client: SemaphoreClient) -> tuple[Any, ...]:
    """The list, and how many rows fill a page of it."""
    page = client.accounts_per_page if name == "accounts" else client.members_per_page
    return await REQUESTS[name](client, reading), page
