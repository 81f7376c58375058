"""Shows what has changed since a snapshot, who gained or lost access by it, and which findings are new or resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.changes.snapshot_files import in_order
from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.worked_out import WorkedOutQuestions, WorkedOutScreen
from semtui.tui.widgets.columns import Column
from semtui.wording import diff_rows as words
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.comparison.diff import Diff
    from semtui.audit.contract import Source
    from semtui.organization.store import OrganizationStore

_COLUMNS = (
    Column("what", "WHAT", 11),
    Column("name", "WHO", 18, share=1),
    Column("words", "CHANGE", 30, share=4, rank=1),
)
_WITH_ACCESS = ("person", "account", "group")


@dataclass(frozen=True)
class _Compared:
    """The lists as they were, compared with the snapshot, or why they could not be."""

    source: Source
    found: Diff | None
    rows: list[words.DiffRow]
    problem: str = ""


class ComparisonQuestions(WorkedOutQuestions):
    """What differs between a snapshot and the lists as they are, or between two snapshots, the older one first."""

    def __init__(self, store: OrganizationStore, snapshot: Source) -> None:
        super().__init__(store)
        self._snapshot = snapshot
        self._access = AccessQuestions(store)
        self._compared: _Compared | None = None

    @property
    def worked_out_from(self) -> Source | None:
        """The lists that were compared."""
        return self._compared.source if self._compared else None

    @property
    def problem(self) -> str:
        """Why the two cannot be compared; empty if they can."""
        return self._latest.problem

    @property
    def _latest(self) -> _Compared:
        if self._compared is None:
            self.work_out()
        assert self._compared is not None
        return self._compared

    def work_out(self) -> None:
        """Compare."""
        from semtui.audit.comparison.diff import IncomparableError, diff

        source = self.source
        try:
            found = diff(*in_order(source, self._snapshot))
        except IncomparableError as error:
            self._compared = _Compared(source, None, [], str(error))
        else:
            self._compared = _Compared(source, found, words.diff_rows(found))

    def changes(self) -> Answer:
        """Every change, then the net effect, then findings."""
        from semtui.wording.access_rows import reading_lines
        from semtui.wording.answer import moment_words
        from semtui.wording.diff_answer import diff_answered

        compared = self._latest
        old, new = in_order(compared.source, self._snapshot)
        since = f"Changed since {moment_words(old.head.finished_at)}"
        found = compared.found
        if found is None:
            return Answer(since, self.as_of, [Line([(compared.problem, "warn")])], nothing="")
        return Answer(
            since,
            self.as_of if new is compared.source else f"snapshot of {moment_words(new.head.finished_at)}",
            [*reading_lines(compared.source.people), *words.diff_head(found)],
            _COLUMNS,
            rows=compared.rows,
            cells=lambda row, _: words.diff_cells(row),
            nothing="Nothing differs in what could be compared.",
            hint="enter more  v what they can do",
            deeper=self._one,
            other=self._what_can,
            answered=lambda: diff_answered(found, old, new),
            size=len(compared.rows),
            stem="diff",
        )

    def _one(self, row: words.DiffRow) -> Ask:
        def ask() -> Answer:
            return Answer(
                words.diff_row_title(row),
                self.as_of,
                lines=words.diff_row_lines(row),
                hint="v what they can do" if self._what_can(row) else "",
                other=lambda _: self._what_can(row),
            )

        return ask

    def _what_can(self, row: Any) -> Ask | None:
        if not isinstance(row, words.DiffRow):
            return None
        if row.kind == "role":
            return self._access.can_role(row.subject_id)
        return self._access.can(row.subject_id) if row.kind in _WITH_ACCESS else None


class ComparisonScreen(WorkedOutScreen):
    """What has changed since a snapshot."""

    def __init__(self, store: OrganizationStore, questions: ComparisonQuestions) -> None:
        super().__init__(store, questions, questions.changes, "Comparing…")
