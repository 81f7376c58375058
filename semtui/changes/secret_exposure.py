"""Who will be able to act with a token that is put into a secret, and whether that must be confirmed by typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.wording.secrets import UNKNOWN_ROLES, exposure_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from semtui.api.models import Role
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.tokens.delivery import Destination

_MEMBER = "Member"


@dataclass(frozen=True)
class Exposure:
    """What to say before a token goes to its destination."""

    words: str = ""
    """Who will be able to read it, in sentences; empty where that is the user's own affair."""
    name: str = ""
    """The secret's name, to be typed first: the token gives somebody more than they have. Empty if nothing is."""


def exposure(to: Destination | None, stronger: Sequence[str]) -> Exposure:
    """What a destination exposes the token to; `stronger` as `stronger_roles` gives them."""
    place = to.secret if to else None
    if place is None or place.mistake:
        return Exposure()
    # Members manage the secrets of the organization, whichever jobs may use one (API.md#organization-secrets).
    return Exposure(exposure_words(place, stronger), place.name if stronger and not place.project else "")


def stronger_roles(people: People, subject: Subject | None, role: Role | None = None) -> tuple[str, ...]:
    """The names of the roles that an account holds or is given, groups counted, and that permit more than Member does.

    Without `subject` and `role` it is not known what the account holds.
    """
    if subject is None:
        return _stronger(people, [(role.id, role.name)]) if role else (UNKNOWN_ROLES,)
    if subject.roles is None:
        return (UNKNOWN_ROLES,)
    groups = (group for group in people.subjects if group.kind == "group" and group.name in subject.groups)
    bindings = [*subject.roles, *(binding for group in groups for binding in group.roles or ())]
    return _stronger(people, [(binding.role_id, binding.role_name) for binding in bindings])


def _stronger(people: People, roles: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    known = {role.id: role for role in people.roles.items}
    member = next((role for role in people.roles.items if role.name == _MEMBER and role.readonly), None)
    found: dict[str, None] = {}
    for role_id, name in roles:
        permitted = known[role_id].permissions if role_id in known else ()
        if name == _MEMBER or (member and permitted and set(permitted) <= set(member.permissions)):
            continue
        found[name] = None
    return tuple(found)
