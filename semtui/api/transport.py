"""Sends single HTTP requests to Semaphore: address, token, time limits, retries of reads."""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from semtui.api.certificates import tls_context
from semtui.api.connections import Progress, Route
from semtui.api.errors import NotSentError, ReadOnlyError
from semtui.api.headers import has_more, retry_after, seconds_of, whole_number
from semtui.api.http_clients import ClientFactory, Pool
from semtui.api.httpx_alone import httpx
from semtui.api.lost_answers import loss
from semtui.api.proxies import Proxy, proxy_of
from semtui.api.recording import tee_answer
from semtui.api.unpacking import UnpackingError, unpacked
from semtui.system.errors import ConfigurationError
from semtui.system.running_time import ActiveTimeout

if TYPE_CHECKING:
    from semtui.api.token_response import TokenCapture
    from semtui.system.debug_log import DebugLog

# httpx raises these before the first byte of the request has left.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
_MOST_PIECES = 400_000
"""The most objects and lists in one answer; a page of members has some ten thousand."""
# Not 500, which is often permanent here, as for groups on Community (`API.md#retrying`).
_PASSING_STATUS = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in seconds and bytes; `API.md#timeouts` has the reasons."""

    connect: float = 5
    read_total: float = 15
    write_total: float = 40
    """Longer than the 30.5 s Semaphore's own gateway waits, so that its late answers still arrive."""
    read_tries: int = 3
    retry_wait: float = 0.4
    """Upper bound of the first random wait; it doubles with each retry."""
    longest_retry_after: float = 30
    poll_for: float = 35
    """How long to check on a write whose answer was lost: Semaphore may still carry it out until then
    (`API.md#timeouts`)."""
    poll_interval: float = 2
    queue_poll_for: float = 60
    """How long to watch what Semaphore has queued; its own web page speaks of a minute (`API.md#group-queue`)."""
    queue_poll_interval: float = 2
    read_bytes: int = 20_000_000
    write_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `body` may hold a token, so the repr leaves it out."""

    status: int
    """0 when no answer came at all."""
    body: bytes = b""
    lost: str = ""
    """Why the answer is missing or incomplete; "" if all of it arrived."""
    cut: bool = False
    """True if the connection ended before the answer did; False if the answer was too slow or too large."""
    retry_after: float | None = None
    """Seconds to wait, if the server asked for it."""
    location: str = ""
    has_more: bool | None = None
    """Whether there are more pages, by the header `x-has-more` or `link` (`API.md#paging-projects`,
    `API.md#workflows`); None if neither says."""
    total: int | None = None
    """The header `total`: how many rows all pages have (`API.md#workflows`)."""
    next_page: str = ""
    """The header `next-page-token` (`API.md#secrets-v2`)."""

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"

    @property
    def is_transient(self) -> bool:
        """True for a failure that often passes; an empty 403 is an outage of the gateway (`API.md#timeouts`)."""
        return self.status in _PASSING_STATUS or (self.status == 403 and not self.body.strip())

    def json(self) -> object:
        """The body as JSON. Raises ValueError for anything else, including NaN and excessive nesting."""
        # A few bytes of JSON become hundreds as Python objects.
        if self.body.count(b"{") + self.body.count(b"[") > _MOST_PIECES:
            raise ValueError("in more pieces than can be read")
        try:
            return json.loads(self.body, parse_constant=_refuse_constant)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except ValueError:
            # The decoder's own error contains the whole body.
            raise ValueError("not JSON") from None


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


class Transport:
    """Sends requests to one organization. Reads share pooled connections and are retried; a write is sent once.

    A path is one of v1alpha; one of another API begins with a slash, as in `/v1beta/secrets`.

    A write travels on a connection of its own: on a reused one, "closed by the server" could mean that the
    request never arrived or that it was carried out, and the two must not look alike.
    """

    def __init__(
        self,
        base_url: str,
        api_token: str,
        *,
        host: str = "",
        read_only: bool = False,
        ca_file: Path | None = None,
        limits: Limits = Limits(),
        log: DebugLog | None = None,
    ) -> None:
        self.limits = limits
        self._log = log
        self._clock_offset: float | None = None
        """Semaphore's clock minus `time.monotonic`, in seconds."""
        self.read_only = read_only
        self.host = host or urlsplit(base_url).netloc
        """The server's name in errors."""
        proxy, verify = _checked_settings(base_url, ca_file)
        self._route = Route(self.host, urlsplit(base_url).hostname or "", proxy, ca_file_given=ca_file is not None)
        self._clients = ClientFactory(base_url, api_token, proxy, verify, limits.connect)
        self._pool = Pool(self._clients.new())
        self._closing: set[asyncio.Task[None]] = set()

    async def connecting(self) -> None:
        """Wait until the first request asks for a connection."""
        await self._route.connecting.wait()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.client.aclose()
        await asyncio.gather(*self._closing)

    async def read(self, path: str, params: dict[str, str | int] | None = None) -> Answer:
        """GET `path`, with a few retries if the failure may be transient. Raises NotSentError."""
        for tried in range(1, self.limits.read_tries + 1):
            last = tried == self.limits.read_tries
            wait = random.uniform(0, self.limits.retry_wait * 2 ** (tried - 1))
            try:
                answer = await self._read_once(path, params)
            except NotSentError as error:
                if last or error.permanent:
                    raise
            else:
                asked = answer.retry_after or 0
                if last or not (answer.is_transient or answer.cut) or asked > self.limits.longest_retry_after:
                    return answer
                wait = max(wait, asked)
            await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _read_once(self, path: str, params: dict[str, str | int] | None) -> Answer:
        pool = self._pool
        request = pool.client.build_request("GET", _below_api(path), params=params)
        pool.users += 1
        whole = False
        try:
            answer = await self._exchange(pool.client, request, self.limits.read_total, self.limits.read_bytes)
            whole = not answer.lost or answer.cut
            return answer
        finally:
            pool.users -= 1
            self._release_pool(pool, whole)

    def _release_pool(self, pool: Pool, whole: bool) -> None:
        """Release a pool after a read. If the exchange was not `whole`, the pool is replaced, and closed by its last
        user."""
        if not whole and not pool.retired:
            pool.retired = True
            self._pool = Pool(self._clients.new())
        if pool.retired and not pool.users:
            closing = asyncio.ensure_future(pool.client.aclose())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def write(
        self, method: str, path: str, body: dict[str, object] | None = None, capture: TokenCapture | None = None
    ) -> Answer:
        """Send a write once. Raises NotSentError only if it certainly never left; otherwise returns an answer.

        `capture` receives the bytes of the answer as they arrive.
        """
        if self.read_only:
            raise ReadOnlyError("Nothing was sent: this organization is open read-only.")
        # Uncompressed, so that even an answer that is cut off can be read as far as it came.
        headers = {"Accept-Encoding": "identity"}
        async with self._clients.new() as client:
            request = client.build_request(method, _below_api(path), json=body, headers=headers)
            try:
                return await self._exchange(client, request, self.limits.write_total, self.limits.write_bytes, capture)
            except NotSentError as error:
                raise NotSentError(f"{error} Nothing was sent.") from None

    async def _exchange(
        self,
        client: httpx.AsyncClient,
        request: httpx.Request,
        seconds: float,
        most_bytes: int,
        capture: TokenCapture | None = None,
    ) -> Answer:
        note, progress = self._log_request(request), self._route.begin(2 * self.limits.connect)
        request.extensions["trace"] = progress.note if capture is None else tee_answer(capture, progress.note)
        try:
            answer = await self._receive(client, request, progress, seconds, most_bytes)
        except NotSentError:
            note(f"not sent, stopped at {progress.step}")
            raise
        except BaseException:
            note("called off")
            raise
        finally:
            await progress.abandon()
        note(f"status {answer.status}, {len(answer.body)} bytes{', ' if answer.lost else ''}{answer.lost}")
        return answer

    def _not_sent(self, progress: Progress, error: Exception, clock: ActiveTimeout) -> NotSentError:
        """Why a request was not sent, as an error. Raises `error` itself if it is an internal one."""
        if clock.stopped and isinstance(error, TimeoutError | httpx.TimeoutException):
            return NotSentError(f"semtui was stopped while it was connecting to {self.host}.")
        if not isinstance(error, httpx.HTTPError | TimeoutError) and error is not progress.misunderstood:
            raise error
        words, permanent = self._route.failure(progress, error)
        return NotSentError(words, permanent=permanent)

    def _log_request(self, request: httpx.Request) -> Callable[[str], None]:
        """Log that a request begins; returns a function to be called with how it ended."""
        log, began = self._log, time.monotonic()
        if log is None:
            return lambda words: None
        number = log.number()
        path = request.url.path.partition("/api/")[2].removeprefix("v1alpha/")
        log.request(number, request.method, path, request.url.params)
        return lambda words: log.ended(number, f"{words}, {(time.monotonic() - began) * 1000:.0f} ms")

    @property
    def server_time(self) -> float | None:
        """Semaphore's clock now, accurate to about a second, in epoch seconds; None before the first answer."""
        return None if self._clock_offset is None else time.monotonic() + self._clock_offset

    def _note_clock(self, date: str) -> None:
        if (now := seconds_of(date)) is not None:
            self._clock_offset = now - time.monotonic()

    async def _receive(
        self, client: httpx.AsyncClient, request: httpx.Request, progress: Progress, seconds: float, most_bytes: int
    ) -> Answer:
        response, received, lost, cut = httpx.Response(0), bytearray(), "", False
        clock = ActiveTimeout(seconds)
        try:
            async with clock, progress.until_sent():
                response = await client.send(request, stream=True)
                try:
                    async for part in response.aiter_raw():
                        received += part
                        if len(received) > most_bytes:
                            lost = f"the answer was larger than {most_bytes:,} bytes"
                            break
                finally:
                    await response.aclose()
        except Exception as error:
            if isinstance(error, _NEVER_SENT) or not progress.sent:
                raise self._not_sent(progress, error, clock) from None
            lost, cut = loss(error, seconds, response.status_code)
        headers, body = response.headers, bytes(received)
        self._note_clock(headers.get("date", ""))
        try:
            body = unpacked(body, headers.get("content-encoding", ""), most_bytes)
        except UnpackingError as error:
            lost, cut = lost or f"the answer {error}", cut or error.damaged
        return Answer(
            response.status_code,
            body,
            lost,
            cut,
            retry_after=retry_after(headers.get("retry-after", "")),
            location=response.extensions.get("location", ""),
            has_more=has_more(headers),
            total=whole_number(headers.get("total", "")),
            next_page=headers.get("next-page-token", ""),
        )


def _below_api(path: str) -> str:
    return path[1:] if path.startswith("/") else f"v1alpha/{path}"


def _checked_settings(base_url: str, ca_file: Path | None) -> tuple[Proxy | None, ssl.SSLContext]:
    """The proxy of the environment, and the context that verifies certificates. Raises NotSentError if either cannot be
    used."""
    try:
        proxy = proxy_of(base_url, os.environ)
        # Loading the authorities takes longer than a request to this computer, and without TLS they are not used.
        if urlsplit(base_url).scheme == "http":
            return proxy, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return proxy, tls_context(ca_file, os.environ)
    except ConfigurationError as error:
        raise NotSentError(str(error), permanent=True) from None
