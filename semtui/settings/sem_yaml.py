"""~/.sem.yaml, the settings that Semaphore's command-line tools write; semtui only reads them."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.api.hosts import Origin, is_account_host, parse_host
from semtui.settings.files import read_settings_file
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

if TYPE_CHECKING:
    import yaml

_REMEDY = "move it away and run `sem-ai connect`"


class _KeyTwiceError(Exception):
    """A key that stands twice in one mapping, the second time in `line`."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class Entry:
    """A context as it stands in the file; nothing in it is checked yet."""

    name: str
    host: str
    token: str

    def __repr__(self) -> str:
        return f"Entry({self.name!r}, {self.host!r}, token=…)"

    @property
    def origin(self) -> Origin | None:
        """The server it names, or None if it names none."""
        try:
            return parse_host(self.host, source="the file")
        except ConfigurationError:
            return None

    @property
    def of_account(self) -> bool:
        """True for the host of a person's account, which `sem-ai signin` writes; it is not an organization."""
        return self.origin is not None and is_account_host(self.origin.host)

    @property
    def can_be_opened(self) -> bool:
        """True for an organization with an API token; a sign-out leaves contexts without one."""
        return bool(self.token) and self.origin is not None and not self.of_account


@dataclass(frozen=True)
class Settings:
    """What the file holds, and what is unsafe about it."""

    path: str
    exists: bool = False
    active: str = ""
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The path, cleaned for display."""
        return clean(self.path, limit=400)


def load(path: str) -> Settings:
    """Read the settings that sem and sem-ai share; empty if there is no file."""
    shown = clean(path, limit=400)
    found = read_settings_file(path, remedy=_REMEDY)
    if found is None:
        return Settings(path)
    content, status = found
    warnings = _warnings(path, shown, status)
    tree = _tree(content, shown)
    contexts = tree.get("contexts") or {}
    if not isinstance(contexts, dict):
        raise ConfigurationError(
            f"The contexts of {shown} are not as sem-ai writes them: move it away and run `sem-ai connect`."
        )
    entries = tuple(
        Entry(name, _text(context, "host"), _text(_field(context, "auth"), "token"))
        for name, context in contexts.items()
    )
    return Settings(path, True, _text(tree, "active-context"), entries, warnings)


def _tree(content: bytes, shown: str) -> dict[str, object]:
    """The file as YAML of plain strings: no tag in it means anything. No error repeats what the file holds."""
    import yaml

    class Loader(yaml.BaseLoader):
        """Where a key stands twice, PyYAML by itself takes the last one without a word."""

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
            made = super().construct_mapping(node, deep=deep)
            if len(made) < len(node.value):
                raise _KeyTwiceError(_line_of_second_key(node))
            return made

    try:
        tree = yaml.load(content.decode("utf-8-sig"), Loader=Loader)
    except _KeyTwiceError as error:
        raise ConfigurationError(
            f"Line {error.line} of {shown} repeats a key that is set above: remove one of the two."
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"{shown} is not UTF-8 text: save it as UTF-8, or run `sem-ai connect` again."
        ) from None
    # Escapes beyond Unicode and very deep nesting fall through PyYAML's own errors.
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        raise ConfigurationError(
            f"{shown} is not YAML: correct it, or move it away and run `sem-ai connect`."
        ) from None
    if tree is not None and not isinstance(tree, dict):
        raise ConfigurationError(f"{shown} holds no settings: move it away and run `sem-ai connect`.")
    return tree or {}


def _line_of_second_key(node: yaml.MappingNode) -> int:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            break
        seen.add(key.value)
    return int(key.start_mark.line) + 1


def _field(mapping: object, key: str) -> object:
    return mapping.get(key) if isinstance(mapping, dict) else None


def _text(mapping: object, key: str) -> str:
    value = _field(mapping, key)
    return value if isinstance(value, str) else ""


def _warnings(path: str, shown: str, status: os.stat_result) -> tuple[str, ...]:
    """What is unsafe about the file. Raises ConfigurationError if its hosts cannot be trusted at all."""
    import shlex

    remedy = clean(f"`chmod 600 {shlex.quote(path)}`", limit=500)
    if status.st_mode & stat.S_IWOTH:
        raise ConfigurationError(
            f"Everyone on this computer may change {shown}: check what it holds, then run {remedy}."
        )
    warnings = []
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        warnings.append(f"Others on this computer may read the API tokens in {shown}: run {remedy}.")
    if status.st_uid != os.geteuid():
        warnings.append(f"{shown} belongs to another user: make it your own with `chown`, then run {remedy}.")
    home = os.path.realpath(os.path.dirname(path))
    if os.path.islink(path) and os.path.commonpath([home, os.path.realpath(path)]) != home:
        warnings.append(f"{shown} is a symbolic link out of your home directory: check that the file there is yours.")
    return tuple(warnings)
