"""How the screen begins and looks: `theme`, `tab`, `sort` and `refresh` in config.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from semtui.settings.organization_marks import read_settings
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

THEMES = ("dark", "light")
TABS = {
    "all": "all",
    "people": "person",
    "accounts": "account",
    "groups": "group",
    "roles": "roles",
    "projects": "projects",
}
"""The tabs by the names of the settings, as the screen calls them."""
_LEAST_SECONDS, _MOST_SECONDS = 30, 86_400


@dataclass(frozen=True)
class ScreenSettings:
    """What the settings say of the screen."""

    theme: str = "dark"
    """One of THEMES; without effect where the colors are the terminal's own."""
    tab: str = "all"
    """The tab to begin with, as the screen calls it."""
    sort: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """The column each tab is sorted by at first, and whether the other way round, by the screen's name of the tab."""
    refresh: int | None = None
    """Seconds after which the lists are loaded again; None for never."""


_own = ScreenSettings()


def use(settings: ScreenSettings) -> None:
    """Use these settings from now on."""
    global _own
    _own = settings


def own() -> ScreenSettings:
    """The settings in use."""
    return _own


def load_screen_settings(path: Path, columns: Mapping[str, tuple[str, ...]]) -> ScreenSettings:
    """The settings at `path`; `columns` are those each tab can be sorted by, by the screen's name of the tab.

    Raises ConfigurationError for a value that is not understood.
    """
    settings = read_settings(path)
    where = clean(str(path), limit=400)
    return ScreenSettings(
        _one_of(settings.get("theme", "dark"), THEMES, f"{where}: theme"),
        TABS[_one_of(settings.get("tab", "all"), tuple(TABS), f"{where}: tab")],
        _sort(settings.get("sort", {}), columns, f"{where}, [sort]"),
        _refresh(settings.get("refresh", "off"), f"{where}: refresh"),
    )


def _one_of(value: object, choices: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ConfigurationError(f"{where} should be {_listed(choices)}.")
    return value


def _listed(choices: tuple[str, ...]) -> str:
    *others, last = (f'"{each}"' for each in choices)
    return f"{', '.join(others)} or {last}"


def _sort(table: object, columns: Mapping[str, tuple[str, ...]], where: str) -> dict[str, tuple[str, bool]]:
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where}: should be a table, as in accounts = "age".')
    found: dict[str, tuple[str, bool]] = {}
    for name, value in table.items():
        if name not in TABS:
            raise ConfigurationError(f"{where}: “{clean(name, limit=100)}” is no tab; there are {', '.join(TABS)}.")
        tab = TABS[name]
        column = value.removeprefix("-") if isinstance(value, str) else ""
        if column not in columns[tab]:
            listed = _listed(columns[tab])
            raise ConfigurationError(f"{where}: {name} should be {listed}; a minus before it reverses the order.")
        found[tab] = column, column != value
    return found


def _refresh(value: object, where: str) -> int | None:
    if value == "off":
        return None
    if type(value) is not int or not _LEAST_SECONDS <= value <= _MOST_SECONDS:
        words = f'{where} should be "off", or a whole number of seconds from {_LEAST_SECONDS} to {_MOST_SECONDS:,}.'
        raise ConfigurationError(words)
    return value
