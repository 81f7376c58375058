"""The manifest of an access review: where the data came from, and what the table had for each subject.

With it, a table that reviewers have filled in can be checked for lost, added and changed rows. Its format is
`.github/review.schema.json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from semtui.audit.contract import coverage_record
from semtui.audit.limits import ASSUMPTIONS, limits_of
from semtui.audit.snapshots.records import Record, rfc3339
from semtui.audit.snapshots.snapshot import content_sha256, organization_id
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path
    from semtui.audit.contract import Source
    from semtui.audit.reviews.access import Access
    from semtui.audit.reviews.review import Review, ReviewRow

VERSION = 1
PEOPLE_ACTIVE = "people-active"
"""The assumption, made on request, that people of unknown status are active."""


@dataclass(frozen=True)
class Origin:
    """How a review was made."""

    command: tuple[str, ...]
    by: str | None = None
    snapshot_sha256: str | None = None
    """SHA-256 of the snapshot file that was reviewed; None for a live organization."""
    previous: Source | None = None
    """The earlier snapshot that it was compared with."""
    previous_sha256: str | None = None
    """SHA-256 of that file."""
    only: str | None = None
    rules: tuple[str, ...] = ()
    """The rules of the report on findings that were evaluated."""
    not_evaluated: tuple[str, ...] = ()
    """The rules that could not be evaluated."""
    waivers_sha256: str | None = None
    """SHA-256 of the file of waivers; None without one."""
    people_file: Record | None = None
    """How the file given with --people matched; None without one."""
    assumed: tuple[str, ...] = ()
    """Assumptions made on request."""


@dataclass(frozen=True)
class WrittenTable:
    """The table, as it is written."""

    name: str
    form: str
    text: str
    columns: Sequence[str]
    checksums: Mapping[str, str]
    """For each row id, the checksums of its cells; empty for formats that cannot be checked later."""
    rows: int
    """The number of rows; a format may leave out kinds of subjects."""
    cut: int = 0
    """The number of cells that were cut because they were too long."""
    without_status: int = 0
    """The number of rows without a status, in a format that requires one."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


def source_sha256(source: Source) -> str:
    """The `content_sha256` that a snapshot of these lists has."""
    return source.content_sha256 or content_sha256(source.people, source.projects)


def review_id(source: Source) -> str:
    """`R-20261126T090004Z-1a2b3c4d`: when the lists were read, and the first digits of their hash."""
    at = (rfc3339(source.head.finished_at) or "").replace("-", "").replace(":", "")
    return f"R-{at}-{source_sha256(source)[:8]}"


def row_id(of_review: str, row: ReviewRow) -> str:
    """The id of a row, which stays the same when rows are sorted."""
    text = f"{of_review}\n{row.subject.kind}\n{raw(row.subject.id)}"
    return f"r{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def manifest_record(found: Review, source: Source, origin: Origin, written: WrittenTable) -> Record:
    """The manifest as a JSON object."""
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
        "subjects": [_subject(row, row_id(of_review, row), written.checksums) for row in found.rows],
        "verification": None,
    }


def _reading(source: Source) -> Record:
    """The organization, and how it was read."""
    head = source.head
    return reading_record(source) | {
        "host": raw(head.host),
        "organization_id": organization_id(source.people, source.projects),
        "edition": head.edition,
        "edition_told_by": head.edition_told_by,
        "limits": list(limits_of(head.edition, head.host)),
    }


def reading_record(source: Source) -> Record:
    """When, how and by which program the lists were read, and which could not be."""
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
        "waivers_sha256": origin.waivers_sha256,
        "people_file": origin.people_file,
    }


def _kinds(rows: Iterable[ReviewRow]) -> dict[str, int]:
    found = dict.fromkeys(("person", "account", "group", "unlisted"), 0)
    for row in rows:
        found[row.subject.kind] += 1
    return found


def _summed(numbers: Mapping[str, int]) -> Record:
    return {**numbers, "total": sum(numbers.values())}


def _subject(row: ReviewRow, its_id: str, checksums: Mapping[str, str]) -> Record:
    subject = row.subject
    return {
        "row_id": its_id,
        "id": raw(subject.id),
        "checksums": checksums.get(its_id, ""),
        "privileged": row.privileged,
        "reasons": list(row.reasons),
        "updated_at": row.updated_at,
    } | access_record(row.access)


def access_record(access: Access) -> Record:
    """The access of a subject as a JSON object."""
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
