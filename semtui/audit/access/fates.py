"""How each list was read: whether an answer can rely on it, and what is missing if not."""

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
"""`ok`: whole and current. `stale`: whole, but the last reload failed. `partial`: some rows, of perhaps more.
`refused`, `failed`: no rows."""

WHOLE: tuple[Fate, ...] = ("ok", "stale")
"""Fates of lists that have all rows, current or older: whoever is absent does not exist."""


GROUP_LISTS = ("groups", "group_members")
"""The lists Community does not have."""


@dataclass(frozen=True)
class ListFate:
    """How one list was read."""

    fate: Fate
    items: int = 0
    """The number of rows read."""
    at: float | None = None
    """When it was last whole, in epoch seconds."""
    missing_permission: str = ""
    """The permission the API token lacks, if that is why Semaphore refused."""
    reason: str | None = None
    """Why it is not `ok`, in sentences; None while it is still being read."""


def fate_of(listing: Listing[Any]) -> ListFate:
    """The fate of a list."""
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
    """The fates of the organization's lists and of the list of projects, by name."""
    found: dict[str, ListFate] = {name: fate_of(people.listing(name)) for name in LIST_NAMES}
    return found | {"projects": fate_of(projects.listing)}


def needed(fates: Mapping[str, ListFate], edition: str) -> Mapping[str, ListFate]:
    """The fates of the lists that this edition has: Community has no groups (`API.md#editions`)."""
    return {name: fate for name, fate in fates.items() if edition != "ce" or name not in GROUP_LISTS}
