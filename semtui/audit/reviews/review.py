"""An access review: for everybody in the organization, what a reviewer needs to know to decide on their access.

It has one row for each person, service account and group, and for each id that is in a group but in no list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from semtui.api.permissions import SENSITIVE
from semtui.audit.access.fates import fate_of
from semtui.audit.access.mappings import INHERITED
from semtui.audit.access.paths import bindings
from semtui.audit.reviews.access import Access, GroupRef
from semtui.organization.relations import role_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.api.models import ServiceAccount
    from semtui.audit.access.answers import Reason, SubjectRef, Truth
    from semtui.audit.access.graph import AccessGraph


@dataclass(frozen=True, slots=True)
class Creator:
    """Who created a service account."""

    fate: Literal["listed", "gone", "not listed", "unknown"]
    """`gone`: the creator's Semaphore account was deleted. `not listed`: the id is in no list. `unknown`: a list that
    could have the id, or the list of service accounts, was not read."""
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OnProjects:
    """The roles of a subject on projects."""

    everywhere: tuple[str, ...]
    """Names of the roles on every project."""
    everywhere_unknown: bool
    """True if there may be more such roles."""
    single: tuple[tuple[str, str, str], ...]
    """Project id, role name and source of each role on one project only, from the projects whose people were read."""
    single_fate: Literal["whole", "unread", "not in the API"]
    """Whether there may be more roles on single projects. `unread`: the people of some projects were not read."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One subject of a review."""

    subject: SubjectRef
    access: Access
    privileged: Truth
    creator: Creator | None
    """None unless this is a service account."""
    projects: OnProjects
    created_at: int | None
    updated_at: int | None
    """Of a service account; epoch seconds."""
    token_at_least_days: int | None
    """Minimum age of a service account's token, in whole days; None if unknown."""
    before: Access | None
    """The access in the earlier snapshot; None if the subject is not in it, or without a snapshot."""
    new: Truth
    """Whether the subject is missing from the earlier snapshot."""
    reasons: tuple[Reason, ...]
    """Why some of the access is unknown."""


@dataclass(frozen=True)
class Review:
    """The rows of a review, and totals."""

    rows: tuple[ReviewRow, ...]
    everybody: Mapping[str, int]
    """The number of subjects of each kind, including those left out of the rows."""
    levels: Mapping[str, Mapping[str, int]]
    """For each kind, the number of rows with each effective level; `unknown` if a higher one cannot be ruled out."""
    compared: bool
    """True if the rows were compared with an earlier snapshot."""
    unknown: int
    """The number of rows with something unknown that the API could have told."""
    all_there: bool
    """False if a list that is incomplete or out of date may hide subjects or projects."""

    @property
    def complete(self) -> bool:
        """True if everybody is there and nothing is unknown."""
        return self.all_there and not self.unknown


KINDS = ("person", "account", "group", "unlisted")
_DAY = 86_400


def review(
    graph: AccessGraph, taken_at: float, previous: AccessGraph | None = None, *, only_privileged: bool = False
) -> Review:
    """A review of a graph whose lists were read at `taken_at` (epoch seconds), compared with an earlier graph.

    With `only_privileged` it has only those whose level is, or may be, Owner or Admin.
    """
    return _Reviewing(graph, taken_at, previous).review(only_privileged)


def access_of(graph: AccessGraph, subject_id: str) -> Access:
    """The access of a subject. Raises KeyError for an unknown id."""
    subject = graph.subject(subject_id)
    held = graph.of(subject_id)
    names = graph.permissions
    in_groups = (graph.people.by_id[each] for each in graph.index.groups_of.get(subject_id, ()))
    groups = sorted(
        (GroupRef(each.id, each.name) for each in in_groups), key=lambda each: (each.name.casefold(), each.id)
    )
    groups_known = subject.kind == "group" or not graph.has_groups or graph.whole("groups")
    return Access(
        kind=subject.kind,
        name=subject.name,
        state=subject.state,
        held=bindings(graph, subject_id),
        groups=tuple(groups),
        level=graph.level(subject_id),
        sensitive=tuple(each for each in SENSITIVE if held.gives & names.bit(each)),
        sensitive_unknown=tuple(each for each in SENSITIVE if held.unknown & names.bit(each)),
        roles_known=graph.effective_roles(subject_id).complete,
        groups_known=groups_known and subject.kind != "unlisted",
    )


