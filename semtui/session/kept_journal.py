"""Where the journal of changes is kept, by the user's settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from semtui.history.files import DAYS, MEBIBYTES, Keeping
from semtui.settings.journal_settings import load_journal_settings
from semtui.settings.organization_marks import settings_path
from semtui.system.private_directories import state_directory


def kept_journal(environ: Mapping[str, str], home: Path) -> Keeping | None:
    """How the journal is kept; None if it is switched off. Raises ConfigurationError."""
    settings = load_journal_settings(settings_path(environ, home))
    if not settings.keep:
        return None
    return Keeping(partial(state_directory, environ, home), settings.days or DAYS, settings.mebibytes or MEBIBYTES)
