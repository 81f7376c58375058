"""Steps of replacing several accounts by twins: the same as for one, for all that are at that step."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from semtui.api.errors import ConflictError, OutcomeUnknownError, SemaphoreError
from semtui.changes import bulk
from semtui.changes.bulk import Plan, PlannedRow
from semtui.changes.bulk_tokens import Destinations, answer_lost, delivered, undelivered
from semtui.changes.create_account import creation_refusal
from semtui.changes.new_account_role import NewAccountRole
from semtui.changes.reconcile import outcome_of
from semtui.changes.rotation import Renaming, TwinCreation, give, missing, note_step, twin_name
from semtui.organization.people import slug
from semtui.organization.rotations import rotation_of
from semtui.wording.styled_text import listed
from semtui.wording.tokens import full_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from semtui.api.models import ServiceAccount
    from semtui.changes.bulk import BulkAction, RowOutcome
    from semtui.changes.lacking import Missing
    from semtui.history.record import Entry
    from semtui.organization.people import People
    from semtui.organization.rotations import Rotation
    from semtui.organization.store import OrganizationStore
    from semtui.organization.subject import Subject
    from semtui.session.session import Session
    from semtui.wording.styled_text import Tone

_SENT: dict[str, tuple[BulkAction, bool]] = {
    "deactivate": ("deactivate", False),
    "reactivate": ("reactivate", False),
    "delete": ("delete", False),
    "take back": ("delete", True),
}
"""By the code of a step, what it does, and whether it does it to the twins."""


def rotations_of(people: People, subjects: Sequence[Subject]) -> list[Rotation]:
    """The rotations of the accounts among `subjects`, each once, whichever of its two is there."""
    accounts = [each for each in subjects if each.kind == "account" and each.account is not None]
    return list({each.old_id: each for each in (rotation_of(people, account) for account in accounts)}.values())


def lacking_of(rotations: Sequence[Rotation], people: People, entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """What each twin lacks in words, by the id of the account it replaces."""
    return {each.old_id: missing(each, people, entries).words for each in rotations}


def step_plan(code: str, rotations: Sequence[Rotation], store: OrganizationStore, entries: Sequence[Entry]) -> Plan:
    """What a step but `create` would do to those of `rotations` that are at it."""
    people = store.people
    if code in _SENT:
        verb, twins = _SENT[code]
        found = [each.twin if twins else each.old for each in rotations]
        plan = bulk.make_plan(verb, [each for each in found if each is not None], people)
        return replace(plan, remember=partial(_remember, store.session, rotations, code))
    if code == "rename":
        rows = [PlannedRow(each.twin, f"is called {each.old_name}") for each in rotations if each.twin]
        return Plan("rename", tuple(rows), work=_Renamings({each.twin.id: each for each in rotations if each.twin}))
    lacking = {each.twin.id: missing(each, people, entries) for each in rotations if each.twin}
    rows = [PlannedRow(each.twin, f"is given {listed(lacking[each.twin.id].words)}") for each in rotations if each.twin]
    return Plan("complete", tuple(rows), work=_Completions(lacking))


async def twin_plan(
    store: OrganizationStore,
    rotations: Sequence[Rotation],
    entries: Sequence[Entry],
    pattern: str,
    report: Callable[[str], None],
) -> Plan:
    """What creating a twin of each would do; its token goes where `pattern` says for the account it replaces. Raises
    NotSentError for a pattern that gives no place."""
    people, host = store.people, store.session.context.host
    olds = {each.old_id: each.old for each in rotations if each.old}
    places = await Destinations.found(store.session, olds, people, pattern, report)
    names = {key: twin_name(old, people, host, entries) for key, old in olds.items()}
    rows = []
    for key, old in olds.items():
        if obstacle := places.obstacles.get(key, ""):
            rows.append(PlannedRow(old, obstacle, "impossible"))
        else:
            words = f"twin {names[key]}, its token to {full_place(places.of[key])}"
            rows.append(PlannedRow(old, words, caution=people.caution(old)))
    return Plan("twin", bulk.in_order(rows), work=_Twins(store, places, names))


def _remember(session: Session, rotations: Sequence[Rotation], code: str, step: PlannedRow) -> None:
    for each in rotations:
        if step.subject.id in (each.old_id, each.twin.id if each.twin else ""):
            note_step(session, each, code)


class _Twins:
    """Creates twins, delivers their tokens, and gives them their roles."""

    def __init__(self, store: OrganizationStore, places: Destinations, names: Mapping[str, str]) -> None:
        self._store = store
        self._places = places
        self._names = names
        """By the id of the account that is replaced, what its twin is called."""

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan without rows whose account is gone, whose twin's name is taken, or whose destination is gone."""
        return await self._places.recheck(session, plan, self._changed)

    def _changed(self, step: PlannedRow, accounts: Mapping[str, ServiceAccount]) -> str:
        if step.id not in accounts:
            return "was deleted by somebody else"
        name = self._names[step.id]
        taken = any(slug(each.name) == slug(name) for each in accounts.values())
        return f"there is an account called {name} by now" if taken else ""

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Create one twin. What was lost or not delivered holds up the others."""
        to, name = self._places.of[step.id], self._names[step.id]
        creation = TwinCreation(self._store, step.subject, name)
        try:
            result = await creation.send(to)
        except OutcomeUnknownError:
            return await answer_lost(step, creation.check)
        except SemaphoreError as error:
            return bulk.not_done(session, step, error, creation_refusal(error))
        assert result.token is not None, "a creation brings a token"
        ended = await delivered(session, step, result.token, to)
        stops = undelivered(ended)
        said: list[str] = []

        def report(words: str, tone: Tone) -> None:
            said.append(words)

        giving = NewAccountRole(session, result.token, result.role)
        await giving.give(report)
        role = f"; role: {said[-1]}" if said else ""
        outcome = ended.outcome if giving.outcome == "done" or ended.outcome != "done" else "partly"
        return ended.ended(outcome, f"{name} created; {ended.words}{role}", ended.token), stops


class _Completions:
    """Gives twins what they lack."""

    def __init__(self, lacking: Mapping[str, Missing]) -> None:
        self._lacking = lacking

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan as it is: what a twin has already does not harm."""
        return plan

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Give one twin what it lacks."""
        given = await give(session, step.subject, self._lacking[step.id])
        outcomes = {outcome for outcome, _ in given}
        outcome: RowOutcome
        if outcomes <= {"done"}:
            outcome = "done"
        elif "done" in outcomes:
            outcome = "partly"
        else:
            outcome = "unknown" if "unknown" in outcomes else "refused"
        return step.ended(outcome, " ".join(words for _, words in given)), None


class _Renamings:
    """Gives twins the names of the accounts they have replaced."""

    def __init__(self, rotations: Mapping[str, Rotation]) -> None:
        self._rotations = rotations

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan as it is: each row is looked at right before it is renamed."""
        return plan

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Rename one twin."""
        renaming = Renaming(session, self._rotations[step.id])
        try:
            result = await renaming.send()
        except OutcomeUnknownError:
            found = await outcome_of(renaming.check)
            return step.ended(found.outcome, found.sentence), None
        except ConflictError as error:
            return step.ended("refused", error.changed), None
        except SemaphoreError as error:
            return bulk.not_done(session, step, error)
        return step.ended("done", result.sentence), None
