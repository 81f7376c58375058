"""What Semaphore's API does not show, by number; `wording.coverage` has the words for each."""

from __future__ import annotations

LIMITS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "L11")
"""All limits."""

ASSUMPTIONS = ("A1",)
"""What is assumed because the API cannot show it."""

_NOT_COMMUNITY = ("L7", "L8")
_CLOUD = ".semaphoreci.com"


def limits_of(edition: str, host: str) -> tuple[str, ...]:
    """The limits that apply to an organization of this edition (`ee`, `ce`, `unknown`) at this host."""
    cloud = host.partition(":")[0].lower().endswith(_CLOUD)
    beside = {"L7"} if not cloud else set()
    if edition == "ce":
        beside.update(_NOT_COMMUNITY)
    return tuple(limit for limit in LIMITS if limit not in beside)
