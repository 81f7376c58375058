"""Keeps Python's garbage collector from pausing the program when a pause would be noticed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL = gc.get_threshold()
_NEVER = 1_000_000
_loads = 0
"""The number of loads under way inside `gc_limited`."""


def freeze_loaded() -> None:
    """Collect garbage from now on, except what has been loaded so far: it lives until the end."""
    gc.freeze()
    gc.enable()


@contextmanager
def gc_limited() -> Iterator[None]:
    """Collect only new objects inside this context: the rows of a large organization contain no garbage, and a full
    collection pauses the whole program for 0.2 s."""
    global _loads
    _loads += 1
    gc.set_threshold(*_USUAL[:2], _NEVER)
    try:
        yield
    finally:
        _loads -= 1
        if not _loads:
            gc.set_threshold(*_USUAL)


def freeze_and_trim() -> None:
    """Exempt the objects of a long list from garbage collection, and return unused memory to the system if possible:
    glibc would keep what the answers took."""
    gc.freeze()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
