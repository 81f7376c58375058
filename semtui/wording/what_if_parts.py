"""What would change, part by part in the order it is read: a file, line mode and the screen all show these."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

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
    from semtui.audit.what_if.answers import Difference, Note, NoteCode, WhatIf
    from semtui.wording.styled_text import Tone

Side = Literal["lost", "gained"]
_SIDES: tuple[Side, ...] = ("lost", "gained")
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
    """Whom it is about. Those of a title or a sentence stand below it, unless it is about one only."""
    difference: Difference | None = None
    side: Side | None = None
    """For `permissions` and `names`, which those of the difference are."""


def asked_words(answer: WhatIf, *, ids: bool = True) -> list[str]:
    """The changes asked about, worded to follow `ASKED`."""
    return [operation_words(each, answer.before, ids=ids) for each in answer.operations]


def parts(answer: WhatIf, *, ids: bool = True) -> Iterator[Part]:
    """Refusals, gains and losses, who leaves, who keeps everything, what else to know, and at last the unknown."""
    refusals = [
        Part("sentence", refusal_words(each, answer.before, ids=ids), tone="bad" if each.certain else "warn")
        for each in answer.refusals
    ]
    yield from _block("Refusals", refusals)
    yield from _block("Without effect", _noted(answer, _NOTHING, ids))
    for difference in answer.differences:
        yield from _difference(difference)
    yield from _block("What ends", _noted(answer, _ENDINGS, ids))
    for kept in answer.kept:
        words = f"{capital(number_words(kept.subjects))} unchanged, because of {paths_words(kept.paths, ids=ids)}"
        yield Part("title", words, 0, "strong", kept.subjects)
        yield from _subjects(kept.subjects)
    middle = [each.code for each in answer.notes if each.code not in (*_NOTHING, *_ENDINGS, *_LAST)]
    yield from _block("To know before", _noted(answer, middle, ids))
    yield from _block("Unknown", [*_unknown(answer), *_noted(answer, _LAST, ids)])


def _block(title: str, found: Iterable[Part]) -> Iterator[Part]:
    below = list(found)
    if below:
        yield Part("title", title, 0, "strong")
        yield from below


def _noted(answer: WhatIf, codes: Sequence[NoteCode], ids: bool) -> list[Part]:
    return [_note(each, answer, ids) for each in answer.notes if each.code in codes]


def _note(note: Note, answer: WhatIf, ids: bool) -> Part:
    about = (note.subject,) if note.subject is not None else ()
    tone: Tone = "plain" if note.complete and not note.code.startswith("nobody-") else "warn"
    return Part("sentence", note_words(note, answer, ids=ids), tone=tone, subjects=about)


def _difference(difference: Difference) -> Iterator[Part]:
    subjects = difference.subjects
    yield Part("title", capital(number_words(subjects)), 0, "strong", subjects, difference)
    yield from _subjects(subjects)
    told = zip(_SIDES, (loss_words(difference), gain_words(difference)), told_apart(difference), strict=True)
    for side, words, names in told:
        if words:
            mark = ":" if names else "."
            yield Part("permissions", f"{words}{mark}", subjects=subjects, difference=difference, side=side)
            if names:
                yield Part("names", ", ".join(names), 4, subjects=subjects, difference=difference, side=side)
    if difference.loses_all:
        yield Part("sentence", "Holds nothing afterwards.")


def _unknown(answer: WhatIf) -> Iterator[Part]:
    unknown = sorted(answer.unknown, key=lambda each: each.reasons)
    for reasons, those in groupby(unknown, key=lambda each: each.reasons):
        subjects = tuple(each.subject for each in those)
        yield Part("sentence", f"For {number_words(subjects)}: {reason_words(reasons)}.", 2, "warn", subjects)
        yield from _subjects(subjects, 4)


def _subjects(subjects: Iterable[SubjectRef], indent: int = 2) -> Iterator[Part]:
    yield from (Part("subject", subject_words(each), indent, subjects=(each,)) for each in subjects)


def capital(words: str) -> str:
    """The words with their first letter as a capital."""
    return words[:1].upper() + words[1:]
