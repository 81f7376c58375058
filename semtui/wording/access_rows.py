"""Answers about access as rows: what each cell says, and the lines above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.api.permissions import SENSITIVE
from semtui.audit.access.causes import OFF
from semtui.organization.listing import LIST_NAMES
from semtui.organization.role_catalog import explanation
from semtui.settings.keymap import key
from semtui.text.counting import count
from semtui.wording.access import CATALOG_WORDS, kind_words, number_words, subject_name, way_words
from semtui.wording.access_answer import permission_sum, reason_words
from semtui.wording.coverage import count_words, lacking_words
from semtui.wording.role_bindings import role_tone
from semtui.wording.sources import short_source, source_words
from semtui.wording.styled_text import Line, listed, padded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from semtui.audit.access.answers import Can, Cause, Path, Reason, SubjectRef, WhoCan
    from semtui.audit.access.graph import AccessGraph
    from semtui.organization.people import People
    from semtui.wording.styled_text import Piece, Tone

_MOST_LACKING = 2
"""How many lists above the rows are told of in full."""
_MOST_CANNOT = 6
_MOST_HELD = 3
_ID = 8
"""How much of an id tells two of a name apart."""
UNNAMED_ROLE = "(unnamed role)"


# Above the rows


def reading_lines(people: People) -> list[Line]:
    """What has been read so far, while a list is read for the first time; empty when none is."""
    growing = [name for name in LIST_NAMES if people.listing(name).loading and not people.listing(name).is_known]
    if not growing:
        return []
    read = [count_words(name, len(people.listing(name).items)) for name in growing]
    return [Line([(f"Still reading: {listed(read)} so far.", "warn")])]


def lacking_lines(graph: AccessGraph) -> list[Line]:
    """Which lists are not whole or not of now; a file tells of all of them."""
    fates = {name: graph.fates[name] for name in LIST_NAMES}
    if not graph.has_groups:
        fates = {name: fate for name, fate in fates.items() if name not in ("groups", "group_members")}
    told = [fate for fate in fates.values() if fate.fate != "partial" or fate.reason is not None]
    found = lacking_words({name: fate for name, fate in fates.items() if fate in told})
    lines = [Line([(each, "warn")]) for each in found[:_MOST_LACKING]]
    if len(found) > _MOST_LACKING:
        more = len(found) - _MOST_LACKING
        lines.append(Line([(f"{count(more, 'more list')} could not be used whole; a file of this names all.", "warn")]))
    return lines


def who_can_head(answer: WhoCan, graph: AccessGraph, project: str) -> list[Line]:
    """What the permission is, how many hold it, and what is missing; `project` is the name of the one in question."""
    lines = [Line([(explanation(answer.permission), "plain")]), Line([(number_words(answer), "strong")])]
    if answer.project_id is not None:
        lines.append(Line([(f"On the project {project}.", "muted")]))
    elif answer.permission.startswith("project."):
        lines.append(Line([("On every project; access to single projects is not included.", "muted")]))
    if graph.grants.by_catalog:
        lines.append(Line([(CATALOG_WORDS, "warn")]))
    return [*reading_lines(graph.people), *lines, *lacking_lines(graph)]


def held_head(cause: Cause) -> list[Line]:
    """How many hold a permission because of one cause."""
    because = Line([("Because of ", "muted"), *cause_cells(cause)["cause"], (":", "muted")])
    numbers = f"{cause.people:,} {'person' if cause.people == 1 else 'people'}, {count(cause.accounts, 'account')}"
    off = f" ({cause.deactivated:,} of them deactivated)" if cause.deactivated else ""
    only = f"Only this gives it to {cause.only_this:,} of them."
    return [because, Line([(f"{numbers}{off}. ", "strong"), (only, "plain")])]


def unknown_words(reasons: Sequence[Reason], number: int, *, groups: bool = False) -> list[Piece]:
    """For how many something is unknown, and why: `Unknown for 3: roles of a group were not read.`"""
    how_many = count(number, "group") if groups else f"{number:,}"
    return [(f"Unknown for {how_many}: ", "warn"), (f"{reason_words(reasons)}.", "plain")]


def can_head(answer: Can, graph: AccessGraph) -> list[Line]:
    """How far somebody, or a role, reaches, by what, and what is not known."""
    lines = reading_lines(graph.people)
    if answer.subject is not None:
        lines += _effective(answer.subject, graph)
    lines.append(Line([(permission_sum(answer), "strong")]))
    held = {*answer.organization, *answer.organization_unknown}
    cannot = [each for each in graph.permissions.of(graph.permissions.organization) if each not in held]
    if held and 0 < len(cannot) <= _MOST_CANNOT:
        names = listed([each.removeprefix("organization.") for each in cannot])
        lines.append(Line([(f"Cannot, in the organization: {names}.", "plain")]))
    if answer.subject is not None and answer.subject.kind != "group":
        lines.append(Line([(_projects_read(answer), "muted")]))
    if answer.reasons:
        lines.append(Line([(f"Unknown, because {reason_words(answer.reasons)}.", "warn")]))
    return [*lines, *lacking_lines(graph)]


def _projects_read(answer: Can) -> str:
    number, read = answer.projects_listed, answer.projects_read
    if not number:
        return f"Projects were not read ({key('tab_projects')} reads them); roles on single ones are not included."
    if read < number:
        return f"People of {read:,} of {count(number, 'project')} were read; roles on the others are not included."
    return f"People of {'all ' if number > 1 else ''}{count(number, 'project')} were read."


def _effective(subject: SubjectRef, graph: AccessGraph) -> list[Line]:
    from semtui.audit.access.paths import bindings

    level = graph.level(subject.id)
    reach = f"effectively {level.certain}" if level.certain != "none" else "neither Owner nor Admin in effect"
    if level.possible != level.certain:
        reach += f", perhaps {level.possible}"
    held = [f"{each.role_name or UNNAMED_ROLE}, {way_words(each)}" for each in bindings(graph, subject.id)]
    more = f"; {len(held) - _MOST_HELD:,} more" if len(held) > _MOST_HELD else ""
    roles = f"Holds {'; '.join(held[:_MOST_HELD])}{more}." if held else "Holds no role that is seen."
    lines = [Line([(f"{kind_words(subject).capitalize()}, {reach}. ", "plain"), (roles, "plain")])]
    if subject.state in OFF:
        lines.append(Line([(f"The account is {subject.state}, and can use none of this now.", "warn")]))
    elif subject.state == "unknown":
        lines.append(Line([("Whether it can use any of this now is not known.", "warn")]))
    return lines


# Cells


def cause_name(cause: Cause) -> str:
    """`Member, assigned directly`, `Admin, through 2 groups`."""
    role = cause.role_name or UNNAMED_ROLE
    if cause.source is None:
        return f"{role}, through {count(cause.groups, 'group')}"
    return f"{role}, {source_words(cause.source)}{', on this project' if cause.on_project else ''}"


def cause_cells(cause: Cause) -> dict[str, list[Piece]]:
    """A cause, and how many hold a permission because of it."""
    role = cause.role_name or UNNAMED_ROLE
    rest = cause_name(cause).removeprefix(role)
    mapped = ""
    if cause.mapped_to:
        # Only so much fits in a narrow window.
        rest = f", {short_source(cause.source)}" if cause.source else rest
        mapped = f" → {cause.mapped_to} on every project"
    return {
        "cause": [(role, role_tone(cause.role_name)), (f"{rest}{mapped}", "plain")],
        "people": [(f"{cause.people:>8,}" if cause.people else f"{'–':>8}", "plain")],
        "accounts": [(f"{cause.accounts:>8,}" if cause.accounts else f"{'–':>8}", "plain")],
        "only": [(f"{cause.only_this:>9,}", "plain")],
    }


def subject_cells(subject: SubjectRef, ids: bool, ways: Sequence[Path]) -> dict[str, list[Piece]]:
    """Somebody: name, the beginning of the id or all of it, kind, state, and in how many and which ways."""
    kind = "unlisted" if subject.kind == "unlisted" else kind_words(subject)
    off = subject.state in OFF
    state = subject.state if subject.kind == "account" else ""
    return {
        "name": [(subject_name(subject), "muted" if off else "plain")],
        "id": [(subject.id if ids else subject.id[:_ID], "muted")],
        "kind": [(kind, "muted")],
        "state": [(state, "warn" if off else "muted")],
        "ways": [(f"{len(ways):>4}" if ways else f"{'–':>4}", "muted")],
        "because": _way(ways[0]) if ways else [("in no way that is seen", "muted")],
    }


def subject_line(subject: SubjectRef, ids: bool, ways: Sequence[Path]) -> list[Piece]:
    """The same as one text, where other rows have other columns."""
    off: list[Piece] = [(f"{subject.state}, ", "warn")] if subject.state in OFF else []
    return [*_aligned(subject, ids, ways), *off, *because_of(ways)]


def subject_pieces(subject: SubjectRef, ids: bool) -> list[Piece]:
    """Name, id, kind, and the state of who cannot act, as one text."""
    *aligned, (kind, tone) = _aligned(subject, ids, ())
    return (
        [*aligned, (kind, tone), (subject.state, "warn")] if subject.state in OFF else [*aligned, (kind.rstrip(), tone)]
    )


def _aligned(subject: SubjectRef, ids: bool, ways: Sequence[Path]) -> list[Piece]:
    cells = subject_cells(subject, ids, ways)
    widths = {"name": 20, "id": 36 if ids else _ID, "kind": 8}
    return [(padded(text, widths[name]), tone) for name in widths for text, tone in cells[name]]


def because_of(ways: Sequence[Path]) -> list[Piece]:
    """The first way somebody holds a permission, and how many more there are."""
    if not ways:
        return [("in no way that is seen", "muted")]
    first, *how = _way(ways[0])
    more: list[Piece] = [(f" +{count(len(ways) - 1, 'way')}", "plain")] if len(ways) > 1 else []
    return [first, *more, *how]


def _way(path: Path) -> list[Piece]:
    mapped = f" → {path.mapped_to}" if path.mapped_to else ""
    there = " on this project" if path.project_id else ""
    how = f"group {path.group_name}" if path.group_id is not None else short_source(path.source)
    return [
        (path.role_name or UNNAMED_ROLE, role_tone(path.role_name)),
        (f"{mapped}{there}, {how}", "muted"),
    ]


def empty_groups_words(answer: WhoCan) -> list[Piece]:
    """How many groups permit it that nobody is in."""
    number = len(answer.empty_groups)
    groups = "1 group that permits it has" if number == 1 else f"{count(number, 'group')} that permit it have"
    return [(f"{groups} no members; whoever can add members can grant it", "warn")]


def indented(lines: Iterable[str]) -> list[Line]:
    """Lines of a text answer: those that begin with spaces go on below their beginning where they wrap."""
    return [Line([(each, "plain")], 4 if each.startswith(" ") else 0) for each in lines]


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """A permission, where somebody holds it, and whether they do."""

    permission: str
    where: str
    """`organization`, `every project`, or `project`."""
    truth: str
    project_id: str | None = None

    @property
    def id(self) -> str:
        """The same for as long as it is among the rows."""
        return f"{self.permission} {self.project_id or ''}"


def permission_rows(answer: Can, graph: AccessGraph) -> list[PermissionRow]:
    """What somebody can do, sensitive permissions first, then by resource; then the unknown; then what they cannot."""
    names = graph.permissions
    found = [
        *(PermissionRow(each, "organization", "yes") for each in answer.organization),
        *(PermissionRow(each, "every project", "yes") for each in answer.every_project),
        *(PermissionRow(each, "project", "yes", at) for at, there in answer.projects.items() for each in there),
        *(PermissionRow(each, "organization", "unknown") for each in answer.organization_unknown),
        *(PermissionRow(each, "every project", "unknown") for each in answer.every_project_unknown),
    ]
    told = {each.permission for each in found if each.project_id is None}
    for mask, where in ((names.organization, "organization"), (names.projects, "every project")):
        found += [PermissionRow(each, where, "no") for each in names.of(mask) if each not in told]
    order = ("yes", "unknown", "no")
    return sorted(found, key=lambda each: (order.index(each.truth), permission_order(each.permission)))


def is_sensitive(permission: str) -> bool:
    """True for a permission that leads to others, or to the end of the organization."""
    return permission in SENSITIVE


def permission_order(permission: str) -> tuple[bool, int, str]:
    """Sort key: sensitive ones first, then by resource."""
    sensitive = is_sensitive(permission)
    return not sensitive, SENSITIVE.index(permission) if sensitive else 0, permission


def permission_cells(permission: str, truth: str, where: str, because: list[Piece]) -> dict[str, list[Piece]]:
    """A permission of somebody or of a role; sensitive ones carry a !, unknown ones a ?."""
    mark = "?" if truth == "unknown" else "–" if truth == "no" else "!" if is_sensitive(permission) else " "
    tone: Tone = "warn" if mark in "?!" else "muted"
    return {
        "permission": [(f"{mark} ", tone), (permission.partition(".")[2], "muted" if truth == "no" else "plain")],
        "where": [(where, "muted")],
        "because": because,
    }
