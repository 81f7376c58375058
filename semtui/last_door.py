"""The last door to the terminal: whatever is drawn passes here, and only what draws gets through.

Text from outside is cleaned where it enters (`text.py`); this holds where one place should have been forgotten.
"""

from __future__ import annotations

from textual.driver import Driver

from semtui.ascii import in_ascii
from semtui.harmless import harmless as harmless


def guarded(driver: type[Driver], *, ascii_only: bool = False) -> type[Driver]:
    """The same driver with this door in front of the terminal; one that knows only ASCII is sent nothing else."""

    class GuardedDriver(driver):  # type: ignore[valid-type, misc]
        def write(self, data: str) -> None:
            passed = harmless(data)
            super().write(in_ascii(passed) if ascii_only else passed)

    return GuardedDriver
