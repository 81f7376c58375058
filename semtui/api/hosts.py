"""Addresses of organizations: which are valid, and when two name the same server."""

import re
from dataclasses import dataclass

from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?(?P<slash>/?)"
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Origin:
    """A checked address; equal ones name the same server."""

    host: str
    base_url: str


def parse_host(text: str, *, source: str) -> Origin:
    """Check a host name or URL. Raises ConfigurationError, with `source` at its beginning; the text is not quoted,
    except an international name in the form it is looked up."""
    # ASCII first: lower() turns the Kelvin sign into a plain k.
    found = _ADDRESS.fullmatch(text.lower()) if text.isascii() else None
    scheme = found["scheme"] or "https" if found else ""
    name = _host_name(found["name"]) if found else None
    if found is None and (looked_up := international(_name_in(text))):
        raise ConfigurationError(
            f"{source} is not a host in ASCII letters: as it is looked up, its name is {clean(looked_up, limit=300)}; "
            "give that, if it is what you mean."
        )
    if found is None or name is None or (found["slash"] and not found["scheme"]):
        raise ConfigurationError(
            f"{source} is not a host: give a name such as acme.semaphoreci.com, or https:// and a name, nothing more."
        )
    port = int(found["port"] or _USUAL_PORTS[scheme])
    if not 0 < port < 65536:
        raise ConfigurationError(f"{source} has a port that does not exist: give one from 1 to 65535, or none.")
    if scheme == "http" and not is_loopback(name):
        raise ConfigurationError(f"{source} begins with http://, which would show the API token: use https://.")
    shown = name if port == _USUAL_PORTS[scheme] else f"{name}:{port}"
    return Origin(shown, f"{scheme}://{shown}")


def international(name: str) -> str:
    """A non-ASCII name in the form it is looked up, with labels such as xn--mnchen-3ya; "" for any other."""
    if name.isascii():
        return ""
    import idna

    try:
        found = idna.encode(name, uts46=True).decode()
    except UnicodeError:
        return ""
    # Some letters are variants of plain ones; a look-alike must not lead to a host.
    return found if "xn--" in found else ""


def _name_in(text: str) -> str:
    """The host name within an address; "" if it could not be one with any letters."""
    name = re.fullmatch(r"(?:https?://)?([\w.-]+)(?::\d+)?/?", text.lower())
    return name[1] if name and "." in name[1] else ""


def _host_name(name: str) -> str | None:
    """The name as it is looked up, or None if it is not one."""
    if name.startswith("["):
        return _address(name)
    name = name.removesuffix(".")
    labels = name.split(".")
    # A name that ends in a number is looked up as an address, even in forms such as 127.1 or 0x7f000001.
    if _NUMBER.fullmatch(labels[-1]):
        return _address(name)
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


def _address(name: str) -> str | None:
    import ipaddress

    try:
        return f"[{ipaddress.IPv6Address(name[1:-1])}]" if name.startswith("[") else str(ipaddress.IPv4Address(name))
    except ipaddress.AddressValueError:
        return None


def is_account_host(host: str) -> bool:
    """True for the host of user accounts, which does not serve an organization (`API.md#settings-file`)."""
    return host.startswith("me.")


def is_loopback(name: str) -> bool:
    """True for this computer, which is reached without a proxy."""
    # Only an address can have a number as its first and its last label.
    return name in ("localhost", "::1", "[::1]") or re.fullmatch(r"127\.\d+\.\d+\.\d+", name) is not None


def same_host(one: str, other: str) -> bool:
    """Whether two hosts are the same; on this computer the port is ignored: the demo's changes at each start."""
    hosts = [host.lower() for host in (one, other)]
    bare = [host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host for host in hosts]
    return hosts[0] == hosts[1] or (bare[0] == bare[1] and bare[0] in _LOOPBACK)
