"""The text of a bulk change: its plan, progress and result."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.rotation import NO_PROJECTS
from semtui.wording.styled_text import Piece, Tone
from semtui.wording.subjects import KIND_WORDS, name_of

if TYPE_CHECKING:
    from semtui.changes.bulk import BulkAction, Plan, PlannedRow, RowOutcome

_BAR = 24
CAUTION_MARK = "!"
"""Marks a row whose name should be double-checked."""
_LOOKS: dict[RowOutcome, Piece] = {
    "planned": ("·", "plain"),
    "impossible": ("–", "muted"),
    "under way": ("…", "strong"),
    "done": ("✓", "good"),
    "partly": ("!", "bad"),
    "refused": ("✗", "bad"),
    "unknown": ("?", "warn"),
    "not done": ("○", "warn"),
}
_OUTCOMES: tuple[tuple[RowOutcome, str], ...] = (
    ("done", "done"),
    ("partly", "done in part"),
    ("refused", "refused"),
    ("unknown", "unknown"),
    ("not done", "not done"),
    ("planned", "not begun"),
)
_DOING: dict[BulkAction, str] = {
    "deactivate": "Deactivating",
    "reactivate": "Reactivating",
    "role": "Giving a role to",
    "delete": "Removing",
    "regenerate": "Regenerating the token of",
    "twin": "Creating the twin of",
    "complete": "Giving what it lacks to",
    "rename": "Renaming",
    "undo": "Undoing the change of",
}
_HEADINGS: dict[BulkAction, str] = {
    "regenerate": "Regenerate the tokens of {}",
    "twin": "Create twins of {}",
    "complete": "Give {} what they lack",
    "rename": "Give {} the names of the accounts they have replaced",
}
_WARNINGS: dict[BulkAction, str] = {
    "delete": "Whatever uses these accounts, and whoever is removed, loses access. A deleted account cannot come back.",
    "deactivate": "Their tokens stop working within 5 minutes. Reactivating brings the same tokens back.",
    "reactivate": "Their tokens work again, with the roles the accounts have.",
    "role": "The directly assigned role is replaced; roles from elsewhere stay.",
    "regenerate": "Whatever uses a replaced token is locked out within 5 minutes, and no old token comes back. "
    "It stops at the first token that is not delivered.",
    "twin": "Each twin has a token of its own; the old ones go on working. "
    "It stops at the first token that is not delivered.",
    "complete": NO_PROJECTS,
    "rename": "Their tokens stay, and their descriptions no longer say whom they replace.",
    "undo": "What somebody else has changed since is left alone.",
}
"""What a plan will break, or leave."""


def cells(step: PlannedRow) -> dict[str, list[Piece]]:
    """What each column of the plan shows for one row."""
    tone: Tone = "muted" if step.outcome in ("impossible", "planned") else _LOOKS[step.outcome][1]
    mark, words = _LOOKS[step.outcome], step.words
    if step.caution:
        # Said first, where no column cuts it; in full below the rows.
        mark, words, tone = (CAUTION_MARK, "warn"), f"look twice; {words}", "warn"
    return {
        "outcome": [mark],
        "name": [(name_of(step.subject), "muted" if step.outcome == "impossible" else "plain")],
        "kind": [(KIND_WORDS[step.subject.kind], "muted")],
        "words": [(words, tone)],
    }


def in_full(step: PlannedRow) -> str:
    """A row in sentences: what happens to it, and what to look at twice."""
    return f"{name_of(step.subject)}: {step.words}{'. ' if step.caution else ''}{step.caution}"


def heading(plan: Plan) -> str:
    """The plan's title."""
    if plan.verb == "role" and plan.role:
        return f"Give {plan.role.name} to {count(len(plan.open), 'row')}"
    if plan.verb == "delete":
        return f"{_removal(plan)} {count(len(plan.open), 'row')}"
    if plan.verb == "undo":
        return f"Undo {count(len(plan.open), 'change')} that {'was' if len(plan.open) == 1 else 'were'} made as one"
    accounts = count(len(plan.open), "service account")
    return _HEADINGS.get(plan.verb, f"{plan.verb.capitalize()} {{}}").format(accounts)


def _removal(plan: Plan) -> str:
    kinds = {step.subject.kind for step in plan.open}
    return "Delete" if kinds == {"account"} else "Remove" if kinds == {"person"} else "Delete or remove"


def warning(plan: Plan) -> str:
    """What the plan will break, as a warning."""
    return _WARNINGS[plan.verb]


def question(plan: Plan) -> str:
    """What to type to go ahead."""
    impossible = sum(step.outcome == "impossible" for step in plan.steps)
    left_out = f"; {count(impossible, 'row')} cannot be changed, for the reason shown" if impossible else ""
    doubtful = sum(bool(step.caution) for step in plan.open)
    twice = f"Look twice at {count(doubtful, 'name')} (marked {CAUTION_MARK}). " if doubtful else ""
    return f"{twice}Type {len(plan.open)} to go ahead with {count(len(plan.open), 'row')}{left_out}."


def progress(plan: Plan, step: PlannedRow | None, *, stopping: bool) -> str:
    """`████░░░░ 3 of 12 · Deactivating ci-bot…`"""
    outcomes = Counter(each.outcome for each in plan.steps)
    total = len(plan.steps) - outcomes["impossible"]
    ended = outcomes["done"] + outcomes["partly"] + outcomes["refused"] + outcomes["unknown"]
    full = _BAR * ended // total if total else _BAR
    doing = f" · {_DOING[plan.verb]} {name_of(step.subject)}…" if step else ""
    stop = " Stops after this one." if stopping else ""
    return f"{'█' * full}{'░' * (_BAR - full)} {ended} of {total}{doing}{stop}"


def unread(plan: Plan, error: Exception) -> str:
    """That the rows could not be looked at before the first request, or before going on."""
    more = "more " if any(step.outcome not in ("planned", "impossible") for step in plan.steps) else ""
    return f"Nothing {more}was sent, because the current state of the rows could not be read: {error}"


def stopped(step: PlannedRow, error: Exception) -> str:
    """Which row met the error that every remaining one would meet too: what it says is about that row."""
    return f"Stopped at {name_of(step.subject)}: {error}"


def summary(plan: Plan) -> tuple[str, Tone]:
    """`9 done, 1 refused, 2 not begun.`"""
    outcomes = Counter(step.outcome for step in plan.steps)
    parts = [f"{outcomes[outcome]} {words}" for outcome, words in _OUTCOMES if outcomes[outcome]]
    clean = set(outcomes) <= {"done", "impossible"}
    return f"{', '.join(parts) or 'Nothing to do'}.", "good" if clean else "warn"
