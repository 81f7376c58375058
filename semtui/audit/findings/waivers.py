"""Findings that somebody has accepted, for a reason and until a date: `[[waiver]]` tables in TOML.

A waiver removes no finding from the report. A file with anything that is not understood is refused, since it could
waive something by mistake; and a waiver never covers another finding, another organization, a worse severity, or more
than a year.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from semtui.api.hosts import same_host
from semtui.audit.findings.findings import SEVERITIES, Finding, Report, Severity, at_least
from semtui.audit.snapshots.canonical import quoted
from semtui.system.errors import ExpectedError
from semtui.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 366
"""The most days ahead."""
EVERYBODY = "*"
"""The id that stands for all subjects of a rule; allowed for low and info only."""
_TEXTS = ("rule", "id", "host", "severity", "reason", "by")
_OPTIONAL = ("name", "ticket")
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*(?:waiver|\"waiver\"|'waiver')[ \t]*\]\]", re.MULTILINE)


class WaiverError(ExpectedError):
    """A file of waivers is invalid; a sentence for each entry says why, without quoting it."""


@dataclass(frozen=True)
class Waiver:
    """One decision to accept a finding."""

    rule: str
    id: str
    """The subject's id, or `*`; for a finding without a subject, the end of its key."""
    host: str
    severity: Severity
    """The worst severity that is waived."""
    reason: str
    by: str
    until: date
    """The last day on which it applies, UTC."""
    name: str = ""
    """The subject's name, for human readers only."""
    ticket: str = ""
    place: str = ""
    """Where it is in its file, as `line 12`."""


Standing = Literal["open", "waived", "expired", "risen"]
"""`expired`, `risen`: open, although there is a waiver, which has expired or is for a lesser severity."""


@dataclass(frozen=True)
class Judged:
    """A finding, and the waiver that applies to it."""

    finding: Finding
    standing: Standing = "open"
    waiver: Waiver | None = None
    """The waiver that applies, or would if it had not expired or were for a worse severity."""

    @property
    def waived(self) -> bool:
        """True if the finding no longer counts."""
        return self.standing == "waived"


@dataclass(frozen=True)
class Judgement:
    """A report with its waivers applied."""

    report: Report
    judged: tuple[Judged, ...]
    """In the order of the report."""
    unused: tuple[Waiver, ...] = ()
    """Waivers for this host that match no finding, although their rules were evaluated."""
    renamed: tuple[tuple[Waiver, str], ...] = ()
    """Waivers whose name differs from the subject's, with the subject's name."""

    @property
    def open(self) -> tuple[Judged, ...]:
        """The findings that are not waived."""
        return tuple(each for each in self.judged if not each.waived)

    @property
    def waived(self) -> tuple[Judged, ...]:
        """The findings that are waived."""
        return tuple(each for each in self.judged if each.waived)

    @property
    def complete(self) -> bool:
        """True if the report is complete, not counting findings that are waived even at their worst severity."""
        report = self.report
        return not (report.not_evaluated or report.unsure or any(each.finding.may_be for each in self.open))


def judge(report: Report, waivers: Sequence[Waiver], host: str, now: float) -> Judgement:
    """Apply waivers to a report about a host, read at `now` (epoch seconds)."""
    day = date.fromisoformat(time.strftime("%Y-%m-%d", time.gmtime(now)))
    here = [each for each in waivers if same_host(each.host, host)]
    by_key: dict[tuple[str, str], list[Waiver]] = {}
    for waiver in here:
        by_key.setdefault((waiver.rule, waiver.id), []).append(waiver)
    judged: list[Judged] = []
    matched: set[int] = set()
    renamed: list[tuple[Waiver, str]] = []
    for finding in report.findings:
        own = by_key.get((finding.rule, finding.id), [])
        general = [each for each in by_key.get((finding.rule, EVERYBODY), []) if at_least(each.severity, finding.worst)]
        matched.update(id(each) for each in (*own, *general))
        judged.append(_judged(finding, [*own, *general], day))
        name = finding.subject.name if finding.subject else ""
        # An entry is read without spaces around it.
        renamed += [(each, name) for each in own if each.name and finding.subject and each.name != name.strip()]
    told = set(report.rules)
    maybe = {each.key for each in report.unsure}
    unused = tuple(
        each for each in here if id(each) not in matched and each.rule in told and f"{each.rule}:{each.id}" not in maybe
    )
    return Judgement(report, tuple(judged), unused, tuple(renamed))


def _judged(finding: Finding, waivers: Iterable[Waiver], day: date) -> Judged:
    """The finding with the waiver that applies, or else with the one that best explains why none does."""
    standing: list[tuple[Standing, Waiver]] = []
    for each in waivers:
        if not at_least(each.severity, finding.worst):
            standing.append(("risen", each))
        else:
            standing.append(("expired" if each.until < day else "waived", each))
    order: tuple[Standing, ...] = ("waived", "risen", "expired")
    for wanted in order:
        found = [each for what, each in standing if what == wanted]
        if found:
            return Judged(finding, wanted, max(found, key=lambda each: each.until))
    return Judged(finding)


