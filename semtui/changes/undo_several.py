"""Undo several changes that were made as one: each that has an inverse and still is as it was left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from semtui.api.errors import OutcomeUnknownError, SemaphoreError
from semtui.api.pagination import ReadOptions
from semtui.changes import bulk
from semtui.changes.bulk import Plan, PlannedRow
from semtui.changes.inverse import Inverse
from semtui.changes.inverses import inverse_of
from semtui.changes.reconcile import outcome_of
from semtui.changes.undo import Undo, undone_by
from semtui.history.record import MADE
from semtui.organization.loading import read_until_stable
from semtui.organization.subject import KINDS, Subject
from semtui.wording.journal import summary, what_words
from semtui.wording.subjects import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from semtui.api.client import SemaphoreClient
    from semtui.history.record import Entry
    from semtui.organization.people import People
    from semtui.session.session import Session

LOOKING = "Looking whether these changes are still as they were left…"
_QUEUED = "queued; Semaphore makes it within a minute"


def made_as_one(entries: Sequence[Entry], last: Entry) -> list[Entry]:
    """What was changed together with `last` and not undone since, the latest first; empty if that is nothing else."""
    undone = undone_by(entries)
    found = [
        each
        for each in reversed(entries)
        if each.change.together == last.change.together and each.outcome in MADE and each.id not in undone
    ]
    # A secret that a token was put into is a part of the row the token is of.
    found = [each for each in found if each.change.kind in KINDS]
    return found if last.change.together and len(found) > 1 else []


async def undo_plan(session: Session, people: People, entries: Sequence[Entry], *, anyway: bool = False) -> Plan:
    """What undoing these entries would do, and why some are left alone; with `anyway`, not because somebody else has
    changed the same since. Raises no SemaphoreError."""
    names = names_of(people)
    undos: dict[str, Undo] = {}
    rows: list[PlannedRow] = []
    for entry in entries:
        change = entry.change
        subject = people.by_id.get(change.id) or Subject(change.id, cast(Any, change.kind), change.name)
        inverse = inverse_of(entry, community=people.community)
        if isinstance(inverse, Inverse):
            undos[entry.id] = Undo(session, entry, inverse)
            words = summary(inverse.change, names) or what_words(replace(inverse.change, undoes=""))
            rows.append(PlannedRow(subject, words, key=entry.id))
        else:
            rows.append(PlannedRow(subject, f"{what_words(change)}: {inverse}", "impossible", key=entry.id))
    plan = Plan("undo", tuple(rows), work=_Undos(undos, anyway=anyway))
    moved = {} if anyway else await _moved(session, [undos[step.id] for step in plan.open])
    for step in plan.open:
        if step.id in moved:
            plan = plan.with_step(step.ended("impossible", moved[step.id]))
    return replace(plan, steps=bulk.in_order(plan.steps))


class _Undos:
    """Undoes changes of the journal."""

    def __init__(self, undos: Mapping[str, Undo], *, anyway: bool) -> None:
        """`undos` by the ids of the entries."""
        self._undos = undos
        self._anyway = anyway

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan without rows that somebody else has changed since."""
        moved = {} if self._anyway else await _moved(session, [self._undos[step.id] for step in plan.open])
        for step in plan.open:
            if step.id in moved:
                plan = plan.with_step(step.ended("refused", moved[step.id]))
        return plan

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Undo one change, which has just been found as it was left."""
        undo = self._undos[step.id]
        undo.overwrite()
        try:
            result = await undo.send()
        except OutcomeUnknownError:
            found = await outcome_of(undo.check)
            return step.ended(found.outcome, found.sentence), None
        except SemaphoreError as error:
            return bulk.not_done(session, step, error)
        return step.ended("done", _QUEUED if result.queued else result.sentence), None


async def _moved(session: Session, undos: Sequence[Undo]) -> dict[str, str]:
    """By the ids of their entries, why those are left alone that are not as they were left."""

    async def look(client: SemaphoreClient) -> dict[str, str]:
        caching = cast("SemaphoreClient", _CachingClient(client))
        found = {}
        for undo in undos:
            try:
                await undo.unmoved(caching)
            except SemaphoreError as error:
                found[undo.entry.id] = f"{error.reason.rstrip('.')}. Left alone."
        return found

    return await session.read(look)


class _CachingClient:
    """A client that reads nothing twice: many rows are looked up in the same lists."""

    def __init__(self, client: SemaphoreClient) -> None:
        self._client = client
        self._read: dict[tuple[str, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        """A request of the client's."""

        async def ask(*arguments: Any) -> Any:
            key = (name, *(each for each in arguments if isinstance(each, str)))
            if key not in self._read:
                self._read[key] = await self._asked(name, key[1:], arguments)
            return self._read[key]

        return ask

    async def _asked(self, name: str, texts: tuple[str, ...], arguments: tuple[Any, ...]) -> Any:
        request = getattr(self._client, name)
        if not isinstance(arguments[-1] if arguments else None, ReadOptions):
            return await request(*arguments)
        # Whoever reads it to compare two readings is given the same one twice, so they are compared here.
        return await read_until_stable(
            lambda reading: reading(self._client), lambda _, options: request(*texts, options)
        )
