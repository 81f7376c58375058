"""What would change, as text, a table, a page of Markdown, or data."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from semtui.export.csv_table import Verbatim
from semtui.wording.access_answer import SUBJECT_COLUMNS, Told, reason_words, subject_cells
from semtui.wording.answered import Answered, written
from semtui.wording.what_if import (
    gain_words,
    loss_words,
    named,
    note_words,
    number_words,
    operation_words,
    paths_words,
    refusal_words,
    subject_words,
    sum_words,
    told_apart,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.what_if.answers import Difference, Note, NoteCode, WhatIf
    from semtui.audit.what_if.operations import Caller, Operation
    from semtui.export.csv_table import Value
    from semtui.wording.access_answer import Row

COLUMNS = ("change", "code", *SUBJECT_COLUMNS, "lost", "gained", "reasons", "words")
_NOTHING: tuple[NoteCode, ...] = ("nothing",)
_ENDINGS: tuple[NoteCode, ...] = ("leaves", "gone", "without-a-role", "cannot-act", "on-projects")
_LAST: tuple[NoteCode, ...] = ("group-projects",)


def what_if(
    source: Source, graph: AccessGraph, operations: Sequence[Operation], caller: Caller | None = None
) -> Answered:
    """What would change if these operations were done in order. Raises SenselessError."""
    from semtui.audit.answer_record import unknown_records
    from semtui.audit.what_if import question
    from semtui.audit.what_if.record import what_if_record

    answer = question.what_if(graph, operations, *([] if caller is None else [caller]))
    unknown = unknown_records(answer.unknown)
    words = f"what-if {shlex.join(map(operation_text, operations))}"

    def told() -> Told:
        return what_if_told(answer)

    write = written(told, words, source, lambda: what_if_record(answer), answer.complete, unknown)
    return Answered(write, answer.complete, len(unknown) + len(answer.gaps), told=told)


def operation_text(operation: Operation) -> str:
    """An operation as the command takes it, by id."""
    signed = [*(f"-{each}" for each in operation.removed), *(f"+{each}" for each in operation.added)]
    return shlex.join([operation.kind, operation.id, *filter(None, [operation.other_id]), *signed])


def what_if_told(answer: WhatIf) -> Told:
    """The whole answer; one row for each refusal, for each subject concerned, and for each note."""
    asked = [f"  {operation_words(each, answer.before)}" for each in answer.operations]
    head = ["If somebody were to", *asked, sum_words(answer)]
    lines = ["If somebody were to", *asked, "", sum_words(answer), *_lines(answer)]
    return Told("What would change", lines, [each.strip() for each in head], COLUMNS, list(_rows(answer)))


# Text


def _lines(answer: WhatIf) -> Iterator[str]:
    yield from _block("Refusals", (refusal_words(each, answer.before) for each in answer.refusals))
    yield from _block("Without effect", _noted(answer, _NOTHING))
    for difference in answer.differences:
        yield from _difference_lines(difference)
    yield from _block("What ends", _noted(answer, _ENDINGS))
    for kept in answer.kept:
        ways = paths_words(kept.paths)
        yield from _block(f"Unchanged, because of {ways}", map(subject_words, kept.subjects))
    middle = (each for each in answer.notes if each.code not in (*_NOTHING, *_ENDINGS, *_LAST))
    yield from _block("To know before", (note_words(each, answer) for each in middle))
    unknown = sorted(answer.unknown, key=lambda each: each.reasons)
    told = [
        f"{', '.join(named(each.subject) for each in those)}: {reason_words(reasons)}."
        for reasons, those in groupby(unknown, key=lambda each: each.reasons)
    ]
    yield from _block("Unknown", [*told, *_noted(answer, _LAST)])


def _noted(answer: WhatIf, codes: Sequence[NoteCode]) -> list[str]:
    return [note_words(each, answer) for each in answer.notes if each.code in codes]


def _block(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"  {each}" for each in lines]
    return ["", title, *found] if found else []


def _difference_lines(difference: Difference) -> Iterator[str]:
    yield from ("", f"{_capital(number_words(difference.subjects))}")
    yield from (f"  {subject_words(each)}" for each in difference.subjects)
    for words, names in zip((loss_words(difference), gain_words(difference)), told_apart(difference), strict=True):
        if words:
            yield f"  {words}{':' if names else '.'}"
            yield from ([f"    {', '.join(names)}"] if names else [])
    if difference.loses_all:
        yield "  Holds nothing afterwards."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


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
