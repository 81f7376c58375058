"""Results of `semtui review --check` and `--verify` in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from semtui.audit.reviews.check import DECISIONS
from semtui.audit.reviews.verify import OUTCOMES
from semtui.export.csv_table import Verbatim, escape_formula, table
from semtui.text.clean import clean
from semtui.text.counting import count
from semtui.text.wrapping import wrap
from semtui.wording.answer import WIDTH, moment_words
from semtui.wording.review import DECIDED, difference_words, named, role_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from semtui.audit.reviews.access import Access
    from semtui.audit.reviews.check import Checked, FilledRow, Problem, ProblemKind
    from semtui.audit.reviews.reading import Manifest
    from semtui.audit.reviews.verify import Because, Verified

_PROBLEMS: dict[ProblemKind, str] = {
    "lost": "this row is missing",
    "added": "this row does not belong to the review",
    "twice": "this row appears twice",
    "changed": "this cell was edited; fill in only the columns from reviewer on",
    "beyond": "there is text to the right of the last column",
    "undecided": "no decision yet",
    "no decision": f"a decision is {', '.join(DECISIONS[:-1])} or {DECISIONS[-1]}",
    "missing": "must be filled in",
    "no justification": "keeping privileged access needs a justification",
    "no ticket": "a change or removal needs a ticket",
    "no date": "not a date; write it as 2026-11-27 or 2026-11-27 14:30",
    "two dates": "ambiguous: day and month could be swapped; write it as 2026-11-27",
    "before the review": "earlier than the review",
    "before the decision": "earlier than the decision",
    "in the future": "in the future",
    "own access": "the reviewer decided on their own access",
    "unsure": "unsure, so nothing will be done",
}
_BECAUSE: dict[Because, str] = {
    "gone": "no longer in any list",
    "differs": "",
    "as it was": "nothing has changed",
    "still there": "",
    "still privileged": "",
    "touched": "it has a new token, or was deactivated and reactivated (the API does not show which); same roles",
    "not read": "a list that is needed could not be read",
    "read too early": "the lists were read before this was carried out",
}
_MANY = 12
"""Problems of one kind in one column; more are told in one line."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{1,6}")
"""Times and numbers written by semtui, which need no apostrophe."""


def checked_text(manifest: Manifest, found: Checked) -> str:
    """The result of a check, in lines of at most 80 cells."""
    head = f"Access review {clean(manifest.review_id)} of {manifest.host}, taken {moment_words(manifest.taken_at)}."
    lines = [head, *_sum_lines(found), *_scope_lines(manifest), ""]
    for title, problems in (("open", found.open), ("to note", found.warnings)):
        if problems:
            lines += [f"{len(problems):,} {title}:", *(f"  {each}" for each in problem_lines(problems)), ""]
    if not found.open:
        lines.append("Every row is decided, and no row is missing, added or edited.")
    wrapped = (part for line in lines for part in _wrapped(line))
    return "\n".join(wrapped).rstrip("\n") + "\n"


def _wrapped(line: str) -> list[str]:
    body = line.lstrip(" ")
    indent = len(line) - len(body)
    return [" " * indent + part for part in wrap(body, WIDTH - indent, 2 if indent else 0)] or [""]


def _sum_lines(found: Checked) -> Iterable[str]:
    numbers = found.decisions
    decided = sum(numbers.values())
    parts = " + ".join(f"{each} {numbers[each]:,}" for each in DECISIONS)
    yield f"{parts} = {decided:,} of {count(found.rows, 'row')}."


def _scope_lines(manifest: Manifest) -> Iterable[str]:
    if manifest.left_out:
        yield f"Only privileged access was reviewed; {count(manifest.left_out, 'subject')} had no row."
    if not manifest.complete:
        yield "Something was unknown when the review was written; the manifest has the reasons."


def problem_lines(problems: Sequence[Problem]) -> Iterable[str]:
    """One line for each problem, but one for all of a kind where there are many."""
    alike: dict[tuple[ProblemKind, str | None], list[Problem]] = {}
    for each in problems:
        alike.setdefault((each.kind, each.column), []).append(each)
    for (kind, column), found in alike.items():
        numbers = [each.line for each in found if each.line is not None]
        if len(numbers) > _MANY and column:
            yield f"column {clean(column, limit=60)}: {_PROBLEMS[kind]}. Lines {_ranges(numbers)}"
        else:
            yield from map(problem_words, found)


def _ranges(numbers: Iterable[int]) -> str:
    """`2-17, 19, 30-31`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in found)


def problem_words(problem: Problem) -> str:
    """`line 12, column ticket: a change or removal needs a ticket. Dana [id]`."""
    place = ", ".join(
        filter(
            None,
            (
                f"line {problem.line}" if problem.line is not None else "",
                f"column {clean(problem.column, limit=60)}" if problem.column else "",
            ),
        )
    )
    who = f"{clean(problem.name, limit=200) or '(no name)'} [{clean(problem.subject_id, limit=100)}]"
    return f"{place}: {_PROBLEMS[problem.kind]}. {who}" if place else f"{_PROBLEMS[problem.kind]}: {who}"


# What was done


def verified_words(found: Verified) -> str:
    """`partly: lost Owner (manually); still Admin (manually, through Ops)`: the cell `verified`."""
    words = [] if found.difference is None else difference_words(found.difference)
    if because := _BECAUSE[found.because]:
        words.append(because)
    if found.left is not None and found.outcome in ("partly", "not done"):
        words.append(left_words(found.left))
    return f"{found.outcome}: {'; '.join(words)}"


def left_words(left: Access) -> str:
    """What a subject still holds."""
    held = [f"still {role_words(path)}" for path in left.held]
    in_groups = {path.group_id for path in left.held}
    groups = [f"still in {named(each.id, each.name)}" for each in left.groups if each.id not in in_groups]
    return "; ".join([*held, *groups]) or "still listed, with no role"


def outcome_words(found: Sequence[Verified]) -> str:
    """`Changes and removals: 3; done 2, partly 1, not done 0, unknown 0.`"""
    numbers = (f"{each} {sum(one.outcome == each for one in found):,}" for each in OUTCOMES)
    return f"Changes and removals: {len(found):,}; {', '.join(numbers)}."


def verified_table(columns: Sequence[str], rows: Sequence[FilledRow], verified: Mapping[str, str]) -> str:
    """The filled table with the column `verified`, given by row id; inert in a spreadsheet again."""
    # Reviewers may have added columns, with any name.
    names = {column: escape_formula(clean(column)) for column in (*columns, *DECIDED)}
    cells = (
        {names[column]: _again(cell) for column, cell in row.cells.items()}
        | {"verified": verified.get(row.cell("row_id"), "")}
        for row in rows
    )
    return table(list(names.values()), cells).text


def _again(cell: str) -> str:
    return Verbatim(cell) if _INSTANT.fullmatch(cell) else cell
