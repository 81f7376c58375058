"""The open organization of an action: its lists, what is named in them, and why something cannot be done.

What is needed once the lists are read is imported then, so that the first request leaves earlier.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.actions.step import Confirmation
from semtui.organization.store import OrganizationStore
from semtui.system.errors import ConfigurationError
from semtui.wording.confirmations import code_to_type

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.api.errors import SemaphoreError
    from semtui.api.models import Project, Role
    from semtui.audit.access.graph import AccessGraph
    from semtui.changes.carry_out import CarriedOut
    from semtui.changes.reconcile import Reconciliation
    from semtui.changes.result import ChangeResult
    from semtui.cli.actions.step import ActionForm
    from semtui.organization.people import People
    from semtui.organization.subject import Kind, Subject
    from semtui.session.session import Session

Report = Callable[[str], None]


@dataclass(frozen=True)
class _Request:
    """An action, as the checks of the front ends know it."""

    method: str
    permission: str
    needs: str


class ActionContext:
    """One open organization, and what an action needs to find and to do."""

    def __init__(
        self, session: Session, report: Report, *, ids_only: bool, barrier: str, saved: list[Path], form: ActionForm
    ) -> None:
        """`report` hears what is under way. `barrier` says why nothing may be changed, empty if something may. `saved`
        is where files are added that were told of, with tokens that did not arrive where they were to go. `form` is
        the format of files about what was done."""
        self.session = session
        self.store = OrganizationStore(session)
        self.report = report
        self.saved = saved
        self.form = form
        self._ids_only = ids_only
        self._barrier = barrier

    @property
    def people(self) -> People:
        """The lists of people, accounts, groups and roles."""
        return self.store.people

    @property
    def graph(self) -> AccessGraph:
        """The access graph of the lists as they are."""
        from semtui.audit.access.current import graph_of

        return graph_of(self.store.people, self.store.projects)

    async def load(self) -> None:
        """Load the lists, and tell which could not be read."""
        self.report(f"Reading {self.session.context.host}.")
        await asyncio.gather(self.store.load_people(lambda: None), self.session.permissions.wait())
        from semtui.cli.known_names import remember_names
        from semtui.wording.lists import list_errors

        for words, names in list_errors(self.people).items():
            self.report(f"{', '.join(names)}: {words}")
        if not self.session.context.demo:
            remember_names(self.session.context.host, self.people, self.store.projects)

    async def load_projects(self) -> None:
        """Load the projects and what roles are seen there. Raises ConfigurationError if they cannot be listed."""
        if not self.store.projects.listing.is_known:
            await self.store.load_projects(lambda: None)
        if (error := self.store.projects.listing.error) is not None:
            raise ConfigurationError(f"The projects could not be listed. {error}")

    # What is named

    def row(self, given: str, *kinds: Kind, place: str, noun: str) -> Subject:
        """The person, account or group with an id or a name. Raises ConfigurationError."""
        row_id = naming.row_id(self.graph, given, *kinds, ids_only=self._ids_only, place=place, noun=noun)
        return self.people.by_id[row_id]

    def account(self, given: str) -> Subject:
        """A service account. Raises ConfigurationError."""
        return self.row(given, "account", place="NAME", noun="service account")

    def role(self, given: str, place: str = "--role") -> Role:
        """A role of the organization that this API token may grant, as far as is known. Raises ConfigurationError."""
        from semtui.wording.granting import withheld_roles

        role_id = naming.role_id(self.graph, given, ids_only=self._ids_only, place=place)
        offers, _ = self.people.role_offers
        role = next((each for each in offers if each.id == role_id), None)
        if role is None:
            raise ConfigurationError(f"{place}: Semaphore does not list that role, so it cannot be given.")
        if words := withheld_roles([role], self.people, self.session.permissions.not_held).get(role.id):
            raise ConfigurationError(f"{role.name} {words}.")
        return role

    def project(self, given: str, place: str = "PROJECT") -> Project:
        """A project. Raises ConfigurationError."""
        found = naming.project_id(self.graph, given, ids_only=self._ids_only, place=place)
        return next(each for each in self.store.projects.listing.items if each.id == found)

    def named(self, names: dict[str, str], given: str, place: str, noun: str) -> str:
        """The id among `names` that is given, or whose name is. Raises ConfigurationError."""
        return naming.id_of(names, given, ids_only=self._ids_only, place=place, noun=noun)

    # What can be done

    def require_writable(self) -> None:
        """Raise ConfigurationError if nothing may be changed in this organization."""
        if self._barrier:
            raise ConfigurationError(f"{self._barrier} Nothing was sent.")

    def require(self, method: str, permission: str, subject: Subject | None = None, needs: str = "row") -> None:
        """Raise ConfigurationError if a change is known not to be possible, as the front ends find it."""
        from semtui.changes import availability

        request = _Request(method, permission, needs if subject is not None else "")
        permission = availability.permission_for(request, subject)
        words = availability.session_obstacle(
            request, permission, subject, read_only_reason=self._barrier, denied=self.session.permissions.denied
        ) or availability.row_obstacle(request, subject, community=self.people.community)
        if words:
            raise ConfigurationError(f"{words} Nothing was sent.")

    def confirmation(self, does: str, name: str, row_id: str, alike: Collection[str]) -> Confirmation:
        """What has to be repeated before something dangerous is done to a row; `alike` are the ids of all whose names
        look the same."""
        code = code_to_type(name, row_id, alike)
        if any(each != row_id for each in alike) or not name:
            return Confirmation(does, (code, row_id), "the start of its id, because other names look the same")
        return Confirmation(does, (name, code, row_id))

    def row_confirmation(self, does: str, subject: Subject) -> Confirmation:
        """The same for a person, an account or a group."""
        return self.confirmation(does, subject.name, subject.id, [row.id for row in self.people.alike(subject)])

    async def carry_out(
        self,
        starting: str,
        send: Callable[[], Awaitable[ChangeResult]],
        check: Callable[[], Awaitable[Reconciliation]],
        refusal_words: Callable[[SemaphoreError], str] = str,
    ) -> CarriedOut:
        """Send once, and check the outcome of a lost answer."""
        from semtui.changes import carry_out

        self.report(starting)
        return await carry_out.carry_out(self.session, send, check, self.report, refusal_words)
