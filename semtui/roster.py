"""What is known of one organization at this moment, shared by all of its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.errors import SemaphoreError
from semtui.lists import load_whole
from semtui.people import LIST_NAMES, ListName, People
from semtui.projects import Projects

if TYPE_CHECKING:
    from semtui.session import Session


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

    @property
    def own_id(self) -> str:
        """Whose API token this is: known once it has created an account, as that account's creator (`api.md` §3.9)."""
        accounts = (account for account in self.people.accounts.items if account.id in self.created_ids)
        return next((account.creator_id for account in accounts), "")
