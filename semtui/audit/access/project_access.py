"""Who holds a permission on one project.

The API lists only the people of a project; roles of groups and accounts on a project can be given but not read
(`API.md#project-members`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.answers import Reason, Truth
from semtui.audit.access.fates import WHOLE, fate_of
from semtui.audit.access.mappings import INHERITED
from semtui.organization.relations import role_order

if TYPE_CHECKING:
    from collections.abc import Collection

    from semtui.api.models import RoleBinding
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.profiles import Profile

Verdict = tuple[Truth, tuple[Reason, ...]]


class ProjectAccess:
    """What is known about access to one project, beyond what subjects hold on every project."""

    def __init__(self, graph: AccessGraph, project_id: str) -> None:
        self._graph = graph
        self._community = graph.edition == "ce"
        listing = graph.projects.members_of(project_id)
        self.id = project_id
        self.whole = fate_of(listing).fate in WHOLE
        self.rows: dict[str, tuple[RoleBinding, ...]] = {member.id: member.roles for member in listing.items}
        """Roles held on the project, by subject id, as far as they were read."""

    def verdict(self, subject_id: str, permission: str) -> Verdict:
        """Whether a subject holds a project permission there. Raises KeyError if there is no such id."""
        bit = self._graph.permissions.bit(permission)
        return self.of_row(subject_id, self.of_profile(self._graph.index.profile_of[subject_id], bit), bit)

    def of_profile(self, number: int, bit: int) -> Verdict:
        """The same for the subjects of a profile that are not among the people of the project."""
        held = self._graph.holdings(number)
        truth, reasons = held.verdict(bit)
        if truth == "yes":
            return truth, reasons
        profile = self._graph.index.profiles[number]
        if self._community:
            more = self._if_assigned(profile) if held.assigned & bit else ()
        else:
            more = self._unread(profile)
            if profile.kind == "person" and self.whole:
                # The project lists everybody with a mapped role, so whoever is absent has none.
                reasons = tuple(reason for reason in reasons if reason != "mapping")
        found = (*reasons, *more)
        return ("unknown" if found else "no"), found

    def _unread(self, profile: Profile) -> tuple[Reason, ...]:
        if profile.kind == "account":
            return ("project-accounts",)
        in_group = profile.in_group or profile.kind != "person" or not self._graph.whole("groups")
        missing: tuple[Reason, ...] = ("project-people-missing",) if profile.kind == "person" and not self.whole else ()
        return (*missing, "project-groups") if in_group else missing

    def _if_assigned(self, profile: Profile) -> tuple[Reason, ...]:
        """Why it is not known whether a subject that is not listed is assigned to the project (Community)."""
        if profile.kind != "person" or not self._graph.index.kinds_known:
            return ("project-accounts",)
        return () if self.whole else ("project-people-missing",)

    def of_row(self, subject_id: str, otherwise: Verdict, bit: int) -> Verdict:
        """The verdict for one subject; `otherwise` is the verdict for its profile."""
        row = self.rows.get(subject_id)
        if row is None or otherwise[0] == "yes":
            return otherwise
        masks = [self._graph.grants.on_project(each.role_id, each.role_name) for each in row]
        if any(mask is not None and mask & bit for mask in masks):
            return "yes", ()
        reasons = otherwise[1]
        if self._community:
            reasons = tuple(each for each in reasons if not each.startswith("project-"))
        if None in masks and "role-unlisted" not in reasons:
            reasons = (*reasons, "role-unlisted")
        return ("unknown" if reasons else "no"), reasons

    def giving(self, subject_id: str, bit: int, told: Collection[str]) -> tuple[RoleBinding, ...]:
        """The bindings on the project that give a subject a permission, by role, without repeating those in `told`: the
        ids of the roles that give it on every project."""
        on_project = self._graph.grants.on_project
        found = [
            each
            for each in self.rows.get(subject_id, ())
            if (on_project(each.role_id, each.role_name) or 0) & bit
            # The project also lists mapped roles, and on Community the organization roles themselves.
            and not (told and (each.source == INHERITED or each.role_id in told))
        ]
        return tuple(sorted(found, key=lambda each: (role_order(each.role_name), each.source, each.role_id)))

    def own(self, subject_id: str) -> int:
        """Everything a subject is known to hold there, as a bit set."""
        found = 0
        for each in self.rows.get(subject_id, ()):
            found |= self._graph.grants.on_project(each.role_id, each.role_name) or 0
        return found
