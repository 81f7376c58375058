"""What each role permits, as bit sets: what is certain, and what is possible and why that is not known.

Each permission has a bit. An organization permission is held in the organization, a project permission on every
project.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.audit.access.edition import BUILT_IN, Edition
from semtui.audit.access.fates import WHOLE, fate_of
from semtui.audit.access.mappings import Mapping, learn
from semtui.organization.role_catalog import built_in_role

if TYPE_CHECKING:
    from semtui.api.models import Role, RoleBinding
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

PROJECT_ADMIN = "Admin"
"""Name of the project role that Owner and Admin map to (`API.md#built-in-roles`)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role permits."""

    role_id: str
    role_name: str
    own: int = 0
    """What the role itself lists, without `assigned`."""
    mapped: int = 0
    """What the project role it maps to permits."""
    unlisted: int = 0
    """What it may permit, because Semaphore did not describe the role or a project role it maps to."""
    mapping: int = 0
    """What it may permit, because it is not known which project role it maps to."""
    assigned: int = 0
    """What it permits only on projects its holder is assigned to (Community)."""
    mapped_to: str | None = None
    """Name of the project role it maps to, if known."""
    by_catalog: bool = False
    """True if the permissions come from the built-in catalog, because Semaphore did not list them."""
    content_known: bool = True
    mapping_known: bool = True

    @property
    def gives(self) -> int:
        """What it certainly permits."""
        return self.own | self.mapped


class Permissions:
    """All permissions, each with its bit."""

    def __init__(self, people: People, edition: Edition) -> None:
        names = set(_catalogued(edition == "ce"))
        listed = {name for role in people.roles.items for name in role.permissions}
        owner = next((role for role in people.roles.items if role.name == "Owner" and role.permissions), None)
        if owner is not None:
            # Owner has every organization permission, so the catalog, perhaps of another version, is not needed.
            names = {name for name in names if not name.startswith("organization.")}
        self.names: tuple[str, ...] = tuple(sorted(names | listed))
        self._bits = {name: 1 << place for place, name in enumerate(self.names)}
        self.everything = (1 << len(self.names)) - 1
        self.projects = self.mask(name for name in self.names if name.startswith("project."))
        self.organization = self.everything & ~self.projects

    def bit(self, permission: str) -> int:
        """The bit of a permission; 0 if it does not exist."""
        return self._bits.get(permission, 0)

    def mask(self, permissions: Iterable[str]) -> int:
        """The bits of several permissions."""
        found = 0
        for name in permissions:
            found |= self._bits.get(name, 0)
        return found

    def of(self, mask: int) -> tuple[str, ...]:
        """The permissions whose bits are set, sorted."""
        return tuple(name for place, name in enumerate(self.names) if mask >> place & 1)


def _catalogued(community: bool) -> Iterable[str]:
    for name, scope in (("Owner", "org"), ("Admin", "org"), ("Admin", "project")):
        role = built_in_role(name, scope, community=community)
        yield from role.permissions if role else ()


class Grants:
    """What the roles of an organization permit, computed once per role."""

    def __init__(
        self,
        people: People,
        projects: Projects,
        edition: Edition,
        mappings: abc.Mapping[str, Mapping] | None = None,
    ) -> None:
        """Without `mappings` they are learnt from the people of a project."""
        self._people = people
        self._projects = projects
        self._given = mappings
        self._community = edition == "ce"
        self.permissions = Permissions(people, edition)
        self._listed = {role.id: role for role in people.roles.items}
        # A list in which no role has a permission does not say what roles permit.
        self._told = any(role.permissions for role in people.roles.items)
        self._whole = fate_of(people.roles).fate in WHOLE and (self._told or not self._listed)
        self._known: dict[tuple[str, str], Grant] = {}
        self._on_project: dict[str, int | None] = {}

    @property
    def by_catalog(self) -> bool:
        """True if the built-in roles' permissions come from the catalog, because Semaphore did not list them."""
        return not self._whole

    def of(self, role_id: str, name: str) -> Grant:
        """What an organization role permits; `name` is its name in a binding."""
        grant = self._known.get((role_id, name))
        if grant is None:
            role = self._listed.get(role_id)
            grant = self._known[role_id, name] = self._worked_out(role_id, role.name if role else name)
        return grant

    def _worked_out(self, role_id: str, name: str) -> Grant:
        own, by_catalog = self._content(role_id, name)
        known = own is not None
        unlisted = 0 if known else self.permissions.everything
        if self._community:
            everywhere = self.permissions.organization if name == "Member" else self.permissions.everything
            own = own or 0
            return Grant(
                role_id,
                name,
                own & everywhere,
                unlisted=unlisted,
                assigned=own & ~everywhere,
                by_catalog=by_catalog,
                content_known=known,
            )
        mapped, perhaps, undescribed, mapped_to, certain = self._mapped(role_id, name, known)
        gives = (own or 0) | mapped
        return Grant(
            role_id,
            name,
            own or 0,
            mapped,
            (unlisted | undescribed) & ~gives,
            perhaps & ~gives,
            mapped_to=mapped_to,
            by_catalog=by_catalog,
            content_known=known,
            mapping_known=certain,
        )

    def _content(self, role_id: str, name: str) -> tuple[int | None, bool]:
        """What a role itself lists, None if not known, and whether that comes from the catalog."""
        role = self._listed.get(role_id)
        if role is not None and self._told:
            return self.permissions.mask(role.permissions), False
        built_in = built_in_role(name, "org", community=self._community) if not self._whole else None
        return (None, False) if built_in is None else (self.permissions.mask(built_in.permissions), True)

    def _mapped(self, role_id: str, name: str, known: bool) -> tuple[int, int, int, str | None, bool]:
        """About the project role a role maps to: what it permits, what it may permit because it is one of several, what
        it may permit because it was not described, its name, and whether it is certain which it is."""
        everything = self.permissions.projects
        if name in BUILT_IN and known:
            brings = name != "Member"
            return (self._project_admin if brings else 0), 0, 0, PROJECT_ADMIN if brings else None, True
        mapping = self.mappings.get(role_id)
        if mapping is None:
            return 0, everything, 0, None, False
        masks = {each: self.on_project(each) for each in mapping.candidates}
        if not mapping.certain:
            perhaps = 0
            for mask in masks.values():
                perhaps |= everything if mask is None else mask
            return 0, perhaps, 0, None, False
        for project_role_id, mask in masks.items():
            name = self._project_role_name(project_role_id)
            return (0, 0, everything, name, True) if mask is None else (mask, 0, 0, name, True)
        return 0, 0, 0, None, True

    def on_project(self, role_id: str, name: str = "") -> int | None:
        """What a role permits on a project where it is held; None if not known."""
        if self._community:
            content, _ = self._content(role_id, name)
            return None if content is None else content & self.permissions.projects
        if role_id not in self._on_project:
            role = self._projects.roles.get(role_id)
            if role is None or not role.permissions:
                role = built_in_role(self._project_role_name(role_id), "project", community=False)
            self._on_project[role_id] = None if role is None else self.permissions.mask(role.permissions)
        return self._on_project[role_id]

    def _project_role_name(self, role_id: str) -> str:
        role = self._projects.roles.get(role_id)
        return role.name if role else self._projects.role_names.get(role_id, "")

    @cached_property
    def _project_admin(self) -> int:
        described = (role for role in self._projects.roles.values() if role.name == PROJECT_ADMIN and role.permissions)
        role: Role | None = next(described, None) or built_in_role(PROJECT_ADMIN, "project", community=False)
        return self.permissions.mask(role.permissions) if role else 0

    @cached_property
    def mappings(self) -> abc.Mapping[str, Mapping]:
        """What is known of the project roles that custom roles bring along, by role id."""
        if self._given is not None:
            return self._given
        held = {each.role_id: each.role_name for bindings in _distinct(self._people) for each in bindings}
        names = held | {role.id: role.name for role in self._listed.values()}
        return learn(self._people, self._projects, {each for each, name in names.items() if name not in BUILT_IN})


def _distinct(people: People) -> Iterable[Iterable[RoleBinding]]:
    """Every distinct set of bindings; people with the same ones share the object."""
    return {id(member.roles): member.roles for member in people.users.items}.values()
