"""The rows of an access review as table cells, and as a page of Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from semtui.audit.reviews.access import difference
from semtui.audit.reviews.manifest import review_id, row_id
from semtui.audit.snapshots.records import rfc3339
from semtui.export.cell_checksums import checksums
from semtui.export.csv_table import Verbatim, table
from semtui.export.records import NO_ROLE, NOT_KNOWN
from semtui.text.counting import count
from semtui.wording.access import kind_words
from semtui.wording.answer import Section, markdown_answer
from semtui.wording.coverage import count_words

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path
    from semtui.audit.contract import Source
    from semtui.audit.reviews.access import Access, Difference
    from semtui.audit.reviews.review import Creator, OnProjects, Review, ReviewRow
    from semtui.export.csv_table import Value

NOT_IN_API = "not in the API"
DOES_NOT_APPLY = "does not apply"
UNKNOWN = "unknown"

WRITTEN = (
    *("review_id", "row_id", "system", "organization", "taken_at_utc", "subject_id", "subject_kind", "subject_name"),
    *("account_owner", "status", "roles", "groups", "effective_level", "privileged", "sensitive_permissions"),
    *("projects", "created_at_utc", "token_at_least_days", "last_used", "changed_since_last_review"),
    *("findings", "suggestion", "suggestion_reason"),
)
"""The columns that semtui fills and nobody may edit."""
FROM_PEOPLE_FILE = ("subject_email", "manager", "people_file")
"""The columns that --people adds."""
DECIDED = (
    *("reviewer", "reviewer_email", "decision", "decided_at_utc", "justification", "ticket"),
    *("carried_out_by", "carried_out_at_utc", "verified"),
)
"""The columns for reviewers, and `verified`, which semtui fills with --verify."""
TIMES = ("taken_at_utc", "created_at_utc")


@dataclass(frozen=True)
class Listed:
    """A person's entry in the file given with --people."""

    email: str = ""
    manager: str = ""
    active: bool | None = None


@dataclass(frozen=True)
class Assessment:
    """The findings about a subject, and the suggestion that follows from them."""

    findings: tuple[str, ...] = ()
    suggestion: str = "none"
    reason: str = "no finding"


@dataclass(frozen=True)
class Extras:
    """Data for the rows that does not come from the organization's lists."""

    people: Mapping[str, Listed] | None = None
    """Entries of the file given with --people, by id; None without one."""
    assessments: Mapping[str, Assessment] | None = None
    """Assessments by subject id; None if no rules were evaluated."""
    all_evaluated: bool = True
    """False if some rules could not be evaluated, so that findings may be missing."""


@dataclass(frozen=True)
class ReviewTable:
    """A review as a table."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...]
    row_ids: tuple[str, ...] = field(default=())


def review_table(found: Review, source: Source, extras: Extras) -> ReviewTable:
    """One row for each subject; the reviewers' columns are empty."""
    more = FROM_PEOPLE_FILE if extras.people is not None else ()
    of_review = review_id(source)
    head: dict[str, Value] = {
        "review_id": of_review,
        "system": "Semaphore",
        "organization": source.head.host,
        "taken_at_utc": Verbatim(rfc3339(source.head.finished_at) or UNKNOWN),
    }
    ids = tuple(row_id(of_review, row) for row in found.rows)
    names = {project.id: project.name for project in source.projects.listing.items}
    rows = tuple(
        head | {"row_id": its_id} | _cells(row, found, names) | _extra_cells(row, extras)
        for its_id, row in zip(ids, found.rows, strict=True)
    )
    return ReviewTable((*WRITTEN, *more, *DECIDED), rows, ids)


def table_with_checksums(written: ReviewTable) -> tuple[str, dict[str, str], int]:
    """The CSV, for each row id the checksums of the cells nobody may edit, and the number of cells that were cut."""
    made = table(written.columns, written.rows)
    # Checksums are made from the CSV, because that is what is read back.
    rows = csv.DictReader(io.StringIO(made.text, newline=""), strict=True)
    fixed = [column for column in written.columns if column not in DECIDED]
    found = {its_id: checksums(row, fixed) for its_id, row in zip(written.row_ids, rows, strict=True)}
    return made.text, found, made.cut.total()


def _cells(row: ReviewRow, found: Review, projects: Mapping[str, str]) -> dict[str, Value]:
    subject, access = row.subject, row.access
    account = subject.kind == "account"
    group = subject.kind == "group"
    return {
        "subject_id": subject.id,
        "subject_kind": kind_words(subject),
        "subject_name": subject.name.strip() or "(no name)",
        "account_owner": _creator_words(row.creator) if row.creator else DOES_NOT_APPLY,
        "status": DOES_NOT_APPLY if group else subject.state,
        "roles": _or_none([*map(role_words, access.held)], access.roles_known),
        "groups": DOES_NOT_APPLY
        if group
        else _or_none([named(each.id, each.name) for each in access.groups], access.groups_known),
        "effective_level": level_words(access),
        "privileged": Verbatim(row.privileged),
        "sensitive_permissions": _or_none(
            [*access.sensitive, *(f"perhaps {each}" for each in access.sensitive_unknown)], True
        ),
        "projects": project_words(row.projects, projects),
        "created_at_utc": Verbatim(rfc3339(row.created_at) or UNKNOWN) if account else NOT_IN_API,
        "token_at_least_days": _token_cell(row),
        "last_used": DOES_NOT_APPLY if group else NOT_IN_API,
        "changed_since_last_review": _changed_cell(row, found.compared),
    }


