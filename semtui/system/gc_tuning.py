"""Keeps Python's garbage collection away from moments when a pause would be noticed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL = gc.get_threshold()
_NEVER = 1_000_000
_loads = 0
"""Number of loads under way that must not be interrupted."""


def freeze_loaded() -> None:
    """Exempt what is loaded by now from garbage collection: it stays until the end."""
    gc.freeze()


@contextmanager
def gc_limited() -> Iterator[None]:
    """Collect garbage only among new objects meanwhile: the rows of a large organization contain none, and a full
    collection pauses the whole program for a fifth of a second."""
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
    """Exempt the objects of a long list from garbage collection, and return unused memory to the system where
    possible: glibc keeps what answers took."""
    gc.freeze()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
