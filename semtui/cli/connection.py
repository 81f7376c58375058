"""How a command reaches the organization it asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from semtui.settings.contexts import Chosen
    from semtui.system.debug_log import DebugLog


@dataclass(frozen=True)
class Connection:
    """The chosen organization, and how to reach it."""

    chosen: Chosen
    ca_file: Path | None = None
    log: DebugLog | None = None
