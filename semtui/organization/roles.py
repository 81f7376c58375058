"""Roles: every one that can be known, who holds it and why, and how two of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from semtui.organization.relations import role_order
from semtui.organization.role_catalog import built_in_role
from semtui.text.folding import haystack

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.listing import ListName
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.subject import Kind, Subject

_PROJECT_ROLES = ("Admin", "Contributor", "Reader")


@dataclass(frozen=True)
class KnownRole:
    """A role, and how it came to be known."""

    role: Role
    known_by: Literal["listed", "held", "project"]
    """Whether Semaphore lists it, somebody is seen to hold it, or it was learned from the people of a project."""
    from_catalog: bool = False
    """True if its permissions are from the built-in catalog, because Semaphore did not tell them."""
    holders: tuple[Holding, ...] = ()
    uncounted: frozenset[Kind] = frozenset()
    """Kinds of which it is not known how many hold it, because a list is missing."""

    @property
    def id(self) -> str:
        """The id of the role."""
        return self.role.id

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many people, accounts and groups hold it directly."""
        return Counter(holding.subject.kind for holding in self.holders if not holding.group)

    @cached_property
    def haystack(self) -> str:
        """What search looks through, folded."""
        return haystack(self.role.name, self.role.description, self.role.id)


@dataclass(frozen=True)
class Holding:
    """Why somebody holds a role: by a binding of their own, or through a group."""

    subject: Subject
    source: str
    group: str = ""
    """The name of the group through which it is held; empty for a binding of their own."""


def holders_of(role_id: str, people: People) -> tuple[Holding, ...]:
    """Everyone who holds a role in the organization, once for each way they hold it."""
    return _with_members(_bound(people).get(role_id, ()), people)


def _bound(people: People) -> dict[str, list[Holding]]:
    """Who holds which role by a binding of their own, by role id, in one pass over everyone."""
    found: dict[str, list[Holding]] = {}
    for subject in people.subjects:
        for binding in subject.roles or ():
            found.setdefault(binding.role_id, []).append(Holding(subject, binding.source))
    return found


def _with_members(bound: Sequence[Holding], people: People) -> tuple[Holding, ...]:
    """The same, followed by the members of the groups among them."""
    found = list(bound)
    for holding in [each for each in found if each.subject.kind == "group"]:
        members = (people.by_id.get(member_id) for member_id in holding.subject.member_ids or ())
        found += [Holding(member, holding.source, holding.subject.name) for member in members if member is not None]
    return tuple(found)


def known_roles(people: People, projects: Projects) -> tuple[KnownRole, ...]:
    """Every role this API token can know, the organization's first, each scope in the web's order
    (`API.md#web-page`)."""
    bound, uncounted = _bound(people), _uncounted(people)

    def holders(role_id: str) -> tuple[Holding, ...]:
        return _with_members(bound.get(role_id, ()), people)

    listed = {
        role.id: KnownRole(role, "listed", holders=holders(role.id), uncounted=uncounted) for role in people.roles.items
    }
    held = {binding.role_id: binding.role_name for bindings in people.bindings_of.values() for binding in bindings}
    unlisted = [
        replace(_stand_in(role_id, name, "org", "held", people), holders=holders(role_id), uncounted=uncounted)
        for role_id, name in held.items()
        if role_id not in listed
    ]
    # On Community a project shows organization roles (`API.md#project-members`).
    seen = {} if people.community else projects.role_names | {each.id: each.name for each in projects.roles.values()}
    learnt = [
        KnownRole(projects.roles[role_id], "project")
        if role_id in projects.roles
        else replace(_stand_in(role_id, name, "project", "project", people), holders=holders(role_id))
        for role_id, name in seen.items()
        if role_id not in listed and role_id not in held
    ]
    in_organization = sorted([*listed.values(), *unlisted], key=lambda known: role_order(known.role.name))
    return (*in_organization, *sorted(learnt, key=_project_order))


def _uncounted(people: People) -> frozenset[Kind]:
    """Kinds of which not all who hold a role of their own are seen."""
    lists: dict[Kind, tuple[ListName, ...]] = {
        "person": ("users",),
        "account": ("account_members",),
        "group": ("group_members",),
    }
    if people.community:
        # Roles of service accounts may stand among people's there (`API.md#subject-types`).
        lists |= {"person": ("users", "accounts"), "account": ("users", "account_members", "accounts")}
    return frozenset(kind for kind, names in lists.items() if not all(people.listing(name).is_known for name in names))


def _stand_in(role_id: str, name: str, scope: str, known_by: Literal["held", "project"], people: People) -> KnownRole:
    """A role Semaphore did not list, with what the catalogue says of one of that name."""
    known = built_in_role(name, scope, community=people.community)
    from semtui.api.models import Role

    role = replace(known, id=role_id) if known else Role(id=role_id, name=name, scope=scope)
    return KnownRole(role, known_by, from_catalog=known is not None)


def _project_order(known: KnownRole) -> tuple[int, str]:
    name = known.role.name
    return (_PROJECT_ROLES.index(name) if name in _PROJECT_ROLES else len(_PROJECT_ROLES), name.casefold())
