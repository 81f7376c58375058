"""Finds the proxy in the environment. httpx is given the result and does not read the environment itself."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from semtui.api.hosts import international, is_loopback
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_SCHEMES = ("http", "https", "socks5", "socks5h")
_ADDRESS = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?/?")
_ENDS_THE_LOGIN = re.compile(r"[/?#@\\\s]")
"""Characters that some URL parser takes for the end of the user name and password, or of the whole address."""
_LONGEST_SOCKS_WORD = 255
_SYSTEM = "The proxy of this computer's network settings"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A checked proxy. Its user name and password are never shown."""

    source: str
    """The variable that names it, worded to begin a sentence."""
    scheme: str
    address: str
    """Host and port as given."""
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.scheme}://{self.address})"

    @property
    def url(self) -> str:
        """The proxy's URL without user name and password."""
        return f"{self.scheme}://{self.address}"

    @property
    def socks(self) -> bool:
        """True for a proxy that speaks SOCKS instead of HTTP."""
        return self.scheme.startswith("socks")


def proxy_of(origin: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for requests to this address, or None for a direct connection.

    Raises ConfigurationError for one that cannot be used, without quoting it.
    """
    scheme, _, address = origin.partition("://")
    name, _, port = address.rpartition(":") if re.search(r":\d+$", address) else (address, "", "")
    if is_loopback(name):
        return None
    found = _named(environ, f"{scheme}_proxy") or _named(environ, "all_proxy") or _system_proxy(origin, environ)
    if found is None or _bypasses_proxy(name, port or {"http": "80"}.get(scheme, "443"), environ):
        return None
    return _parsed(*found)


def shown_proxy(origin: str, environ: Mapping[str, str]) -> str:
    """Host and port of that proxy for display; "" for none. Raises ConfigurationError."""
    proxy = proxy_of(origin, environ)
    return "" if proxy is None else proxy.address


def leave_out_socks(environ: Mapping[str, str]) -> None:
    """Keep httpx from loading its SOCKS support unless a proxy may need it. Call before httpx is imported."""
    if not any(value.strip().lower().startswith("socks") for _, value in _settings(environ)):
        # None makes an import fail, as if the package were not installed.
        sys.modules.setdefault("socksio", None)  # type: ignore[arg-type]


def _settings(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in environ.items() if name.lower().endswith("_proxy")]


def _named(environ: Mapping[str, str], wanted: str) -> tuple[str, str] | None:
    """A variable in any case, and its value; lower case wins, as in other programs. None if it is blank or unset."""
    # An exact look-up first, because hardly anybody has these variables.
    name = wanted if wanted in environ else next((name for name in environ if name.lower() == wanted), "")
    value = environ.get(name, "").strip()
    return (name, value) if value else None


def _system_proxy(origin: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The proxy in macOS's network settings, used when no variable names one."""
    if sys.platform != "darwin" or any(value for _, value in _settings(environ)):
        return None
    from urllib.request import getproxies, proxy_bypass

    scheme, _, address = origin.partition("://")
    value = getproxies().get(scheme, "")
    return (_SYSTEM, value) if value and not proxy_bypass(address) else None


# The value of a variable


def _parsed(source: str, value: str) -> Proxy:
    scheme, written, rest = value.partition("://")
    scheme, rest = (scheme.lower(), rest) if written else ("http", value.removeprefix("//"))
    login, _, address = rest.rpartition("@")
    if not value.isprintable():
        raise _unusable(source, "holds a character that cannot be printed")
    if scheme not in _SCHEMES:
        raise _unusable(source, "is of a kind semtui cannot use; there are http, https, socks5 and socks5h")
    if _ENDS_THE_LOGIN.search(login):
        raise ConfigurationError(
            f"{source} has a character in its user name or password that has to be written with % there: "
            "%23 for #, %2F for /, %3F for ?, %40 for @, %5C for \\, %20 for a space."
        )
    found = _ADDRESS.fullmatch(address)
    if found is None and (ascii_name := international(address.partition(":")[0])):
        raise ConfigurationError(f"{source} names its host in letters beyond ASCII: write {ascii_name} in its place.")
    if found is None or not _is_name(found["name"]):
        raise _unusable(source, "is not the address of a proxy")
    if found["port"] and not 0 < int(found["port"]) < 65536:
        raise _unusable(source, "has a port that does not exist")
    user, _, password = login.partition(":")
    return _with_login(Proxy(source, scheme, address.rstrip("/").lower()), user, password)


def _with_login(proxy: Proxy, user: str, password: str) -> Proxy:
    if not user and not password:
        return proxy
    from urllib.parse import unquote

    user, password = unquote(user), unquote(password)
    if proxy.socks and max(len(user.encode()), len(password.encode())) > _LONGEST_SOCKS_WORD:
        raise _unusable(proxy.source, "has a longer user name or password than SOCKS can carry")
    return replace(proxy, user=user, password=password)


def _unusable(source: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"{source} {why}: set it to an address as http://proxy.example.com:3128, or unset it.")


def _is_name(name: str) -> bool:
    return _address(name.lower()) is not None if name.startswith("[") else all(name.removesuffix(".").split("."))


# Hosts without a proxy


def _bypasses_proxy(name: str, port: str, environ: Mapping[str, str]) -> bool:
    found = _named(environ, "no_proxy")
    return found is not None and any(_covers(entry, name, port) for entry in re.split(r"[\s,]+", found[1].lower()))


def _covers(entry: str, name: str, port: str) -> bool:
    """Whether an entry of NO_PROXY covers this host. One that cannot be parsed covers none, as in other programs."""
    entry = entry.rpartition("://")[2]
    address = _address(name)
    if re.search(r"/\d+$", entry):
        return address is not None and _holds(entry, address)
    entry, wanted_port = _split(entry.rstrip("/"))
    if wanted_port and wanted_port.lstrip("0") != port:
        return False
    if address is not None and (other := _address(entry)) is not None:
        return address == other
    entry = entry.removesuffix(".")
    if "*" in entry.removeprefix("*."):
        from fnmatch import fnmatchcase

        return fnmatchcase(name, entry)
    domain = entry.removeprefix("*").removeprefix(".")
    domain = domain if domain.isascii() else international(domain)
    return bool(domain) and (name == domain or (address is None and name.endswith(f".{domain}")))


def _split(entry: str) -> tuple[str, str]:
    """Host and port. An IPv6 address has more than one colon, and can have a port only after brackets."""
    if entry.startswith("["):
        name, _, port = entry[1:].partition("]")
        return name, port.removeprefix(":")
    if entry.count(":") == 1:
        name, _, port = entry.partition(":")
        return name, port
    return entry, ""


def _address(name: str) -> IPv4Address | IPv6Address | None:
    if not re.fullmatch(r"\[?[0-9a-f:.]+\]?", name):
        return None
    import ipaddress

    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


def _holds(network: str, address: IPv4Address | IPv6Address) -> bool:
    import ipaddress

    try:
        return address in ipaddress.ip_network(re.sub(r"[\[\]]", "", network), strict=False)
    except ValueError:
        return False
