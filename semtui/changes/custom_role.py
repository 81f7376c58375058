"""Create, edit and delete custom roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui.api.errors import ConflictError
from semtui.api.permissions import VIEW_ORGANIZATION, VIEW_PROJECT
from semtui.audit.what_if.operations import Operation
from semtui.changes import conflicts
from semtui.changes.reconcile import NOT_SAVED, Reconciliation, poll_until_deleted, poll_until_known, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change, Value, edited_values
from semtui.organization.roles import known_roles
from semtui.text import confusables
from semtui.text.clean import clean
from semtui.wording import roles as role_words

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.organization.roles import KnownRole
    from semtui.organization.store import OrganizationStore
    from semtui.session.session import Session


LONGEST = 255
"""The most characters of a name or a description; Semaphore answers longer ones with a 500
(`API.md#creating-a-role`)."""
Scope = Literal["org", "project"]
ALWAYS: dict[Scope, str] = {"org": VIEW_ORGANIZATION, "project": VIEW_PROJECT}
"""Permissions Semaphore adds to every role of a scope (`API.md#creating-a-role`)."""
DELETION = "Deletes the role for good. Semaphore refuses while anybody holds it."


@dataclass(frozen=True)
class RoleDraft:
    """The role the user asked for."""

    name: str
    description: str
    permissions: tuple[str, ...]


def draft(name: str, description: str, chosen: Collection[str], scope: Scope) -> RoleDraft:
    """A draft from the form's content, with the permissions that are part of every role."""
    return RoleDraft(name.strip(), description.strip(), tuple(sorted({*chosen, ALWAYS[scope]})))


def draft_of(role: Role, scope: Scope) -> RoleDraft:
    """A draft equal to the current role."""
    return draft(role.name, role.description, role.permissions, scope)


def edit_operations(role: Role, edited: RoleDraft) -> tuple[Operation, ...]:
    """An edit, as far as it changes who can do what; none for a role of projects."""
    if role.scope == "project":
        return ()
    before, after = set(role.permissions), set(edited.permissions)
    added, removed = tuple(sorted(after - before)), tuple(sorted(before - after))
    return (Operation("edit-role", role.id, added=added, removed=removed),)


def deletion_operations(role: Role) -> tuple[Operation, ...]:
    """A deletion, the same way."""
    return () if role.scope == "project" else (Operation("delete-role", role.id),)


def taken_names(store: OrganizationStore, role_id: str = "") -> frozenset[tuple[bool, str]]:
    """Names of all roles but one, and whether they are project roles: unique within a scope."""
    others = (each.role for each in known_roles(store.people, store.projects) if each.id != role_id)
    return frozenset((role.scope == "project", role.name) for role in others)


def alike_ids(store: OrganizationStore, role: Role) -> list[str]:
    """Ids of all other roles, of either scope, whose names look like that of `role`."""
    known = [each.role for each in known_roles(store.people, store.projects)]
    return [each.id for each in confusables.alike(role, confusables.by_skeleton(known))]


def draft_obstacle(wanted: RoleDraft, scope: Scope, taken: Collection[tuple[bool, str]]) -> str:
    """Why Semaphore would refuse the draft, as far as that can be known (`API.md#creating-a-role`); empty if nothing
    is wrong."""
    if max(len(wanted.name), len(wanted.description)) > LONGEST:
        return f"Semaphore takes at most {LONGEST} characters."
    if (scope == "project", wanted.name) in taken:
        return f"Among the {role_words.scope_word(scope)} roles is one called {wanted.name} already."
    return ""


def edit_obstacle(wanted: RoleDraft, role: Role) -> str:
    """Why an edit is not possible; empty if it is."""
    if not wanted.description and role.description:
        return "Semaphore keeps the old description when it is sent an empty one; write another."
    return ""


def _values(role: RoleDraft) -> dict[str, Value]:
    """What makes up a role, for the journal."""
    return {"name": role.name, "description": role.description, "permissions": role.permissions}


async def create(store: OrganizationStore, wanted: RoleDraft, scope: Scope) -> ChangeResult:
    """Create a custom role."""
    role = await store.session.write(
        lambda client: client.create_role(wanted.name, wanted.description, scope, wanted.permissions),
        Change("create", "role", "", wanted.name, after={"scope": scope, **_values(wanted)}),
    )
    words = f"Created the role {role.name}."
    if scope == "project":
        store.projects = store.projects.with_role(role)
        words += (
            " Semaphore does not list project roles: it is shown here until semtui ends, or while somebody holds it."
        )
    return ChangeResult(words, role.id)


