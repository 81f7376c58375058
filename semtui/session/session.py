"""The connection to one organization, on a thread and an event loop of its own.

The interface may crash, be quit, or lose its terminal; a request that changes something must end properly all the
same, and a token it brings must not vanish. So requests run here, and the interface only waits for them: a read may
be called off, a write may not, and `close` saves tokens that nobody has stored and waits for writes under way.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import threading
import time
from collections.abc import Callable, Collection, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from semtui.api.errors import NotSentError, OutcomeUnknownError, SemaphoreError
from semtui.api.proxies import shown_proxy
from semtui.history.history import History
from semtui.history.under_way import UnderWay
from semtui.session.futures import wait_without_owning
from semtui.session.known_permissions import KnownPermissions
from semtui.settings.organization_marks import OrganizationMark
from semtui.system.running_time import wait_active
from semtui.tokens.storage_locations import StorageLocation, single_place, storage_locations
from semtui.tokens.vault import TOO_LATE, Vault

if TYPE_CHECKING:
    # Loaded on the session's own thread, so that the interface can draw its first frame meanwhile.
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken, ServiceAccount
    from semtui.api.transport import Limits
    from semtui.history.files import Keeping
    from semtui.history.record import Change
    from semtui.settings.contexts import Context
    from semtui.system.debug_log import DebugLog

T = TypeVar("T")
Call = Callable[["SemaphoreClient"], Coroutine[Any, Any, T]]
Intend = Callable[["ServiceAccount | str"], None]
"""Called right before a request that makes a token is sent, with a new account's name or the account as it was."""

_SECONDS_TO_FINISH = 45.0
"""A little more than the longest a write may take (`transport.Limits.write_total`)."""


@dataclass(frozen=True)
class SessionOptions:
    """How a session sends requests, besides where and with which token."""

    read_only: bool = False
    """Send nothing that could change anything."""
    ca_file: Path | None = None
    """Certificate authorities to trust as well, PEM."""
    limits: Limits | None = None
    """How long a request may take; None for the client's own."""
    rescue_directory: Path | None = None
    """Where unstored tokens and records are kept; None for the user's own directories."""
    snapshot: str = ""
    """`snapshot of 2026-11-26 09:00 UTC` where a file is shown and nobody may be asked; empty for an organization."""
    mark: OrganizationMark = OrganizationMark()  # noqa: RUF009 - frozen
    """How the organization is marked in semtui's settings."""
    log: DebugLog | None = None
    journal: Keeping | None = None
    """How the journal of changes is kept; None to know those of this run alone."""
    state: Callable[[], Path] | None = None
    """Gives the directory for what is to be finished later; None to know that of this run alone."""
    clock: Callable[[], float] = time.time
    """Gives epoch seconds, UTC."""

    def places(self) -> tuple[StorageLocation, ...]:
        """Where unstored tokens and records are kept, best first."""
        if self.rescue_directory is not None:
            return single_place(self.rescue_directory)
        return storage_locations(os.environ, Path.home())


