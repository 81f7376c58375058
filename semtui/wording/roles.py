"""Roles in words: rows, details, holders and comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from semtui.audit.access.questions import compare
from semtui.audit.access.role_holders import role_holders
from semtui.organization.role_catalog import explanation
from semtui.organization.roles import KnownRole
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.wording import access
from semtui.wording.permissions import permission_lines, short_permissions
from semtui.wording.role_bindings import role_tone
from semtui.wording.styled_text import Line, Piece, Tone, fact, listed
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.api.models import Role
    from semtui.audit.access.answers import Truth
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.answers import NoteCode
    from semtui.organization.people import People
    from semtui.organization.subject import Kind

_SCOPES = {
    "org": "organization",
    "project": "project",
    "unspecified": "scope not named",
    "unknown": "unknown scope",
    "": "unknown scope",
}
_HOLDER_WORDS: tuple[tuple[Kind, str], ...] = (("person", "person"), ("account", "account"), ("group", "group"))
_PLURALS: dict[Kind, str] = {"person": "people", "account": "accounts", "group": "groups"}
ALL_PROJECTS_NOTE = (
    "Saving any change removes this role's access to all projects. Only Semaphore's web page shows whether "
    "the role has it, and only there can it be granted again."
)
"""`API.md#editing-a-role`."""
TOLD_WHEN_SAVING: tuple[NoteCode, ...] = ("mapping-dropped",)
"""What that tells of what would change."""
_MOST_HOLDERS = 8
"""The most holders that the details of a role name."""
CATALOG_NOTE = "from semtui's built-in catalog, because Semaphore did not say; yours may differ"


def cells(known: KnownRole) -> dict[str, list[Piece]]:
    """What each column shows for a role."""
    role = known.role
    number = str(len(role.permissions)) if role.permissions else "?"
    held: list[Piece] = [(_number_held(known, kind), "muted") for kind, _ in _HOLDER_WORDS]
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


def _number_held(known: KnownRole, kind: Kind) -> str:
    if known.known_by == "project" or kind in known.uncounted:
        return "   ?"
    return f"{known.counts[kind]:>4}"


def scope_word(scope: str) -> str:
    """`organization`, `project`, or `unknown scope “xyz”`."""
    return _SCOPES.get(scope) or f"unknown scope “{scope}”"


def origin(known: KnownRole) -> str:
    """`built-in` or `custom`; not known for a role that Semaphore does not list but somebody holds."""
    if known.known_by == "listed" or known.role.permissions:
        return "built-in" if known.role.readonly else "custom"
    return "unknown"


def details(known: KnownRole) -> list[Line]:
    """Everything known about a role."""
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
        lines += [fact("held by", (held_by(known), "plain")), *_direct_holders(known)]
    if not role.permissions:
        return [*lines, Line(), Line([("What it permits is not known: Semaphore did not list it.", "warn")])]
    lines += [Line(), Line([(count(len(role.permissions), "permission"), "strong")])]
    if known.from_catalog:
        lines.append(Line([(CATALOG_NOTE, "warn")]))
    return lines + permission_lines(role.permissions, _explanations(role), role_tone(role.name))


def _direct_holders(known: KnownRole) -> Iterable[Line]:
    """Those who hold a role directly, by name; of many the first."""
    holders = [each.subject for each in known.holders if not each.group]
    for subject in holders[:_MOST_HOLDERS]:
        yield fact("", (name_of(subject), "plain"), leads=("subject", subject.id))
    if len(holders) > _MOST_HOLDERS:
        yield fact("", (f"and {len(holders) - _MOST_HOLDERS:,} more; {key('holders')} shows all", "muted"))


def _explanations(role: Role) -> dict[str, str]:
    sent = {permission.name: permission.description for permission in role.rbac_permissions}
    return {name: sent.get(name) or explanation(name) for name in role.permissions}


def holder_lines(known: KnownRole, graph: AccessGraph, *, cut: bool = True) -> list[Line]:
    """Who holds a role, and why; deactivated accounts and the like come last. `cut` shortens names to a column."""
    if known.known_by == "project":
        return [Line([("Project roles are held in projects: 6 shows who holds them there.", "plain")])]
    return access.holder_lines(role_holders(graph, known.id), graph, cut=cut)


def comparison(known: Sequence[KnownRole], graph: AccessGraph) -> list[Line]:
    """How two or three roles differ, project roles that come with them included; differences first."""
    of_organization = [each for each in known if each.known_by != "project"]
    effective = compare(graph, [each.id for each in of_organization])
    patterns = {
        name: dict(zip(effective.role_ids, pattern, strict=True))
        for pattern, names in effective.differences.items()
        for name in names
    }
    found: dict[tuple[Truth, ...], list[str]] = {}
    for name in sorted({*patterns, *(name for each in known for name in each.role.permissions)}):
        found.setdefault(tuple(_permits(each, name, patterns.get(name, {})) for each in known), []).append(name)
    lines: list[Line] = []
    for pattern in sorted(
        found, key=lambda each: (all(one == "yes" for one in each), each.count("yes"), [one != "yes" for one in each])
    ):
        title, tone = _pattern_words(known, pattern)
        lines.append(Line([(f"{title}: {len(found[pattern])}", "strong")]))
        lines += permission_lines(found[pattern], {name: explanation(name) for name in found[pattern]}, tone)
        lines.append(Line())
    unknown = [each.role.name for each in known if each.id in effective.mapping_unknown]
    if unknown:
        words = f"The API does not show the project roles that come with {listed(unknown)}; a project may."
        lines.append(Line([(words, "warn")]))
    if graph.grants.by_catalog:
        lines.append(Line([(access.CATALOG_WORDS, "warn")]))
    return lines or [Line([("What they permit is not known.", "muted")])]


def _permits(known: KnownRole, permission: str, effective: Mapping[str, Truth]) -> Truth:
    if known.known_by == "project":
        return "yes" if permission in known.role.permissions else "no" if known.role.permissions else "unknown"
    return effective.get(known.id, "no")


def _pattern_words(known: Sequence[KnownRole], pattern: Sequence[Truth]) -> tuple[str, Tone]:
    """`Only in Admin`, `In both`, `In Owner, unknown for Ops`; and its color."""
    having = [each.role.name for each, truth in zip(known, pattern, strict=True) if truth == "yes"]
    unknown = [each.role.name for each, truth in zip(known, pattern, strict=True) if truth == "unknown"]
    perhaps = f"unknown for {listed(unknown)}" if unknown else ""
    if len(having) == len(known):
        return ("In both" if len(known) == 2 else "In all of them"), "muted"
    tone = role_tone(having[0]) if len(having) == 1 else "strong"
    only = "In" if len(having) > 1 or unknown else "Only in"
    words = f"{only} {listed(having)}" if having else ""
    told = ", ".join(filter(None, (words, perhaps)))
    return told[0].upper() + told[1:], tone


def saving_lines(role: Role, permissions: Sequence[str]) -> list[Line]:
    """What is saved of a custom role; who gains or loses by it is told by its effect."""
    added = sorted(set(permissions) - set(role.permissions))
    removed = sorted(set(role.permissions) - set(permissions))
    lines = []
    if added:
        lines.append(Line([("adds ", "good"), (short_permissions(added), "plain")], 5))
    if removed:
        lines.append(Line([("drops ", "warn"), (short_permissions(removed), "plain")], 6))
    if role.scope == "project":
        return [*lines, Line([("It changes for everyone who holds it in a project; 6 shows whom.", "muted")])]
    return [*lines, Line([(ALL_PROJECTS_NOTE, "warn")])]


def change_obstacle(known: KnownRole, people: People, *, deleting: bool) -> str:
    """Why a role cannot be edited or deleted, as far as can be known before the request; "" when it can."""
    role = known.role
    if people.community:
        return "Semaphore Community has no custom roles."
    if known.from_catalog or not role.permissions:
        return f"Semaphore did not say what {role.name} permits, so it cannot be changed safely."
    if role.readonly:
        return f"{role.name} is built in; Semaphore lets nobody edit or delete it."
    if deleting and known.holders:
        held = f"{role.name} is held by {held_by(known)}; Semaphore deletes no role that is held."
        return f"{held} {key('holders')} shows who."
    return ""


def exported_words(listed: int, shown: int) -> str:
    """Which of the roles shown are exported: only those Semaphore lists, what others permit is unknown."""
    if listed == shown:
        return f"The {count(shown, 'role')} shown"
    return f"{listed} of the {count(shown, 'role')} shown, those Semaphore lists,"


def held_by(known: KnownRole) -> str:
    """`2 people, 3 accounts (1 of them deactivated)`, or `nobody`: who holds a role directly."""
    counts = known.counts
    idle = Counter(
        each.subject.kind for each in known.holders if not each.group and each.subject.state == "deactivated"
    )
    words = [
        count(counts[kind], word) + (f" ({idle[kind]:,} of them deactivated)" if idle[kind] else "")
        for kind, word in _HOLDER_WORDS
        if counts[kind]
    ]
    unknown = [plural for kind, plural in _PLURALS.items() if kind in known.uncounted]
    told = ", ".join(words).replace("persons", "people") or ("nobody seen" if unknown else "nobody")
    return f"{told}; of {listed(unknown)} it is not known" if unknown else told
