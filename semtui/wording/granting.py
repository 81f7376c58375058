"""What to know before a role is assigned, and why some cannot be, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER
from semtui.organization import granting
from semtui.text.counting import count
from semtui.wording.permissions import short_permissions
from semtui.wording.sources import source_words
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.people import People
    from semtui.organization.subject import Subject


def change_warnings(subject: Subject, people: People, own_id: str) -> list[str]:
    """Warnings before the role of `subject` is changed, the most serious first. `own_id` is the id of this API token's
    owner, "" if not known."""
    words = []
    if own_id and subject.id == own_id:
        words.append("This is you: with fewer permissions you may not be able to change it back.")
    if subject.is_owner:
        words.append(_owner_warning(len(granting.owners(people)), people.community))
    for binding in subject.roles or ():
        if not binding.is_manual:
            words.append(f"{binding.role_name} stays regardless of this choice: it is {source_words(binding.source)}.")
    for group in granting.groups_of(subject, people):
        held = ", ".join(binding.role_name for binding in group.roles or ())
        if held:
            words.append(f"{held} stays through the group {name_of(group)}.")
    return words


def _owner_warning(number: int, community: bool) -> str:
    last = "This is the last Owner shown here; Semaphore does not stop you from leaving none." if number == 1 else ""
    if community:
        return last or f"This is one of {count(number, 'Owner')}; Community lets every Admin change that."
    return f"{last} Changing an Owner takes the permission {CHANGE_OWNER}.".strip()


def withheld_roles(roles: Iterable[Role], people: People, not_held: Collection[str]) -> dict[str, str]:
    """Why this API token cannot grant a role, by role id."""
    missing = {role.id: granting.ungrantable(role, people, not_held) for role in roles}
    return {
        role_id: f"cannot be granted: takes {short_permissions(names, most=2)}"
        for role_id, names in missing.items()
        if names
    }
