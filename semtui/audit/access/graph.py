"""Who holds which permission, as far as the lists show: yes, no, or unknown and why.

A role gives its permissions to whoever holds it, directly or through a group; as far as the API shows, no role inherits
from another. Subjects are identified by id, because names repeat and change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from semtui.audit.access.answers import EffectiveRoles, Level, LevelName, Reason, SubjectRef, Truth
from semtui.audit.access.edition import edition_of
from semtui.audit.access.fates import WHOLE, coverage
from semtui.audit.access.grants import Grant, Grants
from semtui.audit.access.profiles import Held, Index, Indexing, Profile
from semtui.organization.projects import Projects
from semtui.organization.relations import role_order
from semtui.organization.role_catalog import built_in_role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from semtui.api.models import Role
    from semtui.audit.access.mappings import Mapping as RoleMapping
    from semtui.organization.listing import ListName
    from semtui.organization.people import People


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the subjects of one profile hold, as bit sets of permissions."""

    gives: int
    """What they hold, in the organization and on every project."""
    perhaps: tuple[tuple[Reason, int], ...]
    """What else they may hold, by the reason why that is not known."""
    assigned: int = 0
    """What they hold only on projects they are assigned to (Community)."""

    @property
    def unknown(self) -> int:
        """What else they may hold, for any reason."""
        found = 0
        for _, mask in self.perhaps:
            found |= mask
        return found

    def verdict(self, bit: int) -> tuple[Truth, tuple[Reason, ...]]:
        """Whether they hold one permission, and if unknown, why."""
        if self.gives & bit:
            return "yes", ()
        reasons = tuple(reason for reason, mask in self.perhaps if mask & bit)
        return ("unknown" if reasons else "no"), reasons


