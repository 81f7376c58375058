"""When Python looks for garbage: not while that would be felt."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL = gc.get_threshold()
_NEVER = 1_000_000
_loads = 0
"""How many loads are under way that must not be disturbed."""


def freeze_loaded() -> None:
    """Leave what is loaded by now out of every later search for garbage: it stays until the end."""
    gc.freeze()


@contextmanager
def gc_limited() -> Iterator[None]:
    """Look for garbage only among what is new meanwhile: among the rows of a large organization there is none, and a
    look at them all stops the whole program for a fifth of a second."""
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
    """Leave what a long list is made of out of every later search for garbage, and return to the system what is not
    used any more, as far as it can be told to: glibc keeps what answers took."""
    gc.freeze()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
