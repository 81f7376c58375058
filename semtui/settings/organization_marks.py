"""Organizations that matter, marked in semtui's own settings: a label, a color, and read-only unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from semtui.settings.files import read_settings_file
from semtui.system.errors import ConfigurationError
from semtui.system.xdg import xdg_directory
from semtui.text.clean import clean

COLORS = ("red", "yellow", "green", "blue")
_LONGEST_LABEL = 24
_KNOWN = {"context", "keys", "filters", "journal", "theme", "tab", "sort", "refresh"}
_REMEDY = "repair it or move it away"


@dataclass(frozen=True)
class OrganizationMark:
    """How one organization is marked."""

    label: str = ""
    color: str = "yellow"
    """One of COLORS."""
    read_only: bool = False


def settings_path(environ: Mapping[str, str], home: Path) -> Path:
    """Where semtui's settings are: `semtui/config.toml` in the user's configuration directory."""
    return (xdg_directory(environ, "XDG_CONFIG_HOME") or home / ".config") / "semtui" / "config.toml"


def load_marks(path: Path) -> dict[str, OrganizationMark]:
    """The marks, by context name or host in lower case; none if there is no file.

    Raises ConfigurationError for a file that cannot be read or understood.
    """
    shown = clean(str(path), limit=400)
    tables = read_settings(path).get("context", {})
    if not isinstance(tables, dict):
        raise ConfigurationError(f"{shown}: “context” should hold tables, as in [context.acme_semaphoreci_com].")
    marked: dict[str, OrganizationMark] = {}
    for name, table in tables.items():
        where = f"{shown}, context “{clean(name, limit=100)}”"
        if name.lower() in marked:
            raise ConfigurationError(f"{where}: is marked twice, in different case; remove one of the two.")
        marked[name.lower()] = _mark(table, where)
    return marked


def read_settings(path: Path) -> dict[str, object]:
    """The whole content of the settings; empty if there is no file. Raises ConfigurationError."""
    shown = clean(str(path), limit=400)
    found = read_settings_file(path, remedy=_REMEDY)
    if found is None:
        return {}
    import tomllib

    try:
        settings: dict[str, object] = tomllib.loads(found[0].decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{shown} is not UTF-8 text; save it as UTF-8, or move it away.") from None
    except (ValueError, RecursionError) as error:
        reason = clean(str(error), limit=120)
        raise ConfigurationError(f"{shown} is not TOML ({reason}); {_REMEDY}.") from None
    if unknown := sorted(set(settings) - _KNOWN):
        raise ConfigurationError(
            f"{shown}: “{clean(unknown[0])}” is not known; there are theme, tab, refresh, [sort], [context.…], [keys], "
            "[filters] and [journal]."
        )
    return settings


def _mark(table: object, where: str) -> OrganizationMark:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{where}: should be a table with label, color and read-only.")
    unknown = sorted(set(table) - {"label", "color", "read-only"})
    if unknown:
        raise ConfigurationError(f"{where}: “{clean(unknown[0])}” is not known; there are label, color and read-only.")
    label, color, read_only = table.get("label", ""), table.get("color", "yellow"), table.get("read-only", True)
    if not isinstance(label, str) or not isinstance(read_only, bool):
        raise ConfigurationError(f"{where}: label should be a text, and read-only true or false.")
    if color not in COLORS:
        raise ConfigurationError(f"{where}: color should be one of {', '.join(COLORS)}.")
    return OrganizationMark(clean(label.strip(), limit=_LONGEST_LABEL), color, read_only)
