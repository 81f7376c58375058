"""What every page tells of the organization as a whole, and of what would change in it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work

from semtui.organization.store import MANY
from semtui.tui.pages.frame import PageFrame

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.tui.answers.answer import Ask


class AuditingPage(PageFrame):
    """A page that opens answers about the organization, and asks what would change."""

    def answer(self, ask: Ask, project_id: str | None = None) -> None:
        """Show the answer to a question about the lists, or about one project."""
        from semtui.tui.answers.answer_screen import AnswerScreen

        self.app.push_screen(AnswerScreen(self.store, ask))

    def action_findings(self) -> None:
        """Show what may be wrong in the organization."""
        from semtui.tui.answers.findings_screen import FindingsScreen

        self.app.push_screen(FindingsScreen(self.store))

    def action_steps(self) -> None:
        """Let the user choose whom to act as, and show who can come to that."""
        from semtui.tui.answers.step_questions import target_chooser

        self.app.push_screen(*target_chooser(self.store, self.answer))

    def action_journal(self) -> None:
        """Show what was changed through semtui."""
        from semtui.tui.answers.journal_screen import JournalScreen

        self.app.push_screen(JournalScreen(self.store))

    def action_changed_since(self) -> None:
        """Ask for a snapshot, and show what has changed since."""
        from semtui.tui.answers.comparison_screen import ComparisonQuestions, ComparisonScreen
        from semtui.tui.answers.snapshot_picker import SnapshotPicker

        def chosen(questions: ComparisonQuestions | None) -> None:
            if questions is not None:
                self.app.push_screen(ComparisonScreen(self.store, questions))

        self.app.push_screen(SnapshotPicker(self.store), chosen)

    def action_what_if(self) -> None:
        """Offer changes of the row under the cursor, and show what the chosen one would do."""
        from semtui.audit.access.current import graph_of

        if self.blocked("what_if") or (row := self.rows.selected) is None:
            return
        graph = graph_of(self.store.people, self.store.projects)
        if graph.is_prepared or self.store.people.size <= MANY:
            self._ask_what_if(graph, row.id)
        else:
            self.say("Working out who may do what…", lasts=True)
            self._ask_once_prepared(graph, row.id)

    @work(group="what if", exclusive=True, description="")
    async def _ask_once_prepared(self, graph: AccessGraph, row_id: str) -> None:
        asked_on = self.app.screen
        await asyncio.to_thread(graph.prepare)
        self.say("")
        # This page, or the details of the row.
        if self.app.screen is asked_on:
            self._ask_what_if(graph, row_id)

    def _ask_what_if(self, graph: AccessGraph, row_id: str) -> None:
        from semtui.tui.answers.what_if_chooser import WhatIfChoice

        WhatIfChoice(self.app, self.store, graph, row_id, self.say).ask()
