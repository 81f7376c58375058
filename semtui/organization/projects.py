"""Projects and the people on them, as far as this API token sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.organization.listing import Listing
from semtui.text.folding import haystack

if TYPE_CHECKING:
    from semtui.api.errors import SemaphoreError
    from semtui.api.models import Member, Project, Role


@dataclass(frozen=True)
class Projects:
    """The projects, and the people on each project that was asked about. Semaphore does not list groups and accounts
    there."""

    listing: Listing[Project] = field(default_factory=lambda: Listing(loading=False))
    members: Mapping[str, Listing[Member]] = field(default_factory=dict)
    """People by project id; a project that was not asked about is missing."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Project roles by id, as far as Semaphore described them one by one."""

    def arrived(self, items: tuple[Project, ...], now: float) -> Projects:
        """A copy with the list loaded at `now` (epoch seconds, UTC)."""
        return replace(self, listing=Listing(items, loading=False, loaded_at=now))

    def failed(self, error: SemaphoreError) -> Projects:
        """A copy with the list not loaded; its old items stay."""
        return replace(self, listing=self.listing.failed(error))

    def loading_started(self) -> Projects:
        """A copy in which the list is being loaded again."""
        return replace(self, listing=replace(self.listing, loading=True))

    def with_members(self, project_id: str, listing: Listing[Member]) -> Projects:
        """A copy with the people of one project."""
        return replace(self, members={**self.members, project_id: listing})

    def members_of(self, project_id: str) -> Listing[Member]:
        """The people of one project, as far as they are known."""
        return self.members.get(project_id, Listing(loading=False))

    def with_role(self, role: Role) -> Projects:
        """A copy with one more project role."""
        return replace(self, roles={**self.roles, role.id: role})

    def without_role(self, role_id: str) -> Projects:
        """A copy without a project role that no longer exists."""
        return replace(self, roles={known: role for known, role in self.roles.items() if known != role_id})

    @cached_property
    def by_name(self) -> tuple[Project, ...]:
        """The projects in the order of their names."""
        return tuple(sorted(self.listing.items, key=lambda each: (each.name.casefold(), each.id)))

    @cached_property
    def texts(self) -> dict[str, str]:
        """What a search looks through in each project, folded, by id."""
        return {each.id: haystack(each.name, each.description, each.id) for each in self.listing.items}

    @cached_property
    def role_names(self) -> dict[str, str]:
        """Names of project roles by id, learned from the people who hold them: Semaphore lists them nowhere
        (`API.md#listing-roles`)."""
        bindings = (
            binding for listing in self.members.values() for member in listing.items for binding in member.roles
        )
        return {binding.role_id: binding.role_name for binding in bindings}
