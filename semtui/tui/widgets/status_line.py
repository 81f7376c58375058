"""What a dialog says of what it does."""

from __future__ import annotations

from textual.widgets import Static

from semtui.tui.styling import styled
from semtui.wording.styled_text import Tone


class StatusLine(Static):
    """A sentence for which room is kept, so that nothing moves when it is said; only in the least window it is not."""

    def __init__(self) -> None:
        super().__init__(id="status")

    def say(self, words: str, tone: Tone) -> None:
        """Show a sentence; none if it is empty."""
        self.update(styled([(words, tone)]))
        self.set_class(bool(words), "-said")
