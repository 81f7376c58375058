"""What became of each list: whether an answer may be drawn from it, and what is lacking if not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from semtui.api.errors import IncompleteListError, PermissionDeniedError
from semtui.organization.listing import LIST_NAMES

if TYPE_CHECKING:
    from semtui.organization.listing import Listing
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

Fate = Literal["ok", "refused", "failed", "partial", "stale"]
"""`ok`: whole, and of now. `stale`: whole, and the last reload failed. `partial`: some rows, and perhaps others.
`refused`, `failed`: none."""

WHOLE: tuple[Fate, ...] = ("ok", "stale")
"""Fates of lists of which all rows are there, as of now or of some time before: who is absent is not in them."""


GROUP_LISTS = ("groups", "group_members")
"""What Community does not have."""


@dataclass(frozen=True)
class ListFate:
    """What became of one list."""

    fate: Fate
    items: int = 0
    """How many rows are there."""
    at: float | None = None
    """Epoch seconds, UTC, of the last time it was whole."""
    missing_permission: str = ""
    """What the API token lacks, where Semaphore refused for that."""
    reason: str | None = None
    """Why it is not ok, in sentences; None while it is still being read."""


def fate_of(listing: Listing[Any]) -> ListFate:
    """What became of a list."""
    error = listing.error
    missing = error.missing if isinstance(error, PermissionDeniedError) else ""
    reason = None if error is None else str(error)
    fate: Fate = "failed"
    if listing.is_known:
        fate = "ok" if error is None else "stale"
    elif isinstance(error, PermissionDeniedError):
        fate = "refused"
    elif isinstance(error, IncompleteListError) or (listing.loading and error is None):
        fate = "partial"
    return ListFate(fate, len(listing.items), listing.loaded_at, missing, reason)


def coverage(people: People, projects: Projects) -> Mapping[str, ListFate]:
    """The fate of each of the organization's lists, and of that of `projects`, by name."""
    found: dict[str, ListFate] = {name: fate_of(people.listing(name)) for name in LIST_NAMES}
    return found | {"projects": fate_of(projects.listing)}


def needed(fates: Mapping[str, ListFate], edition: str) -> Mapping[str, ListFate]:
    """Those of lists that an organization of this edition has: Community has no groups (`API.md#editions`)."""
    return {name: fate for name, fate in fates.items() if edition != "ce" or name not in GROUP_LISTS}
