"""What every page tells of the organization as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.tui.pages.frame import PageFrame

if TYPE_CHECKING:
    from semtui.tui.answers.answer import Ask


class AuditingPage(PageFrame):
    """A page that opens answers about the organization."""

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

    def action_changed_since(self) -> None:
        """Ask for a snapshot, and show what has changed since."""
        from semtui.tui.answers.comparison_screen import ComparisonQuestions, ComparisonScreen
        from semtui.tui.answers.snapshot_picker import SnapshotPicker

        def chosen(questions: ComparisonQuestions | None) -> None:
            if questions is not None:
                self.app.push_screen(ComparisonScreen(self.store, questions))

        self.app.push_screen(SnapshotPicker(self.store), chosen)
