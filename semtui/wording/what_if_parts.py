"""What would change, part by part in the order it is read: a file, line mode and the screen all show these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from semtui.wording.access import subject_name
from semtui.wording.access_answer import reason_words
from semtui.wording.what_if import (
    gain_words,
    loss_words,
    note_words,
    number_words,
    operation_words,
    paths_words,
    refusal_words,
    subject_words,
    told_apart,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from semtui.audit.access.answers import SubjectRef
    from semtui.audit.what_if.answers import Difference, Note, NoteCode, Refusal, WhatIf
    from semtui.wording.styled_text import Tone

Side = Literal["lost", "gained"]
_SIDES: tuple[Side, ...] = ("lost", "gained")
_FEW = 15
"""Below so many subjects all are named in a short answer."""
_FEW_NAMES = 4
"""So many permissions are named in a short answer."""
ASKED = "If somebody were to"
_NOTHING: tuple[NoteCode, ...] = ("nothing",)
_ENDINGS: tuple[NoteCode, ...] = ("leaves", "gone", "without-a-role", "cannot-act", "on-projects")
_LAST: tuple[NoteCode, ...] = ("group-projects",)


@dataclass(frozen=True)
class Part:
    """One line of the answer before it is wrapped, and what it is about."""

    kind: Literal["title", "sentence", "subject", "permissions", "names"]
    """`permissions`: how many are lost or gained; `names`: which."""
    words: str
    indent: int = 2
    tone: Tone = "plain"
    subjects: tuple[SubjectRef, ...] = ()
    """Whom it is about."""
    key: tuple[object, ...] = ()
    """The same in a later answer to the same question; empty for what leads nowhere."""
    difference: Difference | None = None
    side: Side | None = None
    """For `permissions` and `names`, which those of the difference are."""


def asked_words(answer: WhatIf, *, ids: bool = True) -> list[str]:
    """The changes asked about, worded to follow `ASKED`."""
    return [operation_words(each, answer.before, ids=ids) for each in answer.operations]


def parts(answer: WhatIf, *, ids: bool = True, short: bool = False) -> Iterator[Part]:
    """Refusals, gains and losses, who leaves, who keeps everything, what else to know, and at last the unknown.

    `short` leaves out names and permissions where there are many.
    """
    named = not short or answer.number < _FEW
    yield from _block("Refusals", (_refusal(each, answer, ids) for each in answer.refusals))
    yield from _block("Without effect", _noted(answer, _NOTHING, ids))
    for difference in answer.differences:
        yield from _difference(difference, named, short)
    yield from _block("What ends", _noted(answer, _ENDINGS, ids))
    for kept in answer.kept:
        words = f"{capital(number_words(kept.subjects))} unchanged, because of {paths_words(kept.paths, ids=ids)}"
        yield Part("title", words, 0, "strong", kept.subjects, ("kept", kept.paths))
        yield from _subjects(kept.subjects if named else ())
    middle = [each.code for each in answer.notes if each.code not in (*_NOTHING, *_ENDINGS, *_LAST)]
    yield from _block("To know before", _noted(answer, middle, ids))
    yield from _block("Unknown", [*_unknown(answer, named), *_noted(answer, _LAST, ids)])


def _block(title: str, found: Iterable[Part]) -> Iterator[Part]:
    below = list(found)
    if below:
        yield Part("title", title, 0, "strong")
        yield from below


def _refusal(refusal: Refusal, answer: WhatIf, ids: bool) -> Part:
    operation, graph = refusal.operation, answer.before
    about = refusal.subjects or ((graph.subject(operation.id),) if graph.knows(operation.id) else ())
    tone: Tone = "bad" if refusal.certain else "warn"
    return Part("sentence", refusal_words(refusal, graph, ids=ids), 2, tone, about, ("refusal", operation))


def _noted(answer: WhatIf, codes: Sequence[NoteCode], ids: bool) -> list[Part]:
    return [_note(each, answer, ids) for each in answer.notes if each.code in codes]


def _note(note: Note, answer: WhatIf, ids: bool) -> Part:
    about = (note.subject,) if note.subject is not None else ()
    tone: Tone = "plain" if note.complete and not note.code.startswith("nobody-") else "warn"
    return Part("sentence", note_words(note, answer, ids=ids), 2, tone, about, ("note", note.code, about))


def _difference(difference: Difference, named: bool, short: bool) -> Iterator[Part]:
    subjects = difference.subjects
    key = (difference.lost, difference.gained, difference.loses_all)
    yield Part("title", capital(number_words(subjects)), 0, "strong", subjects, key, difference)
    yield from _subjects(subjects if named else ())
    told = zip(_SIDES, (loss_words(difference), gain_words(difference)), told_apart(difference), strict=True)
    for side, words, names in told:
        if words:
            listed = names if len(names) <= _FEW_NAMES or not short else ()
            each = partial(Part, subjects=subjects, key=(*key, side), difference=difference, side=side)
            yield each("permissions", f"{words}{':' if listed else '.'}")
            if listed:
                yield each("names", ", ".join(listed), 4)
    if difference.loses_all:
        yield Part("sentence", "Holds nothing afterwards.")


def _unknown(answer: WhatIf, named: bool) -> Iterator[Part]:
    unknown = sorted(answer.unknown, key=lambda each: each.reasons)
    for reasons, those in groupby(unknown, key=lambda each: each.reasons):
        subjects = tuple(each.subject for each in those)
        yield Part("sentence", f"For {number_words(subjects)}: {reason_words(reasons)}.", 2, "warn", subjects, reasons)
        yield from _subjects(subjects if named else (), 4)


def _subjects(subjects: Iterable[SubjectRef], indent: int = 2) -> Iterator[Part]:
    yield from (Part("subject", subject_words(each), indent, "plain", (each,), (each.id,)) for each in subjects)


def permissions_title(part: Part) -> str:
    """`What 3 people would lose`."""
    who = subject_name(part.subjects[0]) if len(part.subjects) == 1 else number_words(part.subjects)
    return f"What {who} would {'lose' if part.side == 'lost' else 'gain'}"


def capital(words: str) -> str:
    """The words with their first letter as a capital."""
    return words[:1].upper() + words[1:]
