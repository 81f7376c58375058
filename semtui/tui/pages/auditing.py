"""What every page tells of the organization as a whole."""

from __future__ import annotations

from semtui.tui.pages.frame import PageFrame


class AuditingPage(PageFrame):
    """A page that opens the report on findings."""

    def action_findings(self) -> None:
        """Show what may be wrong in the organization."""
        from semtui.tui.answers.findings_screen import FindingsScreen

        self.app.push_screen(FindingsScreen(self.store))

    def action_changed_since(self) -> None:
        """Ask for a snapshot, and show what has changed since."""
        from semtui.tui.answers.comparison_screen import ComparisonQuestions, ComparisonScreen
        from semtui.tui.answers.snapshot_picker import SnapshotPicker

        def chosen(questions: ComparisonQuestions | None) -> None:
            if questions is not None:
                self.app.push_screen(ComparisonScreen(self.store, questions))

        self.app.push_screen(SnapshotPicker(self.store), chosen)
