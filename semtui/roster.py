"""What is known of one organization at this moment, shared by all of its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from semtui.errors import NoAnswerError, NotFoundError, SemaphoreError
from semtui.keys import key
from semtui.lists import load_whole
from semtui.people import LIST_NAMES, Listing, ListName, People
from semtui.projects import Projects

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.models import Role
    from semtui.session import Session

_AT_ONCE = 4
_PROJECTS_READ = 50
"""Of how many projects the people are read unasked; of the others when they are opened."""


class Roster:
    """Loads the lists of `session`'s organization; `clock` gives epoch seconds, UTC."""

    def __init__(self, session: Session, clock: Callable[[], float]) -> None:
        self.session = session
        self.clock = clock
        self.people = People()
        self.projects = Projects()
        self.created_ids: set[str] = set()
        """Service accounts created with this API token."""

    async def load_people(self, changed: Callable[[], None]) -> None:
        """Ask for all six lists at once; `changed` is called at the start and whenever one arrived or failed."""
        self.people = self.people.begun()
        changed()
        await asyncio.gather(*(self._load(name, changed) for name in LIST_NAMES))

    async def _load(self, name: ListName, changed: Callable[[], None]) -> None:
        try:
            items = await load_whole(self.session.read, name)
            self.people = self.people.arrived(name, items, self.clock())
        except SemaphoreError as error:
            self.session.learn(error)
            self.people = self.people.failed(name, error)
        changed()

    def call_off(self) -> None:
        """Nobody waits any more for the lists that have not arrived."""
        trouble = NoAnswerError(f"its loading was called off; {key('reload')} loads it.")
        for name in LIST_NAMES:
            if self.people.listing(name).loading:
                self.people = self.people.failed(name, trouble)
        if self.projects.listing.loading:
            self.projects = self.projects.failed(trouble)
        for project_id, listing in self.projects.members.items():
            if listing.loading:
                self.projects = self.projects.with_members(project_id, replace(listing, loading=False, trouble=trouble))

    async def load_projects(self, changed: Callable[[], None]) -> None:
        """Ask for the projects, and then for the people of the first of them, a few at a time."""
        self.projects = self.projects.begun()
        changed()
        try:
            items = await self.session.read(lambda client: client.list_projects())
        except SemaphoreError as error:
            self.session.learn(error)
            self.projects = self.projects.failed(error)
            changed()
            return
        self.projects = self.projects.arrived(items, self.clock())
        changed()
        turn = asyncio.Semaphore(_AT_ONCE)

        async def load(project_id: str) -> None:
            async with turn:
                await self.load_project_members(project_id, changed)

        first = sorted(items, key=lambda project: project.name.casefold())[:_PROJECTS_READ]
        await asyncio.gather(*(load(project.id) for project in first))
        await self.load_project_roles(changed)

    async def load_project_roles(self, changed: Callable[[], None]) -> None:
        """Ask for each project role that is known to exist: Semaphore lists them nowhere (`api.md` §2.5, §2.6)."""
        if self.people.community:
            # What projects show there are roles of the organization (`api.md` §2.13).
            return
        listed = {role.id for role in self.people.roles.items}
        for role_id in sorted({*self.projects.role_names, *self.projects.roles} - listed):
            try:
                role = await self.session.read(partial(_described, role_id))
            except NotFoundError:
                self.projects = self.projects.without_role(role_id)
            except SemaphoreError as error:
                # The catalogue stands in for what a role permits, marked as such.
                self.session.learn(error)
                return
            else:
                self.projects = self.projects.with_role(role)
            changed()

    async def load_project_members(self, project_id: str, changed: Callable[[], None]) -> None:
        """Ask for the people of one project; a refusal there says nothing about the others."""
        before = self.projects.members_of(project_id)
        self.projects = self.projects.with_members(project_id, replace(before, loading=True))
        try:
            members = await self.session.read(lambda client: client.list_project_members(project_id))
            after = Listing(members, loading=False, loaded_at=self.clock())
        except SemaphoreError as error:
            after = replace(before, loading=False, trouble=error)
        self.projects = self.projects.with_members(project_id, after)
        changed()

    @property
    def own_id(self) -> str:
        """Whose API token this is: known once it has created an account, as that account's creator (`api.md` §3.9)."""
        accounts = (account for account in self.people.accounts.items if account.id in self.created_ids)
        return next((account.creator_id for account in accounts), "")


async def _described(role_id: str, client: SemaphoreClient) -> Role:
    return await client.describe_role(role_id)
