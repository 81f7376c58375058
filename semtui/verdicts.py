"""What is known of a write whose answer was lost, and how it is found out: by looking until Semaphore must be done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from semtui.errors import NotFoundError, PermissionDeniedError, SemaphoreError, UnauthorizedError
from semtui.moments import utc

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient


class Verdict(NamedTuple):
    """What is known of a write whose answer was lost."""

    outcome: Literal["done", "not done", "unknown"]
    sentence: str
    subject_id: str = ""
    """The account found, where it was not known before."""


async def settle(
    client: SemaphoreClient, look: Callable[[], Awaitable[Verdict | None]], not_done: str, unknown: str
) -> Verdict:
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
            return Verdict("done", f"It does not exist any more: somebody deleted it meanwhile. ({error})")
        except (UnauthorizedError, PermissionDeniedError) as error:
            # Asking again would be refused again.
            return Verdict("unknown", f"{unknown} ({error})")
        except SemaphoreError as error:
            verdict = None
            readable = False
            if last:
                return Verdict("unknown", f"{unknown} ({error})")
        if verdict is not None:
            return verdict
        if last and readable:
            return Verdict("not done", not_done)
        await asyncio.sleep(min(client.limits.settle_step, max(0.0, deadline - clock())))


def clock_time(seconds: float | None) -> str:
    """`14:02:07 UTC` for epoch seconds."""
    moment = utc(seconds)
    return "an unknown time" if moment is None else time.strftime("%H:%M:%S UTC", moment)
