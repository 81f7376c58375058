"""Makes the httpx clients of one organization."""

from __future__ import annotations

import ssl

from semtui import __version__
from semtui.api.headers import NoCookies
from semtui.api.httpx_alone import httpx
from semtui.api.proxies import Proxy
from semtui.api.unpacking import ACCEPTED

_MOST_CONNECTIONS = 8


class ClientFactory:
    """Makes clients with equal settings, each with connections of its own."""

    def __init__(
        self, base_url: str, api_token: str, proxy: Proxy | None, verify: ssl.SSLContext, connect_seconds: float
    ) -> None:
        self._base_url = base_url
        self._api_token = api_token
        self._proxy = proxy
        self._verify = verify
        self._connect_seconds = connect_seconds

    def new(self) -> httpx.AsyncClient:
        """A new client."""
        return httpx.AsyncClient(
            base_url=f"{self._base_url}/api/",
            headers={
                "Authorization": f"Token {self._api_token}",
                "User-Agent": f"semtui/{__version__}",
                "Accept-Encoding": ACCEPTED,
            },
            verify=self._verify,
            follow_redirects=False,
            event_hooks={"response": [_set_location_aside]},
            cookies=NoCookies(),
            # The environment's proxies and certificates have already been read and checked.
            proxy=None if self._proxy is None else _httpx_proxy(self._proxy, self._verify),
            trust_env=False,
            # The rest has one overall timeout, which counts only the time semtui is running (`running_time`).
            timeout=httpx.Timeout(None, connect=self._connect_seconds),
            limits=httpx.Limits(max_connections=_MOST_CONNECTIONS),
        )


class Pool:
    """Pooled connections for reads, and how many reads are using them.

    httpx never frees the slot of a request that was cancelled or timed out (encode/httpcore#1093): after a few of them
    the pool would be stuck. So a pool with such a request is retired, and closed by its last user.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.users = 0
        self.retired = False
        """No further read may use it."""


def _httpx_proxy(proxy: Proxy, verify: ssl.SSLContext) -> httpx.Proxy:
    login = (proxy.user, proxy.password) if proxy.user or proxy.password else None
    return httpx.Proxy(proxy.url, auth=login, ssl_context=verify if proxy.scheme == "https" else None)


async def _set_location_aside(response: httpx.Response) -> None:
    """Hide redirects from httpx, which builds a request for each, followed or not, and fails on an invalid address."""
    response.extensions["location"] = response.headers.pop("location", "")
