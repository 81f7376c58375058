"""Handles keys strictly one by one: each acts on the screen as the previous key left it, however fast they come."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen

Typed = events.Key | events.Paste

_MAX_WAIT = 5.0
"""Seconds a key waits for the previous one to finish: something slow must not lock out the keys that leave it."""

_LOOK_AGAIN = 0.05
"""Seconds after which it is looked whether what is waited for can still happen."""


class KeyQueue:
    """Holds keys back until the previous one has been handled.

    Textual looks up the widget a key is for when the key arrives, but runs most of what a key does later, through
    queues: typed at once, `tab` and `enter` would meet a button that is not enabled yet, or a dialog not yet there.
    """

    def __init__(self, app: App[None], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        """`handle` takes one key, on the app's own task."""
        self._app = app
        self._handle = handle
        self._waiting: deque[Typed] = deque()
        self._feeding: asyncio.Task[None] | None = None
        self._arrived: float | None = None
        self._drawn: Callable[[], Screen[object] | None] = lambda: None
        """The screen that was in front when everything was quiet last. Not held: it may have shown a token."""

    @property
    def empty(self) -> bool:
        """True when every key, and everything it triggered, has been handled."""
        return self._feeding is None or self._feeding.done()

    @property
    def pressed_at(self) -> float:
        """When the key arrived that is being handled, with everything it triggered; now, when there is none. Seconds
        of the monotonic clock."""
        return monotonic() if self._arrived is None else self._arrived

    async def take(self, event: Typed) -> None:
        """Handle a key now, or after those before it."""
        if not self.empty:
            self._waiting.append(event)
            return
        self._arrived = event.time
        await self._handle(event)
        self._feeding = asyncio.create_task(self._feed(event))

    async def _feed(self, last: Typed) -> None:
        while True:
            if not (self._waiting and self._is_text(last) and self._is_text(self._waiting[0])):
                await self._wait_until_idle()
            if not self._waiting:
                self._arrived = None
                return
            last = self._waiting.popleft()
            self._arrived = last.time
            handled = asyncio.Event()
            if not self._app.call_later(self._handle_one, last, handled):
                return
            await handled.wait()

    async def _handle_one(self, event: Typed, handled: asyncio.Event) -> None:
        try:
            await self._handle(event)
        finally:
            handled.set()

    def _is_text(self, event: Typed) -> bool:
        """Text for the field that has the focus: its own queue keeps letters in order."""
        focused = self._app.focused
        return (
            isinstance(event, events.Key)
            and focused is not None
            and focused.check_consume_key(event.key, event.character)
        )

    async def _wait_until_idle(self) -> None:
        """Wait until everything the last key triggered has finished."""
        # At the end of the program there is no screen any more.
        with contextlib.suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(_MAX_WAIT):
                while True:
                    screen = self._app.screen
                    for node in self._chain():
                        await self._caught_up(node.call_later, screen)
                    known = screen is self._drawn()
                    if not known or isinstance(screen, ModalScreen):
                        # Pages scroll by their size and tab goes by where things are: both are known once drawn.
                        await self._caught_up(screen.call_after_refresh, screen)
                    if self._app.screen is not screen:
                        continue
                    if known and not any(node.message_queue_size for node in self._nodes()):
                        return
                    self._drawn = weakref.ref(screen)
                    # Queues that are closed as the program ends are not waited for, and never become empty.
                    await asyncio.sleep(0)

    def _nodes(self) -> list[MessagePump]:
        """The app and everything on the screen in front."""
        return [self._app, *self._app.screen.walk_children(with_self=True)]

    def _chain(self) -> list[MessagePump]:
        """The widgets a key bubbles through, from the focused one up to the app."""
        screen = self._app.screen
        return [*(self._app.focused or screen).ancestors_with_self] if screen.is_attached else [self._app]

    async def _caught_up(self, call: Callable[[Callable[[], None]], bool], screen: Screen[object]) -> None:
        """Wait until everything now in a message queue has been handled; return at once if the queue is closed, or
        `screen` is in front no more: a dialog that has gone may never get to what was asked of it."""
        arrived = asyncio.Event()
        if not call(arrived.set):
            return
        while self._app.screen is screen and not arrived.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await arrived.wait()
