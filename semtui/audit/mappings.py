"""Which project role a custom role of the organization brings along, learnt from the people of one project.

No endpoint of roles shows it; a project's people show it as roles from the source `inherited_from_org_role`
(`API.md#project-members`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.fates import fate_of

if TYPE_CHECKING:
    from semtui.api.models import Member, RoleBinding
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

INHERITED = "inherited_from_org_role"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is known of the project role that a role brings along."""

    candidates: frozenset[str]
    """Ids of project roles, one of which it is, if it is any."""
    certain: bool
    """It is the only candidate, or none where there is no candidate."""
    project_id: str
    """From whose people it was learnt."""


def learnt_from(projects: Projects) -> str | None:
    """The project mappings are learnt from: the first by name whose people were read whole; None for none."""
    named = {project.id: project.name.casefold() for project in projects.listing.items}
    read = [each for each, listing in projects.members.items() if fate_of(listing).fate == "ok"]
    return min(read, key=lambda each: (each not in named, named.get(each, ""), each), default=None)


def learn(people: People, projects: Projects, custom: Collection[str]) -> dict[str, Mapping]:
    """The mappings of these roles, by role id; one of which nothing can be said is not in there.

    Only from people: groups and accounts are in no project's list. It takes whole lists, for who is absent counts.
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
    # What somebody inherits who has no other role, and is in no group that could have one, is from this one.
    if alone is not None and len(alone) <= 1:
        return Mapping(alone, True, project_id)
    return Mapping(candidates, not candidates, project_id)


def _holders(people: People, custom: Collection[str]) -> Iterable[tuple[Member, frozenset[str]]]:
    """People with one of these roles of their own, and the ids of all roles of their own."""
    accounts = {account.id for account in people.accounts.items} | {each.id for each in people.account_members.items}
    # Those who hold the same roles share them (`RoleBinding`): looking each of these up once is enough.
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
