"""Follow what Semaphore has queued for a group: members it adds and removes, or the group's deletion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.delete_group import check_group_deletion
from semtui.changes.reconcile import Reconciliation
from semtui.organization.loading import find_group

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.audit.what_if.answers import NoteCode
    from semtui.changes.result import QueuedChange
    from semtui.session.session import Session


TOLD: tuple[NoteCode, ...] = ("queue",)
"""What following the queue tells of what would change."""


async def watch(session: Session, queued: QueuedChange, report: Callable[[str], None]) -> Reconciliation:
    """Watch a queued change until it is done, or until nothing more can be expected to be seen of it.

    `report` hears of each step, on the session's thread. Raises no SemaphoreError.
    """

    async def follow(client: SemaphoreClient) -> Reconciliation:
        if queued.deletion:
            return await check_group_deletion(client, queued.group_id, queued.group_name)
        return await follow_members(client, queued.group_id, queued.add, queued.remove, report)

    try:
        found = await session.read(follow)
    except SemaphoreError as error:
        session.permissions.note_refusal(error)
        return Reconciliation("unknown", f"{error} The outcome in the queue is not known; check again later.")
    session.history.watched(queued.is_of, found)
    return found


async def follow_members(
    client: SemaphoreClient,
    group_id: str,
    add: Collection[str],
    remove: Collection[str],
    report: Callable[[str], None],
) -> Reconciliation:
    """Watch until the group's members are as requested, or until the time limit; `report` is called with each step.
    Semaphore gives no reason when it skips a change: a queued request that fails is dropped (`API.md#group-queue`)."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + client.limits.queue_poll_for
    said = ""
    while True:
        try:
            group = await find_group(client, group_id)
        except SemaphoreError as error:
            return Reconciliation("unknown", f"The group's members could not be read. {error}")
        if group is None:
            return Reconciliation("done", "The group no longer exists: somebody deleted it.")
        added, gone = set(add) & set(group.member_ids), set(remove) - set(group.member_ids)
        if len(added) == len(add) and len(gone) == len(remove):
            return Reconciliation("done", "All membership changes are done.")
        if clock() >= deadline:
            return Reconciliation("unknown", _unfinished(len(add), len(added), len(remove), len(gone)))
        words = _progress_words(len(add), len(added), len(remove), len(gone))
        if words != said:
            report(words)
            said = words
        await asyncio.sleep(client.limits.queue_poll_interval)


def _progress_words(add: int, added: int, remove: int, removed: int) -> str:
    parts = [f"{added} of {add} added"] if add else []
    parts += [f"{removed} of {remove} removed"] if remove else []
    return f"{' and '.join(parts)} so far; Semaphore is working through its queue…"


def _unfinished(add: int, added: int, remove: int, removed: int) -> str:
    parts = [f"{add - added} of {add} not added"] if added < add else []
    parts += [f"{remove - removed} of {remove} not removed"] if removed < remove else []
    return f"{' and '.join(parts)}; Semaphore gives no reason and may still be working on it: check again later."
