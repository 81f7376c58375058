"""Who is a step away, and how roles differ, as rows: what each cell says, and the lines above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.access import kind_words, subject_name
from semtui.wording.access_answer import short_call_words, step_words
from semtui.wording.styled_text import Line, fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.audit.access.answers import Comparison, Steps, StepsOf, Truth
    from semtui.wording.styled_text import Piece, Tone

_TRUTHS: dict[str, tuple[str, Tone]] = {"yes": ("yes", "good"), "no": ("–", "muted"), "unknown": ("unknown", "warn")}


@dataclass(frozen=True, slots=True)
class StepsRow:
    """Somebody who can come to act as the target."""

    of: StepsOf

    @property
    def id(self) -> str:
        """The subject's id."""
        return self.of.subject.id


def steps_head(answer: Steps, notes: Sequence[str]) -> list[Line]:
    """How many of which kind; `notes` are the sentences of the file."""
    kinds = [each.subject.kind for each in answer.found]
    accounts = kinds.count("account")
    told = f"{count(len(kinds) - accounts, 'person').replace('persons', 'people')}, {count(accounts, 'account')}"
    unsure = sum(not each.certain for each in answer.found)
    pieces: list[Piece] = [(f"{told}.", "strong")] if kinds else []
    if unsure:
        pieces.append((f" Of {unsure:,} it is not certain.", "warn"))
    return [*([Line(pieces)] if pieces else []), *(Line([(each, "muted")]) for each in notes)]


def steps_cells(row: StepsRow) -> dict[str, list[Piece]]:
    """The cells of a row: `name`, `kind`, `how`."""
    unsure: list[Piece] = [] if row.of.certain else [("perhaps: ", "warn")]
    how = ", then ".join(map(short_call_words, row.of.steps))
    return {
        "name": [(subject_name(row.of.subject), "plain")],
        "kind": [(kind_words(row.of.subject), "muted")],
        "how": [*unsure, (how, "plain")],
    }


def steps_lines(row: StepsRow) -> list[Line]:
    """Each step, and what removes it."""
    subject = row.of.subject
    lines = [fact("Who", (f"{subject_name(subject)}, {kind_words(subject)} [{subject.id}]", "plain"))]
    for number, step in enumerate(row.of.steps, start=1):
        unsure: list[Piece] = [] if step.certain else [("Not certain: ", "warn")]
        lines.append(fact(f"Step {number}", *unsure, (f"{step_words(step)}.", "plain")))
    return lines


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A permission, and whether each role gives it."""

    permission: str
    truths: tuple[Truth, ...]

    @property
    def id(self) -> str:
        """The permission."""
        return self.permission


def compared_rows(answer: Comparison) -> list[ComparedRow]:
    """Every permission that one of the roles gives or may give; what all give comes last."""
    return [ComparedRow(each, pattern) for pattern, names in answer.differences.items() for each in names]


def compared_head(answer: Comparison, notes: Sequence[str]) -> list[Line]:
    """How many permissions differ; `notes` are the sentences of the file."""
    rows = compared_rows(answer)
    same = sum(set(each.truths) == {"yes"} for each in rows)
    told = f"{len(rows) - same:,} differ, {same:,} in all of them."
    return [Line([(told, "strong")]), *(Line([(each, "warn")]) for each in notes)]


def compared_cells(row: ComparedRow) -> dict[str, list[Piece]]:
    """The cells of a row: `permission`, and `role 0` and so on."""
    cells: dict[str, list[Piece]] = {"permission": [(row.permission, "plain")]}
    for number, truth in enumerate(row.truths):
        cells[f"role {number}"] = [_TRUTHS[truth]]
    return cells
