"""What the terms of a filter look at: the rows, and what several terms need of them, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Protocol

from semtui.organization.filters.matches import Matches, mask
from semtui.text.folding import haystack

if TYPE_CHECKING:
    from semtui.api.models import RoleBinding
    from semtui.organization.listing import ListName
    from semtui.organization.people import People


class Access(Protocol):
    """What only the access graph can tell of the rows."""

    @property
    def permissions(self) -> Sequence[str]:
        """The full name of every permission."""

    def holding(self, role_names: Collection[str]) -> Matches:
        """Who holds one of these roles, directly or through a group; without names, who holds no role."""

    def able(self, permission: str) -> Matches:
        """Who holds a permission: of the organization, or on every project."""


@dataclass(frozen=True)
class Times:
    """A point in time of each row: the latest and the earliest it can be, in epoch seconds."""

    latest: Sequence[float]
    earliest: Sequence[float]

    @staticmethod
    def of(times: Iterable[int | None]) -> Times:
        """Of times of which some are not known."""
        known = tuple(times)
        return Times(
            tuple(inf if time is None else time for time in known),
            tuple(-inf if time is None else time for time in known),
        )


class Lists:
    """One state of the lists."""

    def __init__(self, people: People, access: Callable[[], Access]) -> None:
        """`access` builds the access graph when a term first needs it."""
        self.people = people
        self.access = access
        self._kinds: dict[tuple[str, ...], int] = {}

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.people.subjects)

    def of_kind(self, *kinds: str) -> int:
        """The mask of the rows of these kinds."""
        found = self._kinds.get(kinds)
        if found is None:
            found = self._kinds[kinds] = mask([row.kind in kinds for row in self.people.subjects])
        return found

    def known(self, *names: ListName) -> bool:
        """Whether all these lists have arrived."""
        return all(self.people.listing(name).is_known for name in names)

    @cached_property
    def roles_unread(self) -> int:
        """The mask of the rows whose roles are not known."""
        return mask([row.roles is None for row in self.people.subjects])

    @cached_property
    def distinct_roles(self) -> Mapping[int, tuple[RoleBinding, ...]]:
        """Role bindings by their identity: holders of the same roles share one tuple."""
        return {key: roles or () for key, roles in {id(row.roles): row.roles for row in self.people.subjects}.items()}

    @cached_property
    def created(self) -> Times:
        """When each row was created."""
        return Times.of(row.account.created_at if row.account else None for row in self.people.subjects)

    @cached_property
    def updated(self) -> Times:
        """When each row was last changed."""
        return Times.of(row.account.updated_at if row.account else None for row in self.people.subjects)

    @cached_property
    def made_by(self) -> Sequence[str | None]:
        """The id of each row's creator, empty for one who has left; None where there is none or it is not known."""
        return tuple(row.account.creator_id if row.account else None for row in self.people.subjects)

    @cached_property
    def creators(self) -> Mapping[str, str]:
        """The folded names of everybody who is listed and has created an account, by id."""
        ids = {each for each in self.made_by if each}
        rows = zip(self.people.subjects, self.people.texts, strict=True)
        # The text of a row without a description is its folded name.
        return {row.id: haystack(row.name) if row.description else text for row, text in rows if row.id in ids}
