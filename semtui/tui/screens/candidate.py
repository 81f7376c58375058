"""A candidate for `Chooser`, apart from the screen itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A candidate and a few words about it."""

    id: str
    name: str
    words: str = ""
    key: str = ""
    """The key that does the same, where there is one."""
    obstacle: str = ""
    """Why it cannot be chosen now, in a sentence; empty when it can."""
    group: str = ""
    """The heading it stands under, where there is one."""
    haystack: str = ""
    """What a search looks through besides, folded."""
