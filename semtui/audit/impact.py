"""What depends on a person or account, and so breaks, stops or is left without an owner when they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.what_if.operations import Operation
from semtui.audit.what_if.question import what_if

if TYPE_CHECKING:
    from semtui.api.models import Project, RoleBinding
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.answers import Note, WhatIf
    from semtui.organization.subject import Subject
    from semtui.organization.ties import Ties

_LAST = ("nobody-manages-people", "nobody-changes-owners")


@dataclass(frozen=True)
class Impact:
    """What depends on a person or account, as far as it could be read."""

    subject: Subject
    groups: tuple[Subject, ...]
    projects: tuple[tuple[Project, tuple[RoleBinding, ...]], ...]
    """The projects where somebody is seen to hold roles; Semaphore shows people alone."""
    projects_unread: int
    """For how many projects that could not be read."""
    created: tuple[Subject, ...]
    """Service accounts somebody created, whose tokens they may know."""
    owned: tuple[Project, ...]
    ties: Ties
    last: tuple[Note, ...]
    """What nobody could do any more if they went."""
    going: WhatIf
    """What would change for access if they went."""
    whole: bool
    """Whether every list was read whole."""


def impact(graph: AccessGraph, subject: Subject, ties: Ties) -> Impact:
    """What depends on a person or account; `ties` are those of everybody."""
    people, projects = graph.people, graph.projects
    relations, listing = people.relations, projects.listing
    found, unread = [], 0
    for project in listing.items:
        members = projects.members_of(project.id)
        if not members.is_known or members.error is not None:
            unread += 1
            continue
        roles = next((each.roles for each in members.items if each.id == subject.id), ())
        if roles:
            found.append((project, roles))
    going = what_if(graph, [Operation("delete" if subject.kind == "account" else "remove", subject.id)])
    return Impact(
        subject,
        tuple(people.by_id[each] for each in relations.group_ids_of.get(subject.id, ()) if each in people.by_id),
        tuple(found),
        unread,
        tuple(relations.created_by.get(subject.id, ())),
        tuple(each for each in listing.items if each.owner_id == subject.id),
        ties.of(subject.id),
        tuple(each for each in going.notes if each.code in _LAST),
        going,
        ties.whole and not unread and not graph.at_least and listing.is_known and listing.error is None,
    )
