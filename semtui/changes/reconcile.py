"""Finds out whether a write whose answer was lost was carried out: reads back until Semaphore must be done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.api.errors import NotFoundError, PermissionDeniedError, SemaphoreError, UnauthorizedError

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.session.session import Call, Session


@dataclass(frozen=True)
class Reconciliation:
    """The outcome of a write whose answer was lost, as far as it is known."""

    outcome: Literal["done", "not done", "unknown"]
    sentence: str
    subject_id: str = ""
    """The account found, where it was not known before."""


OUTCOME_UNKNOWN = "It is not known whether it was done."
NOT_SAVED = "Nothing was saved: the change did not arrive. Try again."
SAVED_UNKNOWN = "Unknown whether the change was saved. Check before trying again."


async def outcome_of(check: Callable[[], Awaitable[Reconciliation]]) -> Reconciliation:
    """What `check` finds out; unknown if it could not. Raises no SemaphoreError."""
    try:
        return await check()
    except SemaphoreError as error:
        return Reconciliation("unknown", f"It is still not known whether it was done. {error}")


async def poll_until_known(
    client: SemaphoreClient, look: Callable[[], Awaitable[Reconciliation | None]], not_done: str, unknown: str
) -> Reconciliation:
    """Poll until there is proof, or until Semaphore can no longer be working on the request.

    A “no” before that proves nothing: the request may still be on its way through Semaphore.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + client.limits.poll_for
    while True:
        last = clock() >= deadline
        try:
            result = await look()
            readable = True
        except NotFoundError as error:
            return Reconciliation("done", f"It no longer exists: somebody deleted it. ({error})")
        except (UnauthorizedError, PermissionDeniedError) as error:
            # Asking again would be refused again.
            return Reconciliation("unknown", f"{unknown} ({error})")
        except SemaphoreError as error:
            result = None
            readable = False
            if last:
                return Reconciliation("unknown", f"{unknown} ({error})")
        if result is not None:
            return result
        if last and readable:
            return Reconciliation("not done", not_done)
        await asyncio.sleep(min(client.limits.poll_interval, max(0.0, deadline - clock())))


async def poll_until_deleted(
    client: SemaphoreClient, describe: Callable[[], Awaitable[object]], name: str, kind: str = ""
) -> Reconciliation:
    """Poll until `describe` raises NotFoundError or returns None: only an answer that says so proves a deletion.

    `kind` (`role`, `group`) is put before the name in sentences; an account's name stands alone.
    """
    the, sentence_start = (f"the {kind} {name}", f"The {kind} {name}") if kind else (name, name)

    async def look() -> Reconciliation | None:
        try:
            found = await describe()
        except NotFoundError:
            found = None
        return Reconciliation("done", f"{sentence_start} is deleted.") if found is None else None

    return await poll_until_known(
        client,
        look,
        f"{sentence_start} is still there: the request did not arrive. Try again.",
        f"Unknown whether {the} is deleted. Check before trying again.",
    )


async def reconciled(session: Session, key: str, look: Call[Reconciliation]) -> Reconciliation:
    """Look up what became of a change whose answer was lost, for the journal too; `key` is the id of what was changed,
    or the name of what was to be created."""
    result = await session.read(look)
    session.history.looked_up(key, result)
    return result


async def reconcile_token_request(session: Session, key: str, call: Call[Reconciliation]) -> Reconciliation:
    """Find out the outcome of a token request whose answer was lost; `key` as for `reconciled`."""
    result = await reconciled(session, key, call)
    if result.outcome != "unknown":
        session.vault.outcome_known()
    return result
