"""One of Semaphore's lists, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from semtui.api.errors import IncompleteListError, SemaphoreError

T = TypeVar("T")
ListName = Literal["users", "account_members", "group_members", "accounts", "groups", "roles"]
LIST_NAMES: tuple[ListName, ...] = (
    "users",
    "account_members",
    "group_members",
    "accounts",
    "groups",
    "roles",
)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One of Semaphore's lists as far as it is known."""

    items: tuple[T, ...] = ()
    loading: bool = True
    loaded_at: float | None = None
    """Epoch seconds, UTC, of the last complete load; the items are of then."""
    error: SemaphoreError | None = None
    """Why the last load failed; older items, if any, stay."""

    @property
    def is_known(self) -> bool:
        """True if the items are, or once were, the whole list."""
        return self.loaded_at is not None

    def failed(self, error: SemaphoreError) -> Listing[T]:
        """A copy after a failed load: old items stay; without any, the part that arrived is kept."""
        came = error.items if isinstance(error, IncompleteListError) and not self.is_known else ()
        return replace(self, items=came or self.items, loading=False, error=error)


NOT_YET_LOADED: Listing[Any] = Listing()
