"""Findings as rows and as a page for each: what each cell says, and the lines above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.audit.findings.findings import NotEvaluated, Unsure
from semtui.audit.findings.waivers import Judged
from semtui.wording.access_answer import short_call_words
from semtui.wording.coverage import list_words
from semtui.wording.findings import (
    about_words,
    evidence_words,
    fix_words,
    not_evaluated_words,
    renamed_words,
    unsure_words,
    unused_words,
    waiver_words,
    who_words,
)
from semtui.wording.findings_answer import severity_words
from semtui.wording.rules import RULE_WORDS
from semtui.wording.styled_text import Line, fact, listed

if TYPE_CHECKING:
    from semtui.audit.findings.findings import Finding, Severity
    from semtui.audit.findings.waivers import Judgement
    from semtui.wording.styled_text import Piece, Tone

_TONES: Mapping[Severity, Tone] = {"high": "bad", "medium": "warn", "low": "plain", "info": "muted"}


@dataclass(frozen=True, slots=True)
class UnsureRow:
    """All of whom a rule is not known for the same reasons."""

    unsure: tuple[Unsure, ...]

    @property
    def id(self) -> str:
        """The same as long as it is the same rule, for the same reasons."""
        first = self.unsure[0]
        return f"unknown {first.rule} {' '.join(first.reasons)}"


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding, or a rule that was not evaluated, or is not known of some."""

    id: str
    what: Judged | UnsureRow | NotEvaluated


def finding_rows(judgement: Judgement) -> list[FindingRow]:
    """What is open, then what is waived; rules that are not known of everybody, and not evaluated, at the end."""
    rows = [FindingRow(each.finding.key, each) for each in (*judgement.open, *judgement.waived)]
    unsure: dict[tuple[str, tuple[str, ...]], list[Unsure]] = {}
    for each in judgement.report.unsure:
        unsure.setdefault((each.rule, each.reasons), []).append(each)
    groups = [UnsureRow(tuple(each)) for each in unsure.values()]
    rows += [FindingRow(each.id, each) for each in groups]
    return rows + [FindingRow(f"not evaluated {each.rule}", each) for each in judgement.report.not_evaluated]


def findings_head(judgement: Judgement, problem: str = "") -> list[Line]:
    """How many there are of what; `problem` says why no waivers are known."""
    report = judgement.report
    missing, rules = len(report.not_evaluated), len(report.rules)
    pieces: list[Piece] = [(f"open {len(judgement.open):,}", "strong")]
    if judgement.open:
        pieces.append((f" ({severity_words(each.finding for each in judgement.open)})", "plain"))
    pieces.append((f" · waived {len(judgement.waived):,}", "plain"))
    if report.unsure:
        pieces.append((f" · unknown {len(report.unsure):,}", "warn"))
    every: Piece = (f" · all {rules:,} rules evaluated", "muted")
    pieces.append((f" · not evaluated {missing:,} of {missing + rules:,} rules", "warn") if missing else every)
    notes = [f"{problem} No finding is waived."] if problem else []
    notes += [renamed_words(waiver, name) for waiver, name in judgement.renamed]
    notes += [f"Unused waiver, {unused_words(each)}." for each in judgement.unused]
    if lists := dict.fromkeys(list_words(name) for each in report.not_evaluated for name in each.lists):
        notes.append(f"Incomplete or out of date, so not evaluated: {listed(list(lists))}.")
    return [Line(pieces), *(Line([(each, "warn")]) for each in notes)]


def finding_cells(row: FindingRow) -> dict[str, list[Piece]]:
    """The cells of a row: `severity`, `rule`, `who`, `evidence`."""
    what = row.what
    if isinstance(what, NotEvaluated):
        why = not_evaluated_words(what).partition(", because ")[2]
        return _cells(("not eval.", "warn"), what.rule, "–", f"{why[:1].upper()}{why[1:]}.")
    if isinstance(what, UnsureRow):
        first, number = what.unsure[0], len(what.unsure)
        who = about_words(first.subject) if number == 1 else f"{number:,} of them"
        return _cells(("unknown", "warn"), first.rule, who, f"Unknown: {_because(first)}.")
    finding = what.finding
    evidence = evidence_words(finding)
    if what.waived:
        return _cells(("waived", "muted"), finding.rule, _who(what), f"{waiver_words(what)} {evidence}", "muted")
    severity: Piece = (f"{'≥ ' if finding.may_be else ''}{finding.severity}", _TONES[finding.worst])
    return _cells(severity, finding.rule, _who(what), _in_a_column(finding))


def _cells(severity: Piece, rule: str, who: str, evidence: str, tone: Tone = "plain") -> dict[str, list[Piece]]:
    return {"severity": [severity], "rule": [(rule, tone)], "who": [(who, tone)], "evidence": [(evidence, tone)]}


def _in_a_column(finding: Finding) -> str:
    """What speaks for it; the sentence about a step begins with what is the same in all of them."""
    if finding.rule == "one-step":
        return f"{finding.facts.target}: {', '.join(map(short_call_words, finding.facts.steps))}"
    return evidence_words(finding)


def _who(judged: Judged) -> str:
    finding = judged.finding
    return finding.place if finding.rule == "coverage" else about_words(finding.subject)


def _because(unsure: Unsure) -> str:
    return unsure_words(unsure).partition(", because ")[2]


# One of them


def finding_title(row: FindingRow) -> str:
    """The heading of the page for one."""
    what = row.what
    if isinstance(what, Judged):
        return f"{what.finding.rule}: {_who(what)}"
    return what.rule if isinstance(what, NotEvaluated) else what.unsure[0].rule


def finding_lines(row: FindingRow) -> list[Line]:
    """Everything about one: whom, what speaks for it, and what its rule says."""
    what = row.what
    if isinstance(what, NotEvaluated):
        why = not_evaluated_words(what).partition(": ")[2]
        return [*_rule(what.rule), _fact("Status", f"{why[:1].upper()}{why[1:]}. It does not count as passed.", "warn")]
    if isinstance(what, UnsureRow):
        first = what.unsure[0]
        said = [_fact("Status", f"Unknown for {len(what.unsure):,}, because {_because(first)}.", "warn")]
        names = [f"{about_words(each.subject)} [{each.subject.id}]" for each in what.unsure]
        return [*_rule(first.rule), *said, Line(), *(Line([(f"  {each}", "plain")], 4) for each in names)]
    return [*finding_facts(what.finding), _fact("Waiver", waiver_words(what) or "None.")]


def finding_facts(finding: Finding) -> list[Line]:
    """Everything about a finding but its waiver."""
    perhaps = f", and may be {finding.may_be}" if finding.may_be else ""
    return [
        _fact("Severity", f"{finding.severity}{perhaps}", _TONES[finding.worst]),
        _fact("Who", who_words(finding)),
        _fact("Evidence", evidence_words(finding)),
        *_rule(finding.rule, fix_words(finding)),
    ]


def _rule(rule: str, fix: str = "") -> Sequence[Line]:
    words = RULE_WORDS[rule]
    told = (
        ("Rule", f"{words.title}."),
        ("Condition", words.condition),
        ("Fix", fix or words.fix),
        ("May mislead", words.misleads),
        ("Not known", words.not_told),
    )
    return [_fact(label, text) for label, text in told if text]


def _fact(label: str, text: str, tone: Tone = "plain") -> Line:
    return fact(label, (text, tone))
