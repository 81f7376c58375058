"""What has changed between two snapshots, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.coverage import count_words, list_words
from semtui.wording.sources import short_source

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path
    from semtui.audit.comparison.changed import About, Change, ChangeKind, Part
    from semtui.audit.comparison.diff import Diff
    from semtui.audit.comparison.findings import FindingsDiff
    from semtui.audit.comparison.net_effect import NetEffect

ABOUT_WORDS: dict[About, str] = {
    "person": "People",
    "account": "Service accounts",
    "group": "Groups",
    "role": "Roles",
    "project": "Projects",
}

_WAYS = 3
"""The most ways of holding something that are listed."""

_FEW = 12
"""The most members or permissions named in a line."""


def change_words(change: Change) -> str:
    """One change, without a full stop: `eve joined: Member (direct)`."""
    return f"{change.name or change.id} {change_words_only(change)}"


def change_words_only(change: Change) -> str:
    """The same without the subject: `joined: Member (direct)`."""
    return _SENTENCES[change.kind](change)


def _new(verb: str, change: Change) -> str:
    if not change.roles_known:
        return f"{verb}; its roles were not read"
    parts = change.added or change.removed
    same = f"; another account of that name was deleted, id {change.same_name}" if change.same_name else ""
    return f"{verb}: {_bindings(parts)}{same}"


def _group(verb: str, change: Change) -> str:
    members = change.added or change.removed
    return f"{verb}, with {_names(members)}" if members else f"{verb}, with nobody in it"


def _role(verb: str, change: Change) -> str:
    permissions = change.added or change.removed
    return f"{verb}, with {count(len(permissions), 'permission')}{_held(change)}"


def _held(change: Change) -> str:
    return "" if change.holders is None else f", held by {change.holders:,}"


def _bindings(parts: Iterable[Part]) -> str:
    return ", ".join(map(_binding, parts)) or "no role"


def _binding(part: Part) -> str:
    return f"{part.name or part.id} ({short_source(part.source or '')})"


def _names(parts: tuple[Part, ...]) -> str:
    named = ", ".join(part.name or f"id {part.id}" for part in parts[:_FEW])
    return f"{named} and {len(parts) - _FEW:,} more" if len(parts) > _FEW else named


def _signed(change: Change) -> str:
    return ", ".join(
        [*(f"−{_binding(part)}" for part in change.removed), *(f"+{_binding(part)}" for part in change.added)]
    )


def _came_and_went(change: Change) -> str:
    came = f"+{_names(change.added)}" if change.added else ""
    went = f"−{_names(change.removed)}" if change.removed else ""
    return "; ".join(filter(None, (went, came)))


def _on_project(change: Change) -> str:
    def people(parts: Iterable[Part], sign: str) -> list[str]:
        return [f"{sign}{part.name or part.id}: {part.role_name} ({short_source(part.source or '')})" for part in parts]

    told = [*people(change.removed, "−"), *people(change.added, "+")]
    return ", ".join(told[:_FEW]) + (f" and {len(told) - _FEW:,} more" if len(told) > _FEW else "")


_SENTENCES: dict[ChangeKind, Callable[[Change], str]] = {
    "joined": lambda change: _new("joined", change),
    "left": lambda change: f"left: {_bindings(change.removed)}",
    "roles": lambda change: f"holds other roles: {_signed(change)}",
    "created": lambda change: _new("was created", change),
    "deleted": lambda change: _new("was deleted", change),
    "deactivated": lambda change: "was deactivated",
    "reactivated": lambda change: "was reactivated",
    "creator-gone": lambda change: f"lost its creator, id {change.before}: that Semaphore account is gone",
    "renamed": lambda change: f"was called {change.before or 'nothing'}",
    "touched": lambda change: "got a new token, or was switched off and on again",
    "group-created": lambda change: _group("was created", change),
    "group-deleted": lambda change: _group("was deleted", change),
    "group-members": lambda change: f"has other members: {_came_and_went(change)}",
    "group-role": lambda change: f"holds other roles: {_signed(change)}",
    "group-renamed": lambda change: f"was called {change.before or 'nothing'}",
    "role-created": lambda change: _role("was created", change),
    "role-deleted": lambda change: _role("was deleted", change),
    "role": lambda change: f"permits something else{_held(change)}: {_came_and_went(change)}",
    "mapping": lambda change: (
        f"gives {change.after or 'nothing'} on every project, and gave {change.before or 'nothing'}"
    ),
    "role-renamed": lambda change: f"was called {change.before or 'nothing'}",
    "project-created": lambda change: "was created",
    "project-deleted": lambda change: "was deleted, or this token no longer sees it",
    "project-owner": lambda change: f"has another owner, id {change.after}; before, id {change.before}",
    "project-people": lambda change: f"has other people: {_on_project(change)}",
    "project-renamed": lambda change: f"was called {change.before or 'nothing'}",
    "described": lambda change: f"is described as “{change.after}”; before, as “{change.before}”",
}


def effect_words(effect: NetEffect) -> str:
    """`dan is now Admin: in the group ops, Admin (direct)`."""
    off = ", deactivated" if effect.subject.state == "deactivated" else ""
    return f"{effect.subject.name or effect.subject.id}{off} {effect_words_only(effect)}"


def effect_words_only(effect: NetEffect) -> str:
    """The same without the subject: `is now Admin: in the group ops, Admin (direct)`."""
    if effect.level[:13] == "organization.":
        verb = "now holds" if effect.gained else "no longer holds"
    else:
        verb = "is now" if effect.gained else "is no longer"
    ways = "; ".join(map(path_words, effect.paths[:_WAYS]))
    more = f"; {len(effect.paths) - _WAYS} more ways" if len(effect.paths) > _WAYS else ""
    before = "" if effect.gained else "before, "
    return f"{verb} {effect.level}: {before}{ways}{more}{_because(effect)}"


def _because(effect: NetEffect) -> str:
    own = effect.subject.id
    told = [f"{change.name or change.id} {change_words_only(change)}" for change in effect.causes if change.id != own]
    return f". Because {'; '.join(told[:_WAYS])}" if told else ""


def path_words(path: Path) -> str:
    """`in the group ops, Admin (direct)`."""
    group = "" if path.group_id is None else f"in the group {path.group_name or path.group_id}, "
    mapped = f", which gives {path.mapped_to} on every project" if path.mapped_to else ""
    return f"{group}{path.role_name or path.role_id} ({short_source(path.source)}){mapped}"


def others_words(diff: Diff) -> list[str]:
    """How many hold more or less than before, and nothing sensitive of it."""
    number = diff.net.others
    words = "1 more holds" if number == 1 else f"{number:,} more hold"
    return [f"{words} other permissions than before, none of them sensitive."] if number else []


def gap_words(diff: Diff) -> list[str]:
    """What could not be compared, and what differs but is not listed, in sentences."""
    lists = [
        "the people of some projects" if name == "project people" else f"the list of {list_words(name)}"
        for name in diff.not_comparable
    ]
    missing = [f"Not compared, because it was not read whole both times: {each}." for each in lists]
    unknown = len(diff.net.unknown)
    unsure = (
        [f"For {count(unknown, 'more subject')} it is not known whether they hold more or less."] if unknown else []
    )
    return [*missing, *unsure, *_unsure_findings(diff.findings), *_otherwise_words(diff.otherwise)]


def _unsure_findings(findings: FindingsDiff) -> list[str]:
    rules, unsure = findings.not_compared, findings.unsure
    words = [f"Rules that could not be evaluated both times: {', '.join(rules)}."] if rules else []
    return (
        [*words, f"For {count(unsure, 'finding')} it is not known whether it is new or resolved."] if unsure else words
    )


def _otherwise_words(otherwise: Mapping[str, int]) -> list[str]:
    return [
        f"Differs in something not listed here: {count_words(name, number)}; both files have it."
        for name, number in otherwise.items()
    ]
