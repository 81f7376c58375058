"""Grant a role on one project, or remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.reconcile import Reconciliation, poll_until_known, reconciled
from semtui.changes.result import ChangeResult
from semtui.history.record import Change, Values, role_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Member, Project, Role, RoleBinding
    from semtui.organization.listing import Listing
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


NO_ROLES_ON_COMMUNITY = "Community has no project roles: a person is a member of the project or is not."
NO_ROLE_KNOWN = "No project role is known: Semaphore lists none, and none is seen on any project."
ROLES_UNLISTED = "Semaphore lists no project roles; only those seen on projects are known"
ONLY_ROLES_SEEN = "Semaphore does not list project roles; these are the ones seen so far."


def community_words(name: str) -> str:
    """What a membership means on Community, which has no project roles."""
    return f"{name} becomes a member of this project and keeps the role in the organization."


def may_join(subject: Subject, people: People) -> bool:
    """Whether this subject can be given a role on a project."""
    if subject.state == "being removed":
        return False
    return bool(subject.roles) and (subject.kind == "person" or not people.community)


def not_shown_words(subject: Subject) -> str:
    """That a change cannot be looked up afterwards; empty for a person, whose roles on projects are listed."""
    if subject.kind == "person":
        return ""
    one = "An account" if subject.kind == "account" else f"A {subject.kind}"
    return f"{one} on a project is not in any list: only Semaphore's answer shows whether it was done."


def held_values(members: Listing[Member], subject: Subject) -> Values | None:
    """The role on a project that a subject holds by direct assignment, for the journal; None where that is not known:
    Semaphore shows people alone."""
    if subject.kind != "person" or not members.is_known or members.error is not None:
        return None
    member = next((each for each in members.items if each.id == subject.id), None)
    return _manual_values(member.roles if member else ())


def _manual_values(roles: Sequence[RoleBinding]) -> Values:
    manual = next((each for each in roles if each.is_manual), None)
    return role_values(manual.role_id, manual.role_name) if manual else role_values()


async def assign(
    session: Session,
    project: Project,
    subject: Subject,
    name: str,
    role: Role | None,
    before: Values | None = None,
) -> ChangeResult:
    """Assign a role on a project; None is for Community, where somebody is a member or not. `before` is what was held,
    for the journal."""
    after = role_values(role.id, role.name) if role else role_values()
    change = Change("project role", subject.kind, subject.id, subject.name, before, after, project.id, project.name)
    await session.write(
        lambda client: client.assign_project_role(project.id, subject.id, role.id if role else ""), change
    )
    what = f"holds {role.name} on" if role else "is a member of"
    seen = "" if subject.kind == "person" else f" Semaphore said so; it shows no {subject.kind} of a project."
    return ChangeResult(f"{name} {what} {project.name}.{seen}", subject.id)


async def check_project_role(
    client: SemaphoreClient, project_id: str, subject_id: str, name: str, role_id: str | None
) -> Reconciliation:
    """Whether a person now holds `role_id` in a project by direct assignment: any role if it is empty, none if it is
    None."""

    async def look() -> Reconciliation | None:
        members = await client.list_project_members(project_id)
        bindings = [binding for member in members if member.id == subject_id for binding in member.roles]
        manual = [binding.role_id for binding in bindings if binding.is_manual]
        if role_id is None:
            return None if manual else Reconciliation("done", f"{name} has no directly assigned role in this project.")
        held = role_id in manual if role_id else bool(manual)
        return Reconciliation("done", f"{name} now holds the role in this project.") if held else None

    return await poll_until_known(
        client,
        look,
        f"Nothing has changed for {name} in this project: the request did not arrive. Try again.",
        f"Unknown what {name} may do in this project now. Check before trying again.",
    )


async def check_assigned(
    session: Session, project: Project, subject: Subject, name: str, role: Role | None
) -> Reconciliation:
    """Whether the role is now held."""
    if subject.kind != "person":
        words = f"Unknown whether {name} has the role: Semaphore shows no {subject.kind}s there."
        return Reconciliation("unknown", f"{words} Giving it again does no harm.")
    role_id = role.id if role else ""
    return await reconciled(
        session, subject.id, lambda client: check_project_role(client, project.id, subject.id, name, role_id)
    )


def removal_obstacle(member: Member, people: People) -> str:
    """Why a role on a project cannot be removed here; empty when it can."""
    roles = [binding.role_name for binding in member.roles]
    if people.community and any(name in ("Owner", "Admin") for name in roles):
        return f"{member.name} is {roles[0]} of the organization and so on every project; change that role instead."
    if not any(binding.is_manual for binding in member.roles):
        return f"{member.name} has no directly assigned role here; roles from elsewhere cannot be removed here."
    return ""


def removal_words(member: Member) -> str:
    """What a removal ends."""
    return f"{member.name} loses the role assigned directly on this project."


async def remove(session: Session, project: Project, member: Member) -> ChangeResult:
    """Remove the role that was assigned directly."""
    before = _manual_values(member.roles)
    change = Change(
        "leave project", "person", member.id, member.name, before, project_id=project.id, project=project.name
    )
    await session.write(lambda client: client.retract_project_role(project.id, member.id), change)
    return ChangeResult(f"{member.name} no longer has a directly assigned role on {project.name}.", member.id)


async def check_removed(session: Session, project: Project, member: Member) -> Reconciliation:
    """Whether the role is gone."""
    return await reconciled(
        session, member.id, lambda client: check_project_role(client, project.id, member.id, member.name, None)
    )
