"""What has changed, as data. `.github/answers.schema.json` describes the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.contract import subject_record
from semtui.audit.records import Record, rfc3339
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.changed import Change, Part
    from semtui.audit.contract import Source
    from semtui.audit.diff import Diff


def diff_record(found: Diff, before: Source) -> Record:
    """The answer to what has changed since `before`."""
    return {
        "since": {"taken_at": rfc3339(before.head.finished_at), "content_sha256": before.content_sha256},
        "changes": [change_record(change) for change in found.changes],
        "net": [],
        "not_comparable": list(found.not_comparable),
        "otherwise": dict(found.otherwise),
    }


def change_record(change: Change) -> Record:
    """One change; what does not apply to its kind is null or empty."""
    return {
        "kind": change.kind,
        "subject": subject_record(change.id, change.name, change.about, change.state),
        "detail": {
            "removed": list(map(_part, change.removed)),
            "added": list(map(_part, change.added)),
            "before": _sent(change.before),
            "after": _sent(change.after),
            "holders": change.holders,
            "same_name": _sent(change.same_name),
            "roles_known": change.roles_known,
        },
    }


def _part(part: Part) -> Record:
    return {
        "id": raw(part.id),
        "name": raw(part.name),
        "source": _sent(part.source),
        "role_name": _sent(part.role_name),
    }


def _sent(text: str | None) -> str | None:
    return None if text is None else raw(text)