class _Reviewing:
    def __init__(self, graph: AccessGraph, taken_at: float, previous: AccessGraph | None) -> None:
        self._graph = graph
        self._taken_at = taken_at
        self._previous = previous

    def review(self, only_privileged: bool) -> Review:
        everybody = [self._graph.index.subject(place) for place in range(len(self._graph.index.place_of))]
        rows = []
        for subject in sorted(everybody, key=lambda each: KINDS.index(each.kind)):
            if not only_privileged or self._privileged(subject.id) != "no":
                rows.append(self._row(subject))
        kinds = dict.fromkeys(KINDS, 0)
        for subject in everybody:
            kinds[subject.kind] += 1
        lists = not (self._graph.at_least or self._graph.stale) and fate_of(self._graph.projects.listing).fate == "ok"
        unknown = sum(not _known(row) for row in rows)
        return Review(tuple(rows), kinds, self._levels(rows), self._previous is not None, unknown, lists)

    def _levels(self, rows: Iterable[ReviewRow]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        for row in rows:
            level, of_kind = row.access.level, found[row.subject.kind]
            name = level.certain if level.certain == level.possible else "unknown"
            of_kind[name] = of_kind.get(name, 0) + 1
        return found

    def _privileged(self, subject_id: str) -> Truth:
        level = self._graph.level(subject_id)
        return "yes" if level.certain != "none" else "unknown" if level.possible != "none" else "no"

    def _row(self, subject: SubjectRef) -> ReviewRow:
        row = self._graph.people.by_id.get(subject.id)
        account = row.account if row is not None else None
        before, new = self._before(subject.id)
        return ReviewRow(
            subject=subject,
            access=access_of(self._graph, subject.id),
            privileged=self._privileged(subject.id),
            creator=self._creator(account) if subject.kind == "account" else None,
            projects=self._on_projects(subject),
            created_at=account.created_at if account else None,
            updated_at=account.updated_at if account else None,
            token_at_least_days=self._days(account.updated_at) if account else None,
            before=before,
            new=new,
            reasons=tuple(dict.fromkeys(reason for reason, _ in self._graph.of(subject.id).perhaps)),
        )

    def _days(self, updated_at: int | None) -> int | None:
        # A new token changes it, and so do a rename and a deactivation (`API.md#updated-at`): this is a lower bound.
        return None if updated_at is None or updated_at <= 0 else max(0, int((self._taken_at - updated_at) // _DAY))

    def _creator(self, account: ServiceAccount | None) -> Creator:
        if account is None:
            return Creator("unknown")
        if not account.creator_id:
            return Creator("gone")
        found = self._graph.people.by_id.get(account.creator_id)
        if found is not None:
            return Creator("listed", account.creator_id, found.name)
        return Creator("unknown" if self._graph.at_least else "not listed", account.creator_id)

    def _before(self, subject_id: str) -> tuple[Access | None, Truth]:
        previous = self._previous
        if previous is None:
            return None, "unknown"
        if previous.knows(subject_id):
            return access_of(previous, subject_id), "no"
        whole = not previous.at_least and (not previous.has_groups or previous.whole("groups"))
        return None, "yes" if whole else "unknown"

    # Projects

    def _on_projects(self, subject: SubjectRef) -> OnProjects:
        graph = self._graph
        names: dict[str, None] = {}
        for path in bindings(graph, subject.id):
            grant = graph.grants.of(path.role_id, path.role_name)
            if grant.mapped_to or grant.own & graph.permissions.projects:
                names[grant.mapped_to or grant.role_name] = None
        return OnProjects(
            everywhere=tuple(sorted(names, key=role_order)),
            everywhere_unknown=bool(graph.of(subject.id).unknown & graph.permissions.projects),
            single=tuple(self._single.get(subject.id, ())),
            single_fate=self._single_fate(subject),
        )

    def _single_fate(self, subject: SubjectRef) -> Literal["whole", "unread", "not in the API"]:
        if subject.kind == "person" and not self._all_projects_read:
            return "unread"
        # The API does not list the roles of groups and accounts on a project (`API.md#project-members`).
        if subject.kind != "person" or not subject.kind_known or self._graph.profile(subject.id).in_group:
            return "not in the API"
        return "whole" if self._graph.whole("groups") or not self._graph.has_groups else "unread"

    @cached_property
    def _all_projects_read(self) -> bool:
        projects = self._graph.projects
        read = (fate_of(projects.members_of(each.id)).fate == "ok" for each in projects.listing.items)
        return fate_of(projects.listing).fate == "ok" and all(read)

    @cached_property
    def _single(self) -> dict[str, list[tuple[str, str, str]]]:
        found: dict[str, list[tuple[str, str, str]]] = {}
        for project_id, each in self._rows_on_projects():
            found.setdefault(each[0], []).append((project_id, each[1], each[2]))
        return found

    def _rows_on_projects(self) -> Iterator[tuple[str, tuple[str, str, str]]]:
        graph = self._graph
        for project in graph.projects.listing.items:
            for member in graph.projects.members_of(project.id).items:
                # Project roles that come with an organization role are listed too; on Community, so is that role.
                profile = graph.profile(member.id) if graph.knows(member.id) else None
                known = {role_id for role_id, _, _ in profile.direct | profile.by_groups} if profile else set()
                for held in member.roles:
                    if held.source != INHERITED and (held.role_id not in known or self._assigned(held.role_name)):
                        yield project.id, (member.id, held.role_name or held.role_id, held.source)

    def _assigned(self, role_name: str) -> bool:
        """True for the role that applies only to projects its holder is assigned to (Community)."""
        return self._graph.edition == "ce" and role_name == "Member"


def _known(row: ReviewRow) -> bool:
    access = row.access
    if not (access.roles_known and access.groups_known and row.subject.kind_known) or access.sensitive_unknown:
        return False
    return row.privileged != "unknown" and access.state != "unknown" and not row.projects.everywhere_unknown
