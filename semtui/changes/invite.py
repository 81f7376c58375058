"""Invite people by their login at a Git provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.reconcile import Reconciliation
from semtui.changes.result import ChangeResult
from semtui.history.record import Change, role_values

if TYPE_CHECKING:
    from semtui.api.models import Invitation, Role
    from semtui.session.session import Session


PROVIDERS = (("github", "GitHub"), ("bitbucket", "Bitbucket"), ("gitlab", "GitLab"))
UID_NEEDED = "Bitbucket needs the person's uid as well."


async def invite(session: Session, provider: str, handle: str, uid: str, role: Role | None) -> ChangeResult:
    """Invite a person by their login at a Git provider."""
    after = {"provider": provider, "login": handle, **(role_values(role.id, role.name) if role else {})}
    invitation = await session.write(
        lambda client: client.invite_member(provider, handle, uid=uid, role_id=role.id if role else ""),
        Change("invite", "person", "", handle, after=after),
    )
    words, whole = invitation_words(invitation, handle, role)
    return ChangeResult(words, invitation.user_id, tone="good" if whole else "warn")


async def check_invited(handle: str) -> Reconciliation:
    """Nothing can be looked up: no list shows logins."""
    words = f"{handle} may or may not have been invited. Inviting again is safe: it makes no second entry."
    return Reconciliation("not done", words)


def invitation_words(invitation: Invitation, handle: str, role: Role | None) -> tuple[str, bool]:
    """The outcome of an invitation in words, and whether all of what was asked for was done (`API.md#inviting`)."""
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
