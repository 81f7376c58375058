"""A dialog with fields, lists and buttons."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding

from semtui.tui.screens.dialog import FramedDialog
from semtui.tui.widgets.key_hint import tell_keys

T = TypeVar("T")


class FormDialog(FramedDialog[T]):
    """Says in the last line of its frame what the keys do where the focus is."""

    # In a field it is a letter.
    BINDINGS = [Binding("question_mark", "app.keys_of_dialogs", "Keys", show=False)]

    IN_FIELD: ClassVar[str] = ""
    """What the keys do in a field, where that is not the usual."""

    def tell_keys(self) -> None:
        """Say what the keys do where the focus is now."""
        tell_keys(self.frame, self.focused, self.IN_FIELD)

    def on_descendant_focus(self) -> None:
        """Say what the keys do there."""
        self.tell_keys()

    @on(events.Resize)
    def _resized(self) -> None:
        # How wide the frame is now is known only after the layout.
        self.call_after_refresh(self.tell_keys)
