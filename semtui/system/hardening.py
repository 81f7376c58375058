"""Keeps the memory of this program closed to other processes."""

from __future__ import annotations

import resource
import sys

_NOT_DUMPABLE = 4
"""PR_SET_DUMPABLE."""


def forbid_memory_dumps() -> None:
    """Keep other programs of the same user, and core files, from what this one holds: every token it has seen."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
