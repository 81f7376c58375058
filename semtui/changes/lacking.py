"""What an account is to have and does not have yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.subject import Subject


@dataclass(frozen=True)
class ProjectRole:
    """A role on a project; without a role a membership, on Community."""

    project_id: str
    project: str
    role_id: str
    role: str


@dataclass(frozen=True)
class Missing:
    """What an account is to have and does not have yet."""

    role: Role | None = None
    groups: tuple[Subject, ...] = ()
    projects: tuple[ProjectRole, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Each of it."""
        role = (f"the role {self.role.name}",) if self.role else ()
        groups = tuple(f"the group {name_of(each)}" for each in self.groups)
        projects = tuple(f"{each.role or 'a place'} on {each.project}" for each in self.projects)
        return (*role, *groups, *projects)
