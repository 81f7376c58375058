"""The user's own file of waivers, which every front end goes by."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from semtui.audit.findings.waivers import Waiver

NAME = "waivers.toml"
"""What the file is called where something in it is wrong."""


def own_waivers() -> tuple[Waiver, ...]:
    """The user's own waivers; none if there is no file. Raises ConfigurationError."""
    from semtui.settings.files import read_settings_file
    from semtui.settings.waivers_location import waivers_path

    found = read_settings_file(waivers_path(os.environ, Path.home()), remedy="repair it or move it away")
    return parse_waivers(found[0], NAME) if found else ()


def parse_waivers(content: bytes, which: str) -> tuple[Waiver, ...]:
    """The waivers in the content of a file; `which` names it in an error. Raises ConfigurationError."""
    import datetime

    from semtui.audit.findings.rules import RULES
    from semtui.audit.findings.waivers import WaiverError, read_waivers

    today = datetime.datetime.fromtimestamp(time.time(), datetime.UTC).date()
    try:
        return read_waivers(content.decode(), RULES, today)
    except UnicodeDecodeError:
        raise ConfigurationError(f"{which}: The file is not UTF-8.") from None
    except WaiverError as error:
        raise ConfigurationError(f"{which}: {error}") from None
