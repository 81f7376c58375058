"""The program's memory: closed to others, and given back when a long list has been read."""

from __future__ import annotations

import resource
import sys

_NOT_DUMPABLE = 4
"""PR_SET_DUMPABLE."""


def close_memory() -> None:
    """Keep other programs of the same user, and core files, from what this one holds: every token it has seen."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_NOT_DUMPABLE, 0, 0, 0, 0)


def give_back() -> None:
    """Return to the system what is not used any more, as far as it can be told to: glibc keeps what answers took."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
