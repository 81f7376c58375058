"""The connection to one organization, on a thread and an event loop of its own.

The interface may crash, be quit, or lose its terminal; a request that changes something must end properly all the
same, and a token it brings must not vanish. So requests run here, and the interface only waits for them: a read may
be called off, a write may not, and `close` waits for writes under way and saves tokens that nobody has stored.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Collection, Coroutine
from contextlib import aclosing
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from semtui.environments import Environment
from semtui.errors import NotSentError, OutcomeUnknownError, PermissionDeniedError, RefusedError, SemaphoreError
from semtui.journal import Intent, Journal, rescue_stem
from semtui.private_files import PrivateFileError, state_directory, state_path, write_private
from semtui.proxies import shown_proxy
from semtui.running_time import wait_running
from semtui.text import clean

if TYPE_CHECKING:
    # Loaded on the session's own thread, so that the interface can draw its first frame meanwhile.
    from semtui.client import SemaphoreClient
    from semtui.contexts import Context
    from semtui.debug_log import DebugLog
    from semtui.models import NewToken, ServiceAccount
    from semtui.transport import Limits

T = TypeVar("T")
Call = Callable[["SemaphoreClient"], Coroutine[Any, Any, T]]
Intend = Callable[["ServiceAccount | str"], None]
"""Told, right before it is sent, of whom a request makes a token: a new account's name, or the account as it was."""

_SENT_BY_THEN = 0.05
"""Seconds from the making of the client until the first requests have left."""
_SECONDS_TO_FINISH = 45.0
"""A little more than the longest a write may take (`transport.Limits.write_total`)."""
_TOO_LATE = "Nothing was sent: semtui is ending."