class Session:
    """Runs requests against one organization. Use as a context manager."""

    def __init__(self, context: Context, options: SessionOptions = SessionOptions()) -> None:
        self.context = context
        self.clock = options.clock
        self.mark = options.mark
        self.snapshot = options.snapshot
        self.read_only = options.read_only or bool(options.snapshot)
        self.log = options.log
        self._ca_file = options.ca_file
        self._limits = options.limits
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="semtui session")
        self._client: asyncio.Task[SemaphoreClient] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._closing = threading.Lock()
        self._gate = threading.Lock()
        self._closed = False
        """Nothing more can be delivered."""
        self._writes: set[concurrent.futures.Future[Any]] = set()
        self._calls: set[asyncio.Task[Any] | None] = set()
        """What runs on the session's own loop now."""
        self.vault = Vault(
            context.host,
            options.places,
            options.clock,
        )
        """Keeps the tokens that reach us, and a record of each that is asked for."""
        self.history = History(context.host, options.journal, options.clock)
        """What has been changed."""
        self.under_way = UnderWay(context.host, options.state)
        """What was begun and is to be finished later."""
        self.permissions = KnownPermissions(self._start, read_only=self.read_only)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _make_client(self) -> SemaphoreClient:
        client = self._client_with(self.context.api_token, read_only=self.read_only)
        self._preparing = self._loop.create_task(client.prepare_once_connecting())
        return client

    def _client_with(self, api_token: str, *, read_only: bool) -> SemaphoreClient:
        from semtui.api.client import SemaphoreClient
        from semtui.api.transport import Limits

        return SemaphoreClient(
            self.context.base_url,
            api_token,
            host=self.context.host,
            hold_token=self.vault.hold,
            read_only=read_only,
            ca_file=self._ca_file,
            limits=self._limits or Limits(),
            log=self.log,
        )

    async def ask_with(self, token: NewToken, call: Call[T]) -> T:
        """Run a read with a token that has just been made, in place of this session's own."""

        async def ask(_: SemaphoreClient) -> T:
            async with aclosing(self._client_with(token.secret.get_secret_value(), read_only=True)) as client:
                return await call(client)

        return await self.read(ask)

    @cached_property
    def proxy(self) -> str:
        """Host and port of the proxy in use; empty for none."""
        return "" if self.snapshot else shown_proxy(self.context.base_url, os.environ)

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed here, in a sentence; empty when something can."""
        if self.snapshot:
            return f"This is a file, the {self.snapshot}: nothing can be changed or asked."
        if self.read_only and self.mark.read_only:
            return "This organization is marked as read-only in semtui's settings; --read-write lifts that."
        return "semtui was started with --read-only: nothing can be changed." if self.read_only else ""

    @property
    def reload_obstacle(self) -> str:
        """Why the lists cannot be loaded again, in a sentence; empty when they can."""
        return f"This is a file, the {self.snapshot}: there is nothing newer to load." if self.snapshot else ""

    async def read(self, call: Call[T]) -> T:
        """Run a request that changes nothing. Cancelling the caller cancels the request."""
        future = self._start(call)
        try:
            return await wait_without_owning(future)
        except asyncio.CancelledError:
            future.cancel()
            raise

    async def write(self, call: Call[T], change: Change | None = None) -> T:
        """Run a request that changes something; `change` says what, for the journal. Cancelling the caller leaves the
        request to finish."""

        async def recorded(client: SemaphoreClient) -> T:
            return await (self.history.carry_out(change, lambda: call(client)) if change else call(client))

        with self._gate:
            if self.ending:
                raise NotSentError(TOO_LATE)
            future = self._waited_for(self._run(recorded))
        return await wait_without_owning(future)

    def _waited_for(self, coroutine: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start a task that `close` waits for."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        self._writes.add(future)
        future.add_done_callback(self._writes.discard)
        return future

    async def make_token(
        self,
        call: Callable[[SemaphoreClient, Intend], Coroutine[Any, Any, NewToken]],
        *,
        replacing: str = "",
        name: str = "",
        change: Change | None = None,
    ) -> NewToken:
        """Like `write`, for a request that makes a token: `call` says what it is about to do, and that is on disk from
        then until it is known how it ended. `replacing` is the id of the account whose token is replaced."""
        return await self.write(lambda client: self._make_token(client, call, replacing, name), change)

    async def _make_token(
        self,
        client: SemaphoreClient,
        call: Callable[[SemaphoreClient, Intend], Coroutine[Any, Any, NewToken]],
        replacing: str,
        name: str,
    ) -> NewToken:
        vault = self.vault
        record: Path | None = None

        def intend(account: ServiceAccount | str) -> None:
            nonlocal record
            record = vault.begin(account, client.limits, client.server_time)

        # Nothing needs to be asked to know this.
        vault.check_no_pending_request(replacing)
        try:
            token = await call(client, intend)
        except OutcomeUnknownError:
            vault.outcome_unknown(record, client.limits)
            raise
        except SemaphoreError:
            vault.refused(record)
            raise
        except asyncio.CancelledError:
            if record is None and self.ending:
                vault.report_too_late(name or replacing)
            raise
        vault.arrived(token, record, client.limits)
        return token

    async def deliver_token(self, token: NewToken, deliver: Call[str]) -> str:
        """Deliver a token and release it as soon as it has arrived, even if the caller is gone. Returns the result
        in words that follow “It was”. Raises DeliveryError."""
        with self._gate:
            if self._closed:
                from semtui.tokens.delivery import DeliveryError

                raise DeliveryError("semtui ends before the token could be delivered.")
            future = self._waited_for(self._store(token, deliver))
        return await wait_without_owning(future)

    async def _store(self, token: NewToken, deliver: Call[str]) -> str:
        words = await self._run(deliver, called_off=False)
        self.vault.release(token)
        return words

    def _start(self, call: Call[T]) -> concurrent.futures.Future[T]:
        return asyncio.run_coroutine_threadsafe(self._run(call), self._loop)

    async def _run(self, call: Call[T], *, called_off: bool = True) -> T:
        """Run a call on the session's loop; `called_off` is whether it is the first to be when the session ends."""
        if self.snapshot:
            raise NotSentError(self.read_only_reason)
        if self._client is None:
            self._client = self._loop.create_task(self._make_client())
        task = asyncio.current_task()
        if called_off:
            self._calls.add(task)
        try:
            return await call(await asyncio.shield(self._client))
        finally:
            self._calls.discard(task)

    @property
    def writes_under_way(self) -> bool:
        """True while a write has been sent and not answered."""
        return bool(self._writes)

    @property
    def unstored_tokens(self) -> tuple[NewToken, ...]:
        """Tokens that arrived and are not stored yet."""
        return self.vault.unstored

    @property
    def rescued(self) -> list[Path]:
        """Files into which unstored tokens were saved."""
        return self.vault.rescued

    @property
    def failures(self) -> list[str]:
        """What could not be saved or completed, in sentences."""
        return [*self.vault.failures, *filter(None, [self.history.failure])]

    @property
    def ending(self) -> bool:
        """True once the session waits for its last writes: no write can start after that."""
        return self.vault.ending

    @property
    def server_time(self) -> float | None:
        """What Semaphore's clock says now, to about a second, in epoch seconds; None before its first answer."""
        client = self._client
        return client.result().server_time if client and client.done() and not client.exception() else None

    def end(self) -> None:
        """Save unstored tokens at once; no write can start from now on."""
        with self._gate:
            self.vault.end()

    def close(self) -> None:
        """Save unstored tokens, wait for writes and deliveries under way, then end the thread. May take 45 seconds."""
        with self._closing:
            if self._thread.is_alive():
                self._close()

    def _close(self) -> None:
        self.end()
        deadline = time.monotonic() + _SECONDS_TO_FINISH
        for closed in (False, True):
            # Twice: a token that came last may be on its way to where it goes.
            with self._gate:
                self._closed = closed
            wait_active(set(self._writes), deadline - time.monotonic())
        asyncio.run_coroutine_threadsafe(self._shut_down(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.vault.close()

    async def _shut_down(self) -> None:
        """End whatever still runs and close connections, so that no task outlives its loop, and no socket either."""
        await _cancel_all(self._calls)
        if self._client is not None and self._client.done() and not self._client.exception():
            await self._client.result().aclose()
        await _cancel_all(asyncio.all_tasks() - {asyncio.current_task()})


async def _cancel_all(tasks: Collection[asyncio.Task[Any] | None]) -> None:
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
