"""A line of text whose parts can be clicked."""

from __future__ import annotations

from textual import events
from textual.widgets import Static

from semtui.tui.styling import CLICKED


class ClickableLine(Static):
    """Runs the action that the clicked text carries, as its key would."""

    ALLOW_SELECT = False

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the screen."""
        if action := event.style.meta.get(CLICKED):
            await self.screen.run_action(action)
