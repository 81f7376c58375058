"""What has changed between two snapshots, as text, a page of Markdown or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.export.csv_table import table
from semtui.wording.answer import Section, markdown_answer, moment_words, text_answer
from semtui.wording.diff import ABOUT_WORDS, change_words, effect_words, gap_words, others_words
from semtui.wording.findings import evidence_words, who_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from semtui.audit.comparison.changed import Change, Part
    from semtui.audit.comparison.diff import Diff
    from semtui.audit.comparison.net_effect import NetEffect
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Finding
    from semtui.export.csv_table import Value
    from semtui.wording.answered import Answered, Form

COLUMNS = ("change", "kind", "name", "id", "state", "removed", "added", "before", "after", "words")
_NOTHING = "Nothing differs in what could be compared."


def diff_answered(found: Diff, old: Source, new: Source) -> Answered:
    """The differences as the command writes them."""
    from semtui.wording.access_answer import AnswerText
    from semtui.wording.answered import Answered

    def write(form: Form) -> str:
        if form == "json":
            return as_json(found, old, new)
        if form == "csv":
            return as_csv(found)
        return as_markdown(found, old, new) if form == "md" else as_text(found, old, new)

    def text() -> AnswerText:
        return AnswerText(_title(old, new), list(_lines(found)), gap_words(found), COLUMNS, _rows(found))

    return Answered(write, found.complete, len(found.net.unknown) + found.findings.unsure, text)


def _title(old: Source, new: Source) -> str:
    newer = moment_words(new.head.finished_at)
    return f"What has changed from {moment_words(old.head.finished_at)} to {newer}"


def as_text(found: Diff, old: Source, new: Source) -> str:
    """Lines of at most 80 cells, grouped by kind of subject."""
    return text_answer(_title(old, new), _lines(found), new)


def _lines(found: Diff) -> Iterator[str]:
    if not found.changes:
        yield _NOTHING
    before = ""
    for change in found.changes:
        if ABOUT_WORDS[change.about] != before:
            before = ABOUT_WORDS[change.about]
            yield before
        yield f"  {change_words(change)}. [{change.id}]"
    if found.net.effects or found.net.others:
        yield "Who gained or lost access"
    yield from (f"  {effect_words(effect)}. [{effect.subject.id}]" for effect in found.net.effects)
    yield from (f"  {words}" for words in others_words(found))
    for title, findings in _findings(found):
        yield title
        for each in findings:
            yield f"  {each.severity}, {each.rule}: {who_words(each)}. {evidence_words(each)}"
    gaps = gap_words(found)
    yield from ["", *gaps] if gaps else []


def as_markdown(found: Diff, old: Source, new: Source) -> str:
    """A table for each kind of subject."""
    sections = []
    for about, words in ABOUT_WORDS.items():
        rows = tuple(
            (change.kind, change_words(change), change.id) for change in found.changes if change.about == about
        )
        if rows:
            sections.append(Section(words, ("Change", "What", "Id"), rows))
    if found.net.effects:
        effects = tuple((each.level, effect_words(each), each.subject.id) for each in found.net.effects)
        sections.append(Section("Who gained or lost access", ("What", "Who", "Id"), effects))
    for title, findings in _findings(found):
        cells = tuple((each.severity, each.rule, who_words(each), evidence_words(each)) for each in findings)
        sections.append(Section(title, ("Severity", "Rule", "Who", "Evidence"), cells))
    notes = [*([] if found.changes else [_NOTHING]), *others_words(found), *gap_words(found)]
    return markdown_answer(_title(old, new), sections, notes, new)


def as_json(found: Diff, old: Source, new: Source) -> str:
    """The published form of the answer."""
    from semtui.audit.comparison.record import diff_record, unknown_records
    from semtui.audit.contract import envelope
    from semtui.audit.snapshots.canonical import canonical
    from semtui.wording.findings_answer import findings_diff_record

    answer = diff_record(found, old) | {"findings": findings_diff_record(found.findings)}
    unknown = unknown_records(found)
    return canonical(envelope("diff", new, answer, complete=found.complete, unknown=unknown)) + "\n"


def as_csv(found: Diff) -> str:
    """One row for each change, then one for each level or sensitive permission gained or lost through them, then one
    for each finding that is new or resolved."""
    return table(COLUMNS, _rows(found)).text


def _rows(found: Diff) -> list[Mapping[str, Value]]:
    new, resolved = found.findings.new, found.findings.resolved
    rows = [*map(_cells, found.changes), *map(_effect_cells, found.net.effects)]
    rows += [
        *(_finding_cells("finding-new", each) for each in new),
        *(_finding_cells("finding-resolved", each) for each in resolved),
    ]
    return rows


def _findings(found: Diff) -> list[tuple[str, tuple[Finding, ...]]]:
    both = (("New findings", found.findings.new), ("Resolved findings", found.findings.resolved))
    return [(title, findings) for title, findings in both if findings]


def _finding_cells(change: str, finding: Finding) -> Mapping[str, Value]:
    about = finding.subject
    subject = {} if about is None else {"kind": about.kind, "name": about.name, "id": about.id, "state": about.state}
    return subject | {"change": change, "words": f"{finding.severity}, {finding.rule}: {evidence_words(finding)}"}


def _effect_cells(effect: NetEffect) -> Mapping[str, Value]:
    level = effect.level
    return {
        "change": "gained" if effect.gained else "lost",
        "kind": effect.subject.kind,
        "name": effect.subject.name,
        "id": effect.subject.id,
        "state": effect.subject.state,
        "removed": [] if effect.gained else [level],
        "added": [level] if effect.gained else [],
        "words": effect_words(effect),
    }


def _cells(change: Change) -> Mapping[str, Value]:
    return {
        "change": change.kind,
        "kind": change.about,
        "name": change.name,
        "id": change.id,
        "state": change.state,
        "removed": list(map(_part, change.removed)),
        "added": list(map(_part, change.added)),
        "before": change.before,
        "after": change.after,
        "words": change_words(change),
    }


def _part(part: Part) -> str:
    name = f"{part.name}: {part.role_name}" if part.role_name else part.name or part.id
    return f"{name} ({part.source})" if part.source else name
