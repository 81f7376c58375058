"""Checks the outcome of a request whose answer was lost, until it is known or the user stops the check."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from semtui.changes.reconcile import Reconciliation, outcome_of

_STOPPED = "It is not known whether it was done: the check was stopped. Look at the list before you try again."


class OutcomeCheck:
    """One check at a time; it may take minutes."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Reconciliation] | None = None
        self._stopped = False

    @property
    def running(self) -> bool:
        """Whether a check is under way."""
        return self._task is not None

    async def run(self, check: Callable[[], Coroutine[Any, Any, Reconciliation]]) -> Reconciliation:
        """The outcome; “unknown” if the check failed or was stopped."""
        self._task = asyncio.create_task(outcome_of(check))
        try:
            return await self._task
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            return Reconciliation("unknown", _STOPPED)
        finally:
            self._task, self._stopped = None, False

    def stop(self) -> None:
        """End the check under way; `run` then returns “unknown”."""
        if self._task is not None:
            self._stopped = True
            self._task.cancel()
