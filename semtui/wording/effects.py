"""What a change would do, for the dialog that makes it: in a few lines, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.causes import OFF
from semtui.text.counting import count
from semtui.wording.access import subject_name
from semtui.wording.access_answer import reason_words
from semtui.wording.coverage import list_words
from semtui.wording.permissions import first_permissions
from semtui.wording.styled_text import Line, listed
from semtui.wording.what_if import note_words, number_words, operation_words, paths_words, why_refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from semtui.audit.access.answers import SubjectRef
    from semtui.audit.what_if.answers import Kept, Note, NoteCode, Refusal, WhatIf
    from semtui.wording.styled_text import Tone

_MOST_LINES = 4
_MOST_NAMED = 3
_MOST_PERMISSIONS = 4
_LONGEST_PAGE = 2_000
_HANG = 2
_FIRST: tuple[NoteCode, ...] = ("nobody-manages-people", "nobody-changes-owners", "caller")
_ENDINGS: tuple[NoteCode, ...] = ("leaves", "without-a-role", "cannot-act")
_LATER: tuple[NoteCode, ...] = (
    "mapping-dropped",
    "created-account",
    "owns-projects",
    "on-projects",
    "no-creator",
    "stays",
    "queue",
)
"""The notes that are worth a line in a dialog; the page has all of them."""


def effect_lines(
    answer: WhatIf, told: Collection[NoteCode] = (), more: str = "", *, examples: bool = True
) -> list[Line]:
    """At most four sentences, the most important ones first, and how many are left out. `told` are notes the dialog has
    given already; `more` says how to read the rest; without `examples` no permissions are named."""
    notes = [each for each in answer.notes if each.code not in told]
    surely = [
        *(_refusal_line(each, answer) for each in answer.refusals),
        *_first_lines(notes, answer),
        *_difference_lines(answer, examples),
        *_kept_lines(answer.kept),
    ]
    unknown = _unknown_lines(answer)
    ends = any(each.code in (*_ENDINGS, "gone") for each in answer.notes)
    lines = [*surely, *([] if surely or ends else _nothing(answer, unknown)), *unknown]
    later = _later_lines(notes, answer)
    # What is not known is never among what is left out.
    shown = [*lines[: max(0, _MOST_LINES - len(unknown))], *unknown] if len(lines) > _MOST_LINES else lines
    rest = [each for each in [*lines, *later] if each not in shown]
    if len(shown) + len(rest) <= _MOST_LINES:
        return [*shown, *rest]
    room = max(0, _MOST_LINES - 1 - len(shown))
    left_out = len(rest) - room
    return [*shown, *rest[:room], Line([(f"{left_out} more to know{f': {more}' if more else ''}.", "muted")])]


def unknown_lines(words: str) -> list[Line]:
    """That a change cannot be worked out, because somebody or something is no longer in the lists."""
    return [Line([(f"What this changes is not known. {words}", "warn")])]


def page_lines(answer: WhatIf) -> list[Line]:
    """Everything that would change, as the command `semtui what-if` tells it."""
    from semtui.wording.what_if_answer import what_if_text

    lines = what_if_text(answer).lines
    left_out = len(lines) - _LONGEST_PAGE
    more = [Line(), Line([(f"… and {left_out:,} more lines. semtui what-if writes them all.", "muted")])]
    return [*map(_page_line, lines[:_LONGEST_PAGE]), *(more if left_out > 0 else [])]


def _page_line(words: str) -> Line:
    inner = words.lstrip(" ")
    indent = len(words) - len(inner)
    return Line([(words, "plain" if indent else "strong")], indent + 2 if indent else 0)


# Refusals and notes


def _refusal_line(refusal: Refusal, answer: WhatIf) -> Line:
    what = operation_words(refusal.operation, answer.before, ids=False) if len(answer.operations) > 1 else "do this"
    reason = why_refused(refusal, number_words(refusal.subjects))
    tone: Tone = "bad" if refusal.certain else "warn"
    return Line([(f"Semaphore {'would' if refusal.certain else 'may'} refuse to {what}: {reason}.", tone)], _HANG)


def _first_lines(notes: Sequence[Note], answer: WhatIf) -> Iterator[Line]:
    for note in notes:
        if note.code in _FIRST:
            words = "This concerns you." if note.code == "caller" else note_words(note, answer)
            yield Line([(words, "warn")], _HANG)
    for note in notes:
        if note.code in _ENDINGS and note.subject is not None:
            yield Line([(_ending(note, note.subject), "warn")], _HANG)


def _ending(note: Note, subject: SubjectRef) -> str:
    name = subject_name(subject)
    if note.code == "leaves":
        return f"{name} leaves the organization and all of its projects."
    if note.code == "without-a-role":
        return f"{name} stays, without a role."
    return f"{name} keeps {count(note.number, 'permission')}, and cannot use them while deactivated."


def _later_lines(notes: Sequence[Note], answer: WhatIf) -> list[Line]:
    keeping = {subject.id for kept in answer.kept for subject in kept.subjects}
    lines = []
    for code in _LATER:
        found = [each for each in notes if each.code == code]
        words = (
            [_created_words(found, answer)] if code == "created-account" else [_later(each, answer) for each in found]
        )
        if code == "stays":
            # Of who keeps everything it is said what stays.
            words = [_later(each, answer) for each in found if each.subject and each.subject.id not in keeping]
        lines += [Line([(each, "plain")], _HANG) for each in words if each]
    return lines


def _created_words(notes: Iterable[Note], answer: WhatIf) -> str:
    """`Ben created bot and deployer and may know their tokens.`"""
    known = [each for each in notes if each.subject is not None]
    if len(known) == 1:
        return note_words(known[0], answer, ids=False)
    created = [each.subject for each in known if each.subject is not None]
    ids = {each.id for each in created}
    creators = {each.creator_id for each in answer.before.people.accounts.items if each.id in ids}
    who = _who([answer.before.subject(each) for each in creators])
    return f"{who} created {_who(created)} and may know their tokens." if created else ""


def _later(note: Note, answer: WhatIf) -> str:
    """The words of a note; empty for one that says only what the API never shows, or what was not read for it."""
    says_nothing = note.code in ("owns-projects", "on-projects") and not note.names
    return "" if says_nothing else note_words(note, answer, ids=False)


# Who gains and loses what


def _difference_lines(answer: WhatIf, examples: bool) -> Iterator[Line]:
    for each in answer.differences:
        who = _who(each.subjects)
        s = "s" if len(each.subjects) == 1 else ""
        if each.lost:
            everything = "everything: " if each.loses_all else ""
            words = _amount(each.lost, whole=each.all_projects == "lost", named=examples and not each.loses_all)
            yield Line([(f"{who} lose{s} ", "warn"), (f"{everything}{words}", "plain")], _HANG)
        if each.gained:
            words = _amount(each.gained, whole=each.all_projects == "gained", named=examples)
            yield Line([(f"{who} gain{s} ", "good"), (words, "plain")], _HANG)


def _amount(names: Sequence[str], *, whole: bool, named: bool) -> str:
    """`Admin on every project, and 20 permissions of the organization: manage people, view secrets, …`"""
    own = [each for each in names if not each.startswith("project.")]
    number = len(names) - len(own)
    parts = ["Admin on every project" if whole else f"{count(number, 'permission')} on every project"] * bool(number)
    parts += [f"{count(len(own), 'permission')} of the organization"] * bool(own)
    examples = f": {first_permissions(own, _MOST_PERMISSIONS)}" if own and named else ""
    return f"{', and '.join(parts)}{examples}{'' if examples.endswith('…') else '.'}"


def _kept_lines(kept: Iterable[Kept]) -> Iterator[Line]:
    for each in kept:
        words = f"Nothing changes for {_who(each.subjects)}: the same comes from {paths_words(each.paths, ids=False)}."
        yield Line([(words, "muted")], _HANG)


def _nothing(answer: WhatIf, unknown: Sequence[Line]) -> list[Line]:
    if unknown:
        return []
    words = "This changes nothing that anybody can do."
    return [Line([(words if answer.complete else "Nobody is known to gain or lose anything.", "muted")])]


# What is not known


def _unknown_lines(answer: WhatIf) -> list[Line]:
    lines = []
    changing = {subject.id for subject, _ in answer.everybody()}
    unknown = [each.subject for each in answer.unknown]
    if unknown:
        what = "What else changes" if any(each.id in changing for each in unknown) else "What changes"
        reasons = dict.fromkeys(reason for each in answer.unknown for reason in each.reasons)
        words = f"{what} for {_who(unknown)} is not known: {reason_words(reasons)}."
        lines.append(Line([(words, "warn")], _HANG))
    if answer.at_least:
        missing = listed([list_words(each) for each in answer.at_least])
        lines.append(Line([(f"Others may be concerned: not all {missing} were read.", "warn")], _HANG))
    if answer.stale:
        old = listed([list_words(each) for each in answer.stale])
        lines.append(Line([(f"By an older list of {old}, which could not be reloaded.", "warn")], _HANG))
    return lines


# Who


def _who(subjects: Sequence[SubjectRef]) -> str:
    """The names of a few; of more, how many."""
    if len(subjects) > _MOST_NAMED:
        return number_words(subjects)
    return listed([f"{subject_name(each)}{f' ({each.state})' if each.state in OFF else ''}" for each in subjects])
