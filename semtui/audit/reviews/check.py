"""Checks a review that reviewers have filled in: all rows there, unchanged, and decided."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from semtui.audit.reviews.reading import Expected, Manifest

Decision = Literal["keep", "change", "remove", "unsure"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)

ProblemKind = Literal[
    # Of the table
    "lost",
    "added",
    "twice",
    "changed",
    "beyond",
    # Of a row
    "undecided",
    "no decision",
    "missing",
    "no justification",
    "no ticket",
    "no date",
    "two dates",
    "before the review",
    "before the decision",
    "in the future",
    # Warnings
    "own access",
    "unsure",
]
WARNINGS: tuple[ProblemKind, ...] = ("own access", "unsure")
"""Problems that do not leave the review open."""
OF_TABLE: tuple[ProblemKind, ...] = ("lost", "added", "twice", "changed", "beyond")
"""Problems that mean the table is not the one that was written."""

_HOUR = 3600
_DAY = 24 * _HOUR
_AHEAD, _BEHIND = 14 * _HOUR, 12 * _HOUR
"""The farthest offsets of local time from UTC: a date without a time may be a local date."""
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?")
_UTC = re.compile(r"\s*(?:Z|UTC|GMT|\+00:?00)$", re.IGNORECASE)


@dataclass(frozen=True)
class FilledRow:
    """A row of a filled review."""

    line: int
    """The number of the row in a spreadsheet."""
    cells: Mapping[str, str]
    """The cells by column, unmodified."""
    too_many: bool = False
    """True if there is text to the right of the last column."""

    def cell(self, column: str) -> str:
        """A cell without white space around it and without the apostrophe that marks text."""
        return self.cells.get(column, "").strip().removeprefix("'").strip()

    @property
    def decision(self) -> Decision | None:
        """The decision; None if the cell is empty or invalid."""
        word = self.cell("decision").casefold()
        return next((each for each in DECISIONS if each == word), None)


@dataclass(frozen=True)
class Problem:
    """Something wrong with a filled review, or a warning."""

    kind: ProblemKind
    subject_id: str
    name: str
    line: int | None = None
    """None for a missing row."""
    column: str | None = None


@dataclass(frozen=True)
class Checked:
    """The result of a check."""

    problems: tuple[Problem, ...]
    """In the order of the rows; missing rows come last."""
    decisions: Mapping[Decision, int]
    """The number of rows with each decision."""
    rows: int
    """The number of rows that the review has."""
    matched: Mapping[str, FilledRow]
    """The rows that belong to the review, by row id."""

    @property
    def open(self) -> tuple[Problem, ...]:
        """Problems that must be corrected."""
        return tuple(each for each in self.problems if each.kind not in WARNINGS)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems that are only reported."""
        return tuple(each for each in self.problems if each.kind in WARNINGS)

    @property
    def altered(self) -> tuple[Problem, ...]:
        """Problems that mean the table is not the one that was written."""
        return tuple(each for each in self.problems if each.kind in OF_TABLE)


def check(
    manifest: Manifest,
    rows: Sequence[FilledRow],
    now: float,
    changed: Callable[[Mapping[str, str], str], Sequence[str]],
) -> Checked:
    """Check the rows of a filled review at `now` (epoch seconds). `changed` takes a row and its checksums, and returns
    the columns that were edited."""
    problems: list[Problem] = []
    matched: dict[str, FilledRow] = {}
    for row in rows:
        expected = manifest.rows.get(row.cell("row_id"))
        name = expected.access.name if expected else row.cell("subject_name")
        its_id = expected.subject_id if expected else row.cell("subject_id")
        if row.too_many:
            problems.append(Problem("beyond", its_id, name, row.line))
        if expected is None or expected.row_id in matched:
            problems.append(Problem("twice" if expected else "added", its_id, name, row.line, "row_id"))
            continue
        matched[expected.row_id] = row
        columns = changed(row.cells, expected.checksums)
        problems += [Problem("changed", its_id, name, row.line, column) for column in columns]
        problems += _of_row(row, expected, manifest.taken_at, now)
    lost = [each for row_id, each in manifest.rows.items() if row_id not in matched]
    problems += [Problem("lost", each.subject_id, each.access.name) for each in lost]
    decided = [row.decision for row in matched.values()]
    decisions = {each: decided.count(each) for each in DECISIONS}
    return Checked(tuple(problems), decisions, len(manifest.rows), matched)


def _of_row(row: FilledRow, expected: Expected, taken_at: int, now: float) -> Iterator[Problem]:
    def problem(kind: ProblemKind, column: str) -> Problem:
        return Problem(kind, expected.subject_id, expected.access.name, row.line, column)

    decision = row.decision
    if decision is None:
        yield problem("no decision" if row.cell("decision") else "undecided", "decision")
        return
    for column in ("reviewer", "decided_at_utc"):
        if not row.cell(column):
            yield problem("missing", column)
    if decision == "keep" and expected.privileged != "no" and not row.cell("justification"):
        yield problem("no justification", "justification")
    if decision in ("change", "remove") and not row.cell("ticket"):
        yield problem("no ticket", "ticket")
    yield from _dates(row, problem, taken_at, now)
    if decision == "unsure":
        yield problem("unsure", "decision")
    if _is_own(row, expected):
        yield problem("own access", "reviewer")


def _dates(
    row: FilledRow, problem: Callable[[ProblemKind, str], Problem], taken_at: int, now: float
) -> Iterator[Problem]:
    decided: tuple[int, int] | None = None
    for column in ("decided_at_utc", "carried_out_at_utc"):
        written = row.cell(column)
        if not written:
            continue
        found = moment(written)
        if found is None or found == "either":
            yield problem("no date" if found is None else "two dates", column)
            continue
        if found[1] < taken_at:
            yield problem("before the review", column)
        elif decided is not None and found[1] < decided[0]:
            yield problem("before the decision", column)
        if found[0] > now:
            yield problem("in the future", column)
        decided = found if column == "decided_at_utc" else decided


def _is_own(row: FilledRow, expected: Expected) -> bool:
    if expected.access.kind != "person":
        return False
    reviewer = {row.cell("reviewer").casefold(), row.cell("reviewer_email").casefold()}
    subject = {expected.access.name.casefold(), expected.subject_id.casefold(), row.cell("subject_email").casefold()}
    return bool((reviewer & subject) - {""})


# Dates


def moment(written: str) -> tuple[int, int] | Literal["either"] | None:
    """The first and last epoch second that a date or time can mean; `either` if day and month may be swapped, None if
    it is no date."""
    bare = _UTC.sub("", written.strip())
    if found := _YEAR_FIRST.fullmatch(bare):
        year, month, day, *clock = found.groups()
    elif found := _YEAR_LAST.fullmatch(bare):
        day, mark, month, year, *clock = found.groups()
        if mark == "/" and int(day) <= 12 and int(month) <= 12 and int(day) != int(month):
            return "either"
        if int(month) > 12:
            day, month = month, day
    else:
        return None
    return _seconds(int(year), int(month), int(day), [None if each is None else int(each) for each in clock])


def _seconds(year: int, month: int, day: int, clock: Sequence[int | None]) -> tuple[int, int] | None:
    hour, minute, second = (each or 0 for each in clock)
    try:
        start = calendar.timegm(time.strptime(f"{year:04} {month} {day} {hour} {minute} {second}", "%Y %m %d %H %M %S"))
    except ValueError:
        return None
    if clock[0] is None:
        return start - _AHEAD, start + _DAY + _BEHIND - 1
    return start, start + (59 if clock[2] is None else 0)
