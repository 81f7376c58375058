"""Prepares what is done to roles on projects."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import project_role
from semtui.cli.actions.project_roles import Grant, load_project_roles, role_on_projects
from semtui.cli.actions.reports import warnings_of
from semtui.cli.actions.rows import about, seen_of, unchanged
from semtui.cli.actions.step import Result, Step, part_of
from semtui.organization.subject import Subject
from semtui.system.errors import ConfigurationError
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Member, Project
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted


async def prepare_grant(context: ActionContext, wanted: Wanted) -> Step:
    """A role on a project; on Community a membership. Raises ConfigurationError."""
    context.require_writable()
    await load_project_roles(context)
    project = context.project(wanted.text("project"))
    subject = context.row(wanted.text("member"), "person", "account", "group", place="NAME", noun="member")
    if not project_role.may_join(subject, context.people):
        raise ConfigurationError(
            f"{name_of(subject)} cannot be given a role on a project: only members with a role can."
        )
    community, given = context.people.community, wanted.given("role")
    if community and given is not None:
        raise ConfigurationError(f"ROLE: {project_role.NO_ROLES_ON_COMMUNITY}")
    if given is None and not community:
        raise ConfigurationError("ROLE is needed: Reader, Contributor or another role of the project.")
    grant = Grant(project, None if given is None else role_on_projects(context, given))
    held = [] if (member := await _member(context, project, subject.id)) is None else _direct(member)
    if grant.role and grant.role.id in [role_id for role_id, _ in held]:
        return unchanged(about(subject), f"{name_of(subject)} holds {grant.words} already.", {"project": project.id})
    return Step(
        f"Give {name_of(subject)} the role {grant.words}." if grant.role else f"Make {name_of(subject)} {grant.words}.",
        partial(_granted, context, grant, subject),
        subject=about(subject),
        warnings=warnings_of(
            [
                context.people.caution(subject),
                project_role.community_words(name_of(subject)) if community else "",
                project_role.not_shown_words(subject),
                f"It takes the place of {', '.join(name for _, name in held)}." if held else "",
            ]
        ),
        seen={"project": project.id, "held": [role_id for role_id, _ in held], "subject": seen_of(subject)["roles"]},
    )


async def _granted(context: ActionContext, grant: Grant, subject: Subject) -> Result:
    return Result((part_of(await grant.carry_out(context, subject, name_of(subject))),), subject.id)


async def prepare_revocation(context: ActionContext, wanted: Wanted) -> Step:
    """The role assigned directly on a project removed. Raises ConfigurationError."""
    context.require_writable()
    await load_project_roles(context)
    project = context.project(wanted.text("project"))
    members = await _members(context, project)
    member_id = context.named({each.id: each.name for each in members}, wanted.text("member"), "NAME", "person on it")
    member = next(each for each in members if each.id == member_id)
    if words := project_role.removal_obstacle(member, context.people):
        raise ConfigurationError(words)
    return Step(
        f"Take the role of {member.name} on {project.name} away.",
        partial(_revoked, context, project, member),
        subject=("person", member.id, member.name),
        warnings=[project_role.removal_words(member)],
        confirmation=context.confirmation("removes access to a project", member.name, member.id, []),
        seen={"project": project.id, "held": [role_id for role_id, _ in _direct(member)]},
    )


async def _revoked(context: ActionContext, project: Project, member: Member) -> Result:
    order = (context.session, project, member)
    ended = await context.carry_out(
        f"Removing the role of {member.name}…",
        partial(project_role.remove, *order),
        partial(project_role.check_removed, *order),
    )
    return Result((part_of(ended),), member.id)


async def _members(context: ActionContext, project: Project) -> tuple[Member, ...]:
    """The people of a project. Raises ConfigurationError."""
    store = context.store
    if not store.projects.members_of(project.id).is_known:
        await store.load_project_members(project.id, lambda: None)
    listing = store.projects.members_of(project.id)
    if listing.error is not None:
        raise ConfigurationError(f"The people of {project.name} could not be read. {listing.error}")
    return listing.items


async def _member(context: ActionContext, project: Project, member_id: str) -> Member | None:
    return next((each for each in await _members(context, project) if each.id == member_id), None)


def _direct(member: Member) -> list[tuple[str, str]]:
    """The roles assigned directly, by id and name."""
    return sorted((held.role_id, held.role_name) for held in member.roles if held.is_manual)
