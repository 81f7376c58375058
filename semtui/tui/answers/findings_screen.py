"""Shows what may be wrong in an organization; the rules are evaluated off the key path where there are many people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from semtui.tui.answers.findings_questions import FindingsQuestions, judged_in
from semtui.tui.answers.worked_out import WithProjects

if TYPE_CHECKING:
    from semtui.changes.result import ChangeResult
    from semtui.organization.store import OrganizationStore


class FindingsScreen(WithProjects):
    """What may be wrong, the worst first, and everything about each; waives one."""

    BINDINGS = [Binding("W", "waive", "Waive the finding", show=False, priority=True)]

    def __init__(self, store: OrganizationStore) -> None:
        self._questions = FindingsQuestions(store)
        self._waived_by = ""
        """Who decided the last time."""
        super().__init__(store, self._questions, self._questions.findings, "Evaluating the rules…")

    # Waiving

    def action_waive(self) -> None:
        """Open the form that waives the finding."""
        from semtui.tui.answers.waiver_form import WaiverForm

        answer = self._level.answer
        row = (answer.about if answer and answer.about else None) or self.rows.row
        judged = judged_in(row)
        if judged is None:
            self.say("Only a finding can be waived.", "warn")
            return

        form = WaiverForm(self._store.session, self._questions.host, judged, self._waived_by)

        def done(result: ChangeResult | None) -> None:
            if result is not None:
                self._waived_by = form.by
                self._questions.waivers_changed()
                # The next finding comes up from below.
                self._level.spot = self.rows.spot
                self._draw()
                self.say(result.sentence, result.tone)

        self.app.push_screen(form, done)
