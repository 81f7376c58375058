"""What can be asked for about the people of a project: sent once, and followed up when the answer is lost.

On Community a request must name no role (`API.md#project-roles`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.outcomes import Done
from semtui.role_operations import check_project_role
from semtui.verdicts import Verdict

if TYPE_CHECKING:
    from semtui.models import Member, Project, Role
    from semtui.people import People, Subject
    from semtui.session import Session


def may_join(subject: Subject, people: People) -> bool:
    """Whether somebody can be given a role on a project."""
    if subject.state == "being removed":
        return False
    return bool(subject.roles) and (subject.kind == "person" or not people.community)


async def give(session: Session, project: Project, subject: Subject, name: str, role: Role | None) -> Done:
    """Give a role on a project; None is for Community, where one is a member or not."""
    await session.write(lambda client: client.assign_project_role(project.id, subject.id, role.id if role else ""))
    what = f"holds {role.name} on" if role else "is a member of"
    seen = "" if subject.kind == "person" else f" Semaphore said so; it shows no {subject.kind} of a project."
    return Done(f"{name} {what} {project.name}.{seen}", subject.id)


async def check_given(session: Session, project: Project, subject: Subject, name: str, role: Role | None) -> Verdict:
    """Whether it is held now."""
    if subject.kind != "person":
        words = f"Unknown whether {name} has the role: Semaphore shows no {subject.kind}s there."
        return Verdict("unknown", words)
    role_id = role.id if role else ""
    return await session.read(lambda client: check_project_role(client, project.id, subject.id, name, role_id))


def retract_obstacle(member: Member, people: People) -> str:
    """Why a role on a project cannot be taken away here; empty when it can."""
    roles = [binding.role_name for binding in member.roles]
    if people.community and any(name in ("Owner", "Admin") for name in roles):
        return f"{member.name} is {roles[0]} of the organization and so on every project; change that role instead."
    if not any(binding.by_hand for binding in member.roles):
        return f"{member.name} holds no role by hand here; what comes from elsewhere cannot be taken away here."
    return ""


async def retract(session: Session, project: Project, member: Member) -> Done:
    """Take away what was given by hand."""
    await session.write(lambda client: client.retract_project_role(project.id, member.id))
    return Done(f"{member.name} holds no role by hand on {project.name} any more.", member.id)


async def check_retracted(session: Session, project: Project, member: Member) -> Verdict:
    """Whether it is gone."""
    return await session.read(lambda client: check_project_role(client, project.id, member.id, member.name, None))
