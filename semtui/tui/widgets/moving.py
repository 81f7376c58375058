"""Movement keys shared by tables, choice lists and text."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding

from semtui.settings.keymap import DEFAULTS, for_textual


def moving_keys(actions: Mapping[str, str], *, priority: bool = False) -> list[Binding]:
    """Bindings of these actions, by what moves (`keys.MOVING`); the user's own keys take their place."""
    return [
        Binding(for_textual(DEFAULTS[name]), action, name, show=False, priority=priority, id=name)
        for name, action in actions.items()
    ]
