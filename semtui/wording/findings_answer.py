"""The report on findings to be taken along: as text, a table, a page of Markdown, or data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from semtui.audit.contract import subject_record, unknown_record
from semtui.audit.findings.findings import SEVERITIES
from semtui.export.csv_table import Verbatim
from semtui.text.clean import raw
from semtui.text.counting import count
from semtui.wording.access_answer import AnswerText
from semtui.wording.answered import Answered, written
from semtui.wording.findings import (
    evidence_words,
    fix_words,
    kind_words,
    not_evaluated_words,
    renamed_words,
    unsure_words,
    unused_words,
    waiver_words,
    who_words,
)

if TYPE_CHECKING:
    from semtui.audit.comparison.findings import FindingsDiff
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Finding, Unsure
    from semtui.audit.findings.waivers import Judged, Judgement, Waiver
    from semtui.audit.snapshots.records import Record
    from semtui.export.csv_table import Value
    from semtui.wording.access_answer import Row

COLUMNS = (
    *("status", "severity", "may_be", "rule", "kind", "name", "id", "state", "evidence", "fix", "key"),
    *("waived_up_to", "waived_until", "waived_by", "waived_because", "ticket"),
)


def findings_answered(judgement: Judgement, source: Source, rules: Sequence[str] = ()) -> Answered:
    """The report in every format; `rules` are those that were asked for, none for all."""
    unknown = unknown_records(judgement)
    words = " ".join(["findings", *(f"--rule {each}" for each in rules)])
    write = written(
        lambda: findings_text(judgement), words, source, lambda: findings_record(judgement), judgement.complete, unknown
    )
    return Answered(write, judgement.complete, len(unknown), text=lambda: findings_text(judgement))


# Words


def findings_text(judgement: Judgement) -> AnswerText:
    """The report; a row for each finding, waived ones too, and one for whatever is not known."""
    head = [sum_words(judgement), *_renamed(judgement)]
    lines = [*head, *_open_lines(judgement.open), *_section("Waived", map(_waived_line, judgement.waived))]
    lines += _section("Not evaluated", (f"{not_evaluated_words(each)}." for each in judgement.report.not_evaluated))
    lines += _section("Not known", (f"{unsure_words(each)}." for each in judgement.report.unsure))
    lines += _section("Unused waivers", (f"{unused_words(each)}." for each in judgement.unused))
    return AnswerText("Findings", lines, [*head, *_unused(judgement)], COLUMNS, list(_rows(judgement)))


def sum_words(judgement: Judgement) -> str:
    """How many there are of what, in a sentence or two."""
    report = judgement.report
    found = severity_words(each.finding for each in judgement.open)
    first = f"{len(judgement.open):,} open ({found})" if judgement.open else "Nothing is open"
    rest = [
        f"{len(judgement.waived):,} waived" if judgement.waived else "",
        f"{count(len(report.not_evaluated), 'rule')} not evaluated" if report.not_evaluated else "",
        f"{len(report.unsure):,} unknown" if report.unsure else "",
    ]
    return f"{'; '.join(filter(None, (first, *rest)))}. {count(len(report.rules), 'rule')} evaluated."


def severity_words(findings: Iterable[Finding]) -> str:
    """`2 high, 7 medium`."""
    numbers = Counter(each.severity for each in findings)
    return ", ".join(f"{numbers[each]:,} {each}" for each in SEVERITIES if numbers[each])


def _open_lines(judged: Iterable[Judged]) -> Iterator[str]:
    before = ""
    for each in judged:
        finding = each.finding
        if finding.severity != before:
            before = finding.severity
            yield from ("", before.capitalize())
        yield f"  {finding.rule}: {who_words(finding)}"
        yield f"    {evidence_words(finding)}"
        yield f"    {fix_words(finding)}"
        if words := waiver_words(each):
            yield f"    {words}"


def _waived_line(judged: Judged) -> str:
    return f"{judged.finding.severity}, {judged.finding.rule}: {who_words(judged.finding)}. {waiver_words(judged)}"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return ["", title, *found] if found else []


def _renamed(judgement: Judgement) -> list[str]:
    return [renamed_words(waiver, name) for waiver, name in judgement.renamed]


def _unused(judgement: Judgement) -> list[str]:
    return [f"Unused waiver, {unused_words(each)}." for each in judgement.unused]


# Rows


def _rows(judgement: Judgement) -> Iterator[Row]:
    yield from map(_cells, judgement.judged)
    for each in judgement.report.not_evaluated:
        yield {
            "status": Verbatim("not evaluated"),
            "rule": each.rule,
            "evidence": f"{not_evaluated_words(each).partition(': ')[2]}",
        }
    for unsure in judgement.report.unsure:
        about = unsure.subject
        yield {
            "status": Verbatim("unknown"),
            "rule": unsure.rule,
            "kind": kind_words(about.kind),
            "name": about.name,
            "id": about.id,
            "state": about.state,
            "evidence": unsure_words(unsure).partition(", because ")[2],
            "key": unsure.key,
        }


def _cells(judged: Judged) -> Row:
    finding, about, waiver = judged.finding, judged.finding.subject, judged.waiver
    cells: dict[str, Value] = {
        "status": Verbatim(judged.standing),
        "severity": Verbatim(finding.severity),
        "may_be": finding.may_be,
        "rule": finding.rule,
        "evidence": evidence_words(finding),
        "fix": fix_words(finding),
        "key": finding.key,
    }
    if about is not None:
        cells |= {"kind": kind_words(about.kind), "name": about.name, "id": about.id, "state": about.state}
    if waiver is not None:
        cells |= {
            "waived_up_to": waiver.severity,
            "waived_until": Verbatim(waiver.until.isoformat()),
            "waived_by": waiver.by,
            "waived_because": waiver.reason,
            "ticket": waiver.ticket or None,
        }
    return cells


# Data


def findings_record(judgement: Judgement) -> Record:
    """The report as the published form has it; a finding has a waiver only if it is waived."""
    return {
        "findings": [finding_record(each.finding, each) for each in judgement.judged],
        "not_evaluated": [{"rule": each.rule, "lists": list(each.lists)} for each in judgement.report.not_evaluated],
        "unsure": [
            {"rule": each.rule, "subject": _subject(each), "reasons": list(each.reasons)}
            for each in judgement.report.unsure
        ],
        "evaluated": list(judgement.report.rules),
        "unused_waivers": list(map(_waiver_record, judgement.unused)),
        "renamed_waivers": [_waiver_record(waiver) | {"name_now": raw(name)} for waiver, name in judgement.renamed],
    }


def finding_record(finding: Finding, judged: Judged | None = None) -> Record:
    """One finding, and what waivers make of it."""
    about, waiver = finding.subject, judged.waiver if judged else None
    record = _waiver_record(waiver) if waiver else None
    waived = judged is not None and judged.waived
    return {
        "key": raw(finding.key),
        "rule": finding.rule,
        "severity": finding.severity,
        "may_be": finding.may_be,
        "subject": None if about is None else subject_record(about.id, about.name, about.kind, about.state),
        "evidence": evidence_words(finding),
        "fix": fix_words(finding),
        "waiver": record if waived else None,
        "lapsed": record | {"standing": judged.standing} if record and judged and not waived else None,
    }


def findings_diff_record(found: FindingsDiff) -> Record:
    """What is new and what is resolved between two snapshots."""
    return {
        "new": [finding_record(each) for each in found.new],
        "resolved": [finding_record(each) for each in found.resolved],
        "not_compared": list(found.not_compared),
        "unsure": found.unsure,
    }


def _waiver_record(waiver: Waiver) -> Record:
    return {
        "rule": waiver.rule,
        "id": waiver.id,
        "host": waiver.host,
        "name": waiver.name or None,
        "severity": waiver.severity,
        "reason": waiver.reason,
        "by": waiver.by,
        "until": waiver.until.isoformat(),
        "ticket": waiver.ticket or None,
        "place": waiver.place,
    }


def _subject(unsure: Unsure) -> Record:
    about = unsure.subject
    return subject_record(about.id, about.name, about.kind, about.state)


def unknown_records(judgement: Judgement) -> list[Record]:
    """Those of whom some rule is not known, each once, with all reasons."""
    reasons: dict[str, set[str]] = {}
    subjects: dict[str, Record] = {}
    for each in judgement.report.unsure:
        subjects[each.subject.id] = _subject(each)
        reasons.setdefault(each.subject.id, set()).update(each.reasons)
    return [unknown_record(record, reasons[each]) for each, record in subjects.items()]
