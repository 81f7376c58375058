"""What a change of role grants and revokes, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from semtui.api.permissions import CHANGE_OWNER
from semtui.organization import role_effects as access
from semtui.organization.role_effects import Effect
from semtui.text.counting import count
from semtui.wording.permissions import permission_lines, short_permissions
from semtui.wording.role_bindings import role_tone
from semtui.wording.sources import source_words
from semtui.wording.styled_text import Line, Tone
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.people import People
    from semtui.organization.subject import Subject

_UNKNOWN = "What this changes cannot be told: Semaphore did not list what the roles permit."


def effect_lines(effect: Effect | None) -> list[Line]:
    """A change of role in a few lines: what is gained, what is lost, and what is kept through another role."""
    if effect is None:
        return [Line([(_UNKNOWN, "muted")])]
    lines = []
    if effect.projects:
        lines.append(_projects_line(effect))
    entries: tuple[tuple[str, Sequence[str], Tone], ...] = (
        ("gains ", effect.gained, "good"),
        ("loses ", effect.lost, "warn"),
        ("keeps ", effect.kept, "muted"),
    )
    for words, names, tone in entries:
        if names:
            elsewhere = ", from elsewhere" if names is effect.kept else ""
            lines.append(Line([(words, tone), (short_permissions(names) + elsewhere, "plain")], len(words)))
    if not effect.gained and not effect.lost and not effect.projects:
        lines.insert(0, Line([("This changes nothing that may be done in the organization.", "muted")]))
    return lines


def _projects_line(effect: Effect) -> Line:
    tone: Tone = "good" if effect.projects == "gained" else "warn"
    return Line([("gains " if tone == "good" else "loses ", tone), ("the role Admin on every project", "plain")], 6)


def effect_page(effect: Effect | None, role: Role, people: People) -> list[Line]:
    """A change of role, permission by permission, and then everything `role` permits."""
    explanations = {
        permission.name: permission.description for each in people.roles.items for permission in each.rbac_permissions
    }
    lines: list[Line] = []
    if effect is not None:
        lines += [_projects_line(effect), Line()] if effect.projects else []
        parts: tuple[tuple[str, Sequence[str], Tone], ...] = (
            ("Gained with this change", effect.gained, "good"),
            ("Lost with this change", effect.lost, "warn"),
            ("Kept, because another role or a group gives it", effect.kept, "muted"),
        )
        for title, names, tone in parts:
            if names:
                lines += [Line([(f"{title}: {len(names)}", tone)])]
                lines += [*permission_lines(names, explanations, "plain"), Line()]
    lines.append(Line([(f"Everything {role.name} permits", "strong")]))
    lines.append(Line([(role.description, "plain")]))
    lines += permission_lines(role.permissions, explanations, role_tone(role.name))
    return lines


def change_warnings(subject: Subject, people: People, own_id: str) -> list[str]:
    """Warnings before the role of `subject` is changed, the most serious first. `own_id` is the id of this API token's
    owner, "" if not known."""
    words = []
    if own_id and subject.id == own_id:
        words.append("This is you: with fewer permissions you may not be able to change it back.")
    if subject.is_owner:
        words.append(_owner_warning(len(access.owners(people)), people.community))
    for binding in subject.roles or ():
        if not binding.is_manual:
            words.append(f"{binding.role_name} stays regardless of this choice: it is {source_words(binding.source)}.")
    for group in access.groups_of(subject, people):
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
    missing = {role.id: access.ungrantable(role, people, not_held) for role in roles}
    return {
        role_id: f"cannot be granted: takes {short_permissions(names, most=2)}"
        for role_id, names in missing.items()
        if names
    }
