"""Findings that somebody has decided to live with, for a reason and until a day: `[[waiver]]` tables of TOML.

A waiver takes no finding out of the report. It is refused if anything of it is not understood, for what it hides
would be hidden by mistake; and what it says cannot hold another finding, another organization, a worse severity, or
longer than a year.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from semtui.api.hosts import same_host
from semtui.audit.canonical import quoted
from semtui.audit.findings import SEVERITIES, Finding, Report, Severity, at_least
from semtui.system.errors import ExpectedError
from semtui.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 366
"""Days ahead at most."""
EVERYBODY = "*"
"""The id that stands for all subjects of a rule; for what is low or info only."""
_TEXTS = ("rule", "id", "host", "severity", "reason", "by")
_OPTIONAL = ("name", "ticket")
_HEADING = re.compile(r"^[ \t]*\[\[[ \t]*(?:waiver|\"waiver\"|'waiver')[ \t]*\]\]", re.MULTILINE)


class WaiverError(ExpectedError):
    """A file of waivers that is not understood; a sentence for each entry says why, without repeating it."""


@dataclass(frozen=True)
class Waiver:
    """What somebody decided."""

    rule: str
    id: str
    """Of the subject, or `*`; of a finding about no subject what its key ends with."""
    host: str
    severity: Severity
    """The highest that is waived."""
    reason: str
    by: str
    until: date
    """The last day on which it holds, UTC."""
    name: str = ""
    """For the reader."""
    ticket: str = ""
    place: str = ""
    """Where it stands in its file, as `line 12`."""


Standing = Literal["open", "waived", "expired", "risen"]
"""`expired`, `risen`: open, and a waiver there is has run out, or is for less."""


@dataclass(frozen=True)
class Judged:
    """A finding, and what the waivers make of it."""

    finding: Finding
    standing: Standing = "open"
    waiver: Waiver | None = None
    """The one that holds, or would."""

    @property
    def waived(self) -> bool:
        """True if it counts no more."""
        return self.standing == "waived"


@dataclass(frozen=True)
class Judgement:
    """A report after the waivers."""

    report: Report
    judged: tuple[Judged, ...]
    """In the order of the report."""
    unused: tuple[Waiver, ...] = ()
    """Waivers for this host that match no finding, of rules that were evaluated."""
    renamed: tuple[tuple[Waiver, str], ...] = ()
    """Waivers that give another name than the subject has, and that name."""

    @property
    def open(self) -> tuple[Judged, ...]:
        """What is not waived."""
        return tuple(each for each in self.judged if not each.waived)

    @property
    def waived(self) -> tuple[Judged, ...]:
        """What is."""
        return tuple(each for each in self.judged if each.waived)

    @property
    def complete(self) -> bool:
        """True if the report is, but for severities that are waived as far as they may go."""
        report = self.report
        return not (report.not_evaluated or report.unsure or any(each.finding.may_be for each in self.open))


def judge(report: Report, waivers: Sequence[Waiver], host: str, now: float) -> Judgement:
    """What waivers make of a report about a host, read at `now` (epoch seconds)."""
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
        renamed += [(each, name) for each in own if each.name and finding.subject and each.name != name]
    told = set(report.rules)
    maybe = {each.key for each in report.unsure}
    unused = tuple(
        each for each in here if id(each) not in matched and each.rule in told and f"{each.rule}:{each.id}" not in maybe
    )
    return Judgement(report, tuple(judged), unused, tuple(renamed))


def _judged(finding: Finding, waivers: Iterable[Waiver], day: date) -> Judged:
    """The waiver that holds, or else the one that says most about why none does."""
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
    """The waivers a file holds. Raises WaiverError, which names every entry that is wrong."""
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
    """Where each entry begins; its number alone where that is not certain."""
    lines = [text.count("\n", 0, found.start()) + 1 for found in _HEADING.finditer(text)]
    if len(lines) != number:
        return [f"waiver {each}" for each in range(1, number + 1)]
    return [f"line {each}" for each in lines]


def _problem(entry: Any, rules: Collection[str], today: date) -> str:
    """What is wrong with an entry, within a sentence; empty for nothing."""
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


def waiver_text(waiver: Waiver) -> str:
    """A waiver as it stands in a file, with a line end after it."""
    texts = {key: getattr(waiver, key) for key in ("rule", "id", "host", "name", "severity", "reason", "by", "ticket")}
    lines = [f"{key} = {quoted(value)}" for key, value in texts.items() if value]
    return "\n".join(["[[waiver]]", *lines, f"until = {waiver.until.isoformat()}"]) + "\n"
