"""Find out the outcome of a token request that an earlier run left unfinished."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from semtui.changes.create_account import CreationRequest, check_creation
from semtui.changes.reconcile import Reconciliation
from semtui.changes.regenerate_token import check_regeneration

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.tokens.journal import Intent


async def check_unfinished(client: SemaphoreClient, intent: Intent) -> Reconciliation:
    """The outcome of a token request whose program is no longer running."""
    from semtui.api.models import ServiceAccount

    if intent.arrived:
        return await _check_delivery(client, intent)
    if intent.account_id:
        before = ServiceAccount(id=intent.account_id, name=intent.account_name, updated_at=intent.updated_at)
        return await check_regeneration(client, before)
    # This computer's clock, where Semaphore's was not known, may be off by a day and more.
    at, leeway = (intent.begun_at, 2 * 86_400.0) if intent.sent_at is None else (intent.sent_at, 5.0)
    result = await check_creation(client, CreationRequest(intent.account_name, at=at, leeway=leeway))
    # Nothing more will be known of it another time.
    return replace(result, outcome="done") if result.subject_id else result


async def _check_delivery(client: SemaphoreClient, intent: Intent) -> Reconciliation:
    """What became of a token that was held in memory when its program was killed."""
    new = "" if intent.account_id else f" {intent.account_name} may lack its role and projects."
    if intent.secret:
        from semtui.changes.secret_recovery import check_secret

        found = await check_secret(client, intent)
        return replace(found, sentence=f"{found.sentence}{new}")
    where = "it is there" if intent.destination else "you stored it yourself"
    return Reconciliation("done", f"The token had arrived. Unless {where}, it is lost: regenerate it.{new}")
