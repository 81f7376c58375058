"""Makes the httpx clients that one organization is asked with."""

from __future__ import annotations

import ssl

from semtui import __version__
from semtui.api.headers import NoCookies
from semtui.api.httpx_alone import httpx
from semtui.api.proxies import Proxy
from semtui.api.unpacking import ACCEPTED

_MOST_CONNECTIONS = 8


class ClientFactory:
    """Makes clients that differ in nothing but their connections."""

    def __init__(
        self, base_url: str, api_token: str, proxy: Proxy | None, verify: ssl.SSLContext, connect_seconds: float
    ) -> None:
        self._base_url = base_url
        self._api_token = api_token
        self._proxy = proxy
        self._verify = verify
        self._connect_seconds = connect_seconds

    def new(self) -> httpx.AsyncClient:
        """A client with connections of its own."""
        return httpx.AsyncClient(
            base_url=f"{self._base_url}/api/v1alpha/",
            headers={
                "Authorization": f"Token {self._api_token}",
                "User-Agent": f"semtui/{__version__}",
                "Accept-Encoding": ACCEPTED,
            },
            verify=self._verify,
            follow_redirects=False,
            event_hooks={"response": [_set_location_aside]},
            cookies=NoCookies(),
            # What the environment says of proxies and certificates is known by now, and what of it cannot be used.
            proxy=None if self._proxy is None else _httpx_proxy(self._proxy, self._verify),
            trust_env=False,
            # The rest is limited as a whole, and by the time semtui is running.
            timeout=httpx.Timeout(None, connect=self._connect_seconds),
            limits=httpx.Limits(max_connections=_MOST_CONNECTIONS),
        )


class Pool:
    """Pooled connections for reads, and how many reads are using them.

    httpx never frees the place of a request that was broken off, by a time limit or because nobody waits any more
    (encode/httpcore#1093): after a few of those its pool would let nothing through. So a pool with one of those is
    retired, and closed by who uses it last.
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
    """httpx makes a request of every redirect, followed or not, and some locations are no address."""
    response.extensions["location"] = response.headers.pop("location", "")
