"""Which organization to open, and with which API token: from the command line, the environment or ~/.sem.yaml."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from semtui.api.hosts import Origin, is_account_host, parse_host
from semtui.settings.sem_yaml import Entry, Settings, load
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean
from semtui.text.counting import count

_TOKEN = re.compile(r"[A-Za-z0-9_\-=.]*")
_VARIABLES = ("SEMAPHORE_HOST", "SEMAPHORE_API_TOKEN", "SEM_CONTEXT")
_MOST_NAMES = 10
_HELP = "run `sem-ai connect`, or set SEMAPHORE_HOST and SEMAPHORE_API_TOKEN, or look around with `semtui --demo`"

NONE_TO_OPEN = "There is no context in ~/.sem.yaml to open; `sem-ai connect` adds one."


@dataclass(frozen=True)
class Context:
    """One organization and the API token that belongs to it."""

    name: str
    host: str
    """The host for display, with its port if that is not the default."""
    base_url: str
    """`https://` and the host; `http://` only for a server on this computer."""
    api_token: str
    demo: bool = False
    """True for the built-in demo organization; a context of the file may have any name."""
    from_environment: bool = False
    """True if environment variables named the organization, and no context of the file did."""

    def __repr__(self) -> str:
        return f"Context({self.name!r}, {self.host!r}, api_token=…)"


@dataclass(frozen=True)
class Chosen:
    """A context, and warnings about what is unsafe or was ignored."""

    context: Context
    warnings: tuple[str, ...] = ()


def choose_context(
    *,
    context_name: str | None = None,
    host: str | None = None,
    environ: Mapping[str, str],
    home: str | os.PathLike[str],
) -> Chosen:
    """Choose by --context, else --host, else SEM_CONTEXT, else the other variables over the active context of
    ~/.sem.yaml.

    A context chosen by name brings its own host and token: SEMAPHORE_HOST and SEMAPHORE_API_TOKEN are then
    ignored, with a warning. A token is used only for the host it belongs to.
    """
    env_host, env_token, env_context = (_value(environ, name) for name in _VARIABLES)
    path = os.path.join(home, ".sem.yaml")
    if context_name is not None:
        return _choose_by_name(load(path), context_name, "--context", host, environ)
    if host is not None:
        return _choose_by_host(path, _organization(host, "--host"), env_host, env_token, env_context)
    if env_context:
        return _choose_by_name(load(path), env_context.strip(), "SEM_CONTEXT", None, environ)
    if not env_host:
        return _choose_active(load(path), env_token)
    origin = _organization(env_host, "SEMAPHORE_HOST")
    if env_token:
        return Chosen(_of_environment(origin, env_token))
    # sem-ai would send the active context's token to SEMAPHORE_HOST, whatever host that is. Here a token stays
    # with its own host, so the context must be for the same server.
    settings = load(path)
    entry = _entry_for(settings, origin)
    if entry is None:
        raise ConfigurationError(
            "SEMAPHORE_HOST is set, and no API token for that host is at hand: set SEMAPHORE_API_TOKEN too, "
            "or connect the host with `sem-ai connect`."
        )
    return _from_entry(settings, entry)


def _value(environ: Mapping[str, str], name: str) -> str:
    """The value of an environment variable; white space alone counts as unset."""
    value = environ.get(name, "")
    return value if value.strip() else ""


def _choose_by_name(settings: Settings, name: str, source: str, host: str | None, environ: Mapping[str, str]) -> Chosen:
    shown = f"“{clean(name, limit=100)}”"
    entry = _one_of(_called(settings.entries, name), shown, settings)
    if entry is None:
        names = _names(settings)
        what = f"There is no context {shown} in {settings.shown}"
        if source != "--context":
            what = f"{source} names {shown}, and {settings.shown} has no such context"
        raise ConfigurationError(f"{what}: choose one of {names}." if names else f"{what}: {_HELP}.")
    if host is not None and _organization(host, "--host") != entry.origin:
        raise ConfigurationError("--context and --host name two different hosts: leave one of them out.")
    ignored = [variable for variable in _VARIABLES if variable != source and _value(environ, variable)]
    if _value(environ, "SEM_CONTEXT") and entry in _called(settings.entries, environ["SEM_CONTEXT"].strip()):
        ignored = [variable for variable in ignored if variable != "SEM_CONTEXT"]
    return _from_entry(settings, entry, *(_ignored(variable, source) for variable in ignored))


def _names(settings: Settings) -> str:
    """The names of the contexts that can be opened, as --context takes them."""
    entries = [each for each in settings.entries if each.can_be_opened]
    # A name without a dot is rarely a host; it may be anything that was pasted into the wrong line.
    hosts = {each.name: each.origin.host for each in entries if each.origin and "." in each.origin.host}
    names = sorted(
        host if name.replace("_", ".").lower() == host else f"{clean(name, limit=100)} ({host})"
        for name, host in hosts.items()
    )
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _choose_by_host(path: str, origin: Origin, env_host: str, env_token: str, env_context: str) -> Chosen:
    if env_context:
        # It shadows the other variables, and may say which of several contexts of the host is meant.
        settings = load(path)
        named = [each for each in _called(settings.entries, env_context.strip()) if each.origin == origin]
        if len(named) == 1 and named[0].token:
            ignored = [name for name, value in zip(_VARIABLES, (env_host, env_token), strict=False) if value]
            return _from_entry(settings, named[0], *(_ignored(name, "SEM_CONTEXT") for name in ignored))
    unused = [_ignored("SEM_CONTEXT", "--host")] if env_context else []
    env_origin = parse_host(env_host, source="SEMAPHORE_HOST") if env_host and env_token else None
    if env_origin == origin:
        return Chosen(_of_environment(origin, env_token), tuple(unused))
    settings = load(path)
    entry = _entry_for(settings, origin)
    if entry is not None:
        unused += [_ignored("SEMAPHORE_API_TOKEN", "--host")] if env_token else []
        return _from_entry(settings, entry, *unused)
    if not env_token:
        raise ConfigurationError(
            f"No API token for {origin.host} is at hand: set SEMAPHORE_API_TOKEN, or connect it with `sem-ai connect`."
        )
    if env_origin is not None:
        raise ConfigurationError(
            "SEMAPHORE_API_TOKEN belongs to SEMAPHORE_HOST, and --host names another host: "
            "set both for the host you mean, or unset SEMAPHORE_HOST."
        )
    return Chosen(_context(origin.host, origin, env_token, "SEMAPHORE_API_TOKEN"), tuple(unused))


def _entry_for(settings: Settings, origin: Origin) -> Entry | None:
    """The context with a token for exactly that server, the active one if there are several."""
    entries = [entry for entry in settings.entries if entry.token and entry.origin == origin]
    active = [entry for entry in _called(entries, settings.active) if settings.active]
    return _one_of(active or entries, origin.host, settings)


def _choose_active(settings: Settings, env_token: str) -> Chosen:
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


def _active_entry(settings: Settings) -> Entry | None:
    if not settings.active:
        return None
    entry = _one_of(_called(settings.entries, settings.active), "the active context", settings)
    if entry is None:
        raise ConfigurationError(
            f"The active context of {settings.shown} is not among its contexts: "
            "run `sem-ai context switch`, or use --context."
        )
    return entry


def _called(entries: Iterable[Entry], name: str) -> list[Entry]:
    """The contexts of that name: exactly, else whatever the case, else by their host."""
    entries, lower = list(entries), name.lower()
    return (
        [entry for entry in entries if entry.name == name]
        or [entry for entry in entries if entry.name.lower() == lower]
        or [entry for entry in entries if entry.origin is not None and entry.origin.host == lower]
    )


def _one_of(entries: list[Entry], what: str, settings: Settings) -> Entry | None:
    if len({(entry.origin, entry.token) for entry in entries}) > 1:
        raise ConfigurationError(
            f"{settings.shown} has several contexts for {what}: choose one with --context and its exact name."
        )
    return entries[0] if entries else None


def _from_entry(settings: Settings, entry: Entry, *warnings: str, token: str = "") -> Chosen:
    """The context of an entry of the file, with a token from the environment in place of its own if there is one."""
    names = _names(settings)
    others = f"choose one of {names} with --context" if names else "run `sem-ai connect`"
    if entry.of_account:
        raise ConfigurationError(
            f"The chosen context of {settings.shown} is your account's own ({clean(entry.host, limit=100)}), as "
            f"`sem-ai signin` writes it, and not an organization: {others}."
        )
    for value, lacking in ((entry.host, "host"), (token or entry.token, "API token")):
        if not value:
            also = f", or {others}" if names else ""
            raise ConfigurationError(
                f"The chosen context of {settings.shown} has no {lacking}: run `sem-ai connect`{also}."
            )
    origin = _organization(entry.host, f"The host of the chosen context of {settings.shown}")
    source = "SEMAPHORE_API_TOKEN" if token else f"the chosen context of {settings.shown}"
    name = clean(entry.name, limit=200)
    return Chosen(_context(name, origin, token or entry.token, source), (*settings.warnings, *warnings))


def _of_environment(origin: Origin, token: str) -> Context:
    return replace(_context("env", origin, token, "SEMAPHORE_API_TOKEN"), from_environment=True)


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
            f"The API token in {source} is {count(len(token), 'character')} long, not 8 to 200: copy the token again."
        )
    return Context(name, origin.host, origin.base_url, token)


def _organization(text: str, source: str) -> Origin:
    origin = parse_host(text, source=source)
    if is_account_host(origin.host):
        raise ConfigurationError(
            f"{source} is your account's own host (me.…), not an organization: "
            "choose an organization with --context or --host."
        )
    return origin


def _ignored(variable: str, option: str) -> str:
    return f"{variable} is set but not used, because {option} says which organization to open, and with which token."
