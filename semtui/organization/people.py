"""Everyone in the organization, joined from Semaphore's lists into rows that can be searched and sorted.

Semaphore spreads what the People page shows over six lists. `People` holds those that are known; each can fail on its
own. They are joined by id (`API.md#subject-types`): a member whose id is among the service accounts is one, whatever
its `subject_type` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING, Any, Self

from semtui.api.errors import SemaphoreError
from semtui.organization.listing import LIST_NAMES, NOT_YET_LOADED, Listing, ListName
from semtui.organization.relations import Relations, role_order
from semtui.organization.subject import KINDS, Kind, State, Subject, place, text_of
from semtui.text import confusables

if TYPE_CHECKING:
    from semtui.api.models import Group, Member, Role, RoleBinding, ServiceAccount


COMMUNITY_ROLES = (
    "ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b",
    "54d0e034-a77f-466b-8e49-819e94e8a2e1",
    "1cee59c8-055d-4dc7-807f-a008937a4b27",
)
"""The ids of Owner, Admin and Member on Community (`API.md#editions`)."""
_PIECE = 4_000
"""Rows sorted at a time, which takes a millisecond or two."""


@dataclass(frozen=True)
class People:
    """Semaphore's six lists, and the rows they make together."""

    users: Listing[Member] = NOT_YET_LOADED
    account_members: Listing[Member] = NOT_YET_LOADED
    group_members: Listing[Member] = NOT_YET_LOADED
    accounts: Listing[ServiceAccount] = NOT_YET_LOADED
    groups: Listing[Group] = NOT_YET_LOADED
    roles: Listing[Role] = NOT_YET_LOADED
    deleted: frozenset[str] = frozenset()
    """Ids of service accounts deleted from here: no rows are made of them, whatever the lists still show."""
    gone: frozenset[str] = frozenset()
    """Ids of accounts and groups that were deleted and are still shown by the lists of roles (`API.md#delays`)."""
    former: frozenset[tuple[str, str]] = frozenset()
    """Ids and names of service accounts a previous list showed. Community goes on to list them among people."""

    def listing(self, name: ListName) -> Listing[Any]:
        """One list by its name."""
        found: Listing[Any] = getattr(self, name)
        return found

    def loading_started(self) -> People:
        """A copy in which every list is being loaded again."""
        return self._same_rows({name: replace(self.listing(name), loading=True) for name in LIST_NAMES})

    def growing(self, name: ListName, items: tuple[Any, ...]) -> People:
        """A copy with the first items of a list that is not known yet; a list that is known stays as it was."""
        listing = self.listing(name)
        if listing.is_known or not listing.loading or len(items) <= len(listing.items):
            return self
        return self._with(name, replace(listing, items=items))

    def arrived(self, name: ListName, items: tuple[Any, ...], now: float) -> People:
        """A copy with one list loaded at `now` (epoch seconds, UTC)."""
        after = self._with(name, Listing(items, loading=False, loaded_at=now))
        if name != "accounts":
            return after
        listed = {account.id for account in items}
        before = {(account.id, account.name) for account in self.accounts.items}
        return replace(after, former=frozenset(each for each in self.former | before if each[0] not in listed))

    def failed(self, name: ListName, error: SemaphoreError) -> People:
        """A copy with one list that failed to load; it keeps its old items, or shows the part that arrived."""
        before = self.listing(name)
        after = before.failed(error)
        return self._same_rows({name: after}) if after.items is before.items else self._with(name, after)

    def _with(self, name: ListName, listing: Listing[Any]) -> People:
        changed: dict[str, Any] = {name: listing}
        return replace(self, **changed)

    def without(self, deleted: Collection[str]) -> People:
        """A copy without these service accounts, which have been deleted."""
        return self if self.deleted.issuperset(deleted) else replace(self, deleted=self.deleted.union(deleted))

    def only_in_role_lists(self, name: ListName) -> frozenset[str]:
        """Ids of accounts or groups, by the name of their list, that only the list of their roles still shows."""
        roles = self.account_members if name == "accounts" else self.group_members
        listing = self.listing(name)
        if not (listing.is_known and roles.is_known) or listing.error is not None:
            return frozenset()
        listed = {item.id for item in listing.items}
        return frozenset(member.id for member in roles.items if member.id not in listed) - self.gone - self.deleted

    def with_deleted(self, ids: Collection[str]) -> People:
        """A copy in which these ids are known to have been deleted."""
        return replace(self, gone=self.gone.union(ids)) if ids else self

    def _same_rows(self, listings: dict[ListName, Listing[Any]]) -> People:
        """The same with lists whose items are unchanged; data derived from them is kept."""
        changed: dict[str, Any] = dict(listings.items())
        after = replace(self, **changed)
        named = {field.name for field in fields(self)}
        after.__dict__.update({key: value for key, value in self.__dict__.items() if key not in named})
        return after

    @property
    def size(self) -> int:
        """The number of items that `prepare` has to process."""
        return sum(len(self.listing(name).items) for name in LIST_NAMES)

    def prepare(self, before: People) -> Self:
        """Work out what the rows are and what a search looks through, which takes a second for 100,000 rows.

        Rows that are as they were `before` stay the same objects: freeing 100,000 of them would hold up keys.
        """
        known = before.by_id
        self.__dict__["subjects"] = tuple(old if (old := known.get(row.id)) == row else row for row in self.subjects)
        _ = self.texts, self.counts, self.by_id
        return self

    def take_rows(self, before: People, changed: Collection[str]) -> None:
        """Take over the rows of `before`, but for those of `changed`: ids of all rows that differ in anything."""
        few = {name: self._only(name, changed) for name in ("users", "account_members", "accounts")}
        small: People = replace(self, **few)
        rows = {row.id: row for row in small.subjects if row.id in changed}
        if rows.keys() <= before.by_id.keys():
            kept = (row if row.id not in changed else rows.get(row.id) for row in before.subjects)
            self.__dict__["subjects"] = tuple(row for row in kept if row is not None)

    def _only(self, name: ListName, ids: Collection[str]) -> Any:
        listing = self.listing(name)
        return replace(listing, items=tuple(item for item in listing.items if item.id in ids))

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """Every row, by kind and then by name."""
        made = _Rows(self)
        rows = [*made.accounts(), *made.persons(), *made.groups()]
        # Sorting holds the interpreter, so that no key would be handled; so it is done in pieces.
        pieces = (sorted(rows[start : start + _PIECE], key=place) for start in range(0, len(rows), _PIECE))
        return tuple(merge(*pieces, key=place))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What search looks through besides the id, one text for each row."""
        return tuple(text_of(subject) for subject in self.subjects)

    @cached_property
    def counts(self) -> dict[Kind | None, int]:
        """How many rows there are of each kind; None stands for all."""
        kinds = Counter(subject.kind for subject in self.subjects)
        return {None: len(self.subjects), **{kind: kinds[kind] for kind in KINDS}}

    @cached_property
    def by_id(self) -> dict[str, Subject]:
        """Rows by their id."""
        return {subject.id: subject for subject in self.subjects}

    def caution(self, subject: Subject) -> str:
        """What to double-check about a row's name before changing it; empty for nothing."""
        return confusables.lookalike_warning(subject.name, ((row.name, row.id) for row in self.alike(subject)))

    def alike(self, subject: Subject) -> list[Subject]:
        """Every other row, of whatever kind, whose name looks the same."""
        return confusables.alike(subject, self._by_skeleton)

    @cached_property
    def _by_skeleton(self) -> dict[str, list[Subject]]:
        return confusables.by_skeleton(self.subjects)

    @cached_property
    def bindings_of(self) -> dict[str, tuple[RoleBinding, ...]]:
        """Role bindings by subject id, from whichever list shows them."""
        found: dict[str, tuple[RoleBinding, ...]] = {}
        for member in (*self.users.items, *self.account_members.items, *self.group_members.items):
            held = found.get(member.id)
            # Nearly everyone is in one list only, and holders of the same roles share one tuple.
            new = member.roles if held is None else tuple(each for each in member.roles if each not in held)
            found[member.id] = (held + new) if held else new
        return found

    @property
    def community(self) -> bool:
        """True on Community, known by the fixed ids of its roles (`API.md#editions`); it has no groups."""
        return any(role.id in COMMUNITY_ROLES for role in self.roles.items)

    @cached_property
    def role_offers(self) -> tuple[tuple[Role, ...], str]:
        """The organization's roles in the order of the web page and, where Semaphore does not list them, a note that
        these are only the ones somebody holds."""
        from semtui.api.models import Role

        roles, note = {role.id: role for role in self.roles.items}, ""
        if not self.roles.is_known:
            held = [binding for bindings in self.bindings_of.values() for binding in bindings]
            roles = {binding.role_id: Role(id=binding.role_id, name=binding.role_name) for binding in held}
            note = "Semaphore did not list the roles; these are the ones somebody holds."
            if not roles:
                note = "Semaphore did not list the roles, and nobody is known to hold one."
        return tuple(sorted(roles.values(), key=lambda role: role_order(role.name))), note

    @cached_property
    def role_names(self) -> tuple[str, ...]:
        """The name of every role held or listed, in the order of the web page; what the role filter offers."""
        held = {binding.role_name for bindings in self.bindings_of.values() for binding in bindings}
        return tuple(sorted(held | {role.name for role in self.roles.items}, key=role_order))

    @cached_property
    def relations(self) -> Relations:
        """Who is related to whom, worked out when it is asked for."""
        return Relations(self.roles.items, self.groups.items, self.subjects)


