"""The two sides of a comparison, indexed for look-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from semtui.audit.access.fates import fate_of
from semtui.audit.comparison.changed import About, Change, ChangeKind, Part, part_place
from semtui.organization.listing import LIST_NAMES, ListName

if TYPE_CHECKING:
    from semtui.api.models import ServiceAccount
    from semtui.organization.people import People
    from semtui.organization.projects import Projects


@dataclass(frozen=True)
class Side:
    """One side: a snapshot or the current lists."""

    people: People
    projects: Projects

    @cached_property
    def holders(self) -> Mapping[str, set[str]]:
        """For each role id, the ids of people and accounts who hold it, directly or through a group."""
        found: dict[str, set[str]] = {}
        members = {group.id: group.member_ids for group in self.people.groups.items}
        of_groups = {member.id for member in self.people.group_members.items}
        for subject_id, bindings in self.people.bindings_of.items():
            for binding in bindings:
                ids = members.get(subject_id, ()) if subject_id in of_groups else (subject_id,)
                found.setdefault(binding.role_id, set()).update(ids)
        return found


@dataclass(frozen=True)
class Sides:
    """Both sides of a comparison."""

    before: Side
    after: Side
    community: bool

    @cached_property
    def whole(self) -> frozenset[ListName]:
        """The organization's lists that are whole and current on both sides."""
        both = (self.before.people, self.after.people)
        return frozenset(name for name in LIST_NAMES if are_whole(*(side.listing(name) for side in both)))

    @cached_property
    def account_ids(self) -> frozenset[str]:
        """The ids of accounts on either side, whatever type their bindings have (`API.md#subject-types`)."""
        both = (self.before.people, self.after.people)
        listed = {row.id for side in both for row in side.accounts.items}
        return frozenset(listed | {row.id for side in both for row in side.account_members.items})

    @property
    def account_roles_known(self) -> bool:
        """True if the roles of accounts are known on both sides."""
        # Community lists accounts' roles among those of people (`API.md#subject-types`).
        return "account_members" in self.whole and (not self.community or "users" in self.whole)

    @property
    def projects_whole(self) -> bool:
        """True if the list of projects is whole on both sides."""
        return are_whole(self.before.projects.listing, self.after.projects.listing)

    def rows(self, name: ListName) -> tuple[dict[str, Any], dict[str, Any]]:
        """A list on each side, by id."""
        before: Any = self.before.people.listing(name).items
        after: Any = self.after.people.listing(name).items
        return {row.id: row for row in before}, {row.id: row for row in after}

    @property
    def projects(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The projects on each side, by id."""
        before, after = self.before.projects.listing.items, self.after.projects.listing.items
        return {row.id: row for row in before}, {row.id: row for row in after}

    def name(self, subject_id: str) -> str:
        """The name of a subject, now or before; "" if no list has it."""
        for side in (self.after, self.before):
            if subject_id in side.people.by_id:
                return side.people.by_id[subject_id].name
        return ""

    def state(self, subject_id: str, about: About) -> str:
        """The state of an account now."""
        if about != "account":
            return "not in the API"
        row = self.after.people.by_id.get(subject_id)
        return state_of(row.account) if row is not None and row.account is not None else "unknown"

    def members(self, side: Side, ids: Iterable[str]) -> tuple[Part, ...]:
        """Members of a group, sorted by name."""
        known = side.people.by_id
        found = (Part(each, known[each].name if each in known else "") for each in set(ids))
        return tuple(sorted(found, key=part_place))

    def renamed(
        self, kind: ChangeKind, about: About, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[Change]:
        """Rows on both sides whose name has changed."""
        for each in before.keys() & after.keys():
            old, new = before[each].name, after[each].name
            if old != new:
                yield Change(kind, about, each, new, self.state(each, about), before=old, after=new)

    def described(self, about: About, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
        """Rows on both sides whose description has changed."""
        for each in before.keys() & after.keys():
            old, new = before[each].description, after[each].description
            if old != new:
                name = after[each].name
                yield Change("described", about, each, name, self.state(each, about), before=old, after=new)


def are_whole(*listings: Any) -> bool:
    """True if all these lists are whole and current."""
    return all(fate_of(listing).fate == "ok" for listing in listings)


def state_of(account: ServiceAccount) -> str:
    """The state of an account."""
    return "deactivated" if account.deactivated else "active"
