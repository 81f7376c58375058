"""The keys that the user's settings set in place of semtui's own, checked at the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from semtui.settings.keymap import (
    DEFAULTS,
    MOVING,
    PAGES,
    Keys,
)
from semtui.settings.organization_marks import read_settings
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

_SPELLINGS = {" ": "space", "esc": "escape", "return": "enter", "pageup": "pgup", "pagedown": "pgdn", "del": "delete"}
"""Other names for keys, and the names semtui uses."""
_NAMED = ("space", "enter", "tab", "backspace", "escape", "up", "down", "left", "right", "pgup", "pgdn", "home", "end")
_OTHERS = re.compile(r"insert|delete|f([1-9]|1[0-2])|ctrl\+[a-z]")
_ALIKE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"}
"""Keys that terminals send as another key."""
_TAKEN = {
    "ctrl+c": "copying",
    "ctrl+p": "the menu",
    "ctrl+q": "quitting from anywhere",
    "ctrl+z": "suspending semtui",
}
_ONLY_FOR = {"enter": "details", "backspace": "clear", "escape": "clear"}
"""Keys reserved for an action, because they also end a search and answer dialogs."""


def load_keys(path: Path) -> dict[str, Keys]:
    """The keys set in the settings at `path`, by action. Raises ConfigurationError for keys that cannot work."""
    table = read_settings(path).get("keys", {})
    where = f"{clean(str(path), limit=400)}, [keys]"
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where}: should be a table of keys, as in create = "n".')
    own = {name: _checked(name, value, f"{where}: “{clean(name)}”") for name, value in table.items()}
    for page, names in PAGES.items():
        _check_conflicts({name: own.get(name) or DEFAULTS[name] for name in names}, page, where)
    return own


def _checked(name: str, value: object, what: str) -> Keys:
    if name not in DEFAULTS:
        raise ConfigurationError(f"{what} is no action; there are {', '.join(DEFAULTS)}.")
    written = value if isinstance(value, list) else [value]
    if not written:
        raise ConfigurationError(f"{what} needs a key; remove the line to keep {' and '.join(DEFAULTS[name])}.")
    keys = tuple(dict.fromkeys(_key(each, what) for each in written))
    for each in keys:
        if each in _ONLY_FOR and _ONLY_FOR[each] != name:
            raise ConfigurationError(f"{what} cannot have {each}, which is for {_ONLY_FOR[each]} and dialogs alone.")
        if name in MOVING and each in ("space", "tab"):
            raise ConfigurationError(f"{what} cannot have {each}, which dialogs with lists need for themselves.")
    return keys


def _key(written: object, what: str) -> str:
    """A key in semtui's own spelling."""
    if not isinstance(written, str):
        raise ConfigurationError(f"{what} should be a key in quotes, or several in a list.")
    name = written if len(written) == 1 else written.lower()
    name = _SPELLINGS.get(name, name)
    if name in _TAKEN:
        raise ConfigurationError(f"{what} cannot have {name}, which is for {_TAKEN[name]}.")
    if name in _ALIKE:
        raise ConfigurationError(f"{what} cannot have {name}, which terminals cannot tell from {_ALIKE[name]}.")
    if name in _NAMED or _OTHERS.fullmatch(name) or (len(name) == 1 and name.isprintable()):
        return name
    raise ConfigurationError(
        f"{what}: “{clean(written, limit=20)}” is no key; a key is one character, {', '.join(_NAMED)}, "
        "insert, delete, f1 to f12, or ctrl+ and a letter."
    )


def _check_conflicts(keys: Mapping[str, Keys], page: str, where: str) -> None:
    taken: dict[str, str] = {}
    for name, written in keys.items():
        for each in written:
            if each in taken:
                words = f"{each} is for both {taken[each]} and {name} on {page}"
                raise ConfigurationError(f"{where}: {words}; give one of them another key.")
            taken[each] = name
