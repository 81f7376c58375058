"""What would change, as text, a table, a page of Markdown, or data."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from semtui.export.csv_table import Verbatim
from semtui.wording.access_answer import SUBJECT_COLUMNS, AnswerText, reason_words, subject_cells
from semtui.wording.answered import Answered, written
from semtui.wording.what_if import (
    gain_words,
    loss_words,
    note_words,
    paths_words,
    refusal_words,
    sum_words,
)
from semtui.wording.what_if_parts import ASKED, asked_words, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.what_if.answers import Note, WhatIf
    from semtui.audit.what_if.operations import Caller, Operation
    from semtui.export.csv_table import Value
    from semtui.wording.access_answer import Row

COLUMNS = ("change", "code", *SUBJECT_COLUMNS, "lost", "gained", "reasons", "words")


def what_if(
    source: Source, graph: AccessGraph, operations: Sequence[Operation], caller: Caller | None = None
) -> Answered:
    """What would change if these operations were done in order. Raises SenselessError."""
    from semtui.audit.what_if import question

    return answered(question.what_if(graph, operations, *([] if caller is None else [caller])), source)


def answered(answer: WhatIf, source: Source) -> Answered:
    """An answer as the command gives it."""
    from semtui.audit.answer_record import unknown_records
    from semtui.audit.what_if.record import what_if_record

    unknown = unknown_records(answer.unknown)
    words = f"what-if {shlex.join(map(operation_text, answer.operations))}"

    def text() -> AnswerText:
        return what_if_text(answer)

    write = written(text, words, source, lambda: what_if_record(answer), answer.complete, unknown)
    return Answered(write, answer.complete, len(unknown) + len(answer.gaps), text=text)


def operation_text(operation: Operation) -> str:
    """An operation as the command takes it, by id."""
    signed = [*(f"-{each}" for each in operation.removed), *(f"+{each}" for each in operation.added)]
    return shlex.join([operation.kind, operation.id, *filter(None, [operation.other_id]), *signed])


def what_if_text(answer: WhatIf) -> AnswerText:
    """The whole answer; one row for each refusal, for each subject concerned, and for each note."""
    asked = [ASKED, *(f"  {each}" for each in asked_words(answer))]
    lines = [*asked, "", sum_words(answer)]
    for part in parts(answer):
        lines += [*([""] if part.kind == "title" else []), " " * part.indent + part.words]
    head = [each.strip() for each in (*asked, sum_words(answer))]
    return AnswerText("What would change", lines, head, COLUMNS, list(_rows(answer)))


# Rows


def _rows(answer: WhatIf) -> Iterator[Row]:
    for refusal in answer.refusals:
        change = Verbatim("refused" if refusal.certain else "perhaps refused")
        words = refusal_words(refusal, answer.before)
        yield _operation_cells(refusal.operation, answer) | {"change": change, "code": refusal.code, "words": words}
    for difference in answer.differences:
        words = ". ".join(filter(None, (loss_words(difference), gain_words(difference))))
        shared: dict[str, Value] = {
            "change": Verbatim("changes"),
            "lost": difference.lost,
            "gained": difference.gained,
        }
        end = ". Holds nothing afterwards." if difference.loses_all else "."
        yield from (subject_cells(each) | shared | {"words": f"{words}{end}"} for each in difference.subjects)
    for kept in answer.kept:
        words = f"Unchanged, because of {paths_words(kept.paths)}."
        yield from (subject_cells(each) | {"change": Verbatim("keeps"), "words": words} for each in kept.subjects)
    for unknown in answer.unknown:
        reasons = {"change": Verbatim("unknown"), "reasons": list(unknown.reasons)}
        yield subject_cells(unknown.subject) | reasons | {"words": f"Unknown: {reason_words(unknown.reasons)}."}
    yield from (_note_cells(each, answer) for each in answer.notes)


def _note_cells(note: Note, answer: WhatIf) -> Row:
    about: dict[str, Value] = {}
    if note.operation is not None:
        about = _operation_cells(note.operation, answer)
    elif note.subject is not None:
        about = subject_cells(note.subject)
    return {**about, "change": Verbatim("note"), "code": note.code, "words": note_words(note, answer)}


def _operation_cells(operation: Operation, answer: WhatIf) -> dict[str, Value]:
    """The cells of what an operation changes: a subject or a role."""
    from semtui.audit.access.questions import roles_known

    if operation.kind not in ("delete-role", "edit-role") and answer.before.knows(operation.id):
        return subject_cells(answer.before.subject(operation.id))
    name = roles_known(answer.before).get(operation.id, "")
    return {"kind": "role", "name": name, "id": operation.id, "state": "not in the API"}
