"""How far a request has got and why it failed, in words that tell host, proxy and TLS apart.

httpx does not say which of them failed, or whether the request had left when time ran out. httpcore's trace does: it
reports each step as it begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any, Literal

import httpcore

from semtui.api.certificates import verification_error
from semtui.api.httpx_alone import httpx
from semtui.api.proxies import Proxy
from semtui.text.clean import clean

Step = Literal["wait", "connect", "proxy TLS", "proxy", "TLS", "sent"]
"""What a request is doing: waiting for a connection, connecting (to the proxy, if any), TLS handshake with the proxy,
asking the proxy to connect, TLS handshake with Semaphore; and sending the request itself."""

Reason = tuple[str, bool]
"""A reason, and whether it is permanent, so that an immediate retry would be useless."""


class Progress:
    """How far one request has got. `note` is to be passed to httpcore as its trace."""

    def __init__(self, patience: float, *, proxied: bool, connecting: asyncio.Event) -> None:
        """`connecting` is set once a connection is asked for."""
        self.step: Step = "wait"
        self.misunderstood: BaseException | None = None
        """Why the exchange with a SOCKS proxy failed: httpcore has no errors of its own for malformed replies."""
        self._patience = patience
        self._proxied = proxied
        self._connecting = connecting
        self._limit: asyncio.Timeout | None = None
        self._stream: httpcore.AsyncNetworkStream | None = None

    @property
    def sent(self) -> bool:
        """True once the first byte of the request may have left for Semaphore."""
        return self.step == "sent"

    def until_sent(self) -> asyncio.Timeout:
        """A timeout for connecting, counted from when that begins: a proxy may keep us waiting forever."""
        self._limit = asyncio.timeout(None)
        return self._limit

    async def note(self, event: str, info: dict[str, Any]) -> None:
        """Take note of a step; httpcore calls it."""
        layer, _, rest = event.partition(".")
        if rest == "connect_tcp.complete":
            self._stream = info["return_value"]
        if rest == "setup_socks5_connection.failed":
            self.misunderstood = info["exception"]
        if self.sent or not rest.endswith(".started"):
            return
        if rest.startswith("connect_tcp"):
            self.step = "connect"
            self._connecting.set()
            self._allow(asyncio.get_running_loop().time() + self._patience)
        elif rest.startswith("start_tls"):
            self.step = "proxy TLS" if layer == "connection" and self._proxied else "TLS"
        elif rest.startswith("setup_socks5"):
            self.step = "proxy"
        elif rest.startswith("send_request_headers"):
            if info["request"].method == b"CONNECT":
                self.step = "proxy"
            else:
                self.step = "sent"
                self._allow(None)

    async def abandon(self) -> None:
        """Close the connection if it was not established; httpcore leaves one open that a SOCKS proxy refused."""
        if self._stream is not None and not self.sent:
            with contextlib.suppress(httpcore.NetworkError, OSError):
                await self._stream.aclose()

    def _allow(self, until: float | None) -> None:
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(until)


class Route:
    """The route to one host, direct or through a proxy."""

    def __init__(self, host: str, name: str, proxy: Proxy | None, *, ca_file_given: bool) -> None:
        """`host` is its name in sentences, `name` the name its certificate must have."""
        self._host = host
        self._name = name
        self._proxy = proxy
        self._ca_file_given = ca_file_given
        self.connecting = asyncio.Event()
        """Set once the first connection is asked for."""

    def begin(self, patience: float) -> Progress:
        """The progress of the next request, which may take `patience` seconds to connect."""
        return Progress(patience, proxied=self._proxy is not None, connecting=self.connecting)

    def failure(self, progress: Progress, error: Exception) -> Reason:
        """Why a request was not sent, as a sentence."""
        proxy, step = self._proxy, progress.step
        words, permanent = self._reason(proxy, step, error)
        # Mention the proxy even if it was not the proxy that failed.
        through = f", by way of the proxy {proxy.address}," if proxy and step in ("wait", "TLS") else ""
        return f"{self._host}{through} cannot be reached: {words}.", permanent

    def _reason(self, proxy: Proxy | None, step: Step, error: Exception) -> Reason:
        if step == "connect":
            return _not_connected(error, f"the proxy {proxy.address}" if proxy else "it")
        if step == "TLS":
            return _not_secured(error, "it", self._name, self._ca_file_given)
        if proxy is not None and step == "proxy TLS":
            whom, name = f"the proxy {proxy.address}", re.sub(r":\d+$", "", proxy.address)
            words, permanent = _not_secured(error, whom, name, self._ca_file_given)
            return words.replace("its TLS certificate", f"the TLS certificate of {whom}"), permanent
        if proxy is not None and step == "proxy":
            words, permanent = _proxy_refused(error, proxy)
            return f"the proxy {proxy.address} {words}", permanent
        return ("no connection was free in time" if _timed_out(error) else "no connection could be made"), False


def _not_connected(error: Exception, whom: str) -> Reason:
    if _timed_out(error):
        return f"{whom} does not answer", False
    whose = "its name" if whom == "it" else f"the name of {whom}"
    for found in _causes(error):
        if isinstance(found, socket.gaierror):
            if found.errno == socket.EAI_AGAIN:
                return f"{whose} cannot be looked up at present; is this computer online?", False
            return f"{whose} cannot be found", False
    numbers = {found.errno for found in _causes(error) if isinstance(found, OSError) and found.errno}
    # A name may have several addresses; one that refused says more than others that cannot be reached.
    if errno.ECONNREFUSED in numbers:
        return f"{whom} refused the connection", False
    if errno.ETIMEDOUT in numbers:
        return f"{whom} does not answer", False
    if numbers & {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}:
        return f"there is no route to {whom} from here; is this computer online?", False
    reason = next((found.strerror for found in _causes(error) if isinstance(found, OSError) and found.strerror), "")
    return f"no connection to {whom} could be made" + (f" ({clean(reason, limit=100)})" if reason else ""), False


def _not_secured(error: Exception, whom: str, name: str, ca_file_given: bool) -> Reason:
    if _timed_out(error):
        return f"{whom} took the connection and then said nothing", False
    for found in _causes(error):
        if isinstance(found, ssl.SSLCertVerificationError):
            return verification_error(found, name, given=ca_file_given), True
        # The excluded ones only say that there was nothing to read yet, or that the connection ended.
        if isinstance(found, ssl.SSLError) and not isinstance(found, ssl.SSLEOFError | ssl.SSLWantReadError):
            reason = (found.reason or "").replace("_", " ").lower()
            return f"{whom} did not speak TLS as expected" + (f" ({clean(reason, limit=100)})" if reason else ""), True
    return f"{whom} ended the connection before TLS was agreed on", False


def _proxy_refused(error: Exception, proxy: Proxy) -> Reason:
    if _timed_out(error):
        return "took the connection and then said nothing", True
    if isinstance(error, httpx.ProxyError):
        # The text is httpcore's; for an HTTP proxy it is the status and reason phrase.
        return _socks_answer(str(error), proxy) if proxy.socks else _http_answer(str(error), proxy)
    if proxy.socks:
        return "does not answer as a SOCKS5 proxy does", True
    if isinstance(error, httpx.NetworkError) or "disconnected" in str(error):
        return "ended the connection without an answer", False
    return "does not answer as an HTTP proxy does", True


def _socks_answer(answer: str, proxy: Proxy) -> Reason:
    if "Invalid username" in answer:
        return _login_refused(proxy)
    if answer.startswith("Requested"):
        if proxy.user or proxy.password:
            return "does not take a user name and password", True
        return _login_refused(proxy)
    if "not allowed" in answer:
        return "does not allow connections to it", True
    return ("says that it refused the connection" if "refused" in answer else "could not reach it"), False


def _login_refused(proxy: Proxy) -> Reason:
    if proxy.user or proxy.password:
        return f"does not accept the user name and password in {proxy.source}", True
    return f"asks for a user name and password: put them into {proxy.source}", True


def _http_answer(answer: str, proxy: Proxy) -> Reason:
    found = re.match(r"\d{3}", answer)
    status = int(found[0]) if found else 0
    if status == 407:
        return _login_refused(proxy)
    if status == 403:
        return "does not allow connections to it (status 403)", True
    if status in (502, 503, 504):
        return f"could not reach it (status {status})", False
    return f"refused to connect (status {status})", True


def _timed_out(error: Exception) -> bool:
    return isinstance(error, TimeoutError | httpx.TimeoutException)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes: httpx wraps httpcore, which wraps anyio, which wraps one error per address."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [found.__cause__, found.__context__]
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions
