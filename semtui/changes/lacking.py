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

    @property
    def words(self) -> str:
        """`Reader on web`."""
        return f"{self.role or 'a place'} on {self.project}"


@dataclass(frozen=True)
class Missing:
    """What an account is to have and does not have yet."""

    role: Role | None = None
    groups: tuple[Subject, ...] = ()
    projects: tuple[ProjectRole, ...] = ()
    doubtful: tuple[ProjectRole, ...] = ()
    """Roles on projects of which it is not known whether the account that has the others was given them."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Each of what is doubtful."""
        return tuple(each.words for each in self.doubtful)

    @property
    def words(self) -> tuple[str, ...]:
        """Each of it."""
        role = (f"the role {self.role.name}",) if self.role else ()
        groups = tuple(f"the group {name_of(each)}" for each in self.groups)
        projects = tuple(each.words for each in self.projects)
        return (*role, *groups, *projects)
