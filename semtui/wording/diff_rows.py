"""What has changed as rows and as a page for each: what each cell says, and the lines above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.comparison.changed import Change
from semtui.audit.comparison.net_effect import NetEffect
from semtui.audit.findings.findings import Finding
from semtui.text.counting import count
from semtui.wording.diff import (
    ABOUT_WORDS,
    change_words,
    change_words_only,
    effect_words,
    effect_words_only,
    gap_words,
    others_words,
    path_words,
)
from semtui.wording.findings import about_words, evidence_words
from semtui.wording.findings_rows import finding_facts
from semtui.wording.styled_text import Line, fact

if TYPE_CHECKING:
    from semtui.audit.comparison.changed import Part
    from semtui.audit.comparison.diff import Diff
    from semtui.wording.styled_text import Piece, Tone

_MOST_GAPS = 5
"""How many sentences on what was not compared stand above the rows; a file has all."""


@dataclass(frozen=True, slots=True)
class NewOrResolved:
    """A finding that only one side has."""

    finding: Finding
    new: bool


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One change, somebody who gained or lost access by them, or a finding."""

    id: str
    what: Change | NetEffect | NewOrResolved

    @property
    def subject_id(self) -> str:
        """The id of whom or what it is about; empty for the organization."""
        if isinstance(self.what, Change):
            return self.what.id
        if isinstance(self.what, NetEffect):
            return self.what.subject.id
        subject = self.what.finding.subject
        return subject.id if subject else ""

    @property
    def kind(self) -> str:
        """`person`, `account`, `group`, `role`, `project` or `unlisted`; empty for the organization."""
        if isinstance(self.what, Change):
            return self.what.about
        if isinstance(self.what, NetEffect):
            return self.what.subject.kind
        subject = self.what.finding.subject
        return subject.kind if subject else ""


def diff_rows(found: Diff) -> list[DiffRow]:
    """The changes, by kind of subject, then who gained or lost access, then findings."""
    rows = [DiffRow(f"{each.about} {each.id} {each.kind}", each) for each in found.changes]
    rows += [DiffRow(f"net {each.subject.id} {each.level} {each.gained}", each) for each in found.net.effects]
    for findings, new in ((found.findings.new, True), (found.findings.resolved, False)):
        rows += [DiffRow(f"{'new' if new else 'resolved'} {each.key}", NewOrResolved(each, new)) for each in findings]
    return rows


def diff_head(found: Diff) -> list[Line]:
    """How much there is of what, and what was not compared."""
    kinds = Counter(each.about for each in found.changes)
    parts = [f"{words.lower()} {kinds[about]:,}" for about, words in ABOUT_WORDS.items() if kinds[about]]
    changed = f"{count(len(found.changes), 'change')}{': ' if parts else ''}{', '.join(parts)}"
    effects, findings = len(found.net.effects), found.findings
    news = f"new {len(findings.new):,}, resolved {len(findings.resolved):,}"
    more = f" · access gained or lost {effects:,} · findings {news}"
    notes = [Line([(words, "plain")]) for words in others_words(found)]
    gaps = gap_words(found)
    notes += [Line([(words, "warn")]) for words in gaps[:_MOST_GAPS]]
    if len(gaps) > _MOST_GAPS:
        notes.append(Line([(f"{count(len(gaps) - _MOST_GAPS, 'more sentence')} of that kind in the file.", "warn")]))
    return [Line([(changed, "strong"), (more, "plain")]), *notes]


def diff_cells(row: DiffRow) -> dict[str, list[Piece]]:
    """The cells of a row: `what`, `name`, `words`."""
    what = row.what
    tone: Tone
    if isinstance(what, Change):
        return _cells(what.about, what.name or what.id, f"{change_words_only(what)}.")
    if isinstance(what, NetEffect):
        off = "deactivated; " if what.subject.state == "deactivated" else ""
        words = f"{off}{effect_words_only(what)}."
        name, tone = what.subject.name or what.subject.id, "warn" if what.gained else "good"
        return _cells("gained" if what.gained else "lost", name, words, tone)
    finding = what.finding
    words = f"{finding.severity}, {finding.rule}: {evidence_words(finding)}"
    tone = "warn" if what.new else "good"
    return _cells("new finding" if what.new else "resolved", about_words(finding.subject), words, tone)


def _cells(what: str, name: str, words: str, tone: Tone = "muted") -> dict[str, list[Piece]]:
    return {"what": [(what, tone)], "name": [(name, "plain")], "words": [(words, "plain")]}


# One of them


def diff_row_title(row: DiffRow) -> str:
    """Whom it is about."""
    what = row.what
    if isinstance(what, Change):
        return f"Changed: {what.name or what.id}"
    if isinstance(what, NetEffect):
        return f"Access {'gained' if what.gained else 'lost'}: {what.subject.name or what.subject.id}"
    return f"{'New' if what.new else 'Resolved'} finding: {about_words(what.finding.subject)}"


def diff_row_lines(row: DiffRow) -> list[Line]:
    """Everything about one, with ids."""
    what = row.what
    if isinstance(what, Change):
        lines = [_fact("What", f"{change_words(what)}."), _fact("Id", what.id)]
        return [*lines, *_parts("Removed", what.removed), *_parts("Added", what.added)]
    if isinstance(what, NetEffect):
        lines = [_fact("What", f"{effect_words(what)}."), _fact("Id", what.subject.id)]
        lines += _listed("How" if what.gained else "How before", map(path_words, what.paths))
        return [*lines, *_listed("Because", (f"{change_words(each)} [{each.id}]" for each in what.causes))]
    return finding_facts(what.finding)


def _parts(label: str, parts: Sequence[Part]) -> list[Line]:
    return _listed(label, (f"{_part(each)} [{each.id}]" for each in parts))


def _part(part: Part) -> str:
    role = f": {part.role_name}" if part.role_name else ""
    return f"{part.name or '(no name)'}{role}"


def _listed(label: str, words: Iterable[str]) -> list[Line]:
    return [_fact("" if number else label, each) for number, each in enumerate(words)]


def _fact(label: str, text: str) -> Line:
    return fact(label, (text, "plain"))
