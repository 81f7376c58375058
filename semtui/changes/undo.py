"""Undo the last change that has an inverse, if it still is as that change left it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.api.errors import ConflictError
from semtui.changes.inverse import Inverse
from semtui.changes.inverses import inverse_of
from semtui.changes.reconcile import Reconciliation, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import MADE

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.audit.what_if.operations import Operation
    from semtui.history.record import Change, Entry
    from semtui.organization.people import People
    from semtui.session.session import Session

NOTHING = "There is nothing to undo: no change is left in the journal that has an inverse."

Skipped = tuple["Entry", str]
"""A later change that is left as it is, and why it cannot be undone, in a sentence."""


class Undo:
    """Undoes one change of the journal."""

    def __init__(self, session: Session, entry: Entry, inverse: Inverse) -> None:
        self._session = session
        self.entry = entry
        self._inverse = inverse
        self._warned = False
        """True once the user was told that it has been changed since; the next attempt goes through."""

    @property
    def change(self) -> Change:
        """What is sent."""
        return self._inverse.change

    def operations(self, people: People) -> tuple[Operation, ...]:
        """What it changes of who can do what in the organization."""
        known = {*people.by_id, *(role.id for role in people.roles.items)}
        return tuple(each for each in self._inverse.operations if each.id in known)

    async def unmoved(self, client: SemaphoreClient) -> None:
        """Raises ConflictError if the same has been changed again since, NotSentError if it is undone already."""
        await self._inverse.unmoved(client)

    def overwrite(self) -> None:
        """Undo it even if somebody else has changed the same since."""
        self._warned = True

    async def send(self) -> ChangeResult:
        """Undo the change, but stop once if somebody else has changed the same since. Raises ConflictError and
        NotSentError before anything is sent."""
        inverse = self._inverse
        if not self._warned:
            try:
                await self._session.read(inverse.unmoved)
            except ConflictError:
                self._warned = True
                raise
        await self._session.write(inverse.write, inverse.change)
        return ChangeResult(inverse.done, self.entry.change.id, queued=inverse.queued)

    async def check(self) -> Reconciliation:
        """Whether it is undone."""
        return await reconciled(self._session, self.change.key, self._inverse.check)


def undone_by(entries: Sequence[Entry]) -> set[str]:
    """The ids of the entries that others undo."""
    return {each.change.undoes for each in entries if each.outcome in MADE}


def last_undo(
    session: Session, entries: Sequence[Entry], *, community: bool
) -> tuple[Undo | None, tuple[Skipped, ...]]:
    """The undoing of the latest change that has an inverse and was not undone, and the later ones that have none.

    `entries` are the journal's, oldest first.
    """
    undone = undone_by(entries)
    skipped: list[Skipped] = []
    for entry in reversed(entries):
        if entry.outcome not in MADE or entry.change.undoes or entry.id in undone:
            continue
        inverse = inverse_of(entry, community=community)
        if isinstance(inverse, Inverse):
            return Undo(session, entry, inverse), tuple(skipped)
        skipped.append((entry, inverse))
    return None, tuple(skipped)
