"""Tells a pilot when an app has nothing left to do, by looking at what waits instead of at the clock.

Textual's own rule sleeps 20 ms at least, twice a key, and asks whether the process used its processor meanwhile. Here
the queue of the event loop is looked at: once it is empty and everything is drawn, more time would change nothing,
unless an answer is still on its way from another thread. Only then is there anything to sleep for.
"""

from __future__ import annotations

import asyncio
from time import monotonic, process_time

import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App

from semtui.tui.app import SemtuiApp

_STEP = 0.002
"""Seconds between two looks at what another thread does."""
_QUIET = 0.02
"""Seconds without work after which what is under way counts as held back, as Textual has it."""
_BUSY = 0.05
"""The share of a processor from which the process counts as working, as Textual has it."""


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Return when everything that was begun is done and drawn, or is held back, or after `max_sleep` seconds.

    Takes the place of Textual's `wait_for_idle`; there is no least time to sleep for.
    """
    app = active_app.get()
    begun = looked = monotonic()
    used = process_time()
    while monotonic() - begun < max_sleep:
        await _run_all_ready()
        if _draw(app):
            continue
        if not _waits_for_others(app):
            return
        if (passed := monotonic() - looked) >= _QUIET:
            if process_time() - used < _BUSY * passed:
                return
            looked, used = monotonic(), process_time()
        await asyncio.sleep(_STEP)


def install() -> None:
    """Have every pilot wait this way."""
    textual.app.wait_for_idle = until_idle  # type: ignore[attr-defined]
    textual.pilot.wait_for_idle = until_idle  # type: ignore[attr-defined]


async def _run_all_ready() -> None:
    """Let everything run that the event loop has ready, and what becomes ready by it."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    empty = 0
    while empty < 2:
        await asyncio.sleep(0)
        empty = 0 if ready else empty + 1


def _draw(app: App[object]) -> bool:
    """Draw what has changed without waiting for the next frame; False when everything is drawn."""
    if not app.screen_stack or not app.screen._update_timer._active.is_set():
        return False
    app.screen._on_timer_update()
    return True


def _waits_for_others(app: App[object]) -> bool:
    """Whether something is waited for that is not on the event loop of the app."""
    if any(not worker.is_finished for worker in app.workers):
        return True
    return isinstance(app, SemtuiApp) and (bool(app.session._calls) or not app.key_queue.empty)
