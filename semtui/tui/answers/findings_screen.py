"""Shows what may be wrong in an organization; the rules are evaluated off the key path where there are many people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import work
from textual.content import Content
from textual.widgets import Static

from semtui.organization.store import MANY
from semtui.system.errors import ConfigurationError
from semtui.tui.answers.access_questions import AccessQuestions
from semtui.tui.answers.answer import Answer, Ask
from semtui.tui.answers.answer_screen import AnswerScreen
from semtui.tui.answers.questions import Questions
from semtui.tui.widgets.row_table import Column
from semtui.wording import findings_rows as words
from semtui.wording.styled_text import Line

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.audit.findings.waivers import Judgement
    from semtui.organization.store import OrganizationStore

_COLUMNS = (
    Column("severity", "SEVERITY", 9),
    Column("rule", "RULE", 18),
    Column("who", "WHO", 18, share=1),
    Column("evidence", "EVIDENCE", 26, share=4, rank=1),
)
_WITH_ACCESS = ("person", "account", "group")
_GONE = "This is not found any more."


@dataclass(frozen=True)
class _Evaluated:
    """The report on the lists as they were, and how it is shown."""

    source: Source
    as_of: str
    told: Judgement
    rows: list[words.FindingRow]
    problem: str


class FindingsQuestions(Questions):
    """What the rules find, less what the user's own waivers say."""

    def __init__(self, store: OrganizationStore) -> None:
        super().__init__(store)
        self._access = AccessQuestions(store)
        self._evaluated: _Evaluated | None = None

    @property
    def is_evaluated(self) -> bool:
        """True if the report is on the lists as they are."""
        source = self._evaluated.source if self._evaluated else None
        return source is not None and source.people is self._store.people and source.projects is self._store.projects

    @property
    def _latest(self) -> _Evaluated:
        if self._evaluated is None:
            self.evaluate()
        assert self._evaluated is not None
        return self._evaluated

    def evaluate(self) -> None:
        """Make the report on the lists as they are, unless there is one."""
        from semtui.audit.access.current import graph_of
        from semtui.audit.findings.rules import find
        from semtui.audit.findings.waivers import judge
        from semtui.changes.own_waivers import own_waivers

        if self.is_evaluated:
            return
        source, problem = self.source, ""
        graph = graph_of(source.people, source.projects)
        graph.prepare()
        try:
            waivers = own_waivers()
        except ConfigurationError as error:
            waivers, problem = (), str(error)
        now = source.head.finished_at
        told = judge(find(graph, now), waivers, source.head.host, now)
        self._evaluated = _Evaluated(source, self.as_of, told, words.finding_rows(told), problem)

    def findings(self) -> Answer:
        """All of them, and every rule that is not known."""
        from semtui.wording.access_rows import reading_lines
        from semtui.wording.findings_answer import findings_answered

        found = self._latest
        return Answer(
            "Findings",
            found.as_of,
            [*reading_lines(found.source.people), *words.findings_head(found.told, found.problem)],
            _COLUMNS,
            rows=found.rows,
            cells=lambda row, _: words.finding_cells(row),
            nothing="Nothing was found.",
            hint="enter what speaks for it  v what they can do",
            deeper=self._one,
            other=self._what_can,
            answered=lambda: findings_answered(found.told, found.source),
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
                hint="v what they can do" if self._what_can(row) else "",
                other=lambda _: self._what_can(row),
            )

        return ask

    def _what_can(self, row: Any) -> Ask | None:
        about = getattr(getattr(getattr(row, "what", None), "finding", None), "subject", None)
        return self._access.can(about.id) if about is not None and about.kind in _WITH_ACCESS else None


class FindingsScreen(AnswerScreen):
    """What may be wrong, the worst first, and everything about each."""

    def __init__(self, store: OrganizationStore) -> None:
        self._questions = FindingsQuestions(store)
        self._evaluating = False
        super().__init__(store, self._questions.findings)

    def on_mount(self) -> None:
        """Load the projects too, if they are not: some rules need them."""
        listing = self._store.projects.listing
        if not listing.is_known and not listing.loading:
            self._load_projects()

    @work(group="projects", description="")
    async def _load_projects(self) -> None:
        # Without a look at each step: the rules need the list of projects only.
        await self._store.load_projects(lambda: None)
        if self.is_attached:
            self.lists_changed()

    def _show(self, *, again: bool = False) -> None:
        if self._store.people.size <= MANY:
            self._questions.evaluate()
        if self._questions.is_evaluated:
            self._draw(again=again)
            return
        if not again:
            self.query_one("#answer-head", Static).update(Content("Evaluating the rules…"))
        # One at a time: the lists may change with every page that arrives.
        if not self._evaluating:
            self._evaluating = True
            self._evaluate(again)

    @work(group="evaluate", description="")
    async def _evaluate(self, again: bool) -> None:
        try:
            while self.is_attached and not self._questions.is_evaluated:
                await asyncio.to_thread(self._questions.evaluate)
                if self.is_attached:
                    self._draw(again=again)
                again = True
        finally:
            self._evaluating = False
