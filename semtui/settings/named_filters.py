"""Filters that the user's settings give a name: `[filters]` in config.toml.

Like the keys there is one set for the whole program. What a filter may say is none of this package's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from semtui.settings.organization_marks import read_settings
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

_own: dict[str, str] = {}


def use(filters: Mapping[str, str]) -> None:
    """Use these filters from now on."""
    _own.clear()
    _own.update(filters)


def named() -> Mapping[str, str]:
    """The text of each filter by its name, in the order of the settings."""
    return _own


def where(path: Path, name: str = "") -> str:
    """What an error calls the table, or one filter of it."""
    table = f"{clean(str(path), limit=400)}, [filters]"
    return f"{table}: “{clean(name, limit=100)}”" if name else table


def load_filters(path: Path) -> dict[str, str]:
    """The filters in the settings at `path`, by name. Raises ConfigurationError for what is no table of texts."""
    table = read_settings(path).get("filters", {})
    if not isinstance(table, dict):
        raise ConfigurationError(f'{where(path)}: should be a table of filters, as in stale = "state:active age>365d".')
    for name, text in table.items():
        if not isinstance(text, str) or not text.strip():
            raise ConfigurationError(f"{where(path, name)} should be words and terms in quotes.")
        if not text.isprintable():
            raise ConfigurationError(f"{where(path, name)} should be one line without invisible characters.")
        if not name.strip() or not name.isprintable():
            raise ConfigurationError(f"{where(path, name)} should have a name that can be seen.")
    return {name: text.strip() for name, text in table.items()}
