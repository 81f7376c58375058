"""What stands beside the table of an access review: where it comes from, who is in it, and what each of them held.

By it a table that came back from reviewers is known to be whole and unchanged. `.github/review.schema.json` describes
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from semtui.audit.contract import coverage_record
from semtui.audit.limits import ASSUMPTIONS, limits_of
from semtui.audit.records import Record, rfc3339
from semtui.audit.snapshot import content_sha256, organization_id
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.answers import Path
    from semtui.audit.contract import Source
    from semtui.audit.review import Review, ReviewRow
    from semtui.audit.review_access import Access

VERSION = 1
PEOPLE_ACTIVE = "people-active"
"""Assumed on request: whom nothing else tells of is an active person."""


@dataclass(frozen=True)
class Origin:
    """How a review came about, besides its source."""

    command: tuple[str, ...]
    by: str | None = None
    snapshot_sha256: str | None = None
    """Of the file of the snapshot it was made from; None for lists just read."""
    previous: Source | None = None
    """The earlier snapshot it was compared with."""
    previous_sha256: str | None = None
    """Of that one's file."""
    only: str | None = None
    rules: tuple[str, ...] = ()
    """The rules of findings that were evaluated for it."""
    not_evaluated: tuple[str, ...] = ()
    """And those that could not be."""
    people_file: Record | None = None
    """What the file of people had, if there was one."""
    assumed: tuple[str, ...] = ()
    """Further assumptions."""


@dataclass(frozen=True)
class WrittenTable:
    """The table that was written."""

    name: str
    form: str
    text: str
    columns: Sequence[str]
    marks: Mapping[str, str]
    """By row id, the marks by which changes of its cells are noticed; empty for a form that does not come back."""
    rows: int
    """How many rows it has; a form may leave kinds out."""
    cut: int = 0
    """How many cells were too long and are not whole."""
    without_status: int = 0
    """How many rows of a form that wants a status of everybody have none."""

    @property
    def sha256(self) -> str:
        """Of the file."""
        return sha256(self.text.encode()).hexdigest()


def source_sha256(source: Source) -> str:
    """The hash of what the organization is, as a snapshot would have it."""
    return source.content_sha256 or content_sha256(source.people, source.projects)


def review_id(source: Source) -> str:
    """`R-20261126T090004Z-1a2b3c4d`: when the lists were read, and the beginning of their hash."""
    at = (rfc3339(source.head.finished_at) or "").replace("-", "").replace(":", "")
    return f"R-{at}-{source_sha256(source)[:8]}"


def row_id(of_review: str, row: ReviewRow) -> str:
    """What a row is known by, wherever it is moved to."""
    text = f"{of_review}\n{row.subject.kind}\n{raw(row.subject.id)}"
    return f"r{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def manifest_record(found: Review, source: Source, origin: Origin, written: WrittenTable) -> Record:
    """The manifest, to be written in the canonical form."""
    of_review = review_id(source)
    return {
        "semtui_review": VERSION,
        "review_id": of_review,
        **_reading(source),
        **_origin(origin),
        "complete": found.complete,
        "everybody": _summed(found.everybody),
        "rows": _summed(_kinds(found.rows)),
        "levels": {kind: dict(levels) for kind, levels in found.levels.items()},
        "table": {
            "name": written.name,
            "format": written.form,
            "sha256": written.sha256,
            "columns": list(written.columns),
            "rows": written.rows,
            "cut": written.cut,
            "without_status": written.without_status,
        },
        "subjects": [_subject(row, row_id(of_review, row), written.marks) for row in found.rows],
        "verification": None,
    }


def _reading(source: Source) -> Record:
    """Of what, and how it was read."""
    head = source.head
    return reading_record(source) | {
        "host": raw(head.host),
        "organization_id": organization_id(source.people, source.projects),
        "edition": head.edition,
        "edition_told_by": head.edition_told_by,
        "limits": list(limits_of(head.edition, head.host)),
    }


def reading_record(source: Source) -> Record:
    """When, from where and by what the lists were read, and what became of each."""
    return {
        "tool": source.head.tool,
        "source": "live" if source.live else "snapshot",
        "started_at": rfc3339(source.head.started_at),
        "finished_at": rfc3339(source.head.finished_at),
        "content_sha256": source_sha256(source),
        "coverage": coverage_record(source.people, source.projects),
    }


def _origin(origin: Origin) -> Record:
    previous = origin.previous
    return {
        "command": list(origin.command),
        "by": origin.by,
        "snapshot_sha256": origin.snapshot_sha256,
        "previous": previous
        and {
            "content_sha256": previous.content_sha256,
            "finished_at": rfc3339(previous.head.finished_at),
            "sha256": origin.previous_sha256,
        },
        "assumptions": [*ASSUMPTIONS, *origin.assumed],
        "only": origin.only,
        "rules": list(origin.rules),
        "not_evaluated": list(origin.not_evaluated),
        "people_file": origin.people_file,
    }


def _kinds(rows: Iterable[ReviewRow]) -> dict[str, int]:
    found = dict.fromkeys(("person", "account", "group", "unlisted"), 0)
    for row in rows:
        found[row.subject.kind] += 1
    return found


def _summed(numbers: Mapping[str, int]) -> Record:
    return {**numbers, "total": sum(numbers.values())}


def _subject(row: ReviewRow, its_id: str, marks: Mapping[str, str]) -> Record:
    subject = row.subject
    return {
        "row_id": its_id,
        "id": raw(subject.id),
        "marks": marks.get(its_id, ""),
        "privileged": row.privileged,
        "reasons": list(row.reasons),
        "updated_at": row.updated_at,
    } | access_record(row.access)


def access_record(access: Access) -> Record:
    """What somebody holds, to be compared with later."""
    return {
        "kind": access.kind,
        "name": raw(access.name),
        "state": access.state,
        "held": [_held(path) for path in access.held],
        "groups": [{"id": raw(each.id), "name": raw(each.name)} for each in access.groups],
        "level": access.level.certain,
        "level_possible": access.level.possible,
        "sensitive": list(access.sensitive),
        "sensitive_unknown": list(access.sensitive_unknown),
        "roles_known": access.roles_known,
        "groups_known": access.groups_known,
    }


def _held(path: Path) -> Record:
    return {
        "role_id": raw(path.role_id),
        "role_name": raw(path.role_name),
        "source": raw(path.source),
        "group_id": None if path.group_id is None else raw(path.group_id),
        "group_name": None if path.group_name is None else raw(path.group_name),
    }
