"""Which project role a custom organization role maps to, learned from the people of one project.

No roles endpoint shows it, but the people of a project have such roles, with the source `inherited_from_org_role`
(`API.md#project-members`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.access.fates import fate_of

if TYPE_CHECKING:
    from semtui.api.models import Member, RoleBinding
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

INHERITED = "inherited_from_org_role"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is known about the project role that a role maps to."""

    candidates: frozenset[str]
    """Ids of the project roles it may be; it may also be none."""
    certain: bool
    """True if it is the only candidate, or, without candidates, certainly none."""
    project_id: str
    """The project it was learned from."""


def learnt_from(projects: Projects) -> str | None:
    """The project to learn mappings from: the first by name whose people were read whole; None if there is none."""
    named = {project.id: project.name.casefold() for project in projects.listing.items}
    read = [each for each, listing in projects.members.items() if fate_of(listing).fate == "ok"]
    return min(read, key=lambda each: (each not in named, named.get(each, ""), each), default=None)


def learn(people: People, projects: Projects, custom: Collection[str]) -> dict[str, Mapping]:
    """The mappings of these roles, by role id, without those about which nothing is known.

    Learned from people only, since no project lists groups or accounts, and from whole lists only, since absence
    counts.
    """
    project_id = learnt_from(projects)
    if project_id is None or not custom or fate_of(people.users).fate != "ok":
        return {}
    inherited = {member.id: _inherited(member) for member in projects.members_of(project_id).items}
    grouped = {member_id for group in people.groups.items for member_id in group.member_ids}
    ungrouped = fate_of(people.groups).fate == "ok"
    seen: dict[str, frozenset[str]] = {}
    alone: dict[str, frozenset[str]] = {}
    for member, held in _holders(people, custom):
        shown = inherited.get(member.id, frozenset())
        for role_id in held.intersection(custom):
            seen[role_id] = seen.get(role_id, shown) & shown
            if len(held) == 1 and ungrouped and member.id not in grouped:
                alone[role_id] = alone.get(role_id, shown) & shown
    return {role_id: _concluded(seen[role_id], alone.get(role_id), project_id) for role_id in seen}


def _concluded(candidates: frozenset[str], alone: frozenset[str] | None, project_id: str) -> Mapping:
    # A person with no other role, and in no group that could have one, inherits from this one.
    if alone is not None and len(alone) <= 1:
        return Mapping(alone, True, project_id)
    return Mapping(candidates, not candidates, project_id)


def _holders(people: People, custom: Collection[str]) -> Iterable[tuple[Member, frozenset[str]]]:
    """People who hold one of these roles directly, and the ids of all roles they hold directly."""
    accounts = {account.id for account in people.accounts.items} | {each.id for each in people.account_members.items}
    # People with the same roles share the object, so each is looked up once.
    known: dict[int, frozenset[str]] = {}
    for member in people.users.items:
        held = known.get(id(member.roles))
        if held is None:
            held = known[id(member.roles)] = _ids(member.roles)
        if not held.isdisjoint(custom) and member.id not in accounts:
            yield member, held


def _ids(bindings: Iterable[RoleBinding]) -> frozenset[str]:
    return frozenset(binding.role_id for binding in bindings)


def _inherited(member: Member) -> frozenset[str]:
    return _ids(binding for binding in member.roles if binding.source == INHERITED)
