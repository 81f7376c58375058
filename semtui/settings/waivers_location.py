"""Where the user's own waivers of findings are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from semtui.settings.organization_marks import settings_path


def waivers_path(environ: Mapping[str, str], home: Path) -> Path:
    """`semtui/waivers.toml` in the user's configuration directory; there may be no such file."""
    return settings_path(environ, home).with_name("waivers.toml")
