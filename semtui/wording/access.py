"""Answers about access in words: who holds a role, who can do something, and for whom that is unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from semtui.audit.access.causes import OFF
from semtui.organization.role_catalog import explanation
from semtui.text.counting import count
from semtui.wording.coverage import lacking_words
from semtui.wording.role_bindings import role_tone
from semtui.wording.sources import source_words
from semtui.wording.styled_text import Line, Piece, listed, padded

if TYPE_CHECKING:
    from semtui.audit.access.answers import Cause, Path, Reason, SubjectRef, UnknownSubject, WhoCan
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.access.role_holders import RoleHolders

MOST_LISTED = 500
"""The most names in a text; there may be 100,000."""
_MOST_UNKNOWN = 12
_NAME = 28
"""Width of a column of names, in cells."""

CATALOG_WORDS = (
    "What Owner, Admin and Member permit is from semtui's built-in catalog, because Semaphore did not say; yours "
    "may differ."
)
REASON_WORDS: dict[Reason, str] = {
    "roles-missing": "the roles of service accounts were not read",
    "groups-missing": "who is in the groups was not read, and a group may give it",
    "group-roles-missing": "roles of a group were not read",
    "role-unlisted": "Semaphore did not say what a role permits",
    "mapping": "the API does not show which project role a custom role maps to; a project's people list may",
    "unlisted": "an id that is in a group but in no list: removed a moment ago, or deleted",
    "project-people-missing": "the people of the project were not read",
    "project-groups": "roles of groups on a project are not in the API",
    "project-accounts": "roles of service accounts on a project are not in the API",
}
"""Why something is not known, worded to fit inside a sentence."""


def subject_name(subject: SubjectRef) -> str:
    """The name to show; without one, the beginning of the id."""
    return subject.name.strip() or f"(no name) {subject.id[:8]}"


def kind_words(subject: SubjectRef) -> str:
    """`person`, `account`, `group`, `not listed`; `unknown` for a person who may be an account."""
    if not subject.kind_known:
        return "unknown"
    return "not listed" if subject.kind == "unlisted" else subject.kind


def way_words(path: Path) -> str:
    """`assigned directly`, `through the group Ops`: how somebody holds a role."""
    return f"through the group {path.group_name}" if path.group_id is not None else source_words(path.source)


# Who holds a role


def holder_lines(answer: RoleHolders, graph: AccessGraph, *, cut: bool = True) -> list[Line]:
    """Who holds a role, and why; deactivated accounts and the like come last. `cut` shortens names to a column."""
    shown = list(islice(answer.holders, MOST_LISTED))
    lines: list[Line] = []
    if not shown:
        lines.append(
            Line([("Nobody holds this role." if answer.complete else "Nobody is known to hold this role.", "plain")])
        )
    repeated = _repeated(shown, cut)
    for subject in sorted(shown, key=lambda each: each.state in OFF):
        for path in answer.ways(subject.id):
            lines.append(_subject_line(subject, [(way_words(path), "muted")], repeated, cut))
    lines += _more(len(answer.holders) - len(shown))
    lines += _off_lines(shown)
    return [*lines, *_unknown_lines(answer.unknown), *_lacking(graph)]


def _subject_line(subject: SubjectRef, why: Sequence[Piece], repeated: set[str], cut: bool) -> Line:
    name = subject_name(subject)
    shown = padded(name, _NAME) if cut else f"{name}  "
    more: list[Piece] = [(f"{subject.id[:8]} ", "muted")] if shown in repeated else []
    off: list[Piece] = [(f", {subject.state}", "warn")] if subject.state in OFF else []
    return Line([(shown, "plain"), *more, (f"{kind_words(subject):<8} ", "muted"), *why, *off], _NAME + 10)


def _repeated(subjects: Iterable[SubjectRef], cut: bool) -> set[str]:
    """The names, as shown, of more than one subject: only ids tell those apart."""
    numbers = Counter(subject_name(each) for each in subjects)
    shown = Counter(padded(name, _NAME) if cut else f"{name}  " for name in numbers.elements())
    return {name for name, number in shown.items() if number > 1}


def _off_lines(subjects: Iterable[SubjectRef]) -> list[Line]:
    """How many of those listed cannot use the role or permission now."""
    numbers = Counter(each.state for each in subjects if each.state in OFF)
    parts = [f"{number:,} {'is' if number == 1 else 'are'} {state}" for state, number in numbers.items()]
    return [Line([(f"Of these, {listed(parts)}, and can do nothing now.", "muted")])] if parts else []


def _more(number: int) -> list[Line]:
    return [Line([(f"… and {number:,} more, not listed here.", "muted")])] if number > 0 else []


# Who can do something


def who_can_lines(answer: WhoCan, graph: AccessGraph, *, cut: bool = True, whole: bool = False) -> list[Line]:
    """Who holds a permission: how many and through what, then each holder with the first reason, then the unknown.

    `whole` leaves nobody out and gives every id, but not which lists could not be read: an answer that is written to
    a file says that at its end.
    """
    most = None if whole else MOST_LISTED
    lines = [Line([(explanation(answer.permission), "plain")]), Line([(number_words(answer), "strong")])]
    if answer.permission.startswith("project.") and answer.project_id is None:
        lines.append(Line([("On every project; access to single projects is not included.", "muted")]))
    if graph.grants.by_catalog:
        lines.append(Line([(CATALOG_WORDS, "warn")]))
    lines.append(Line())
    lines += [_cause_line(each) for each in answer.causes]
    if answer.causes:
        lines.append(Line())
    shown = [*islice(answer.people, most), *islice(answer.accounts, most)]
    repeated = set() if whole else _repeated(shown, cut)
    for subject in sorted(shown, key=lambda each: each.state in OFF):
        line = _subject_line(subject, _first_way(graph, subject, answer), repeated, cut)
        lines.append(Line([*line.pieces, (f" [{subject.id}]", "muted")], line.hang) if whole else line)
    lines += _more(len(answer.people) + len(answer.accounts) - len(shown))
    lines += _off_lines(shown)
    if whole:
        return [*lines, *_group_lines(answer, None), *_unknown_lines([*answer.unknown, *answer.unknown_groups], None)]
    return [*lines, *_group_lines(answer), *_unknown_lines(answer.unknown), *_lacking(graph)]


def number_words(answer: WhoCan) -> str:
    """`At least 9 people, 2 accounts (1 deactivated); 3 unknown.`"""
    people, accounts = len(answer.people), len(answer.accounts)
    off = f" ({answer.deactivated:,} deactivated)" if answer.deactivated else ""
    held = f"{people:,} {'person' if people == 1 else 'people'}, {count(accounts, 'account')}{off}"
    if answer.complete:
        return f"{held}. Complete." if people or accounts else "Nobody holds it. Complete."
    unknown = f"; {len(answer.unknown):,} unknown" if answer.unknown else ""
    if people or accounts:
        return f"{'At least ' if answer.unknown or answer.at_least or answer.unseen else ''}{held}{unknown}."
    return f"Nobody is known to hold it{unknown}."


def _cause_line(cause: Cause) -> Line:
    if cause.source is None:
        why = f"through {count(cause.groups, 'group')}"
    else:
        why = f"{source_words(cause.source)}{', on this project' if cause.on_project else ''}"
    mapped = f" → {cause.mapped_to} on every project" if cause.mapped_to else ""
    people = f"{cause.people:,} {'person' if cause.people == 1 else 'people'}, {count(cause.accounts, 'account')}"
    return Line(
        [
            (cause.role_name or "(unnamed role)", role_tone(cause.role_name)),
            (f"{mapped}, {why}: ", "muted"),
            (f"{people}; {cause.only_this:,} only through this", "plain"),
        ],
        2,
    )


def _first_way(graph: AccessGraph, subject: SubjectRef, answer: WhoCan) -> list[Piece]:
    from semtui.audit.access.questions import paths

    first, *others = paths(graph, subject.id, answer.permission, answer.project_id)
    more = f", +{count(len(others), 'way')}" if others else ""
    return [(first.role_name or "(unnamed role)", role_tone(first.role_name)), (f" {way_words(first)}{more}", "muted")]


def _group_lines(answer: WhoCan, most: int | None = _MOST_UNKNOWN) -> list[Line]:
    if not answer.empty_groups:
        return []
    names = listed([_unknown_name(each, most) for each in islice(answer.empty_groups, most)])
    hidden = len(answer.empty_groups) - most if most else 0
    more = f" and {hidden:,} more" if hidden > 0 else ""
    words = "These groups permit it and have no members; whoever can add members can grant it: "
    return [Line(), Line([(f"{words}{names}{more}.", "warn")])]


# What is not known


def _unknown_lines(unknown: Sequence[UnknownSubject], most: int | None = _MOST_UNKNOWN) -> list[Line]:
    """For whom it is unknown, one line for all who share the same reasons."""
    by_reasons: dict[tuple[Reason, ...], list[SubjectRef]] = {}
    for each in unknown:
        by_reasons.setdefault(each.reasons, []).append(each.subject)
    lines = [Line()] if unknown else []
    for reasons, subjects in by_reasons.items():
        why = listed([REASON_WORDS[reason] for reason in reasons])
        names = ", ".join(_unknown_name(subject, most) for subject in subjects[:most])
        more = f" and {len(subjects) - most:,} more" if most and len(subjects) > most else ""
        lines.append(Line([(f"Unknown for {len(subjects):,}: ", "warn"), (f"{names}{more} ({why}).", "plain")], 2))
    return lines


def _unknown_name(subject: SubjectRef, most: int | None = _MOST_UNKNOWN) -> str:
    if subject.kind == "unlisted":
        return f"id {subject.id}"
    return subject_name(subject) if most else f"{subject_name(subject)} [{subject.id}]"


def _lacking(graph: AccessGraph) -> list[Line]:
    """One line for each list that is incomplete or out of date."""
    seen = {name: fate for name, fate in graph.fates.items() if name != "projects"}
    if not graph.has_groups:
        seen = {name: fate for name, fate in seen.items() if name not in ("groups", "group_members")}
    return [Line([(sentence, "warn")]) for sentence in lacking_words(seen)]
