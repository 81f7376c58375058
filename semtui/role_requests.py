"""What can be asked for about a custom role: sent once, and followed up when the answer is lost."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from semtui import conflicts, lookalikes, role_words
from semtui.errors import ConflictError
from semtui.outcomes import Done
from semtui.role_operations import check_role_creation, check_role_deletion, check_role_edit
from semtui.roles import known_roles

if TYPE_CHECKING:
    from semtui.models import Role
    from semtui.roles import KnownRole
    from semtui.roster import Roster
    from semtui.session import Session
    from semtui.verdicts import Verdict

LONGEST = 255
"""Characters of a name or a description; Semaphore answers more with a 500 (`API.md#creating-a-role`)."""
Scope = Literal["org", "project"]
ALWAYS: dict[Scope, str] = {"org": "organization.view", "project": "project.view"}
"""What Semaphore puts into every role of a scope (`API.md#creating-a-role`)."""
DELETION = "The role goes, for good. Semaphore refuses while anybody holds it."


@dataclass(frozen=True)
class Draft:
    """A role as it is to be."""

    name: str
    description: str
    permissions: tuple[str, ...]


def draft(name: str, description: str, chosen: Collection[str], scope: Scope) -> Draft:
    """What was typed and chosen, with what is part of every role."""
    return Draft(name.strip(), description.strip(), tuple(sorted({*chosen, ALWAYS[scope]})))


def draft_of(role: Role, scope: Scope) -> Draft:
    """A role as it is."""
    return draft(role.name, role.description, role.permissions, scope)


def taken_names(roster: Roster, role_id: str = "") -> frozenset[tuple[bool, str]]:
    """Names of all roles but one, and whether they are project roles: unique within a scope."""
    others = (each.role for each in known_roles(roster.people, roster.projects) if each.id != role_id)
    return frozenset((role.scope == "project", role.name) for role in others)


def alike_ids(roster: Roster, role: Role) -> list[str]:
    """Ids of all other roles, of either scope, whose names look like that of `role`."""
    known = [each.role for each in known_roles(roster.people, roster.projects)]
    return [each.id for each in lookalikes.alike(role, lookalikes.by_look(known))]


def draft_trouble(wanted: Draft, scope: Scope, taken: Collection[tuple[bool, str]]) -> str:
    """What Semaphore would stumble over, as far as it can be known (`API.md#creating-a-role`)."""
    if max(len(wanted.name), len(wanted.description)) > LONGEST:
        return f"Semaphore takes at most {LONGEST} characters."
    if (scope == "project", wanted.name) in taken:
        return f"Among the {role_words.scope_word(scope)} roles is one called {wanted.name} already."
    return ""


def edit_trouble(wanted: Draft, role: Role) -> str:
    """What an edit cannot do; empty for nothing."""
    if not wanted.description and role.description:
        return "Semaphore keeps the old description when it is sent an empty one; write another."
    return ""


async def create(roster: Roster, wanted: Draft, scope: Scope) -> Done:
    """Make a custom role."""
    role = await roster.session.write(
        lambda client: client.create_role(wanted.name, wanted.description, scope, wanted.permissions)
    )
    words = f"Created the role {role.name}."
    if scope == "project":
        roster.projects = roster.projects.with_role(role)
        words += " Semaphore lists no project roles: it is known here until semtui ends, or where it is held."
    return Done(words, role.id)


async def check_created(session: Session, wanted: Draft, scope: Scope, known_ids: Collection[str]) -> Verdict:
    """Whether it was made."""
    return await session.read(
        lambda client: check_role_creation(
            client, wanted.name, scope, known_ids, wanted.description, wanted.permissions
        )
    )


class RoleSaving:
    """Replaces a custom role by a draft of it, of which only what differs is sent."""

    def __init__(self, roster: Roster, role: Role, wanted: Draft) -> None:
        self._roster = roster
        self._role = role
        self._wanted = wanted
        # None is not sent, and so stays as it is.
        self._name = wanted.name if wanted.name != role.name else None
        self._description = wanted.description if wanted.description != role.description else None
        self._permissions = None if set(wanted.permissions) == set(role.permissions) else wanted.permissions
        self._warned = False
        """That somebody else changed the role was said; the next try is meant."""

    async def send(self) -> Done:
        """Save it, unless somebody else has changed the same meanwhile: then stop once."""
        role = self._role
        await self._expect_unchanged()
        saved = await self._roster.session.write(
            lambda client: client.update_role(
                role.id, name=self._name, description=self._description, permissions=self._permissions
            )
        )
        if role.scope == "project":
            self._roster.projects = self._roster.projects.with_role(saved)
        return Done(f"Saved the role {saved.name}.", role.id)

    async def _expect_unchanged(self) -> None:
        if self._warned:
            return
        ours = (self._name, self._description, self._permissions is not None)
        try:
            await self._roster.session.read(lambda client: conflicts.role_unchanged(client, self._role, ours))
        except ConflictError:
            self._warned = True
            raise

    async def check(self) -> Verdict:
        """Whether it is as wanted."""
        wanted = self._wanted
        return await self._roster.session.read(
            lambda client: check_role_edit(client, self._role.id, wanted.name, wanted.description, wanted.permissions)
        )


def unheld_words(known: KnownRole) -> str:
    """What is known of who holds a role that is to be deleted."""
    if known.role.scope == "project":
        return "Who holds a project role can only be seen project by project: 6."
    return "Nobody in the lists that could be loaded holds it."


async def delete(roster: Roster, known: KnownRole) -> Done:
    """Delete a custom role nobody is seen to hold."""
    await roster.session.write(lambda client: client.delete_role(known.id))
    roster.projects = roster.projects.without_role(known.id)
    return Done(f"Deleted the role {known.role.name}.")


async def check_deleted(session: Session, known: KnownRole) -> Verdict:
    """Whether it is gone."""
    return await session.read(lambda client: check_role_deletion(client, known.id, known.role.name))
