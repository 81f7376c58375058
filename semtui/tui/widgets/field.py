"""A text field that does not blink and handles keys in order."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.binding import BindingsMap
from textual.message import Message
from textual.widgets import Input

from semtui.text.pasted import UNREADABLE, one_line

_EDITING = {key: found[0].action for key, found in BindingsMap(Input.BINDINGS).key_to_bindings.items()}
_NOT_UTF8 = "That key was ignored: your terminal sent something that is not UTF-8."


class Field(Input):
    """An Input whose editing keys act at once, and whose first content is replaced by typing.

    Textual acts upon editing keys only after the text typed behind them is in: of `ab`, backspace and `c`, typed while
    a slow link stood still, `ab` was left.
    """

    class Remark(Message):
        """Asks the screen to show a sentence about what was typed."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, value: str | None = None, placeholder: str = "", **options: Any) -> None:
        super().__init__(value, placeholder, **options)
        self._replaced = self.select_on_focus
        self._filled_with: str | None = self.value

    def prefill(self, value: str, *, replaced: bool = True) -> None:
        """Fill the field with a suggestion that typing replaces or continues."""
        self.value = value
        self.cursor_position = len(value)
        self._filled_with = value if replaced else None

    def on_mount(self) -> None:
        """Turn off the blinking cursor, which costs traffic on a remote terminal."""
        # Every blink would be sent over the link.
        self.cursor_blink = False

    def on_focus(self) -> None:
        """Select the content only if it is the suggestion the field was filled with."""
        # Only what was offered is replaced; whoever comes back to their own words goes on with them.
        self.select_on_focus = self._replaced and self.value == self._filled_with

    async def on_key(self, event: events.Key) -> None:
        """Run editing keys at once, and reject input that is not UTF-8."""
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
        """Insert pasted text in place of Textual, which drops all lines but the first without saying so."""
        # Textual takes the first line, and says nothing of the others.
        event.stop()
        event.prevent_default()
        self._take(event.text)

    def action_paste(self) -> None:
        """Paste from the app's own clipboard."""
        self._take(self.app.clipboard)

    def _take(self, text: str) -> None:
        line, words = one_line(text)
        self.replace(line, *self.selection)
        if words:
            self.post_message(self.Remark(words))
