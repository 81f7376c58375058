"""The current data of one organization, shared by all of its pages."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from semtui.api.errors import NoAnswerError, NotFoundError, SemaphoreError
from semtui.api.pagination import ReadOptions
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.loading import WITH_ROLES_ELSEWHERE, load_complete, read_until_stable
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.settings.keymap import key
from semtui.system.gc_tuning import freeze_and_trim, gc_limited

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.api.pagination import OnItems
    from semtui.session.session import Session

Change = Callable[[People], People]

_AT_ONCE = 4
MANY = 3_000
"""Number of rows from which computing something for all of them takes longer than a frame."""
_GROWN = 8
"""Factor by which a list must have grown to be shown again before it is complete."""
_PROJECTS_READ = 50
"""How many projects have their people loaded at once; the others load theirs when they are opened."""

_MOST_MESSAGES = 500


class OrganizationStore:
    """Loads the lists of `session`'s organization."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.people = People()
        self._changes: list[Change] = []
        self._preparing = asyncio.Lock()
        self.projects = Projects()
        self.created_ids: set[str] = set()
        """Ids of service accounts created with this API token."""
        self.deleted_ids: set[str] = set()
        """Ids of service accounts deleted from here."""
        self.findings_words = ""
        """How many findings were open when the rules were last evaluated, `3+` if some could not be; empty before."""
        self.messages: deque[tuple[float, str]] = deque(maxlen=_MOST_MESSAGES)
        """The sentences shown in this run, each with its time in epoch seconds."""
        self.taken_at: int | None = None
        """When the snapshot was taken whose lists these are, in epoch seconds; None for an organization."""
        self.content_sha256: str | None = None
        """The hash written in that snapshot."""

    @property
    def as_of(self) -> float:
        """When ages are counted from, in epoch seconds: now, or when the snapshot was taken."""
        return self.session.clock() if self.taken_at is None else self.taken_at

    async def load_people(self, changed: Callable[[], None]) -> None:
        """Ask for all six lists at once; `changed` is called at the start and whenever one arrived, failed, or has
        grown much longer while it is read for the first time."""
        self.people = self.people.loading_started().without(self.deleted_ids)
        changed()
        with gc_limited():
            await asyncio.gather(*(self._load(name, changed) for name in LIST_NAMES))
            for name in WITH_ROLES_ELSEWHERE:
                if unlisted := self.people.only_in_role_lists(name):
                    await self._load(name, changed)
                    gone = unlisted & self.people.only_in_role_lists(name)
                    await self._change(partial(People.with_deleted, ids=gone), changed)
            if self.people.size > MANY:
                await asyncio.to_thread(freeze_and_trim)

    async def _load(self, name: ListName, changed: Callable[[], None]) -> None:
        pages: asyncio.Queue[Sequence[Any]] = asyncio.Queue()
        growing = asyncio.create_task(self._grow(name, pages, changed))
        try:
            known = {item.id: item for item in self.people.listing(name).items}
            items = await load_complete(self.session.read, name, ReadOptions(_to_this_thread(pages), known))
        except SemaphoreError as error:
            load_error = error
            self.session.permissions.note_refusal(error)
            await self._change(lambda people: people.failed(name, load_error), changed)
        else:
            now = self.session.clock()
            await self._change(lambda people: people.arrived(name, items, now), changed)
        finally:
            growing.cancel()

    async def _grow(self, name: ListName, pages: asyncio.Queue[Sequence[Any]], changed: Callable[[], None]) -> None:
        """Show a list that is read for the first time at once, and again whenever it has become much longer."""
        read: list[Any] = []
        shown = 0
        while True:
            read += await pages.get()
            if len(read) >= _GROWN * shown:
                shown = len(read)
                await self._change(functools.partial(People.growing, name=name, items=tuple(read)), changed)

    async def _change(self, change: Change, changed: Callable[[], None]) -> None:
        """Show people after `change`. For many rows the derived data is computed in the background, together with later
        changes, so that no key has to wait."""
        self._changes.append(change)
        async with self._preparing:
            changes, self._changes = self._changes, []
            try:
                while changes:
                    before = self.people
                    people = functools.reduce(lambda people, each: each(people), changes, before)
                    if people.size > MANY:
                        people = await asyncio.to_thread(people.prepare, before)
                    # Loading may have been canceled meanwhile.
                    if self.people is before:
                        self.people, changes = people, []
                        changed()
            finally:
                # Other loads still need their changes applied, even if this one was abandoned.
                self._changes = changes + self._changes

    def cancel_loading(self) -> None:
        """Cancel the loading of lists that have not arrived."""
        stopped = NoAnswerError(f"loading was stopped; {key('reload')} loads it.")
        for name in LIST_NAMES:
            if self.people.listing(name).loading:
                self.people = self.people.failed(name, stopped)
        if self.projects.listing.loading:
            self.projects = self.projects.failed(stopped)
        for project_id, listing in self.projects.members.items():
            if listing.loading:
                self.projects = self.projects.with_members(project_id, replace(listing, loading=False, error=stopped))

    async def load_projects(self, changed: Callable[[], None]) -> None:
        """Ask for the projects, and then for the people of the first of them, a few at a time."""
        self.projects = self.projects.loading_started()
        changed()
        try:
            items = await read_until_stable(self.session.read, lambda client, reading: client.list_projects(reading))
        except SemaphoreError as error:
            self.session.permissions.note_refusal(error)
            self.projects = self.projects.failed(error)
            changed()
            return
        self.projects = self.projects.arrived(items, self.session.clock())
        changed()
        turn = asyncio.Semaphore(_AT_ONCE)

        async def load(project_id: str) -> None:
            async with turn:
                await self.load_project_members(project_id, changed)

        first = sorted(items, key=lambda project: project.name.casefold())[:_PROJECTS_READ]
        await asyncio.gather(*(load(project.id) for project in first))
        await self.load_project_roles(changed)

    async def load_project_roles(self, changed: Callable[[], None]) -> None:
        """Ask for each project role that is known to exist: Semaphore lists them nowhere (`API.md#listing-roles`)."""
        if self.people.community:
            # What projects show there are roles of the organization (`API.md#project-members`).
            return
        listed = {role.id for role in self.people.roles.items}
        for role_id in sorted({*self.projects.role_names, *self.projects.roles} - listed):
            try:
                role = await self.session.read(partial(_described, role_id))
            except NotFoundError:
                self.projects = self.projects.without_role(role_id)
            except SemaphoreError as error:
                # The catalogue stands in for what a role permits, marked as such.
                self.session.permissions.note_refusal(error)
                return
            else:
                self.projects = self.projects.with_role(role)
            changed()

    async def load_project_members(self, project_id: str, changed: Callable[[], None]) -> None:
        """Ask for the people of one project; a refusal there says nothing about the others."""
        before = self.projects.members_of(project_id)
        self.projects = self.projects.with_members(project_id, replace(before, loading=True))
        try:
            members = await read_until_stable(
                self.session.read, lambda client, reading: client.list_project_members(project_id, reading)
            )
            after = Listing(members, loading=False, loaded_at=self.session.clock())
        except SemaphoreError as error:
            after = before.failed(error)
        self.projects = self.projects.with_members(project_id, after)
        changed()

    @property
    def own_id(self) -> str:
        """The id of this API token's owner: known once the token has created an account, as that account's creator
        (`API.md#what-a-token-may`)."""
        accounts = (account for account in self.people.accounts.items if account.id in self.created_ids)
        return next((account.creator_id for account in accounts), "")


async def _described(role_id: str, client: SemaphoreClient) -> Role:
    return await client.describe_role(role_id)


def _to_this_thread(pages: asyncio.Queue[Sequence[Any]]) -> OnItems:
    """Passes pages read on another thread to a queue of this one."""
    loop = asyncio.get_running_loop()

    def queue_pages(items: Sequence[Any]) -> None:
        # The interface may have ended; then nobody looks any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(pages.put_nowait, items)

    return queue_pages
