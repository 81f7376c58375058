"""Keeps other processes from reading this program's memory."""

from __future__ import annotations

import resource
import sys

_NOT_DUMPABLE = 4
"""PR_SET_DUMPABLE."""


def forbid_memory_dumps() -> None:
    """Keep core files and other programs of the same user from the memory, which holds every token seen."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
