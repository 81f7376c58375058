"""The user's directories by the XDG Base Directory rules."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def xdg_directory(environ: Mapping[str, str], variable: str) -> Path | None:
    """The directory a variable such as XDG_STATE_HOME names; None where its default applies.

    The rules say to ignore a relative path; one with a NUL could name nothing.
    """
    configured = environ.get(variable, "")
    return Path(configured) if os.path.isabs(configured) and "\0" not in configured else None
