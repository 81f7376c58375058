"""Roles on projects, given by `project grant` and along with a new account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from semtui.changes import project_role
from semtui.changes.lacking import ProjectRole
from semtui.organization.roles import known_roles
from semtui.system.errors import ConfigurationError
from semtui.wording.projects import EDITION_UNKNOWN

if TYPE_CHECKING:
    from semtui.api.models import Project, Role
    from semtui.changes.carry_out import CarriedOut
    from semtui.cli.actions.context import ActionContext
    from semtui.organization.subject import Subject


@dataclass(frozen=True)
class Grant:
    """A role on a project; without a role a membership, on Community."""

    project: Project
    role: Role | None

    @property
    def words(self) -> str:
        """`Reader on web`."""
        return f"{self.role.name} on {self.project.name}" if self.role else f"a member of {self.project.name}"

    @property
    def place(self) -> ProjectRole:
        """The same as a new account is given it."""
        role = self.role
        return ProjectRole(self.project.id, self.project.name, role.id if role else "", role.name if role else "")

    async def carry_out(self, context: ActionContext, subject: Subject, name: str) -> CarriedOut:
        """Give it to somebody called `name`."""
        order = (context.session, self.project, subject, name, self.role)
        before = project_role.held_values(context.store.projects.members_of(self.project.id), subject)
        return await context.carry_out(
            f"Adding {name} to {self.project.name}…",
            partial(project_role.assign, *order, before),
            partial(project_role.check_assigned, *order),
        )


async def grants_of(context: ActionContext, given: Sequence[str]) -> tuple[Grant, ...]:
    """The grants written as PROJECT=ROLE. Raises ConfigurationError."""
    if not given:
        return ()
    await load_project_roles(context)
    if context.people.community:
        raise ConfigurationError(f"--project: {project_role.NO_ROLES_ON_COMMUNITY} Accounts cannot join one there.")
    grants = []
    for each in given:
        project, equals, role = each.partition("=")
        if not (project and equals and role):
            raise ConfigurationError("--project is written as PROJECT=ROLE.")
        grants.append(Grant(context.project(project, "--project"), role_on_projects(context, role, "--project")))
    return tuple(grants)


async def load_project_roles(context: ActionContext) -> None:
    """Load what tells which projects and project roles there are. Raises ConfigurationError."""
    if not context.people.roles.is_known:
        raise ConfigurationError(EDITION_UNKNOWN)
    await context.load_projects()


def role_on_projects(context: ActionContext, given: str, place: str = "ROLE") -> Role:
    """A role that is known from a project. Raises ConfigurationError."""
    known = [each.role for each in known_roles(context.people, context.store.projects) if each.known_by == "project"]
    if not known:
        raise ConfigurationError(f"{place}: {project_role.NO_ROLE_KNOWN}")
    try:
        role_id = context.named({role.id: role.name for role in known}, given, place, "project role")
    except ConfigurationError as error:
        seen = ", ".join(role.name for role in known)
        raise ConfigurationError(f"{error} {project_role.ROLES_UNLISTED}: {seen}.") from None
    return next(role for role in known if role.id == role_id)
