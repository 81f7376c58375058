"""Roles in words: rows, details, holders and comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.organization.role_catalog import explanation
from semtui.organization.roles import (
    KnownRole,
    difference,
    granting,
    losses,
    without_all_projects,
)
from semtui.settings.keymap import key
from semtui.wording.permissions import permission_lines, short_permissions
from semtui.wording.role_bindings import role_tone
from semtui.wording.sources import source_words
from semtui.wording.styled_text import (
    Line,
    Piece,
    Tone,
    count,
    fact,
    listed,
    padded,
)
from semtui.wording.subjects import KIND_WORDS, name_of

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.organization.people import Kind, People, Subject

_SCOPES = {
    "org": "organization",
    "project": "project",
    "unspecified": "scope not named",
    "unknown": "unknown scope",
    "": "unknown scope",
}
_HOLDER_WORDS: tuple[tuple[Kind, str], ...] = (("person", "person"), ("account", "account"), ("group", "group"))
IDLE = ("deactivated", "being removed")
"""States in which a role gives nothing."""
_MOST_LOSSES = 3
_MOST_NAMES = 4
ALL_PROJECTS_NOTE = (
    "Saving any change removes this role's access to all projects. Only Semaphore's web page shows whether "
    "the role has it, and only there can it be granted again."
)
"""`API.md#editing-a-role`."""
CATALOG_NOTE = "from semtui's built-in catalogue, because Semaphore did not tell; yours may differ"


def cells(known: KnownRole) -> dict[str, list[Piece]]:
    """What each column shows of a role."""
    role, counts = known.role, known.counts
    number = str(len(role.permissions)) if role.permissions else "?"
    project = known.known_by == "project"
    held: list[Piece] = [("?" if project else f"{counts[kind]:>4}", "muted") for kind in ("person", "account", "group")]
    return {
        "name": [(role.name or "(unnamed role)", role_tone(role.name))],
        "scope": [(scope_word(role.scope), "muted")],
        "origin": [(origin(known), "muted")],
        "permissions": [(f"{number:>5}{'*' if known.from_catalog else ''}", "plain")],
        "people": held[0:1],
        "accounts": held[1:2],
        "groups": held[2:3],
        "description": [(role.description, "muted")],
    }


def scope_word(scope: str) -> str:
    """`organization`, `project`, or `unknown scope “xyz”`."""
    return _SCOPES.get(scope) or f"unknown scope “{scope}”"


def origin(known: KnownRole) -> str:
    """Built in, or made in this organization; a role only seen to be held may be either."""
    if known.known_by == "listed" or known.role.permissions:
        return "built-in" if known.role.readonly else "custom"
    return "unknown"


def details(known: KnownRole) -> list[Line]:
    """Everything known of a role."""
    role = known.role
    lines = [
        Line([(role.name, role_tone(role.name))]),
        Line(),
        fact("scope", (scope_word(role.scope), "plain")),
        fact("kind", (origin(known), "plain")),
        fact("id", (role.id, "plain")),
        fact("description", (role.description or "none", "plain")),
    ]
    if known.known_by == "project":
        lines.append(fact("held by", ("see the projects: 6", "muted")))
    else:
        lines.append(fact("held by", (held_by(known), "plain")))
    if not role.permissions:
        return [*lines, Line(), Line([("What it permits is not known: Semaphore did not list it.", "warn")])]
    lines += [Line(), Line([(f"Permits {count(len(role.permissions), 'thing')}", "strong")])]
    if known.from_catalog:
        lines.append(Line([(CATALOG_NOTE, "warn")]))
    return lines + permission_lines(role.permissions, _explanations(role), role_tone(role.name))


def _explanations(role: Role) -> dict[str, str]:
    sent = {permission.name: permission.description for permission in role.rbac_permissions}
    return {name: sent.get(name) or explanation(name) for name in role.permissions}


def holder_lines(known: KnownRole, *, cut: bool = True) -> list[Line]:
    """Who holds a role, and why each of them does, those last who can do nothing with it; names are `cut` where they
    stand in a column."""
    if known.known_by == "project":
        return [Line([("Project roles are held in projects: 6 shows who holds them there.", "plain")])]
    if not known.holders:
        return [Line([("Nobody in the lists that could be loaded holds this role.", "plain")])]
    lines = []
    for holding in sorted(known.holders, key=lambda each: each.subject.state in IDLE):
        state = holding.subject.state
        idle: list[Piece] = [(f", {state}", "warn")] if state in IDLE else []
        why = f"through the group {holding.group}" if holding.group else source_words(holding.source)
        name = padded(name_of(holding.subject), 28) if cut else f"{name_of(holding.subject)}  "
        kind = KIND_WORDS[holding.subject.kind]
        lines.append(Line([(name, "plain"), (f"{kind:<8} ", "muted"), (why, "muted"), *idle], 38))
    return [*lines, *_idle_lines(known)]


def _idle_lines(known: KnownRole) -> list[Line]:
    """How many of those listed can do nothing with the role."""
    idle = {each.subject.id: each.subject.state for each in known.holders if each.subject.state in IDLE}
    numbers = Counter(idle.values())
    parts = [f"{numbers[state]:,} {'is' if numbers[state] == 1 else 'are'} {state}" for state in numbers]
    return [Line([(f"Of these, {listed(parts)}, and may do nothing now.", "muted")])] if parts else []


def who_can(permission: str, known: Sequence[KnownRole], people: People, *, cut: bool = True) -> list[Line]:
    """Which roles include a permission, and everyone who holds one of them, with names `cut` as there."""
    lines = [Line([(explanation(permission), "plain")]), Line()]
    granted = granting(permission, known)
    if not people.roles.is_known:
        lines += [Line([("Semaphore did not list the roles: this is by the built-in catalogue.", "warn")]), Line()]
    for each in granted:
        lines.append(
            Line([(f"{each.role.name}", role_tone(each.role.name)), (f"  {scope_word(each.role.scope)}", "muted")])
        )
        lines += [Line([("  ", "plain"), *line.pieces], line.hang + 2) for line in holder_lines(each, cut=cut)]
        lines.append(Line())
    if not granted:
        lines.append(Line([("No role that could be known includes this.", "strong")]))
    silent = [each.role.name for each in known if not each.role.permissions]
    if silent:
        lines.append(Line([(f"What these permit is not known: {', '.join(silent)}.", "warn")]))
    lines.append(Line([("Access to individual projects is not included.", "muted")]))
    return lines


def comparison(roles: Sequence[Role]) -> list[Line]:
    """How two or three roles differ, the differences first."""
    lines: list[Line] = []
    for pattern, names in difference(roles).items():
        having = [role.name for role, has in zip(roles, pattern, strict=True) if has]
        if all(pattern):
            title = "In both" if len(roles) == 2 else "In all of them"
        else:
            title = f"Only in {having[0]}" if len(having) == 1 else f"In {' and '.join(having)}"
        tone = "muted" if all(pattern) else role_tone(having[0]) if len(having) == 1 else "strong"
        lines.append(Line([(f"{title}: {len(names)}", "strong")]))
        lines += permission_lines(names, {name: explanation(name) for name in names}, tone)
        lines.append(Line())
    return lines or [Line([("What they permit is not known.", "muted")])]


def saving_lines(role: Role, permissions: Sequence[str], people: People) -> list[Line]:
    """What saving a custom role with these permissions costs those who hold it."""
    added = sorted(set(permissions) - set(role.permissions))
    removed = sorted(set(role.permissions) - set(permissions))
    lines = []
    if added:
        lines.append(_effect_line("gains ", added, "good", "for everyone who holds it"))
    if removed:
        lines.append(_effect_line("loses ", removed, "warn", ""))
    if role.scope == "project":
        return [*lines, Line([("It changes for everyone who holds it in a project; 6 shows whom.", "muted")])]
    for loss in losses(role, permissions, people)[:_MOST_LOSSES]:
        words = f"{_names(loss.subjects)} can no longer {short_permissions(loss.permissions)}."
        lines.append(Line([(words, "warn")]))
    lines += [Line([(ALL_PROJECTS_NOTE, "warn")])]
    concerned = without_all_projects(role.id, people)
    if concerned:
        lines.append(Line([(f"If it has: {_names(concerned)} would lose the projects it gives them.", "warn")]))
    else:
        lines.append(Line([("Nobody listed here would lose a project.", "muted")]))
    return lines


def _effect_line(verb: str, names: Sequence[str], tone: Tone, more: str) -> Line:
    return Line([(verb, tone), (" ".join([short_permissions(names), more]).strip(), "plain")], len(verb))


def _names(subjects: Sequence[Subject]) -> str:
    """`Ana, Ben and 3 more`."""
    names = [name_of(subject) for subject in subjects[:_MOST_NAMES]]
    if len(subjects) > _MOST_NAMES:
        names.append(f"{len(subjects) - _MOST_NAMES} more")
    return listed(names)


def change_obstacle(known: KnownRole, people: People, *, deleting: bool) -> str:
    """Why a role cannot be edited or deleted, as far as it can be known before asking; empty when it can."""
    role = known.role
    if people.community:
        return "Semaphore Community has no custom roles."
    if known.from_catalog or not role.permissions:
        return f"Semaphore did not tell what {role.name} permits, so it cannot be changed safely."
    if role.readonly:
        return f"{role.name} is built in; Semaphore lets nobody edit or delete it."
    if deleting and known.holders:
        held = f"{role.name} is held by {held_by(known)}; Semaphore deletes no role that is held."
        return f"{held} {key('holders')} shows who."
    return ""


def exported_words(listed: int, shown: int) -> str:
    """Which of the roles shown an export holds: the API tells what a role permits only of those it lists."""
    if listed == shown:
        return f"The {count(shown, 'role')} shown"
    return f"{listed} of the {count(shown, 'role')} shown, those Semaphore lists,"


def held_by(known: KnownRole) -> str:
    """`2 people, 3 accounts (1 of them deactivated)`: who holds a role themselves; `nobody` when no one does."""
    counts = known.counts
    idle = Counter(
        each.subject.kind for each in known.holders if not each.group and each.subject.state == "deactivated"
    )
    words = [
        count(counts[kind], word) + (f" ({idle[kind]:,} of them deactivated)" if idle[kind] else "")
        for kind, word in _HOLDER_WORDS
        if counts[kind]
    ]
    return ", ".join(words).replace("persons", "people") or "nobody"
