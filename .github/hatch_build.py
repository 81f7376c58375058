"""Makes the completion scripts and the manual page from the parsers, and adds them to the wheel below `share/`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SharedFiles(BuildHookInterface):
    """Adds the files that shells and `man` look for; an editable installation has none, so that none goes stale."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from semtui.cli.shared_files import shared_files
        finally:
            sys.path.remove(self.root)
        self._made = tempfile.TemporaryDirectory()
        for number, (place, text) in enumerate(shared_files().items()):
            made = Path(self._made.name, str(number))
            made.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(made)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove them; the wheel has its own."""
        if version != "editable":
            self._made.cleanup()
