"""What is known of a write whose answer was lost, and how it is found out: by looking until Semaphore must be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from semtui.api.errors import NotFoundError, PermissionDeniedError, SemaphoreError, UnauthorizedError

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.session.session import Call, Session


class Reconciliation(NamedTuple):
    """What is known of a write whose answer was lost."""

    outcome: Literal["done", "not done", "unknown"]
    sentence: str
    subject_id: str = ""
    """The account found, where it was not known before."""


async def poll_until_known(
    client: SemaphoreClient, look: Callable[[], Awaitable[Reconciliation | None]], not_done: str, unknown: str
) -> Reconciliation:
    """Look again and again until there is proof, or until Semaphore can no longer be at work on the request.

    A “no” before that proves nothing: the request may still be on its way through Semaphore.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + client.limits.settle
    while True:
        last = clock() >= deadline
        try:
            verdict = await look()
            readable = True
        except NotFoundError as error:
            return Reconciliation("done", f"It does not exist any more: somebody deleted it meanwhile. ({error})")
        except (UnauthorizedError, PermissionDeniedError) as error:
            # Asking again would be refused again.
            return Reconciliation("unknown", f"{unknown} ({error})")
        except SemaphoreError as error:
            verdict = None
            readable = False
            if last:
                return Reconciliation("unknown", f"{unknown} ({error})")
        if verdict is not None:
            return verdict
        if last and readable:
            return Reconciliation("not done", not_done)
        await asyncio.sleep(min(client.limits.settle_step, max(0.0, deadline - clock())))


async def reconcile_token_request(session: Session, call: Call[Reconciliation]) -> Reconciliation:
    """What came of a request that makes a token, when its answer was lost."""
    verdict = await session.read(call)
    if verdict.outcome != "unknown":
        session.vault.settled()
    return verdict
