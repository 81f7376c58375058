"""The program's memory: closed to others, and given back when a long list has been read."""

from __future__ import annotations

import gc
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


def hold_collection() -> None:
    """Look for no garbage until `begin_collection`: what is loaded at the start stays, and looking through it again and
    again takes a tenth of the time to the first frame."""
    gc.disable()


def begin_collection() -> None:
    """From now on look for garbage again, but not among what is there already."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def give_back() -> None:
    """Keep what long lists are made of out of every later search for garbage, and return to the system what is not used
    any more, as far as it can be told to: glibc keeps what answers took."""
    gc.freeze()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
