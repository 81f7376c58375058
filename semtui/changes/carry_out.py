"""Send a change once and, if its answer is lost, find out what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.api.errors import OutcomeUnknownError, SemaphoreError
from semtui.changes.reconcile import OUTCOME_UNKNOWN, Reconciliation, outcome_of
from semtui.changes.result import ChangeResult

if TYPE_CHECKING:
    from semtui.session.session import Session


@dataclass(frozen=True)
class CarriedOut:
    """How a change ended."""

    outcome: Literal["done", "not done", "unknown"]
    sentence: str
    result: ChangeResult | None = None
    """What Semaphore answered; None if it did not, or refused."""
    subject_id: str = ""


async def carry_out(
    session: Session,
    send: Callable[[], Awaitable[ChangeResult]],
    check: Callable[[], Awaitable[Reconciliation]],
    report: Callable[[str], None],
    refusal_words: Callable[[SemaphoreError], str] = str,
) -> CarriedOut:
    """Send once, and check the outcome of a lost answer; `report` hears that it is checked, which takes a while."""
    try:
        result = await send()
    except OutcomeUnknownError as error:
        report(f"{error} {OUTCOME_UNKNOWN} Checking, for up to a minute…")
    except SemaphoreError as error:
        session.permissions.note_refusal(error)
        return CarriedOut("not done", refusal_words(error))
    else:
        return CarriedOut("done", result.sentence, result, result.subject_id)
    found = await outcome_of(check)
    return CarriedOut(found.outcome, found.sentence, subject_id=found.subject_id)
