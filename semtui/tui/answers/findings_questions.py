"""What may be wrong in an organization, as answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.audit.findings.waivers import Judged
from semtui.system.errors import ConfigurationError
from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.worked_out import WorkedOutQuestions
from semtui.tui.widgets.columns import Column
from semtui.wording import findings_rows as words
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Report
    from semtui.audit.findings.waivers import Judgement
    from semtui.organization.store import OrganizationStore

_COLUMNS = (
    Column("severity", "SEVERITY", 9),
    Column("rule", "RULE", 18, most=24),
    Column("who", "WHO", 17, share=1),
    Column("evidence", "EVIDENCE", 26, share=4, rank=1),
)
_WITH_ACCESS = ("person", "account", "group")
_GONE = "This is no longer found."


@dataclass(frozen=True)
class _Evaluated:
    """The report on the lists as they were, and how it is shown."""

    source: Source
    as_of: str
    judgement: Judgement
    rows: list[words.FindingRow]
    problem: str


class FindingsQuestions(WorkedOutQuestions):
    """What the rules find, less what the user's own waivers say."""

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store)
        self._access = AccessQuestions(store)
        self._evaluated: _Evaluated | None = None

    @property
    def worked_out_from(self) -> Source | None:
        """The lists the report is on."""
        return self._evaluated.source if self._evaluated else None

    @property
    def _latest(self) -> _Evaluated:
        if self._evaluated is None:
            self.work_out()
        assert self._evaluated is not None
        return self._evaluated

    def work_out(self) -> None:
        """Evaluate the rules."""
        from semtui.audit.access.current import graph_of
        from semtui.audit.findings.rules import find

        source = self.source
        graph = graph_of(source.people, source.projects)
        graph.prepare()
        self._judge(source, self.as_of, find(graph, source.head.finished_at))

    def waivers_changed(self) -> None:
        """Read the waivers again, for the same report."""
        found = self._latest
        self._judge(found.source, found.as_of, found.judgement.report)

    def _judge(self, source: Source, as_of: str, report: Report) -> None:
        from semtui.audit.findings.waivers import judge
        from semtui.changes.own_waivers import own_waivers

        problem = ""
        try:
            waivers = own_waivers()
        except ConfigurationError as error:
            waivers, problem = (), str(error)
        judgement = judge(report, waivers, source.head.host, source.head.finished_at)
        self._evaluated = _Evaluated(source, as_of, judgement, words.finding_rows(judgement), problem)
        self._store.findings_words = f"{len(judgement.open):,}{'' if judgement.complete else '+'}"

    def findings(self) -> Answer:
        """All of them, and every rule that is not known."""
        from semtui.wording.access_rows import reading_lines
        from semtui.wording.findings_answer import findings_answered

        found = self._latest
        return Answer(
            "Findings",
            found.as_of,
            [*reading_lines(found.source.people), *words.findings_head(found.judgement, found.problem)],
            _COLUMNS,
            rows=found.rows,
            cells=lambda row, _: words.finding_cells(row),
            nothing="Nothing was found.",
            hint="enter why  v what they can do  W waives it",
            deeper=self._one,
            other=self._what_can,
            answered=lambda: findings_answered(found.judgement, found.source),
            size=len(found.rows),
            stem="findings",
        )

    def _one(self, row: words.FindingRow) -> Ask:
        def ask() -> Answer:
            now = next((each for each in self._latest.rows if each.id == row.id), None)
            return Answer(
                words.finding_title(now or row),
                self._latest.as_of,
                [] if now else [Line([(_GONE, "warn")])],
                lines=words.finding_lines(now or row),
                hint=_hint(now, self._what_can(row)),
                other=lambda _: self._what_can(row),
                about=now,
            )

        return ask

    @property
    def host(self) -> str:
        """The organization's host, as waivers name it."""
        return self._latest.source.head.host

    def _what_can(self, row: Any) -> Ask | None:
        judged = judged_in(row)
        about = judged.finding.subject if judged else None
        return self._access.can(about.id) if about is not None and about.kind in _WITH_ACCESS else None


def _hint(row: words.FindingRow | None, other: Ask | None) -> str:
    waived = "W waives it" if judged_in(row) else ""
    return "  ".join(filter(None, ("v what they can do" if other else "", waived)))


def judged_in(row: Any) -> Judged | None:
    """The finding in a row; None in the row of a rule that is not known, and in another answer's."""
    what = row.what if isinstance(row, words.FindingRow) else None
    return what if isinstance(what, Judged) else None
