"""Groups take a queue: what was asked and what Semaphore has made of it so far (`API.md#group-queue`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from semtui.errors import SemaphoreError
from semtui.lists import whole_list
from semtui.text import clean
from semtui.verdicts import Verdict, settle

if TYPE_CHECKING:
    from semtui.client import SemaphoreClient
    from semtui.models import Group


async def find_group(client: SemaphoreClient, group_id: str) -> Group | None:
    """A group by its id; there is no request for just one."""
    return next((group for group in await whole_list(client, "groups") if group.id == group_id), None)


async def follow_members(
    client: SemaphoreClient,
    group_id: str,
    add: Collection[str],
    remove: Collection[str],
    report: Callable[[str], None],
) -> Verdict:
    """Watch until the group's members are as asked, or until patience ends; `report` hears of each step.

    Semaphore gives no reason for what it does not do: a queued request that fails is dropped (`API.md#group-queue`).
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + client.limits.queue
    said = ""
    while True:
        try:
            group = await find_group(client, group_id)
        except SemaphoreError as error:
            return Verdict("unknown", f"What became of the members cannot be read. {error}")
        if group is None:
            return Verdict("done", "The group does not exist any more: somebody deleted it meanwhile.")
        added, gone = set(add) & set(group.member_ids), set(remove) - set(group.member_ids)
        if len(added) == len(add) and len(gone) == len(remove):
            return Verdict("done", "Its members are as asked.")
        if clock() >= deadline:
            return Verdict("unknown", _unfinished(len(add), len(added), len(remove), len(gone)))
        words = _so_far(len(add), len(added), len(remove), len(gone))
        if words != said:
            report(words)
            said = words
        await asyncio.sleep(client.limits.queue_step)


def _so_far(add: int, added: int, remove: int, removed: int) -> str:
    parts = [f"{added} of {add} added"] if add else []
    parts += [f"{removed} of {remove} removed"] if remove else []
    return f"{' and '.join(parts)} so far; Semaphore works through a queue…"


def _unfinished(add: int, added: int, remove: int, removed: int) -> str:
    parts = [f"{add - added} of {add} not added"] if added < add else []
    parts += [f"{remove - removed} of {remove} not removed"] if removed < remove else []
    return f"{' and '.join(parts)}; Semaphore gives no reason. It may still be at work: reload later."


async def check_group_creation(
    client: SemaphoreClient, name: str, known_ids: Collection[str], description: str = ""
) -> Verdict:
    """Whether a group called exactly `name` exists that was not among `known_ids` before.

    Semaphore does not tell who made a group: one that is described otherwise may be a colleague's.
    """

    async def look() -> Verdict | None:
        for group in await whole_list(client, "groups"):
            if group.name == name and group.id not in known_ids:
                if description and group.description.strip() != clean(description.strip()):
                    return Verdict(
                        "unknown",
                        f"Unknown whether this request created the group {name}: there is a new group of that name, "
                        "but with another description. It may be somebody else's: ask before you change it.",
                    )
                return Verdict("done", f"The group {name} was created; its members are added later.", group.id)
        return None

    return await settle(
        client,
        look,
        f"The group {name} was not created. Your input is still here; try again.",
        f"Unknown whether the group {name} exists. Reload before trying again.",
    )


async def check_group_details(client: SemaphoreClient, group_id: str, name: str, description: str) -> Verdict:
    """Whether a group is now called and described like this."""

    async def look() -> Verdict | None:
        group = await find_group(client, group_id)
        if group is None:
            return Verdict("done", "The group does not exist any more: somebody deleted it meanwhile.")
        saved = (group.name, group.description) == (name, description)
        return Verdict("done", f"The group {name} is saved.") if saved else None

    return await settle(
        client,
        look,
        "Nothing was saved: the change did not arrive. Try again.",
        "Unknown whether the change was saved. Reload before trying again.",
    )


async def check_group_deletion(client: SemaphoreClient, group_id: str, name: str) -> Verdict:
    """Whether a group is gone; deletions are queued, so “still there” is no proof that nothing will happen."""

    async def look() -> Verdict | None:
        gone = await find_group(client, group_id) is None
        return Verdict("done", f"The group {name} is deleted.") if gone else None

    verdict = await settle(client, look, "", f"Unknown whether the group {name} is deleted. Reload later.")
    if verdict.outcome == "not done":
        return Verdict("unknown", f"The group {name} is still listed. Semaphore may yet delete it: reload later.")
    return verdict
