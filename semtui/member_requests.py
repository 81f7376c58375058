"""What can be asked for about the membership of a person or a group: sent once, and looked at afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui import conflicts, group_operations, operations
from semtui.errors import ConflictError, SemaphoreError
from semtui.outcomes import Done, Queued
from semtui.presentation import name_of
from semtui.sources import source_words
from semtui.verdicts import Verdict

if TYPE_CHECKING:
    from semtui.models import Invitation, Role
    from semtui.people import Subject
    from semtui.session import Session

PROVIDERS = (("github", "GitHub"), ("bitbucket", "Bitbucket"), ("gitlab", "GitLab"))


class RoleChange:
    """Replaces the one role that was assigned by hand; roles from elsewhere stay (`API.md#assigning`)."""

    def __init__(self, session: Session, subject: Subject) -> None:
        self._session = session
        self._subject = subject
        manual = subject.manual_role
        self._before = (manual.role_id, manual.role_name) if manual else ("", "")
        """Id and name of the role that is to be replaced; somebody else may have changed it since."""

    async def send(self, role: Role) -> Done:
        """Give the role, unless somebody else has given another one meanwhile: then stop once."""
        subject = self._subject
        try:
            await self._session.read(
                lambda client: conflicts.held_role_unchanged(client, subject.id, subject.kind, self._before, role)
            )
        except ConflictError as conflict:
            self._before = (conflict.theirs["role"], conflict.theirs["role name"])
            raise
        await self._session.write(lambda client: client.assign_role(subject.id, role.id))
        return Done(f"The role of {name_of(subject)} is now {role.name}.", subject.id)

    async def check(self, role: Role) -> Verdict:
        """Whether the role is held now."""
        name, before = name_of(self._subject), self._before[0]
        return await self._session.read(
            lambda client: operations.check_role(client, self._subject.id, name, role, before)
        )


def staying_roles(subject: Subject) -> list[str]:
    """Roles from elsewhere, which keep a person in the organization."""
    others = [binding for binding in subject.roles or () if not binding.by_hand]
    return [f"{binding.role_name}, which is {source_words(binding.source)}" for binding in others]


def stays(subject: Subject) -> bool:
    """True for who remains when the role assigned by hand is taken away."""
    return subject.kind == "group" or bool(staying_roles(subject))


def removal_words(subject: Subject) -> str:
    """What taking the role away means."""
    called = name_of(subject)
    if subject.kind == "group":
        return f"The group stays, but its role no longer reaches its members ({len(subject.member_ids or ())})."
    if staying := staying_roles(subject):
        return f"{called} stays a member through {'; '.join(staying)}: it cannot be removed here."
    words = f"{called} leaves the organization and all of its projects."
    if subject.groups:
        groups = ", ".join(subject.groups)
        words += f" Membership in {groups} ends too, but not before Semaphore's queue has run."
    return words


async def remove(session: Session, subject: Subject) -> Done:
    """Take the role away. Semaphore says yes to a removal that leaves the person a member too, so look then
    (`API.md#removing`)."""
    subject_id, name = subject.id, name_of(subject)
    await session.write(lambda client: client.remove_member(subject_id))
    try:
        bindings = await session.read(lambda client: operations.bindings_of(client, subject_id))
    except SemaphoreError as error:
        words = f"Semaphore said that {name} is removed; that it is so cannot be read. {error}"
        return Done(words, subject_id, tone="warn")
    if subject.kind == "group" and not bindings:
        return Done(f"The group {name} has no role any more.", subject_id)
    if not bindings:
        return Done(f"Removed {name}.")
    staying = ", ".join(f"{binding.role_name} ({source_words(binding.source)})" for binding in bindings)
    return Done(f"{name} stays a member through {staying}.", subject_id, tone="warn")


async def check_removed(session: Session, subject: Subject) -> Verdict:
    """Whether it is gone."""
    return await session.read(lambda client: operations.check_removal(client, subject.id, name_of(subject)))


async def delete_group(session: Session, subject: Subject) -> Done:
    """Have Semaphore queue the deletion of a group."""
    group_id, name = subject.id, name_of(subject)
    await session.write(lambda client: client.delete_group(group_id))
    words = f"Semaphore has queued the deletion of the group {name}."
    return Done(words, group_id, queued=Queued(group_id, name, deletion=True))


async def check_group_deleted(session: Session, subject: Subject) -> Verdict:
    """Whether the group is gone."""
    return await session.read(
        lambda client: group_operations.check_group_deletion(client, subject.id, name_of(subject))
    )


def invitation_words(invitation: Invitation, handle: str, role: Role | None) -> tuple[str, bool]:
    """What became of an invitation, and whether it is all that was asked for (`API.md#inviting`)."""
    name = role.name if role else "Member"
    sentences = {
        "assigned": (f"Invited {handle}, who holds the role {name}.", True),
        "pending": (
            f"Invited {handle}, who has no Semaphore account yet. "
            + (f"Give the role {name} after the first sign-in: until then they are a Member." if role else ""),
            role is None,
        ),
        "denied": (f"Invited {handle}, but the role {name} was not given: you may not grant it.", False),
        "defaulted_to_member": (f"Invited {handle} as a Member.", True),
    }
    unknown = (f"Semaphore answered, but not what became of the invitation of {handle}.", False)
    words, whole = sentences.get(invitation.status, unknown)
    return words.strip(), whole


async def invite(session: Session, provider: str, handle: str, uid: str, role: Role | None) -> Done:
    """Invite a person by the login they have where their code is."""
    invitation = await session.write(
        lambda client: client.invite_member(provider, handle, uid=uid, role_id=role.id if role else "")
    )
    words, whole = invitation_words(invitation, handle, role)
    return Done(words, invitation.user_id, tone="good" if whole else "warn")


async def check_invited(handle: str) -> Verdict:
    """Whom a login belongs to is in none of Semaphore's lists, so nothing can be looked up."""
    words = f"{handle} may or may not have been invited. Inviting again is safe: it makes no second entry."
    return Verdict("not done", words)
