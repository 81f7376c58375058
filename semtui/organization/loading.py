"""The organization's lists: which request loads which, what each is called, and all of them loaded at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from semtui.api.errors import IncompleteListError, NotFoundError, SemaphoreError
from semtui.api.pagination import WHOLE, ListShape, ReadOptions
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.people import People
from semtui.organization.projects import Projects

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Group, Project

Request = Callable[["SemaphoreClient"], Coroutine[Any, Any, tuple[Any, ...]]]
Read = Callable[[Request], Awaitable[tuple[Any, ...]]]
"""Carries a request out: `Session.read`, or a client of one's own."""

Ask = Callable[["SemaphoreClient", ReadOptions], Coroutine[Any, Any, tuple[Any, ...]]]

REQUESTS: dict[ListName, Ask] = {
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
"""The name of each list within a sentence."""

WITH_ROLES_ELSEWHERE: tuple[ListName, ...] = ("accounts", "groups")
"""Lists of what may be gone and have its roles listed for seconds more (`API.md#delays`). Only a list asked for after
that of the roles proves it: what is not in there may otherwise have been created meanwhile."""
MEMBER_LISTS: tuple[ListName, ...] = ("users", "account_members", "group_members")
_MOST_SWEEPS = 7
_PROJECTS_AT_ONCE = 4


async def load_people(
    read: Read,
    clock: Callable[[], float],
    report: Callable[[ListName, Listing[Any]], None] = lambda name, listing: None,
    names: Iterable[ListName] = LIST_NAMES,
) -> People:
    """Load the named lists all at once; each can fail on its own. `clock` gives epoch seconds, UTC.

    `report` is called whenever one arrived or failed. A list not asked for stays as if it were still loading.
    """
    import asyncio

    people = People()

    async def load(name: ListName) -> None:
        nonlocal people
        try:
            items = await load_complete(read, name)
            # Only now: while this list was awaited, others have arrived.
            people = people.arrived(name, items, clock())
        except SemaphoreError as error:
            people = people.failed(name, error)
        report(name, people.listing(name))

    await asyncio.gather(*map(load, names))
    for name in WITH_ROLES_ELSEWHERE:
        if unlisted := people.only_in_role_lists(name):
            await load(name)
            people = people.with_deleted(unlisted & people.only_in_role_lists(name))
    return people


def all_of(projects: Sequence[Project]) -> Sequence[Project]:
    """Chooses every project."""
    return projects


async def load_projects(
    read: Read, clock: Callable[[], float], choose: Callable[[Sequence[Project]], Sequence[Project]] = all_of
) -> Projects:
    """Load the projects and the people of those that are chosen; every list can fail on its own."""
    import asyncio

    projects = Projects()
    try:
        items = await read_until_stable(read, lambda client, reading: client.list_projects(reading))
    except SemaphoreError as error:
        return projects.failed(error)
    turn = asyncio.Semaphore(_PROJECTS_AT_ONCE)

    async def load(project_id: str) -> tuple[str, Listing[Any]]:
        async with turn:
            try:
                members = await read_until_stable(read, partial(_project_members, project_id))
            except SemaphoreError as error:
                return project_id, Listing(loading=False, error=error)
            return project_id, Listing(members, loading=False, loaded_at=clock())

    members = await asyncio.gather(*(load(project.id) for project in choose(items)))
    return Projects(Listing(items, loading=False, loaded_at=clock()), dict(members))


async def load_project_roles(read: Read, people: People, projects: Projects) -> Projects:
    """The same with each project role somebody is seen to hold: Semaphore lists them nowhere (`API.md#listing-roles`).

    Where Semaphore tells of none, the others stay unknown.
    """
    if people.community:
        # What projects show there are roles of the organization (`API.md#project-members`).
        return projects
    listed = {role.id for role in people.roles.items}
    for role_id in sorted(projects.role_names.keys() - listed):
        try:
            (role,) = await read(partial(_described, role_id))
        except NotFoundError:
            continue
        except SemaphoreError:
            break
        projects = projects.with_role(role)
    return projects


async def _described(role_id: str, client: SemaphoreClient) -> tuple[Any, ...]:
    return (await client.describe_role(role_id),)


async def _project_members(project_id: str, client: SemaphoreClient, reading: ReadOptions) -> tuple[Any, ...]:
    return await client.list_project_members(project_id, reading)


async def load_complete(read: Read, name: ListName, reading: ReadOptions = WHOLE) -> tuple[Any, ...]:
    """Read one list completely. Raises SemaphoreError."""
    return await read_until_stable(read, REQUESTS[name], reading)


async def whole_list(client: SemaphoreClient, name: ListName) -> tuple[Any, ...]:
    """The same, with a given `client`: what is not in the list does not exist. Raises SemaphoreError."""
    return await load_complete(lambda request: request(client), name)


async def find_group(client: SemaphoreClient, group_id: str) -> Group | None:
    """A group by its id; there is no request for just one."""
    return next((group for group in await whole_list(client, "groups") if group.id == group_id), None)


async def read_until_stable(read: Read, ask: Ask, reading: ReadOptions = WHOLE) -> tuple[Any, ...]:
    """Read a list until two readings agree, if it has more than one page.

    Whatever is deleted between two pages moves another row across their border, unseen (`API.md#moving-rows`).
    `on_items` of `reading` is called while the list is read for the first time, on whichever thread reads it. Raises
    SemaphoreError; IncompleteListError with everything that came where the list contradicts itself twice running.
    """
    found: dict[str, Any] = {}
    ids: set[str] | None = None
    previous_error: IncompleteListError | None = None
    for _ in range(_MOST_SWEEPS):
        shapes: list[ListShape] = []
        incomplete: IncompleteListError | None = None
        try:
            items = await read(partial(_asked, ask, replace(reading, on_shape=shapes.append)))
        except IncompleteListError as error:
            # Rows that come and go meanwhile look the same.
            incomplete = error
            items = error.items
        before, ids = ids, {each.id for each in items}
        found |= {each.id: each for each in items}
        # A list that has no pages tells nothing of its shape.
        single = not shapes or shapes[-1].pages <= 1
        if incomplete is None and (ids == before or (before is None and single)):
            return items
        if incomplete is not None and previous_error is not None:
            raise IncompleteListError(str(incomplete), tuple(found.values()))
        previous_error = incomplete
        # Asked for by the size of its pages, a server that holds rows back from each of them gives other ones.
        reading = ReadOptions(known=dict(found), size=shapes[-1].per_page if shapes else 0)
    words = "It kept changing while it was being read, so it may not be complete."
    raise IncompleteListError(words, tuple(found.values()))


async def _asked(ask: Ask, reading: ReadOptions, client: SemaphoreClient) -> tuple[Any, ...]:
    return await ask(client, reading)
