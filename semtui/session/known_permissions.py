"""What the API token may do, as far as known: asked at the start, and learned from refusals."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from semtui.api.errors import PermissionDeniedError, RefusedError, SemaphoreError
from semtui.session.futures import wait_without_owning

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient

Start = Callable[[Callable[["SemaphoreClient"], Coroutine[Any, Any, None]]], "concurrent.futures.Future[None]"]
"""Starts a request on the session's own thread."""


class KnownPermissions:
    """What one session's API token is known to lack. Permissions are named as in Semaphore's API."""

    def __init__(self, start: Start, *, read_only: bool) -> None:
        """A `read_only` session never asks, because nothing may be changed anyway."""
        self.denied: set[str] = set()
        """Permissions Semaphore has said this API token lacks, when an endpoint asked for them."""
        self.not_held: set[str] = set()
        """Permissions Semaphore has said the token's holder does not have, and so may not grant."""
        self._start = start
        self._read_only = read_only
        self._lookup_due = False
        self._lookup: concurrent.futures.Future[None] | None = None

    def note_refusal(self, error: SemaphoreError) -> None:
        """Remember the missing permissions a refusal reveals."""
        # Lacking a permission in one project says nothing about the next.
        if isinstance(error, PermissionDeniedError) and error.missing.startswith("organization."):
            self.denied.add(error.missing)
        if isinstance(error, RefusedError):
            self.not_held.update(error.not_held)

    def fetch(self) -> None:
        """Have the missing manage permissions looked up by the next `wait`."""
        self._lookup = None
        self._lookup_due = not self._read_only

    def fetch_again(self) -> None:
        """Forget the missing permissions and look them up again: they may have been granted meanwhile."""
        self.denied.clear()
        self.fetch()

    async def wait(self) -> None:
        """Wait until the lookup that `fetch` asked for has ended."""
        if self._lookup_due:
            self._lookup_due = False
            self._lookup = self._start(self._ask)
        if self._lookup is not None:
            await wait_without_owning(self._lookup)

    async def _ask(self, client: SemaphoreClient) -> None:
        self.denied.update(await client.missing_permissions())
