"""Remove a person from the organization, or remove the role of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.assign_role import held_values
from semtui.changes.bindings import bindings_of
from semtui.changes.reconcile import Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change, role_values
from semtui.wording.sources import source_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.audit.what_if.answers import NoteCode
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


TOLD: tuple[NoteCode, ...] = ("caller", "leaves", "without-a-role", "stays", "queue")
"""What the warnings and `removal_words` tell of what would change."""


def roles_from_elsewhere(subject: Subject) -> list[str]:
    """Roles from other sources, which keep a person in the organization."""
    others = [binding for binding in subject.roles or () if not binding.is_manual]
    return [f"{binding.role_name}, which is {source_words(binding.source)}" for binding in others]


def remains_member(subject: Subject) -> bool:
    """True for those who stay members when their directly assigned role is removed."""
    return subject.kind == "group" or bool(roles_from_elsewhere(subject))


def removal_warnings(subject: Subject, own_id: str) -> list[str]:
    """What to consider first; `own_id` is whose API token this is."""
    words = []
    if own_id == subject.id:
        words.append("This is you: you would lose your own access.")
    if subject.is_owner:
        words.append("An Owner; Community lets everybody who manages people remove the last one too.")
    return words


def removal_words(subject: Subject) -> str:
    """What removing the role means, in sentences."""
    called = name_of(subject)
    if subject.kind == "group":
        return f"The group stays, but its role no longer reaches its members ({len(subject.member_ids or ())})."
    if staying := roles_from_elsewhere(subject):
        return f"{called} stays a member through {'; '.join(staying)}: it cannot be removed here."
    words = f"{called} leaves the organization and all of its projects."
    if subject.groups:
        groups = ", ".join(subject.groups)
        words += f" Membership in {groups} ends too, once Semaphore's queue gets to it."
    return words


async def remove(session: Session, subject: Subject) -> ChangeResult:
    """Remove the role. Semaphore also reports success when the person stays a member, so check afterwards
    (`API.md#removing`)."""
    subject_id, name = subject.id, name_of(subject)
    await session.write(lambda client: client.remove_member(subject_id), removal_change(subject))
    try:
        bindings = await session.read(lambda client: bindings_of(client, subject_id))
    except SemaphoreError as error:
        words = f"Semaphore accepted removing {name}, but the result could not be read back. {error}"
        return ChangeResult(words, subject_id, tone="warn")
    if subject.kind == "group" and not bindings:
        return ChangeResult(f"The group {name} has no role any more.", subject_id)
    if not bindings:
        return ChangeResult(f"Removed {name}.")
    staying = ", ".join(f"{binding.role_name} ({source_words(binding.source)})" for binding in bindings)
    return ChangeResult(f"{name} stays a member through {staying}.", subject_id, tone="warn")


def removal_change(subject: Subject) -> Change:
    """The removal of the directly assigned role, for the journal."""
    before = {**(held_values(subject) or {}), "groups": subject.groups}
    return Change("remove", subject.kind, subject.id, subject.name, before, role_values())


async def check_removal(client: SemaphoreClient, subject_id: str, name: str) -> Reconciliation:
    """Whether `subject_id` no longer has a directly assigned role, and whether it is still a member
    (`API.md#removing`)."""

    async def look() -> Reconciliation | None:
        bindings = await bindings_of(client, subject_id)
        if any(held.is_manual for held in bindings):
            return None
        if not bindings:
            return Reconciliation("done", f"{name} is not a member of the organization any more.")
        staying = ", ".join(f"{held.role_name} ({source_words(held.source)})" for held in bindings)
        return Reconciliation(
            "done", f"{name} no longer has a directly assigned role, but stays a member through {staying}."
        )

    return await poll_until_known(
        client,
        look,
        f"{name} is still a member: the request did not arrive. Try again.",
        f"Unknown whether {name} is still a member. Check before trying again.",
    )


async def check_removed(session: Session, subject: Subject) -> Reconciliation:
    """Whether the role is gone."""
    return await reconciled(session, subject.id, lambda client: check_removal(client, subject.id, name_of(subject)))