def _token_cell(row: ReviewRow) -> Value:
    if row.subject.kind == "account":
        return UNKNOWN if row.token_at_least_days is None else row.token_at_least_days
    return DOES_NOT_APPLY if row.subject.kind == "group" else NOT_IN_API


def _extra_cells(row: ReviewRow, extras: Extras) -> dict[str, Value]:
    cells: dict[str, Value] = {}
    if extras.people is not None:
        listed = extras.people.get(row.subject.id)
        if listed is not None:
            state = "not told" if listed.active is None else "active" if listed.active else "not active"
            cells = {"subject_email": listed.email, "manager": listed.manager, "people_file": state}
        else:
            cells = {"people_file": "unmatched" if row.subject.kind in ("person", "unlisted") else DOES_NOT_APPLY}
    if extras.assessments is None:
        return cells | dict.fromkeys(("findings", "suggestion", "suggestion_reason"), "not evaluated")
    judged = extras.assessments.get(row.subject.id, Assessment())
    findings = _or_none(list(judged.findings), extras.all_evaluated)
    return cells | {"findings": findings, "suggestion": judged.suggestion, "suggestion_reason": judged.reason}


def _or_none(texts: list[str], known: bool) -> Value:
    return [*texts, *(() if known else (NOT_KNOWN,))] or NO_ROLE


def _creator_words(creator: Creator) -> str:
    if creator.fate == "listed":
        return f"{creator.name or '(no name)'} ({creator.id})"
    return f"{creator.fate} ({creator.id})" if creator.id else creator.fate


def named(subject_id: str, name: str) -> str:
    """`Ops (id)`."""
    return f"{name.strip() or '(no name)'} ({subject_id})"


def role_words(path: Path) -> str:
    """`Admin (manually)`, `Admin (manually, through Ops)`."""
    through = f", through {path.group_name or path.group_id}" if path.group_id is not None else ""
    return f"{path.role_name or path.role_id} ({path.source or 'source not told'}{through})"


def level_words(access: Access) -> str:
    """`Admin`; `unknown, perhaps Owner` where that cannot be ruled out."""
    certain, possible = access.level.certain, access.level.possible
    if certain == possible:
        return certain
    return f"{UNKNOWN if certain == 'none' else f'at least {certain}'}, perhaps {possible}"


def project_words(held: OnProjects, names: Mapping[str, str]) -> Value:
    """Roles on projects, one text for each."""
    everywhere = [f"every project: {name}" for name in held.everywhere]
    more = ["every project: unknown"] if held.everywhere_unknown else []
    single = [f"{named(each, names.get(each, ''))}: {role} ({source})" for each, role, source in held.single]
    rest = {"whole": [], "unread": ["single projects: unknown"]}.get(
        held.single_fate, [f"single projects: {NOT_IN_API}"]
    )
    return [*everywhere, *more, *single, *rest] or NO_ROLE


def _changed_cell(row: ReviewRow, compared: bool) -> Value:
    if not compared:
        return "not compared"
    if row.before is None:
        return "new" if row.new == "yes" else UNKNOWN
    found = difference(row.before, row.access)
    words = difference_words(found)
    return [*words, *(() if found.whole else (NOT_KNOWN,))] or "no"


def difference_words(found: Difference) -> list[str]:
    """The differences, one text for each."""
    words = [] if found.renamed_from is None else [f"was called {found.renamed_from or '(no name)'}"]
    if found.state:
        words.append(f"is {found.state[1]}, was {found.state[0]}")
    if found.level:
        words.append(f"level {found.level[1]}, was {found.level[0]}")
    words += [f"gained {role_words(path)}" for path in found.gained]
    words += [f"lost {role_words(path)}" for path in found.lost]
    words += [f"joined {named(each.id, each.name)}" for each in found.joined]
    words += [f"left {named(each.id, each.name)}" for each in found.left]
    words += [f"gained {each}" for each in found.sensitive_gained]
    return words + [f"lost {each}" for each in found.sensitive_lost]


# Markdown

_PAGE = ("subject_name", "subject_id", "status", "effective_level", "roles", "groups", "findings", "suggestion")
_TITLES = {
    "person": "People",
    "account": "Service accounts",
    "group": "Groups",
    "unlisted": "In a group and in no list",
}


def review_page(found: Review, source: Source, written: ReviewTable) -> str:
    """A page of Markdown on which decisions can be noted."""
    columns = (*(each.removeprefix("subject_").replace("_", " ") for each in _PAGE), "decision", "reviewer, date")
    sections = []
    for kind, title in _TITLES.items():
        chosen = [cells for row, cells in zip(found.rows, written.rows, strict=True) if row.subject.kind == kind]
        if chosen:
            rows = tuple((*(_shown(cells.get(column)) for column in _PAGE), "", "") for cells in chosen)
            sections.append(Section(title, columns, rows))
    return markdown_answer(f"Access review {review_id(source)}", sections, list(sum_words(found)), source)


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str | int) else "; ".join(value)


def sum_words(found: Review) -> Iterable[str]:
    """The numbers of subjects and rows, in sentences."""
    everybody = found.everybody
    parts = (
        count_words("users", everybody["person"]),
        count(everybody["account"], "service account"),
        count(everybody["group"], "group"),
        f"{everybody['unlisted']:,} in a group and in no list",
    )
    whole = sum(everybody.values())
    yield f"{' + '.join(parts)} = {whole:,}; {count(len(found.rows), 'row')}."
    if whole > len(found.rows):
        yield f"{whole - len(found.rows):,} are in no row: they reach neither Owner nor Admin."
