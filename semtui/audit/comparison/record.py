"""What has changed, as JSON. `.github/answers.schema.json` describes the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.contract import path_record, subject_record, unknown_record
from semtui.audit.snapshots.records import Record, rfc3339
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.comparison.changed import Change, Part
    from semtui.audit.comparison.diff import Diff
    from semtui.audit.comparison.net_effect import NetEffect
    from semtui.audit.contract import Source


def diff_record(found: Diff, before: Source) -> Record:
    """The answer to "what has changed since `before`?"."""
    return {
        "since": {"taken_at": rfc3339(before.head.finished_at), "content_sha256": before.content_sha256},
        "changes": [change_record(change) for change in found.changes],
        "net": [_effect_record(effect) for effect in found.net.effects],
        "others": found.net.others,
        "not_comparable": list(found.not_comparable),
        "otherwise": dict(found.otherwise),
    }


def unknown_records(found: Diff) -> list[Record]:
    """The subjects for whom the net effect is not known."""
    return [
        unknown_record(
            subject_record(each.subject.id, each.subject.name, each.subject.kind, each.subject.state), each.reasons
        )
        for each in found.net.unknown
    ]


def _effect_record(effect: NetEffect) -> Record:
    subject = effect.subject
    return {
        "subject": subject_record(subject.id, subject.name, subject.kind, subject.state),
        "level": effect.level,
        "gained": effect.gained,
        "paths": list(map(path_record, effect.paths)),
        "causes": [{"kind": change.kind, "id": raw(change.id)} for change in effect.causes],
    }


def change_record(change: Change) -> Record:
    """One change; keys that do not apply to its kind are null or empty."""
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
