"""New tokens for several accounts, each with a destination of its own, checked before the first one exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from semtui.api.errors import NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.changes import bulk
from semtui.changes.bulk import Plan, PlannedRow
from semtui.changes.reconcile import outcome_of
from semtui.changes.regenerate_token import Regeneration
from semtui.changes.secret_exposure import exposure, stronger_roles
from semtui.changes.token_delivery import deliver_token, require_deliverable
from semtui.organization.loading import load_complete
from semtui.tokens.delivery import DeliveryError, DeliveryUnknownError
from semtui.tokens.destination_pattern import NAME, NEEDED, expanded, shared
from semtui.wording.dates import clock_time
from semtui.wording.subjects import KIND_WORDS, name_of
from semtui.wording.tokens import SALVAGED, full_place

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from semtui.api.models import NewToken, ServiceAccount
    from semtui.changes.bulk import RowOutcome
    from semtui.changes.reconcile import Reconciliation
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.session.session import Session
    from semtui.tokens.delivery import Destination

Changed = Callable[[PlannedRow, Mapping[str, "ServiceAccount"]], str]
"""Why a row is left alone, in words that follow its name, by the accounts as they are now; empty if nothing is."""


def account_obstacle(subject: Subject) -> str:
    """Why a subject can have no new token, in words that follow its name; empty if it can."""
    if subject.kind != "account":
        return f"a {KIND_WORDS[subject.kind]} has no token that could be replaced"
    return "" if subject.account else bulk.unknown_account(subject)


async def regeneration_plan(
    session: Session, subjects: Sequence[Subject], people: People, pattern: str, report: Callable[[str], None]
) -> Plan:
    """What replacing the tokens of `subjects` would do. Every destination is tried out; `report` hears of it. Raises
    NotSentError for a pattern that gives none."""
    places = await Destinations.found(
        session, {each.id: each for each in subjects if not account_obstacle(each)}, people, pattern, report
    )
    steps = []
    for subject in subjects:
        obstacle = account_obstacle(subject) or places.obstacles.get(subject.id, "")
        if obstacle:
            steps.append(PlannedRow(subject, obstacle, "impossible"))
        else:
            words = f"token to {full_place(places.of[subject.id])}"
            steps.append(PlannedRow(subject, words, caution=people.caution(subject)))
    return Plan("regenerate", bulk.in_order(steps), work=_Regenerations(places))


class Destinations:
    """The destination of each account."""

    def __init__(self, of: Mapping[str, Destination]) -> None:
        self.of = of
        """By account id."""
        self.obstacles: dict[str, str] = {}
        """By account id, why its token cannot go there, in words that follow its name."""

    @classmethod
    async def found(
        cls,
        session: Session,
        accounts: Mapping[str, Subject],
        people: People,
        pattern: str,
        report: Callable[[str], None],
    ) -> Destinations:
        """Those the pattern gives `accounts`, by account id, all tried out. Raises NotSentError where it gives none."""
        of = {key: to for key, each in accounts.items() if (to := expanded(pattern, each.name, each.id))}
        if len(of) < len(accounts) or (accounts and not pattern.strip(" |")):
            raise NotSentError(f"{NEEDED} Nothing was sent.")
        made = cls(of)
        names = {key: name_of(each) for key, each in accounts.items()}
        for key, other in shared(of).items():
            made.obstacles[key] = (
                f"its token would go to the same place as that of {names[other]}; use {NAME} or {{id}}"
            )
        for key, account in accounts.items():
            if exposed := exposure(of[key], stronger_roles(people, account)).name:
                made.obstacles.setdefault(
                    key,
                    f"in the secret {exposed} its token lets every Member act with its roles: do this one by itself",
                )
        await made.try_out(session, report)
        return made

    async def try_out(self, session: Session, report: Callable[[str], None]) -> None:
        """Try out those without an obstacle, and note the obstacles met."""
        left = [key for key in self.of if key not in self.obstacles]
        for number, key in enumerate(left, start=1):
            report(f"Trying out where the tokens go, {number} of {len(left)}…")
            try:
                await require_deliverable(session, self.of[key])
            except NotSentError as error:
                self.obstacles[key] = error.reason

    async def recheck(self, session: Session, plan: Plan, changed: Changed) -> Plan:
        """The plan without rows that have `changed` since, or whose tokens cannot be delivered any more. Raises
        SemaphoreError."""
        accounts = {account.id: account for account in await load_complete(session.read, "accounts")}
        for step in plan.open:
            if words := changed(step, accounts):
                plan = plan.with_step(step.ended("refused", words))
        left = Destinations({step.id: self.of[step.id] for step in plan.open})
        await left.try_out(session, lambda words: None)
        for step in plan.open:
            if step.id in left.obstacles:
                plan = plan.with_step(step.ended("refused", left.obstacles[step.id]))
        return plan


def _changed_since(step: PlannedRow, accounts: Mapping[str, ServiceAccount]) -> str:
    now = accounts.get(step.subject.id)
    if now is None:
        return "was deleted by somebody else"
    before = step.subject.account
    if before and (now.updated_at or 0) > (before.updated_at or 0):
        return f"was changed at {clock_time(now.updated_at)} by somebody else; left alone: its token may be new"
    return ""


async def delivered(session: Session, step: PlannedRow, token: NewToken, to: Destination) -> PlannedRow:
    """The row once its token was brought where it goes; with the token if it did not get there."""
    made = f"{SALVAGED} " if token.salvaged else ""
    try:
        words = await deliver_token(session, token, to)
    except DeliveryError as error:
        sure = "not delivered" if not isinstance(error, DeliveryUnknownError) else "perhaps not delivered"
        return step.ended("partly", f"{made}new token made, {sure}: {error}", token)
    return step.ended("unknown" if token.salvaged else "done", f"{made}new token {words}")


class _Regenerations:
    """Replaces the tokens of several accounts."""

    def __init__(self, places: Destinations) -> None:
        self._places = places

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan without rows that somebody else has changed since, or whose destination is gone."""
        return await self._places.recheck(session, plan, _changed_since)

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Replace the token of one account and deliver it. What was lost or not delivered holds up the others."""
        to = self._places.of[step.id]
        regeneration = Regeneration(session, step.subject, lambda words: None)
        try:
            result = await regeneration.send(to, revoking=False)
        except OutcomeUnknownError:
            return await answer_lost(step, regeneration.check)
        except SemaphoreError as error:
            return bulk.not_done(session, step, error)
        assert result.token is not None, "a regeneration brings a token"
        ended = await delivered(session, step, result.token, to)
        return ended, undelivered(ended)


def undelivered(step: PlannedRow) -> Exception | None:
    """What holds up the other rows: a token that is not where it was to go."""
    return None if step.outcome == "done" else DeliveryError(step.words)


async def answer_lost(
    step: PlannedRow, check: Callable[[], Coroutine[Any, Any, Reconciliation]]
) -> tuple[PlannedRow, Exception | None]:
    """A row whose answer, and the token in it, was lost: as far as can be found out, and what holds up the others."""
    found = await outcome_of(check)
    outcome: RowOutcome = "partly" if found.outcome == "done" else found.outcome
    return step.ended(outcome, found.sentence), DeliveryError(found.sentence)
