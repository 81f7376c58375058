"""The user's own file of waivers, which every front end goes by."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import date

    from semtui.audit.findings.findings import Severity
    from semtui.audit.findings.waivers import Judged, Waiver

NAME = "waivers.toml"
"""What the file is called where something in it is wrong."""
_REMEDY = "repair it or move it away"
_DAYS = 90
"""How many days ahead a waiver ends unless told otherwise."""


def own_waivers() -> tuple[Waiver, ...]:
    """The user's own waivers; none if there is no file. Raises ConfigurationError."""
    from semtui.settings.files import read_settings_file
    from semtui.settings.waivers_location import waivers_path

    found = read_settings_file(waivers_path(os.environ, Path.home()), remedy=_REMEDY)
    return parse_waivers(found[0], NAME) if found else ()


def parse_waivers(content: bytes, which: str) -> tuple[Waiver, ...]:
    """The waivers in the content of a file; `which` names it in an error. Raises ConfigurationError."""
    from semtui.audit.findings.rules import RULES
    from semtui.audit.findings.waivers import WaiverError, read_waivers

    try:
        return read_waivers(content.decode(), RULES, _today())
    except UnicodeDecodeError:
        raise ConfigurationError(f"{which}: The file is not UTF-8.") from None
    except WaiverError as error:
        raise ConfigurationError(f"{which}: {error}") from None


# Adding one


def suggested_waiver(judged: Judged, host: str, by: str = "") -> Waiver:
    """A waiver of a finding as it is, by whoever is logged in if not told; the reason is that of the waiver it has."""
    import datetime
    import getpass

    from semtui.audit.findings.waivers import suggested
    from semtui.text.clean import clean

    if not by:
        # There may be no such user, as in a container.
        with contextlib.suppress(OSError, KeyError, ImportError):
            by = clean(getpass.getuser())
    return suggested(judged, host, by, _today() + datetime.timedelta(days=_DAYS))


def filled_in(waiver: Waiver, *, severity: Severity, reason: str, by: str, until: str, ticket: str) -> Waiver:
    """A waiver with what was typed. Raises ConfigurationError, whose sentence begins with the name of what is wrong."""
    import datetime
    from dataclasses import replace

    from semtui.audit.findings.rules import RULES
    from semtui.audit.findings.waivers import problem_of
    from semtui.text.clean import clean

    try:
        day = datetime.date.fromisoformat(until.strip())
    except ValueError:
        raise ConfigurationError(f"Until should be a date, as {waiver.until.isoformat()}.") from None
    reason, by, ticket = (clean(each.strip()) for each in (reason, by, ticket))
    filled = replace(waiver, severity=severity, reason=reason, by=by, until=day, ticket=ticket)
    if problem := problem_of(filled, RULES, _today()):
        raise ConfigurationError(f"{problem[:1].upper()}{problem[1:]}.")
    return filled


def add_waiver(waiver: Waiver) -> Path:
    """Add a waiver to the end of the user's own file, and return its path.

    Raises ConfigurationError for a file with something invalid in it, and PrivateFileError; the file is as it was then.
    """
    from semtui.audit.findings.rules import RULES
    from semtui.audit.findings.waivers import WaiverError, with_waiver
    from semtui.settings.files import LARGEST_FILE, read_settings_file
    from semtui.settings.waivers_location import waivers_path
    from semtui.system.private_directories import make_directory
    from semtui.system.settings_files import replace_settings

    path = waivers_path(os.environ, Path.home())
    found = read_settings_file(path, remedy=_REMEDY)
    before = found[0] if found else None
    parse_waivers(before or b"", NAME)
    try:
        text = with_waiver((before or b"").decode(), waiver, RULES, _today())
    except WaiverError as error:
        raise ConfigurationError(f"{NAME}: {error}") from None
    if len(text.encode()) > LARGEST_FILE:
        raise ConfigurationError(f"{NAME} would be larger than 1 MiB: {_REMEDY}.")
    make_directory(path.parent)
    return replace_settings(path, text, before)


def _today() -> date:
    import datetime

    return datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date()
