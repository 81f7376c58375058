"""What a lost answer left behind, where roles and projects are concerned."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from semtui.errors import NotFoundError
from semtui.text import clean
from semtui.verdicts import Verdict, settle

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient


async def check_role_creation(
    client: SemaphoreClient,
    name: str,
    scope: str,
    known_ids: Collection[str],
    description: str = "",
    permissions: Collection[str] = (),
) -> Verdict:
    """Whether a role of that name exists that was not among `known_ids`; project roles are never listed
    (API.md#listing-roles). Semaphore does not tell who made a role: one made up otherwise may be a colleague's."""
    unknown = f"Unknown whether the role {name} exists. Reload before trying again."
    if scope == "project":
        return Verdict("unknown", f"Unknown whether the project role {name} exists: Semaphore cannot list them.")

    async def look() -> Verdict | None:
        for role in await client.list_roles():
            if role.name == name and role.id not in known_ids:
                described = not description or role.description.strip() == clean(description.strip())
                # Semaphore adds this one to every role.
                if not described or (permissions and {*permissions, "organization.view"} != set(role.permissions)):
                    return Verdict(
                        "unknown",
                        f"Unknown whether this request created the role {name}: there is a new role of that name, but "
                        "with another description or permissions. It may be somebody else's: ask before you change it.",
                    )
                return Verdict("done", f"The role {name} was created.", role.id)
        return None

    return await settle(client, look, f"The role {name} was not created. Your input is still here; try again.", unknown)


async def check_role_edit(
    client: SemaphoreClient, role_id: str, name: str, description: str, permissions: Collection[str]
) -> Verdict:
    """Whether a role is now called, described and made up like this."""

    async def look() -> Verdict | None:
        role = await client.describe_role(role_id)
        asked = (name, description, frozenset(permissions))
        done = (role.name, role.description, frozenset(role.permissions)) == asked
        return Verdict("done", f"The role {name} is saved.") if done else None

    return await settle(
        client,
        look,
        "Nothing was saved: the change did not arrive. Try again.",
        f"Unknown whether the role {name} was changed. Reload before trying again.",
    )


async def check_role_deletion(client: SemaphoreClient, role_id: str, name: str) -> Verdict:
    """Whether a role is gone; only Semaphore's own word for it counts."""

    async def look() -> Verdict | None:
        try:
            await client.describe_role(role_id)
        except NotFoundError:
            return Verdict("done", f"The role {name} is deleted.")
        return None

    return await settle(
        client,
        look,
        f"The role {name} is still there: the request did not arrive. Try again.",
        f"Unknown whether the role {name} is deleted. Reload before trying again.",
    )


async def check_project_role(
    client: SemaphoreClient, project_id: str, subject_id: str, name: str, role_id: str | None
) -> Verdict:
    """Whether a person now holds `role_id` by hand in a project, any role for an empty one, or none for None."""

    async def look() -> Verdict | None:
        members = await client.list_project_members(project_id)
        bindings = [binding for member in members if member.id == subject_id for binding in member.roles]
        manual = [binding.role_id for binding in bindings if binding.by_hand]
        if role_id is None:
            return None if manual else Verdict("done", f"{name} holds no role by hand in this project.")
        held = role_id in manual if role_id else bool(manual)
        return Verdict("done", f"{name} now holds the role in this project.") if held else None

    return await settle(
        client,
        look,
        f"Nothing has changed for {name} in this project: the request did not arrive. Try again.",
        f"Unknown what {name} may do in this project now. Reload before trying again.",
    )
