"""A line to type into: still, and in the order of the keys."""

from __future__ import annotations

from textual import events
from textual.binding import BindingsMap
from textual.message import Message
from textual.widgets import Input

from semtui.pasted import UNREADABLE, one_line

_EDITING = {key: found[0].action for key, found in BindingsMap(Input.BINDINGS).key_to_bindings.items()}
_NOT_UTF8 = "That key was left out: your terminal sent something that is not UTF-8."


class Field(Input):
    """An Input whose editing keys act at once. Textual acts upon them only after the text typed behind them is in: of
    `ab`, backspace and `c`, typed while a slow link stood still, `ab` was left."""

    class Remark(Message):
        """Something to tell whoever types, in a sentence."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def on_mount(self) -> None:
        # Each blink would cross the link.
        self.cursor_blink = False

    async def on_key(self, event: events.Key) -> None:
        if event.character == UNREADABLE:
            event.stop()
            event.prevent_default()
            self.post_message(self.Remark(_NOT_UTF8))
            return
        action = None if event.is_printable else _EDITING.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    def on_paste(self, event: events.Paste) -> None:
        # Textual takes the first line, and says nothing of the others.
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        """Paste what was copied here."""
        self._take(self.app.clipboard)

    def _take(self, text: str) -> None:
        line, words = one_line(text)
        self.replace(line, *self.selection)
        if words:
            self.post_message(self.Remark(words))
