"""Which organization to open, and with which API token: from the command line, the environment or ~/.sem.yaml."""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from semtui.text import clean

_LARGEST_FILE = 1024 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9_\-=.]*")
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?(?P<slash>/?)"
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_USUAL_PORTS = {"https": 443, "http": 80}
_HELP = "run `sem-ai connect`, or set SEMAPHORE_HOST and SEMAPHORE_API_TOKEN, or look around with `semtui --demo`"


class ConfigurationError(Exception):
    """semtui cannot start as it was told to; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Context:
    """One organization and the API token that belongs to it."""

    name: str
    host: str
    """What is shown: the host, with its port if that is an unusual one."""
    base_url: str
    """`https://` and the host; `http://` only for a server on this computer."""
    api_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A context, and sentences about what is unsafe or was not used."""

    context: Context
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """A checked address; two that are equal name the same server."""

    host: str
    base_url: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A context as it stands in the file, where anything may stand."""

    name: str
    host: str
    token: str = field(repr=False)

    @property
    def origin(self) -> Origin | None:
        try:
            return parse_host(self.host, source="the file")
        except ConfigurationError:
            return None


@dataclass(frozen=True, slots=True)
class _Settings:
    path: Path
    exists: bool = False
    active: str = ""
    entries: tuple[_Entry, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return clean(str(self.path), limit=400)


def choose_context(
    *, context_name: str | None = None, host: str | None = None, environ: Mapping[str, str], home: Path
) -> Chosen:
    """Choose by --context, else --host, else the environment over the active context of ~/.sem.yaml.

    A context chosen by name brings its own host and token: SEMAPHORE_HOST and SEMAPHORE_API_TOKEN are then
    ignored, with a warning. A token is used only for the host it belongs to.
    """
    env_host, env_token = (_value(environ, name) for name in ("SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN"))
    path = home / ".sem.yaml"
    if context_name is not None:
        return _choose_by_name(_load(path), context_name, host, environ)
    if host is not None:
        return _choose_by_host(path, _organization(host, "--host"), env_host, env_token)
    if not env_host:
        return _choose_active(_load(path), env_token)
    origin = _organization(env_host, "SEMAPHORE_HOST")
    if env_token:
        return Chosen(_context("env", origin, env_token, "SEMAPHORE_API_TOKEN"))
    # sem-ai would send the active context's token to SEMAPHORE_HOST, whatever host that is. Here a token stays
    # with its own host, so the two must be the same server.
    settings = _load(path)
    entry = _active_entry(settings)
    if entry is None or entry.origin != origin:
        raise ConfigurationError(
            "SEMAPHORE_HOST is set, and no API token for that host is at hand: set SEMAPHORE_API_TOKEN too, "
            f"or, if {settings.shown} has a context for the host, give it with --host."
        )
    return _from_entry(settings, entry)


def parse_host(text: str, *, source: str) -> Origin:
    """Check a host name or URL; `source` begins the sentence of a refusal, which never repeats the text."""
    # ASCII first: lower() turns the Kelvin sign into a plain k.
    found = _ADDRESS.fullmatch(text.lower()) if text.isascii() else None
    scheme = found["scheme"] or "https" if found else ""
    name = _host_name(found["name"]) if found else None
    if found is None or name is None or (found["slash"] and not found["scheme"]):
        raise ConfigurationError(
            f"{source} is not a host: give a name such as acme.semaphoreci.com, or https:// and a name, nothing more."
        )
    port = int(found["port"] or _USUAL_PORTS[scheme])
    if not 0 < port < 65536:
        raise ConfigurationError(f"{source} has a port that does not exist: give one from 1 to 65535, or none.")
    if scheme == "http" and not _is_loopback(name):
        raise ConfigurationError(f"{source} begins with http://, which would show the API token: use https://.")
    shown = name if port == _USUAL_PORTS[scheme] else f"{name}:{port}"
    return Origin(shown, f"{scheme}://{shown}")


def _value(environ: Mapping[str, str], name: str) -> str:
    """An environment variable, where white space alone counts as unset."""
    value = environ.get(name, "")
    return value if value.strip() else ""


def _choose_by_name(settings: _Settings, name: str, host: str | None, environ: Mapping[str, str]) -> Chosen:
    entry = _one_of(_called(settings.entries, name), f"“{clean(name, limit=100)}”", settings)
    if entry is None:
        hosts = ", ".join(sorted({o.host for e in settings.entries if (o := e.origin) and "." in o.host}))
        raise ConfigurationError(
            f"There is no context “{clean(name, limit=100)}” in {settings.shown}: "
            + (f"choose one of {hosts}." if hosts else f"{_HELP}.")
        )
    if host is not None and _organization(host, "--host") != entry.origin:
        raise ConfigurationError("--context and --host name two different hosts: leave one of them out.")
    ignored = [name for name in ("SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN") if _value(environ, name)]
    return _from_entry(settings, entry, *(_ignored(name, "--context") for name in ignored))


def _choose_by_host(path: Path, origin: Origin, env_host: str, env_token: str) -> Chosen:
    env_origin = parse_host(env_host, source="SEMAPHORE_HOST") if env_host and env_token else None
    if env_origin == origin:
        return Chosen(_context("env", origin, env_token, "SEMAPHORE_API_TOKEN"))
    settings = _load(path)
    entries = [entry for entry in settings.entries if entry.token and entry.origin == origin]
    active = [entry for entry in _called(entries, settings.active) if settings.active]
    entry = _one_of(active or entries, origin.host, settings)
    if entry is not None:
        return _from_entry(settings, entry, *([_ignored("SEMAPHORE_API_TOKEN", "--host")] if env_token else []))
    if not env_token:
        raise ConfigurationError(
            f"No API token for {origin.host} is at hand: set SEMAPHORE_API_TOKEN, or connect it with `sem-ai connect`."
        )
    if env_origin is not None:
        raise ConfigurationError(
            "SEMAPHORE_API_TOKEN belongs to SEMAPHORE_HOST, and --host names another host: "
            "set both for the host you mean, or unset SEMAPHORE_HOST."
        )
    return Chosen(_context(origin.host, origin, env_token, "SEMAPHORE_API_TOKEN"))


def _choose_active(settings: _Settings, env_token: str) -> Chosen:
    entry = _active_entry(settings)
    if entry is not None:
        return _from_entry(settings, entry, token=env_token)
    if env_token:
        raise ConfigurationError(
            "SEMAPHORE_API_TOKEN is set, but nothing says for which host: set SEMAPHORE_HOST too, or use --host."
        )
    if not settings.exists:
        raise ConfigurationError(f"semtui does not know which organization to open: {_HELP}.")
    if not settings.entries:
        raise ConfigurationError(f"{settings.shown} holds no contexts: {_HELP}.")
    raise ConfigurationError(
        f"{settings.shown} does not say which of its contexts is active: run `sem-ai context switch`, or use --context."
    )


def _active_entry(settings: _Settings) -> _Entry | None:
    if not settings.active:
        return None
    entry = _one_of(_called(settings.entries, settings.active), "the active context", settings)
    if entry is None:
        raise ConfigurationError(
            f"The active context of {settings.shown} is not among its contexts: "
            "run `sem-ai context switch`, or use --context."
        )
    return entry


def _called(entries: Iterable[_Entry], name: str) -> list[_Entry]:
    """The contexts of that name: exactly, else whatever the case, else by their host."""
    entries, lower = list(entries), name.lower()
    return (
        [entry for entry in entries if entry.name == name]
        or [entry for entry in entries if entry.name.lower() == lower]
        or [entry for entry in entries if entry.origin is not None and entry.origin.host == lower]
    )


def _one_of(entries: list[_Entry], what: str, settings: _Settings) -> _Entry | None:
    if len({(entry.origin, entry.token) for entry in entries}) > 1:
        raise ConfigurationError(
            f"{settings.shown} has several contexts for {what}: choose one with --context and its exact name."
        )
    return entries[0] if entries else None


def _from_entry(settings: _Settings, entry: _Entry, *warnings: str, token: str = "") -> Chosen:
    """The context of the file, with a token of the environment instead of its own if there is one."""
    for value, lacking in ((entry.host, "host"), (token or entry.token, "API token")):
        if not value:
            raise ConfigurationError(f"The chosen context of {settings.shown} has no {lacking}: run `sem-ai connect`.")
    origin = _organization(entry.host, f"The host of the chosen context of {settings.shown}")
    source = "SEMAPHORE_API_TOKEN" if token else f"the chosen context of {settings.shown}"
    name = clean(entry.name, limit=200)
    return Chosen(_context(name, origin, token or entry.token, source), (*settings.warnings, *warnings))


def _context(name: str, origin: Origin, token: str, source: str) -> Context:
    """A context with a checked token; a refusal names a position, never a character."""
    token = token.strip()
    good = _TOKEN.match(token)
    end = good.end() if good else 0
    if end < len(token):
        raise ConfigurationError(
            f"Character {end + 1} of the API token in {source} belongs in no API token: copy the token again."
        )
    if not 8 <= len(token) <= 200:
        raise ConfigurationError(
            f"The API token in {source} is {len(token)} characters long, not 8 to 200: copy the token again."
        )
    return Context(name, origin.host, origin.base_url, token)


def _organization(text: str, source: str) -> Origin:
    origin = parse_host(text, source=source)
    if origin.host.startswith("me."):
        raise ConfigurationError(
            f"{source} is your account's own host (me.…), not an organization: "
            "choose an organization with --context or --host."
        )
    return origin


def _host_name(name: str) -> str | None:
    """The name as it is looked up, or None if it is not one."""
    import ipaddress

    try:
        if name.startswith("["):
            return f"[{ipaddress.IPv6Address(name[1:-1])}]"
        name = name.removesuffix(".")
        labels = name.split(".")
        # Whoever ends in a number is looked up as an address, in spellings such as 127.1 or 0x7f000001 too.
        if _NUMBER.fullmatch(labels[-1]):
            return str(ipaddress.IPv4Address(name))
    except ipaddress.AddressValueError:
        return None
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


def _is_loopback(name: str) -> bool:
    # Only an address can begin with a label that is a number and end with one.
    return name in ("localhost", "[::1]") or re.fullmatch(r"127\.\d+\.\d+\.\d+", name) is not None


def _ignored(variable: str, option: str) -> str:
    return f"{variable} is set but not used, because {option} chose a context of ~/.sem.yaml with a token of its own."


def _load(path: Path) -> _Settings:
    """Read the settings that sem and sem-ai share; empty ones if there is no file."""
    shown = clean(str(path), limit=400)
    try:
        # Without O_NONBLOCK, opening a pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ConfigurationError(f"{shown} is not a regular file: move it away and run `sem-ai connect`.")
            with open(descriptor, "rb", closefd=False) as file:
                content = file.read(_LARGEST_FILE + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return _Settings(path)
    except OSError as error:
        reason = clean(error.strerror or "unknown error")
        raise ConfigurationError(f"{shown} cannot be read ({reason}): make it readable for you.") from error
    warnings = _warnings(path, shown, status)
    tree = _tree(content, shown)
    contexts = tree.get("contexts") or {}
    if not isinstance(contexts, dict):
        raise ConfigurationError(
            f"The contexts of {shown} are not as sem-ai writes them: move it away and run `sem-ai connect`."
        )
    entries = tuple(
        _Entry(name, _text(context, "host"), _text(_field(context, "auth"), "token"))
        for name, context in contexts.items()
    )
    return _Settings(path, True, _text(tree, "active-context"), entries, warnings)


def _tree(content: bytes, shown: str) -> dict[str, object]:
    """The file as YAML of plain strings: no tag in it means anything. No error repeats what the file holds."""
    import yaml

    if len(content) > _LARGEST_FILE:
        raise ConfigurationError(f"{shown} is larger than 1 MiB: move it away and run `sem-ai connect`.")
    try:
        tree = yaml.load(content.decode("utf-8-sig"), Loader=yaml.BaseLoader)
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"{shown} is not UTF-8 text: save it as UTF-8, or run `sem-ai connect` anew."
        ) from None
    # Escapes beyond Unicode and very deep nesting fall through PyYAML's own errors.
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        raise ConfigurationError(
            f"{shown} is not YAML: correct it, or move it away and run `sem-ai connect`."
        ) from None
    if tree is not None and not isinstance(tree, dict):
        raise ConfigurationError(f"{shown} holds no settings: move it away and run `sem-ai connect`.")
    return tree or {}


def _field(mapping: object, key: str) -> object:
    return mapping.get(key) if isinstance(mapping, dict) else None


def _text(mapping: object, key: str) -> str:
    value = _field(mapping, key)
    return value if isinstance(value, str) else ""


def _warnings(path: Path, shown: str, status: os.stat_result) -> tuple[str, ...]:
    """What is unsafe about the file. Raises ConfigurationError where its hosts cannot be trusted at all."""
    import shlex

    remedy = clean(f"`chmod 600 {shlex.quote(str(path))}`", limit=500)
    if status.st_mode & stat.S_IWOTH:
        raise ConfigurationError(
            f"Everyone on this computer may change {shown}: check what it holds, then run {remedy}."
        )
    warnings = []
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        warnings.append(f"Others on this computer may read the API tokens in {shown}: run {remedy}.")
    if status.st_uid != os.geteuid():
        warnings.append(f"{shown} belongs to another user: make it your own with `chown`, then run {remedy}.")
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        warnings.append(f"{shown} is a symbolic link out of your home directory: check that the file there is yours.")
    return tuple(warnings)
