"""Whether and how long the journal of changes is kept: `[journal]` in config.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from semtui.settings.organization_marks import read_settings
from semtui.system.errors import ConfigurationError
from semtui.text.clean import clean

_MOST_DAYS, _MOST_MEBIBYTES = 36_500, 10_000


@dataclass(frozen=True)
class JournalSettings:
    """How the journal is kept; None where the settings say nothing."""

    keep: bool = True
    days: int | None = None
    mebibytes: int | None = None


def load_journal_settings(path: Path) -> JournalSettings:
    """The settings of the journal at `path`. Raises ConfigurationError for what cannot be understood."""
    table = read_settings(path).get("journal", {})
    where = f"{clean(str(path), limit=400)}, [journal]"
    if not isinstance(table, dict):
        raise ConfigurationError(f"{where}: should be a table, as in keep = false.")
    if unknown := sorted(set(table) - {"keep", "days", "mebibytes"}):
        raise ConfigurationError(f"{where}: “{clean(unknown[0])}” is not known; there are keep, days and mebibytes.")
    keep = table.get("keep", True)
    if not isinstance(keep, bool):
        raise ConfigurationError(f"{where}: keep should be true or false.")
    return JournalSettings(
        keep, _number(table, "days", _MOST_DAYS, where), _number(table, "mebibytes", _MOST_MEBIBYTES, where)
    )


def _number(table: dict[str, object], name: str, most: int, where: str) -> int | None:
    value = table.get(name)
    if value is None:
        return None
    if type(value) is not int or not 1 <= value <= most:
        raise ConfigurationError(f"{where}: {name} should be a whole number from 1 to {most:,}.")
    return value
