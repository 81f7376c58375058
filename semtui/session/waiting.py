"""Waiting for a session's requests without an interface of its own, in a program that signals may end."""

from __future__ import annotations

import asyncio
import concurrent.futures
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from semtui.session.session import Session

T = TypeVar("T")


def wait_for(session: Session, coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, without a time limit. Does not return once a signal has ended the session."""
    try:
        return asyncio.run(coroutine)
    except (asyncio.CancelledError, concurrent.futures.CancelledError, RuntimeError):
        if not session.ending:
            raise
    # A signal has told semtui to end, and the thread that handles it ends the process.
    while True:
        signal.pause()
