"""Delete a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.assign_role import held_values
from semtui.changes.reconcile import Reconciliation, poll_until_deleted, reconciled
from semtui.changes.result import ChangeResult, QueuedChange
from semtui.history.record import Change
from semtui.organization.loading import find_group
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


async def delete_group(session: Session, subject: Subject) -> ChangeResult:
    """Have Semaphore queue the deletion of a group."""
    group_id, name = subject.id, name_of(subject)
    before = {
        "description": subject.description,
        "members": subject.member_ids or (),
        **(held_values(subject) or {}),
    }
    change = Change("delete", "group", group_id, subject.name, before)
    await session.write(lambda client: client.delete_group(group_id), change)
    words = f"Semaphore has queued the deletion of the group {name}."
    return ChangeResult(words, group_id, queued=QueuedChange(group_id, name, deletion=True))


async def check_group_deletion(client: SemaphoreClient, group_id: str, name: str) -> Reconciliation:
    """Whether a group is gone; deletions are queued, so “still there” is no proof that nothing will happen."""
    result = await poll_until_deleted(client, lambda: find_group(client, group_id), name, "group")
    if result.outcome == "not done":
        words = f"The group {name} is still listed. Semaphore may yet delete it: check again later."
        return Reconciliation("unknown", words)
    return result


async def check_group_deleted(session: Session, subject: Subject) -> Reconciliation:
    """Whether the group is gone."""
    return await reconciled(
        session, subject.id, lambda client: check_group_deletion(client, subject.id, name_of(subject))
    )
