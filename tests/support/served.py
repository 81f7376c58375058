"""A small organization on a real port, and its lists as semtui reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from semtui.api.errors import SemaphoreError
from semtui.api.transport import Limits
from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from semtui.organization.loading import read_until_stable
from semtui.organization.store import OrganizationStore
from semtui.session.session import Session, SessionOptions
from semtui.settings.contexts import Context
from tests.support.organization_server import spoil
from tests.support.organizations import Organization

NOW = float(REFERENCE_TIME)


@dataclass
class Served:
    """An organization on a port."""

    written: Organization
    server: DemoServer
    session: Session

    async def read(self) -> OrganizationStore:
        """What semtui knows of it: the six lists, the projects, and the people of those that are to be read."""
        store = OrganizationStore(self.session)
        await store.load_people(_nothing)
        if any(trouble.fate == "stale" for trouble in self.written.troubles.values()):
            spoil(self.server, self.written)
            await store.load_people(_nothing)
        await _read_projects(store, self.written)
        return store


def session_on(server: DemoServer, rescue_directory: Path, limits: Limits) -> Session:
    """A session as the first Owner."""
    context = Context("small", "acme.example.com", server.address, server.tokens["owner"], demo=True)
    options = SessionOptions(limits=limits, rescue_directory=rescue_directory, clock=lambda: NOW)
    return Session(context, options)


async def _read_projects(store: OrganizationStore, written: Organization) -> None:
    """The list of projects; then the people of those that are to be read, and of no others."""
    try:
        items = await read_until_stable(store.session.read, lambda client, reading: client.list_projects(reading))
    except SemaphoreError as error:
        store.projects = store.projects.failed(error)
    else:
        store.projects = store.projects.arrived(items, NOW)
    for project in written.owned:
        if project.read:
            await store.load_project_members(written.project_id(project.name), _nothing)


def _nothing() -> None:
    pass