class AccessGraph:
    """The access of one organization. Immutable: new lists make a new graph."""

    def __init__(
        self, people: People, projects: Projects | None = None, mappings: Mapping[str, RoleMapping] | None = None
    ) -> None:
        """`mappings` is what is known of the project roles that custom roles bring along, by role id; without it, it
        is learnt from the people of a project."""
        self.people = people
        self.projects = projects or Projects()
        self.fates = coverage(people, self.projects)
        self.edition, self.edition_told_by = edition_of(people)
        self.grants = Grants(people, self.projects, self.edition, mappings)
        self.permissions = self.grants.permissions
        self._holdings: dict[int, Holdings] = {}

    @cached_property
    def index(self) -> Index:
        """All subjects, by profile. For 100,000 this takes a fraction of a second: call `prepare` on another thread."""
        return Indexing(self.people, self.fates, edition=self.edition).made()

    @property
    def is_prepared(self) -> bool:
        """True once subjects are indexed, so that a question takes no longer than a frame."""
        return "index" in self.__dict__

    def prepare(self) -> AccessGraph:
        """Compute what every question needs."""
        for number in range(len(self.index.profiles)):
            self.holdings(number)
        return self

    def whole(self, name: ListName) -> bool:
        """True if a list has all rows, current or older."""
        return self.fates[name].fate in WHOLE

    @property
    def has_groups(self) -> bool:
        """False on Community (`API.md#editions`)."""
        return self.edition != "ce"

    @property
    def at_least(self) -> tuple[ListName, ...]:
        """Incomplete lists, because of which people or accounts may be missing altogether."""
        missing: list[ListName] = [] if self.whole("users") else ["users"]
        if not (self.whole("accounts") or self.whole("account_members")):
            missing += ["accounts", "account_members"]
        return tuple(missing)

    def unseen(self, bit: int, *, on_project: bool) -> tuple[ListName, ...]:
        """`groups` if members of groups who are in no other list are missing, and may hold a permission.

        On a single project any group may give anything: the API does not have the roles of groups there.
        """
        on_project = on_project and self.has_groups and not self.whole("groups")
        return ("groups",) if on_project or self._by_unseen_groups & bit else ()

    @property
    def stale(self) -> tuple[ListName, ...]:
        """Lists whose last reload failed, so that an answer is as of the time before."""
        names: tuple[ListName, ...] = ("users", "account_members", "group_members", "accounts", "groups", "roles")
        return tuple(name for name in names if self.fates[name].fate == "stale")

    # Subjects

    def knows(self, subject_id: str) -> bool:
        """True if the id is in a list or a group."""
        return subject_id in self.index.profile_of

    def subject(self, subject_id: str) -> SubjectRef:
        """The subject of an id. Raises KeyError if there is none."""
        return self.index.subject(self.index.place_of[subject_id])

    def profile(self, subject_id: str) -> Profile:
        """The profile of a subject. Raises KeyError if there is no such id."""
        return self.index.profiles[self.index.profile_of[subject_id]]

    def of(self, subject_id: str) -> Holdings:
        """What a subject holds. Raises KeyError if there is no such id."""
        return self.holdings(self.index.profile_of[subject_id])

    def verdict(self, subject_id: str, permission: str) -> tuple[Truth, tuple[Reason, ...]]:
        """Whether a subject holds a permission (a project permission: on every project), and if unknown, why."""
        return self.of(subject_id).verdict(self.permissions.bit(permission))

    def level(self, subject_id: str) -> Level:
        """How far a subject's organization permissions reach."""
        held = self.of(subject_id)
        return Level(self.level_of(held.gives), self.level_of(held.gives | held.unknown))

    def effective_roles(self, subject_id: str) -> EffectiveRoles:
        """The roles a subject holds, directly or through groups. Raises KeyError if there is no such id."""
        number = self.index.profile_of[subject_id]
        profile = self.index.profiles[number]
        names = {name or role_id for role_id, name, _ in profile.direct | profile.by_groups}
        missing = profile.roles_missing or profile.group_roles_missing or profile.kind == "unlisted"
        if profile.kind in ("person", "account"):
            perhaps = self._names_by_unseen_groups
            missing = missing or perhaps is None or not names.issuperset(perhaps)
        return EffectiveRoles(tuple(sorted(names, key=role_order)), not missing)

    # Profiles

    def grant(self, held: Held) -> Grant:
        """What a held role permits."""
        return self.grants.of(held[0], held[1])

    def holdings(self, number: int) -> Holdings:
        """What the subjects of a profile hold; computed once."""
        found = self._holdings.get(number)
        if found is None:
            found = self._holdings[number] = self._worked_out(self.index.profiles[number])
        return found

    def _worked_out(self, profile: Profile) -> Holdings:
        gives, unlisted, mapping, assigned = self._united(profile.direct | profile.by_groups)
        everything = self.permissions.everything
        reasons: list[tuple[Reason, int]] = []
        if profile.roles_missing:
            reasons.append(("group-roles-missing" if profile.kind == "group" else "roles-missing", everything))
        if profile.group_roles_missing:
            reasons.append(("group-roles-missing", everything))
        if profile.kind in ("person", "account"):
            reasons.append(("groups-missing", self._by_unseen_groups))
        reasons += [("role-unlisted", unlisted), ("mapping", mapping)]
        if profile.kind == "unlisted":
            # A subject that was removed holds this until a queue has run; one that was deleted does not exist.
            reasons.insert(0, ("unlisted", gives | _any(mask for _, mask in reasons)))
            gives = 0
        perhaps = tuple((reason, mask & ~gives) for reason, mask in reasons if mask & ~gives)
        return Holdings(gives, perhaps, assigned & ~gives)

    def _united(self, held: Iterable[Held]) -> tuple[int, int, int, int]:
        gives = unlisted = mapping = assigned = 0
        for each in held:
            grant = self.grant(each)
            gives |= grant.gives
            unlisted |= grant.unlisted
            mapping |= grant.mapping
            assigned |= grant.assigned
        return gives, unlisted, mapping, assigned

    @cached_property
    def _by_unseen_groups(self) -> int:
        """What anybody may hold through a group, if it is not known who is in the groups."""
        if not self.has_groups or self.whole("groups"):
            return 0
        if not self.whole("group_members"):
            return self.permissions.everything
        gives, unlisted, mapping, _ = self._united(self._held_by_groups)
        return gives | unlisted | mapping

    @cached_property
    def _names_by_unseen_groups(self) -> frozenset[str] | None:
        """The roles anybody may hold through a group, if it is not known who is in the groups; None for any role."""
        if not self.has_groups or self.whole("groups"):
            return frozenset()
        if not self.whole("group_members"):
            return None
        return frozenset(name or role_id for role_id, name, _ in self._held_by_groups)

    @property
    def _held_by_groups(self) -> set[Held]:
        bindings = {id(each.roles): each.roles for each in self.people.group_members.items}.values()
        return {(each.role_id, each.role_name, each.source) for roles in bindings for each in roles}

    # Levels

    def level_of(self, mask: int) -> LevelName:
        """How far a bit set of organization permissions reaches."""
        if self.edition == "ce":
            return "Owner/Admin" if self.has_all(mask, "Owner") else "none"
        return "Owner" if self.has_all(mask, "Owner") else "Admin" if self.has_all(mask, "Admin") else "none"

    def has_all(self, mask: int, role_name: str) -> bool:
        """True if `mask` has every organization permission of the role of that name."""
        wanted = self.target(role_name)
        return bool(wanted) and not wanted & ~mask

    def target(self, name: str) -> int:
        """The organization permissions of the role of that name, or else the permission of that name; 0 if neither."""
        if name not in self._targets:
            found: Role | None = next((role for role in self.people.roles.items if role.name == name), None)
            if found is None or not found.permissions:
                found = built_in_role(name, "org", community=self.edition == "ce") or found
            mask = self.permissions.mask(found.permissions) & self.permissions.organization if found else 0
            self._targets[name] = mask or self.permissions.bit(name)
        return self._targets[name]

    @cached_property
    def _targets(self) -> dict[str, int]:
        return {}


def _any(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