async def check_role_creation(
    client: SemaphoreClient,
    name: str,
    scope: str,
    known_ids: Collection[str],
    description: str | None = None,
    permissions: Collection[str] = (),
) -> Reconciliation:
    """Whether a role of that name exists that was not among `known_ids`; project roles are never listed
    (API.md#listing-roles).

    Semaphore does not say who created a role: one that differs may be a colleague's, and one that is as requested is
    only said to exist. A `description` of None is not compared, nor are no `permissions`.
    """
    unknown = f"Unknown whether the role {name} exists. Check before trying again."
    if scope == "project":
        return Reconciliation("unknown", f"Unknown whether the project role {name} exists: Semaphore cannot list them.")

    async def look() -> Reconciliation | None:
        for role in await client.list_roles():
            if role.name == name and role.id not in known_ids:
                described = description is None or role.description.strip() == clean(description.strip())
                # Semaphore adds this one to every role.
                if not described or (permissions and {*permissions, VIEW_ORGANIZATION} != set(role.permissions)):
                    return Reconciliation(
                        "unknown",
                        f"Unknown whether this request created the role {name}: there is a new role of that name, but "
                        "with another description or permissions. It may be somebody else's: ask before you change it.",
                    )
                return Reconciliation("done", f"There is now a role {name} as you asked for it.", role.id)
        return None

    return await poll_until_known(client, look, f"The role {name} was not created. Try again.", unknown)


async def check_created(
    session: Session, wanted: RoleDraft, scope: Scope, known_ids: Collection[str]
) -> Reconciliation:
    """Whether the role was created."""
    return await reconciled(
        session,
        wanted.name,
        lambda client: check_role_creation(
            client, wanted.name, scope, known_ids, wanted.description, wanted.permissions
        ),
    )


class RoleUpdate:
    """Updates a custom role to match a draft; only the fields that differ are sent."""

    def __init__(self, store: OrganizationStore, role: Role, wanted: RoleDraft) -> None:
        self._store = store
        self._role = role
        self._wanted = wanted
        # None is not sent, and so stays as it is.
        self._name = wanted.name if wanted.name != role.name else None
        self._description = wanted.description if wanted.description != role.description else None
        self._permissions = None if set(wanted.permissions) == set(role.permissions) else wanted.permissions
        self._warned = False
        """True once the user was told that somebody else changed the role; the next attempt goes through."""

    async def send(self) -> ChangeResult:
        """Save the role, but stop once if somebody else has changed the same field."""
        role = self._role
        await self._check_unchanged()
        saved = await self._store.session.write(
            lambda client: client.update_role(
                role.id, name=self._name, description=self._description, permissions=self._permissions
            ),
            self._recorded(),
        )
        if role.scope == "project":
            self._store.projects = self._store.projects.with_role(saved)
        return ChangeResult(f"Saved the role {saved.name}.", role.id)

    def _recorded(self) -> Change:
        role = self._role
        before, after = edited_values(role.name, role.description, self._name, self._description)
        if self._permissions is not None:
            before["permissions"], after["permissions"] = role.permissions, self._permissions
        return Change("edit", "role", role.id, role.name, before, after)

    async def _check_unchanged(self) -> None:
        if self._warned:
            return
        ours = (self._name, self._description, self._permissions is not None)
        try:
            await self._store.session.read(lambda client: conflicts.role_unchanged(client, self._role, ours))
        except ConflictError:
            self._warned = True
            raise

    async def check(self) -> Reconciliation:
        """Whether the role now matches the draft."""
        wanted = self._wanted
        return await reconciled(
            self._store.session,
            self._role.id,
            lambda client: check_role_edit(client, self._role.id, wanted.name, wanted.description, wanted.permissions),
        )


async def check_role_edit(
    client: SemaphoreClient,
    role_id: str,
    name: str | None,
    description: str | None,
    permissions: Collection[str] | None,
) -> Reconciliation:
    """Whether a role now has this name, description and these permissions; None is not compared."""

    async def look() -> Reconciliation | None:
        role = await client.describe_role(role_id)
        same_texts = name in (None, role.name) and description in (None, role.description)
        done = same_texts and (permissions is None or set(permissions) == set(role.permissions))
        return Reconciliation("done", f"The role {role.name} is saved.") if done else None

    return await poll_until_known(
        client,
        look,
        NOT_SAVED,
        f"Unknown whether the role {name or ''} was changed. Check before trying again.",
    )


def not_held_words(known: KnownRole) -> str:
    """What is known about who holds a role that is to be deleted."""
    if known.role.scope == "project":
        return "Who holds a project role can only be seen project by project: 6."
    return "Nobody in the lists that could be loaded holds it."


async def delete(store: OrganizationStore, known: KnownRole) -> ChangeResult:
    """Delete a custom role nobody is seen to hold."""
    role = known.role
    before = {"scope": role.scope, **_values(RoleDraft(role.name, role.description, role.permissions))}
    await store.session.write(
        lambda client: client.delete_role(known.id), Change("delete", "role", role.id, role.name, before)
    )
    store.projects = store.projects.without_role(known.id)
    return ChangeResult(f"Deleted the role {known.role.name}.")


async def check_role_deletion(client: SemaphoreClient, role_id: str, name: str) -> Reconciliation:
    """Whether a role is gone."""
    return await poll_until_deleted(client, lambda: client.describe_role(role_id), name, "role")


async def check_deleted(session: Session, known: KnownRole) -> Reconciliation:
    """Whether the role is gone."""
    return await reconciled(session, known.id, lambda client: check_role_deletion(client, known.id, known.role.name))