class Session:
    """Runs requests against one organization. Use as a context manager."""

    def __init__(
        self,
        context: Context,
        *,
        read_only: bool = False,
        ca_file: Path | None = None,
        limits: Limits | None = None,
        rescue_directory: Path | None = None,
        environment: Environment = Environment(),  # noqa: B008 - frozen, so one for all is safe
        log: DebugLog | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives epoch seconds, UTC."""
        self.context = context
        self.clock = clock
        self.environment = environment
        self.read_only = read_only
        self.log = log
        self._ca_file = ca_file
        self._limits = limits
        self._rescue_directory = rescue_directory
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="semtui session")
        self._client: asyncio.Task[SemaphoreClient] | None = None
        self._closing = threading.Lock()
        self._gate = threading.Lock()
        self.ending = False
        """True once the end waits for the writes it found under way: none may begin after that."""
        self._writes: set[concurrent.futures.Future[Any]] = set()
        self._calls: set[asyncio.Task[Any] | None] = set()
        """What runs on the session's own loop now."""
        self._tokens: list[NewToken] = []
        self.journal = Journal(self._state_path, self._state_directory)
        self._made: list[tuple[NewToken, Path | None]] = []
        """Tokens with the record that each was asked for."""
        self._unclear: list[Path | None] = []
        """Records of requests whose outcome is not known, oldest first."""
        self._settling: dict[str, float] = {}
        """By account, until when a lost request for its token may still be carried out, by `time.monotonic`."""
        self.denied: set[str] = set()
        """Permissions Semaphore has said this API token lacks, when an endpoint asked for them."""
        self.not_held: set[str] = set()
        """Permissions Semaphore has said the token's holder does not have, and so may not grant."""
        self._to_ask = False
        self._asked: concurrent.futures.Future[None] | None = None
        self.rescued: list[Path] = []
        """Files into which `close` saved tokens that nobody had stored."""
        self.lost: list[str] = []
        """What `close` could not save, in sentences."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _make_client(self) -> SemaphoreClient:
        client = self._client_with(self.context.api_token, read_only=self.read_only)
        self._loop.call_later(_SENT_BY_THEN, client.prepare_to_read)
        return client

    def _client_with(self, api_token: str, *, read_only: bool) -> SemaphoreClient:
        from semtui.client import SemaphoreClient
        from semtui.transport import Limits

        return SemaphoreClient(
            self.context.base_url,
            api_token,
            host=self.context.host,
            hold_token=self._hold,
            read_only=read_only,
            ca_file=self._ca_file,
            limits=self._limits or Limits(),
            log=self.log,
        )

    def _hold(self, token: NewToken) -> None:
        """Keep a token, in place of what was known of it before."""
        earlier = [held for held in self._tokens if held.secret == token.secret]
        self._tokens.append(token)
        for held in earlier:
            self._tokens.remove(held)

    async def accepts(self, token: NewToken) -> bool:
        """Whether Semaphore accepts a token, asked with that token itself. Raises SemaphoreError when it cannot be
        told."""

        async def ask(_: SemaphoreClient) -> bool:
            async with aclosing(self._client_with(token.secret.get_secret_value(), read_only=True)) as client:
                return await client.accepted()

        return await self.read(ask)

    @cached_property
    def proxy(self) -> str:
        """Host and port of the proxy that stands between; empty for none."""
        return shown_proxy(self.context.base_url, os.environ)

    @property
    def barrier(self) -> str:
        """Why nothing can be changed here, in a sentence; empty when something can."""
        if self.read_only and self.environment.read_only:
            return "This organization is marked as read-only in semtui's settings; --read-write lifts that."
        return "semtui was started with --read-only: nothing can be changed." if self.read_only else ""

    async def read(self, call: Call[T]) -> T:
        """Run a request that changes nothing. Cancelling the caller cancels the request."""
        future = self._start(call)
        try:
            return await _arrival(future)
        except asyncio.CancelledError:
            future.cancel()
            raise

    async def write(self, call: Call[T]) -> T:
        """Run a request that changes something. Cancelling the caller leaves the request to finish."""
        with self._gate:
            if self.ending:
                raise NotSentError(_TOO_LATE)
            future = self._start(call)
            self._writes.add(future)
        future.add_done_callback(self._writes.discard)
        return await _arrival(future)

    async def make_token(self, call: Callable[[SemaphoreClient, Intend], Coroutine[Any, Any, NewToken]]) -> NewToken:
        """Like `write`, for a request that makes a token: `call` says what it is about to do, and that is on disk from
        then until it is `settled`."""
        return await self.write(lambda client: self._make_token(client, call))

    async def _make_token(
        self, client: SemaphoreClient, call: Callable[[SemaphoreClient, Intend], Coroutine[Any, Any, NewToken]]
    ) -> NewToken:
        record: Path | None = None
        account_id = ""

        def intend(account: ServiceAccount | str) -> None:
            nonlocal record, account_id
            self._see_that_nothing_is_in_the_way(account)
            account_id = "" if isinstance(account, str) else account.id
            record = self.journal.begin(self._intent(account))

        try:
            token = await call(client, intend)
        except OutcomeUnknownError:
            self._unclear.append(record)
            if account_id:
                self._settling[account_id] = time.monotonic() + client.limits.settle
            raise
        except SemaphoreError:
            self.journal.end(record)
            raise
        if token.salvaged:
            self._settling[token.account_id] = time.monotonic() + client.limits.settle
        self._made.append((token, record))
        return token

    def _see_that_nothing_is_in_the_way(self, account: ServiceAccount | str) -> None:
        """Raises NotSentError where a token made now could be lost, or replaced by an earlier request."""
        if self.ending:
            # Nobody is left to tell it to but whoever reads what is printed at the end.
            name = account if isinstance(account, str) else account.name
            self.lost.append(f"Nothing was sent for the API token of {clean(name)}: semtui was told to end first.")
            raise NotSentError(_TOO_LATE)
        if not isinstance(account, str) and (wait := self.unsettled(account.id)):
            raise NotSentError(
                "Nothing was sent: the last request for this token may still be on its way through Semaphore, and "
                f"would replace the new token at once. Try again in {math.ceil(wait)} seconds."
            )

    def unsettled(self, account_id: str) -> float:
        """For how many seconds more a lost request may still replace the token of this account."""
        return max(0.0, self._settling.get(account_id, 0.0) - time.monotonic())

    def _intent(self, account: ServiceAccount | str) -> Intent:
        host, now = self.context.host, self.clock()
        if isinstance(account, str):
            return Intent(host, "", account, now)
        return Intent(host, account.id, account.name, now, account.updated_at)

    def settled(self) -> None:
        """It is known by now how the last request with an unclear outcome ended."""
        if self._unclear:
            self.journal.end(self._unclear.pop())

    def _start(self, call: Call[T]) -> concurrent.futures.Future[T]:
        return asyncio.run_coroutine_threadsafe(self._run(call), self._loop)

    async def _run(self, call: Call[T]) -> T:
        if self._client is None:
            self._client = self._loop.create_task(self._make_client())
        task = asyncio.current_task()
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
        """Tokens that reached us and that the user has not said to have stored."""
        return tuple(self._tokens)

    @property
    def server_time(self) -> float | None:
        """What Semaphore's clock says now, to about a second, in epoch seconds; None before its first answer."""
        client = self._client
        return client.result().server_time if client and client.done() and not client.exception() else None

    def learn(self, error: SemaphoreError) -> None:
        """Remember what a refusal tells about this API token."""
        # Lacking a permission in one project says nothing about the next.
        if isinstance(error, PermissionDeniedError) and error.missing.startswith("organization."):
            self.denied.add(error.missing)
        if isinstance(error, RefusedError):
            self.not_held.update(error.not_held)

    def ask_what_it_may(self) -> None:
        """Find out which permissions to manage this API token lacks, unless nothing may be sent anyway: as soon as
        somebody waits for it."""
        self._asked = None
        self._to_ask = not self.barrier

    async def _ask(self, client: SemaphoreClient) -> None:
        self.denied.update(await client.lacking())

    async def known_what_it_may(self) -> None:
        """Wait until it is found out, as far as it will be."""
        if self._to_ask:
            self._to_ask = False
            self._asked = self._start(self._ask)
        if self._asked is not None:
            await _arrival(self._asked)

    def release(self, token: NewToken) -> None:
        """The user has stored this token; forget it."""
        # Removed in place: the session's thread may be adding another at this very moment.
        with contextlib.suppress(ValueError):
            self._tokens.remove(token)
            self._forget_record(token)

    def _forget_record(self, token: NewToken) -> None:
        for made in [made for made in self._made if made[0] == token]:
            self._made.remove(made)
            self.journal.end(made[1])

    def close(self) -> None:
        """Wait for writes under way, save tokens nobody stored, then end the thread. May take 45 seconds."""
        with self._closing:
            if self._thread.is_alive():
                self._close()

    def _close(self) -> None:
        with self._gate:
            self.ending = True
        wait_running(set(self._writes), _SECONDS_TO_FINISH)
        for token in self.unstored_tokens:
            self._rescue(token)
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _shut(self) -> None:
        """End whatever still runs and close connections, so that no task outlives its loop, and no socket either."""
        await _called_off(self._calls)
        if self._client is not None and self._client.done() and not self._client.exception():
            await self._client.result().aclose()
        await _called_off(asyncio.all_tasks() - {asyncio.current_task()})

    def _state_path(self) -> Path:
        return self._rescue_directory or state_path(os.environ, Path.home())

    def _state_directory(self) -> Path:
        return self._rescue_directory or state_directory(os.environ, Path.home())

    def stored_elsewhere(self, path: Path) -> None:
        """A token out of a file that `keep` wrote, now or in an earlier run, has found its place: remove the file."""
        self.journal.end(path)
        self.rescued = [each for each in self.rescued if each != path]

    def keep(self, token: NewToken) -> Path | None:
        """Write a token nobody has stored to a private file, which the next start offers, and let go of it.

        None for a token that is in such a file already. Raises PrivateFileError, and then holds it still.
        """
        return self._keep_in(self._state_directory(), token) if token in self._tokens else None

    def _keep_in(self, directory: Path, token: NewToken) -> Path:
        path = _free_name(directory, rescue_stem(token.account_name, self.context.host))
        self.rescued.append(write_private(path, token.secret.get_secret_value() + "\n"))
        self.release(token)
        return self.rescued[-1]

    def _rescue(self, token: NewToken) -> None:
        """At the end nobody can be asked for a place: where semtui's own is of no use, the home directory has to do."""
        trouble = ""
        for place in (self._state_directory,) if self._rescue_directory else (self._state_directory, Path.home):
            try:
                self._keep_in(place(), token)
                return
            except PrivateFileError as error:
                trouble = trouble or str(error)
        self.lost.append(f"The API token of {token.account_name} could not be saved: {trouble}")


def _free_name(directory: Path, stem: str) -> Path:
    number = 1
    while os.path.lexists(path := directory / f"{stem}-{number}.token"):
        number += 1
    return path


async def _called_off(tasks: Collection[asyncio.Task[Any] | None]) -> None:
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def _arrival(future: concurrent.futures.Future[T]) -> T:
    """Wait for `future` without owning it: neither loop can harm the other by ending first."""
    loop = asyncio.get_running_loop()
    arrived = loop.create_future()

    def wake(_: object) -> None:
        # The waiting loop may have ended; the session's own bookkeeping then has the last word.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, arrived)

    future.add_done_callback(wake)
    await arrived
    return future.result()


def _settle(arrived: asyncio.Future[None]) -> None:
    if not arrived.done():
        arrived.set_result(None)
