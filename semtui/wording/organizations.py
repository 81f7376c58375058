"""Which organization this is, in words."""

from __future__ import annotations

CHOSEN_BY_VARIABLE = "set by SEMAPHORE_HOST"


def context_words(name: str, host: str, *, from_environment: bool = False) -> str:
    """What chose the organization: a context of ~/.sem.yaml, if its name tells more than the host, or an environment
    variable; empty for a name that tells nothing more."""
    if from_environment:
        return CHOSEN_BY_VARIABLE
    return f"context {name}" if name.replace("_", ".") != host else ""
