"""Says which file a name that is being typed stands for."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class FilePlace(Static):
    """A line below a field; hidden while there is nothing to say beyond what is typed."""

    DEFAULT_CSS = "FilePlace { height: auto; display: none; color: $muted; padding-left: 13; }"

    def show_place(self, typed: str, place: str) -> None:
        """Show the full path `place` of the file that is `typed`; hide the line where they are the same."""
        self.update(Content(f"is {place}"))
        self.display = place not in ("", typed.strip())
