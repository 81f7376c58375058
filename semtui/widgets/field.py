"""A line to type into: still, and in the order of the keys."""

from __future__ import annotations

from textual import events
from textual.binding import BindingsMap
from textual.widgets import Input

_EDITING = {key: found[0].action for key, found in BindingsMap(Input.BINDINGS).key_to_bindings.items()}


class Field(Input):
    """An Input whose editing keys act at once. Textual acts upon them only after the text typed behind them is in: of
    `ab`, backspace and `c`, typed while a slow link stood still, `ab` was left."""

    def on_mount(self) -> None:
        # Each blink would cross the link.
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        action = None if event.is_printable else _EDITING.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)