# Reading


def read_waivers(text: str, rules: Collection[str], today: date) -> tuple[Waiver, ...]:
    """The waivers in a file. Raises WaiverError, which names every invalid entry."""
    import tomllib

    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r"\(at (line \d+, column \d+|end of document)\)$", str(error))
        raise WaiverError(f"This is not TOML{f', {at[1]}' if at else ''}.") from None
    entries = content.get("waiver", [])
    if not content.keys() <= {"waiver"} or not isinstance(entries, list):
        raise WaiverError("There should be nothing in it but tables that begin with [[waiver]].")
    places = _places(text, len(entries))
    wrong: list[str] = []
    found: list[Waiver] = []
    for place, entry in zip(places, entries, strict=True):
        if problem := _problem(entry, rules, today):
            wrong.append(f"{place[:1].upper()}{place[1:]}: {problem}.")
        else:
            texts = {key: clean(entry[key].strip()) for key in (*_TEXTS, *_OPTIONAL) if key in entry}
            found.append(Waiver(**texts, until=entry["until"], place=place))  # type: ignore[arg-type]
    if wrong:
        raise WaiverError(" ".join(wrong))
    return tuple(found)


def _places(text: str, number: int) -> list[str]:
    """Where each entry begins, or its number if that is not certain."""
    lines = [text.count("\n", 0, found.start()) + 1 for found in _HEADING.finditer(text)]
    if len(lines) != number:
        return [f"waiver {each}" for each in range(1, number + 1)]
    return [f"line {each}" for each in lines]


def _problem(entry: Any, rules: Collection[str], today: date) -> str:
    """What is wrong with an entry, worded to fit inside a sentence; "" if nothing is."""
    if not isinstance(entry, dict):
        return "this is no table"
    if entry.keys() - {*_TEXTS, *_OPTIONAL, "until"}:
        return f"it takes {', '.join((*_TEXTS, 'until', *_OPTIONAL))}, and nothing else"
    for key in (*_TEXTS, *_OPTIONAL):
        if key not in entry and key in _OPTIONAL:
            continue
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            return f"{key} is missing" if key not in entry else f"{key} should be a text"
    return _wrong_value(entry, rules, today)


def _wrong_value(entry: Mapping[str, Any], rules: Collection[str], today: date) -> str:
    if entry["rule"] not in rules:
        return "there is no such rule"
    if entry["severity"] not in SEVERITIES:
        return f"severity takes {', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}"
    if entry["id"].strip() == EVERYBODY and not at_least("low", entry["severity"]):
        return "the id * is for severity low and info only"
    if "until" not in entry:
        return "until is missing"
    until = entry["until"]
    if not isinstance(until, date) or isinstance(until, datetime):
        return "until should be a date without quotes, as 2027-05-01"
    return f"until is more than {LONGEST} days ahead" if (until - today).days > LONGEST else ""


# Writing


def suggested(judged: Judged, host: str, by: str, until: date) -> Waiver:
    """A waiver of a finding as it is; reason and ticket are those of the waiver it has, and empty if it has none."""
    finding, before = judged.finding, judged.waiver
    name = finding.subject.name.strip() if finding.subject else ""
    reason, ticket = (before.reason, before.ticket) if before else ("", "")
    return Waiver(finding.rule, finding.id, host, finding.worst, reason, by, until, name, ticket)


def problem_of(waiver: Waiver, rules: Collection[str], today: date) -> str:
    """Why a waiver would not be understood or would not apply, as `reason is missing`; empty if it would."""
    import tomllib

    (entry,) = tomllib.loads(waiver_text(waiver))["waiver"]
    return _problem(entry, rules, today) or ("until is in the past" if waiver.until < today else "")


def with_waiver(text: str, waiver: Waiver, rules: Collection[str], today: date) -> str:
    """The text of a file with one more waiver at its end. Raises WaiverError if the file is invalid before or after."""
    read_waivers(text, rules, today)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    added = f"{gap}{waiver_text(waiver)}"
    whole = text + (added.replace("\n", "\r\n") if "\r\n" in text else added)
    try:
        read_waivers(whole, rules, today)
    except WaiverError:
        raise WaiverError("Nothing can be added at its end: write its waivers as [[waiver]] tables.") from None
    return whole


def waiver_text(waiver: Waiver) -> str:
    """A waiver as TOML, with a final line feed."""
    texts = {key: getattr(waiver, key) for key in ("rule", "id", "host", "name", "severity", "reason", "by", "ticket")}
    lines = [f"{key} = {quoted(value)}" for key, value in texts.items() if value]
    return "\n".join(["[[waiver]]", *lines, f"until = {waiver.until.isoformat()}"]) + "\n"
