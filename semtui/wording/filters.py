"""Filters in words."""

from __future__ import annotations

from collections.abc import Sequence

FILTER_HELP = (
    "Words and terms find rows that match all of them: role:admin, state:active, state:off, state:norole, "
    "kind:account, source:scim, group:NAME, by:NAME, by:gone, can:PERMISSION, age>180d, created<2025-01; a minus in "
    "front excludes what matches, and quotes hold several words together;"
)
"""What can be searched for among people, accounts and groups."""
ROLE_FILTER_HELP = (
    "Words and terms find roles that match all of them: can:PERMISSION, scope:project, scope:organization, "
    "kind:custom, kind:built-in;"
)
"""What can be searched for among roles."""
PROJECT_FILTER_HELP = "Words and terms find projects that match all of them: owner:NAME;"
"""What can be searched for among projects."""
_MOST = 8
"""The most completions to name."""


def offers_words(offers: Sequence[str]) -> str:
    """What the search line can be completed to, in a line."""
    if not offers:
        return "Nothing completes this."
    more = f" and {len(offers) - _MOST:,} more" if len(offers) > _MOST else ""
    return f"{'  '.join(offers[:_MOST])}{more}"


def begun_words(terms: Sequence[str]) -> str:
    """That nothing matches with a word that is being typed, and which terms it may become."""
    return f"Nothing matches; tab completes the word to {' or '.join(terms)}, enter searches for it."


def still_showing(search: str, most: int) -> str:
    """That the rows are those of an earlier search, of which at most so many cells are repeated; empty for none."""
    from rich.cells import cell_len, set_cell_size

    search = search.strip()
    if cell_len(search) > most:
        search = f"{set_cell_size(search, most - 1)}…"
    return f"still showing {f'“{search}”' if search else 'all'}"
