"""What every page tells of the organization as a whole."""

from __future__ import annotations

from semtui.tui.pages.frame import PageFrame


class AuditingPage(PageFrame):
    """A page that opens the report on findings."""

    def action_findings(self) -> None:
        """Show what may be wrong in the organization."""
        from semtui.tui.answers.findings_screen import FindingsScreen

        self.app.push_screen(FindingsScreen(self.store))
