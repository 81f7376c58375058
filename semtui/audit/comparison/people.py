"""Changes to people, service accounts and groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from semtui.audit.comparison.changed import About, Change, ChangeKind, difference, parts
from semtui.audit.comparison.sides import Sides, state_of
from semtui.audit.snapshots.records import rfc3339

if TYPE_CHECKING:
    from semtui.api.models import ServiceAccount


def people_changes(sides: Sides) -> Iterator[Change]:
    """Who joined, left, was renamed, or holds other roles directly."""
    before, after = sides.rows("users")
    for each in after.keys() - before.keys() - sides.account_ids:
        yield Change("joined", "person", each, after[each].name, added=parts(after[each].roles))
    for each in before.keys() - after.keys() - sides.account_ids:
        yield Change("left", "person", each, before[each].name, removed=parts(before[each].roles))
    both = (before.keys() & after.keys()) - sides.account_ids
    yield from sides.renamed("renamed", "person", {each: before[each] for each in both}, after)
    yield from role_changes(sides, "person", both)


def account_changes(sides: Sides) -> Iterator[Change]:
    """Which accounts are new, deleted or changed, except for their roles."""
    before, after = sides.rows("accounts")
    known = sides.account_roles_known
    gone = sorted(before.keys() - after.keys())
    gone_names = {before[each].name: each for each in gone}
    for each in after.keys() - before.keys():
        row, added = after[each], parts(sides.after.people.bindings_of.get(each, ()))
        same_name = gone_names.get(row.name)
        yield Change(
            "created", "account", each, row.name, state_of(row), added=added, same_name=same_name, roles_known=known
        )
    for each in gone:
        removed = parts(sides.before.people.bindings_of.get(each, ()))
        yield Change("deleted", "account", each, before[each].name, removed=removed, roles_known=known)
    for each in before.keys() & after.keys():
        yield from _of_account(before[each], after[each])
    yield from sides.described("account", before, after)


def _of_account(old: ServiceAccount, new: ServiceAccount) -> Iterator[Change]:
    state = state_of(new)
    if old.deactivated != new.deactivated:
        yield Change("deactivated" if new.deactivated else "reactivated", "account", new.id, new.name, state)
    if old.creator_id and not new.creator_id:
        yield Change("creator-gone", "account", new.id, new.name, state, before=old.creator_id)
    if old.name != new.name:
        yield Change("renamed", "account", new.id, new.name, state, before=old.name, after=new.name)
    # Renaming, deactivating and reactivating change it too (`API.md#updated-at`).
    if old.updated_at != new.updated_at and (old.name, old.deactivated) == (new.name, new.deactivated):
        before, after = rfc3339(old.updated_at), rfc3339(new.updated_at)
        yield Change("touched", "account", new.id, new.name, state, before=before, after=after)


def account_role_changes(sides: Sides) -> Iterator[Change]:
    """Which accounts hold other roles directly; those of new and deleted ones are in `created` and `deleted`."""
    if "accounts" not in sides.whole:
        return role_changes(sides, "account", sides.account_ids)
    before, after = sides.rows("accounts")
    return role_changes(sides, "account", before.keys() & after.keys())


def group_changes(sides: Sides) -> Iterator[Change]:
    """Which groups are new, deleted, renamed, or have other members."""
    before, after = sides.rows("groups")
    for each in after.keys() - before.keys():
        members = sides.members(sides.after, after[each].member_ids)
        yield Change("group-created", "group", each, after[each].name, added=members)
    for each in before.keys() - after.keys():
        members = sides.members(sides.before, before[each].member_ids)
        yield Change("group-deleted", "group", each, before[each].name, removed=members)
    for each in before.keys() & after.keys():
        old, new = set(before[each].member_ids), set(after[each].member_ids)
        if old != new:
            removed, added = sides.members(sides.before, old - new), sides.members(sides.after, new - old)
            yield Change("group-members", "group", each, after[each].name, removed=removed, added=added)
    yield from sides.renamed("group-renamed", "group", before, after)
    yield from sides.described("group", before, after)


def group_role_changes(sides: Sides) -> Iterator[Change]:
    """Which groups hold other roles, including new and deleted ones."""
    before, after = sides.rows("group_members")
    return role_changes(sides, "group", before.keys() | after.keys())


def role_changes(sides: Sides, about: About, ids: Iterable[str]) -> Iterator[Change]:
    """Which of these hold other roles directly."""
    kind: ChangeKind = "group-role" if about == "group" else "roles"
    for each in ids:
        old, new = (side.people.bindings_of.get(each, ()) for side in (sides.before, sides.after))
        removed, added = difference(parts(old), parts(new))
        if removed or added:
            yield Change(kind, about, each, sides.name(each), sides.state(each, about), removed=removed, added=added)