class _Rows:
    """Makes the rows of the lists, in no order."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._groups_of: dict[str, list[str]] = {}
        """Names of the groups somebody is a member of, by id."""
        for group in people.groups.items:
            for member_id in group.member_ids:
                self._groups_of.setdefault(member_id, []).append(group.name)

    def accounts(self) -> Iterable[Subject]:
        people = self._people
        # Community lists the roles of service accounts among people's (`API.md#subject-types`), so both must be known.
        roles_known = people.users.is_known and people.account_members.is_known
        listed = {account.id for account in people.accounts.items}
        through_groups = self._with_roles_through_groups()
        for account in people.accounts.items:
            if account.id in people.deleted:
                continue
            roles = people.bindings_of.get(account.id, () if roles_known else None)
            state: State = "deactivated" if account.deactivated else "active" if roles else "no role"
            if (roles is None or account.id in through_groups) and not account.deactivated:
                state = "active"
            yield Subject(
                account.id,
                "account",
                account.name,
                roles,
                state,
                account.description,
                groups=tuple(self._groups_of.get(account.id, ())),
                account=account,
            )
        for member in people.account_members.items:
            if member.id not in listed and member.id not in people.deleted:
                groups = tuple(self._groups_of.get(member.id, ()))
                state = "being removed" if member.id in people.gone else "unknown"
                yield Subject(member.id, "account", member.name, people.bindings_of[member.id], state, groups=groups)

    def persons(self) -> Iterable[Subject]:
        people = self._people
        former = dict(people.former)
        account_ids = self._account_ids()
        for member in people.users.items:
            if member.id in account_ids or member.id in people.deleted:
                continue
            groups, roles = tuple(self._groups_of.get(member.id, ())), people.bindings_of[member.id]
            if member.id in former:
                name = member.name.strip() or former[member.id]
                yield Subject(member.id, "account", name, roles, "being removed", groups=groups)
            else:
                # Community gives no name for a deleted account, nor for anybody else it does not know.
                state: State = "" if member.name.strip() else "unknown"
                yield Subject(member.id, "person", member.name, roles, state, groups=groups)

    def groups(self) -> Iterable[Subject]:
        people = self._people
        listed = {group.id for group in people.groups.items}
        for group in people.groups.items:
            roles = people.bindings_of.get(group.id, () if people.group_members.is_known else None)
            members = tuple(each for each in group.member_ids if each not in people.deleted)
            yield Subject(group.id, "group", group.name, roles, "", group.description, member_ids=members)
        for member in people.group_members.items:
            if member.id not in listed:
                state: State = "being removed" if member.id in people.gone else ""
                yield Subject(member.id, "group", member.name, people.bindings_of[member.id], state, member_ids=None)

    def _account_ids(self) -> frozenset[str]:
        people = self._people
        listed = {account.id for account in people.accounts.items}
        return frozenset(listed | {member.id for member in people.account_members.items})

    def _with_roles_through_groups(self) -> frozenset[str]:
        """Members of groups that hold a role, or may: the list of their roles is missing."""
        people = self._people
        unread = not people.group_members.is_known
        groups = (group for group in people.groups.items if unread or people.bindings_of.get(group.id))
        return frozenset(member_id for group in groups for member_id in group.member_ids)


def slug(name: str) -> str:
    """The identifier Semaphore derives from an account's name and requires to be unique (`API.md#account-names`)."""
    allowed = b"abcdefghijklmnopqrstuvwxyz0123456789-"
    return "".join(chr(byte) if byte in allowed else "-" for byte in name.strip().lower().encode())
