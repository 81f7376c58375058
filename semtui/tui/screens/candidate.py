"""What can be chosen from a list, without the list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """One that can be chosen, with a few words about it."""

    id: str
    name: str
    words: str = ""
    key: str = ""
    """The key that does the same, where there is one."""
    obstacle: str = ""
    """Why it cannot be chosen now, in a sentence; empty when it can."""
    haystack: str = ""
    """What a search looks through besides, folded."""
