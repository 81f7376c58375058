"""Deactivate an account instead of deleting it, and be reminded later to delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import NotFoundError
from semtui.changes import switch_account
from semtui.changes.reconcile import Reconciliation
from semtui.changes.result import ChangeResult
from semtui.history.under_way import Undertaking
from semtui.system.private_files import PrivateFileError
from semtui.wording.due import NOTHING_RUNS, due_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.organization.subject import Subject
    from semtui.session.session import Session

WAIT = 24 * 3600.0
"""Seconds until it is time to delete what was deactivated first."""


async def deactivate_first(session: Session, subject: Subject) -> ChangeResult:
    """Deactivate the account, and remember that it is to be deleted."""
    result = await switch_account.switch(session, subject)
    return ChangeResult(f"{result.sentence} {remember(session, subject)}", subject.id)


async def check(session: Session, subject: Subject) -> Reconciliation:
    """Whether it is deactivated; if so, that is remembered."""
    found = await switch_account.check_switched(session, subject)
    if found.outcome != "done":
        return found
    return Reconciliation("done", f"{found.sentence} {remember(session, subject)}", subject.id)


def remember(session: Session, subject: Subject) -> str:
    """Remember that the account is to be deleted; returns that, or why not, in a sentence."""
    now = session.clock()
    undertaking = Undertaking("deletion", session.context.host, subject.id, subject.name, now, now + WAIT)
    try:
        session.under_way.save(undertaking)
    except PrivateFileError as error:
        return f"The reminder could not be kept. {error}"
    return f"The next start after 24 h reminds you to delete it, and so does semtui due. {NOTHING_RUNS}"


async def reminder(session: Session, undertaking: Undertaking, *, keys: bool = False) -> str:
    """What to say of what was begun, having looked at the account; empty where there is nothing more to
    do, which then is forgotten. `keys` as for `due_words`. Raises SemaphoreError."""
    account_id, now = undertaking.account_id, session.clock()

    async def look(client: SemaphoreClient) -> bool:
        return (await client.describe_service_account(account_id)).deactivated

    try:
        deactivated = await session.read(look)
    except NotFoundError:
        session.under_way.end(account_id)
        return ""
    if undertaking.kind == "rotation":
        return due_words(undertaking, now, keys=keys) if undertaking.is_due(now) and deactivated else ""
    if not deactivated:
        session.under_way.end(account_id)
        return f"{undertaking.account_name} was to be deleted, and is active again: the reminder is dropped."
    return due_words(undertaking, now, keys=keys) if undertaking.is_due(now) else ""


def put_off_words(subject: Subject) -> str:
    """What deactivating first means."""
    return f"{name_of(subject)} is deactivated now, and you are reminded to delete it after 24 h."
