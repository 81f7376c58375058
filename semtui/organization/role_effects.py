"""What a subject may do, and what another role would grant and revoke."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.api.permissions import CHANGE_OWNER

if TYPE_CHECKING:
    from semtui.api.models import Role, RoleBinding
    from semtui.organization.people import People
    from semtui.organization.subject import Subject


@dataclass(frozen=True)
class Effect:
    """What a subject gains and loses in the organization when the role assigned directly becomes another."""

    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """What remains of the old role through other bindings or groups."""
    projects: Literal["", "gained", "lost"] = ""
    """The project role Admin on every project, which Owner and Admin bring along (`API.md#built-in-roles`)."""


def effect(subject: Subject, people: People, role: Role | None) -> Effect | None:
    """The effect of assigning `role` in place of the directly assigned one; a `role` of None removes it.

    Returns None when that is unknown, because the permissions of one of the roles are not known.
    """
    manual = subject.manual_role
    before = {manual.role_id} if manual else set()
    staying = {binding.role_id for binding in surviving_bindings(subject, people)}
    return _difference(subject, people, before, {role.id} if role else set(), staying)


def removal_loss(subject: Subject, people: People) -> Effect | None:
    """What a subject loses by leaving the organization, its groups and projects; None when that is unknown."""
    return _difference(subject, people, role_ids_of(subject, people), set(), set())


def role_ids_of(subject: Subject, people: People) -> set[str]:
    """Ids of every role a subject holds in the organization, including those of its groups."""
    return {binding.role_id for binding in (*(subject.roles or ()), *surviving_bindings(subject, people))}


def _difference(
    subject: Subject, people: People, before_ids: set[str], after_ids: set[str], staying_ids: set[str]
) -> Effect | None:
    """The difference between two sets of roles."""
    known = {listed.id for listed in people.roles.items if listed.permissions}
    if subject.roles is None or not before_ids | after_ids | staying_ids <= known:
        return None
    before, after, staying = (permitted(ids, people) for ids in (before_ids, after_ids, staying_ids))
    projects_before, projects_after = (
        grants_all_projects(ids | staying_ids, people) for ids in (before_ids, after_ids)
    )
    return Effect(
        gained=tuple(sorted(after - before - staying)),
        lost=tuple(sorted(before - after - staying)),
        kept=tuple(sorted((before - after) & staying)),
        projects="" if projects_before == projects_after else "gained" if projects_after else "lost",
    )


def permitted(role_ids: Collection[str], people: People) -> frozenset[str]:
    """All permissions these roles grant in the organization."""
    held = [role for role in people.roles.items if role.id in role_ids]
    names = frozenset(name for role in held for name in role.permissions)
    # Where a role brings Admin on every project, a project permission of its own adds nothing.
    return names if people.community else frozenset(name for name in names if not name.startswith("project."))


def grants_all_projects(role_ids: Collection[str], people: People) -> bool:
    """True when one of these roles is known to bring Admin on every project; of custom roles it cannot be known."""
    builtin = (role for role in people.roles.items if role.readonly and role.id in role_ids)
    return not people.community and any(role.name in ("Owner", "Admin") for role in builtin)


def surviving_bindings(subject: Subject, people: People) -> tuple[RoleBinding, ...]:
    """Role bindings of a subject that cannot be changed here: those from elsewhere and those of its groups."""
    own = [binding for binding in subject.roles or () if not binding.is_manual]
    return (*own, *(binding for group in groups_of(subject, people) for binding in group.roles or ()))


def groups_of(subject: Subject, people: People) -> Iterable[Subject]:
    """The groups a person or account belongs to."""
    return (people.by_id[group.id] for group in people.groups.items if subject.id in group.member_ids)


def ungrantable(role: Role, people: People, not_held: Iterable[str]) -> tuple[str, ...]:
    """Permissions of `role` that this API token is known not to hold, so that Semaphore would refuse to grant it.

    Owner takes one permission only, and on Community nothing is checked (`API.md#granting`).
    """
    if people.community:
        return ()
    if role.name == "Owner" and role.readonly:
        return tuple(name for name in (CHANGE_OWNER,) if name in not_held)
    return tuple(sorted(set(not_held) & set(role.permissions)))


def owners(people: People) -> tuple[Subject, ...]:
    """Everyone known to hold the role Owner."""
    return tuple(row for row in people.subjects if row.is_owner)
