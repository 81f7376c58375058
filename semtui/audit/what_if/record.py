"""What would change, as JSON. `.github/answers.schema.json` describes the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.answer_record import subject_ref_record
from semtui.audit.contract import by_id, path_record
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.snapshots.records import Record
    from semtui.audit.what_if.answers import Note, Refusal, WhatIf
    from semtui.audit.what_if.operations import Operation


def what_if_record(answer: WhatIf) -> Record:
    """The answer to "what would change?"."""
    return {
        "refusals": list(map(_refusal_record, answer.refusals)),
        "changes": by_id(
            subject_ref_record(subject)
            | {
                "gained": list(difference.gained),
                "lost": list(difference.lost),
                "loses_all": difference.loses_all,
            }
            for subject, difference in answer.everybody()
        ),
        "kept": by_id(
            subject_ref_record(subject) | {"paths": list(map(path_record, kept.paths))}
            for kept in answer.kept
            for subject in kept.subjects
        ),
        "notes": list(map(_note_record, answer.notes)),
    }


def _operation_record(operation: Operation) -> Record:
    return {
        "kind": operation.kind,
        "id": raw(operation.id),
        "other_id": raw(operation.other_id) or None,
        "added": list(operation.added),
        "removed": list(operation.removed),
    }


def _refusal_record(refusal: Refusal) -> Record:
    return {
        "operation": _operation_record(refusal.operation),
        "code": refusal.code,
        "certain": refusal.certain,
        "subjects": by_id(map(subject_ref_record, refusal.subjects)),
        "permissions": list(refusal.permissions),
    }


def _note_record(note: Note) -> Record:
    level = note.level
    counted = note.code in ("cannot-act", "on-projects")
    return {
        "code": note.code,
        "subject": None if note.subject is None else subject_ref_record(note.subject),
        "operation": None if note.operation is None else _operation_record(note.operation),
        "level": None if level is None else {"certain": level.certain, "possible": level.possible},
        "names": list(map(raw, note.names)),
        "paths": list(map(path_record, note.paths)),
        "number": note.number if counted else None,
        "complete": note.complete,
    }
