"""The lists of a snapshot in place of those of an organization: they are there at once, and never change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError
from semtui.organization.listing import Listing
from semtui.organization.store import OrganizationStore

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.session.session import Session


class SnapshotStore(OrganizationStore):
    """Gives what a snapshot holds to the pages that ask for lists. `session` is one that asks nobody."""

    def __init__(
        self,
        session: Session,
        people: People,
        projects: Projects,
        taken_at: int | None = None,
        content_sha256: str | None = None,
    ) -> None:
        """`taken_at` is when the snapshot was taken, in epoch seconds, `content_sha256` the hash written in it."""
        super().__init__(session)
        self.taken_at, self.content_sha256 = taken_at, content_sha256
        self._kept_people, self._kept_projects = people, projects

    async def load_people(self, changed: Callable[[], None]) -> None:
        """Show the lists of the snapshot, the projects too: they are there already."""
        self.projects = self._kept_projects
        self.people = await asyncio.to_thread(self._kept_people.prepare, self.people)
        changed()

    async def load_projects(self, changed: Callable[[], None]) -> None:
        """Show the projects of the snapshot."""
        self.projects = self._kept_projects
        changed()

    async def load_project_roles(self, changed: Callable[[], None]) -> None:
        """Nothing: the snapshot has those that were described when it was taken."""

    async def load_project_members(self, project_id: str, changed: Callable[[], None]) -> None:
        """Say of a project whose people were not read that they are not in the snapshot."""
        if project_id not in self.projects.members:
            error = NotSentError("The people of this project are not in the snapshot.")
            self.projects = self.projects.with_members(project_id, Listing(loading=False, error=error))
        changed()

    def cancel_loading(self) -> None:
        """Nothing: nobody is asked."""
