"""Says what a place that is being typed stands for."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class FilePlace(Static):
    """A line below a field; hidden while there is nothing to say beyond what is typed."""

    DEFAULT_CSS = "FilePlace { height: auto; display: none; color: $muted; padding-left: 13; }"

    def show_place(self, typed: str, place: str) -> None:
        """Show the full path `place` of the file that is `typed`; hide the line where they are the same."""
        self.say("" if place == typed.strip() else f"{place and 'that is '}{place}")

    def say(self, words: str) -> None:
        """Show these words; empty ones hide the line."""
        self.update(Content(words))
        self.display = bool(words)
