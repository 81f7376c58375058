"""What a screen says of a key that does nothing there, so that no key is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.events import Key
    from textual.screen import Screen


def unbound(screen: Screen[Any], event: Key) -> str:
    """The key as it is written, if nothing is bound to it on this screen; empty if something is."""
    if event.key in screen.active_bindings:
        return ""
    return event.character if event.is_printable and event.character and event.character.strip() else event.key


def does_nothing(key: str, instead: str) -> str:
    """A sentence about such a key, with what to press instead."""
    return f"{key} does nothing here; {instead}"
