"""Waives a finding for a reason and until a date, in the user's own file; nothing is sent."""

from __future__ import annotations

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Button, Input, Label, Static

from semtui.audit.findings.findings import SEVERITIES, Severity, at_least
from semtui.audit.findings.waivers import LONGEST, Judged, Waiver
from semtui.changes.own_waivers import NAME, add_waiver, filled_in, suggested_waiver
from semtui.changes.result import ChangeResult
from semtui.session.session import Session
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.tui.screens.form import Form, FormError
from semtui.tui.widgets.choice_list import Choice, ChoiceList
from semtui.tui.widgets.field import Field
from semtui.wording.findings import evidence_words, waived_words, who_words


class WaiverForm(Form):
    """Asks for a reason, who decides, until when, up to which severity, and a ticket."""

    UNDONE = "Nothing was written"

    reason = query_one("#reason", Input)
    severities = query_one("#severity", ChoiceList)

    def __init__(self, session: Session, host: str, judged: Judged, by: str = "") -> None:
        """`by` is the suggestion of who decides; without it, whoever is logged in."""
        super().__init__(session, judged.finding.key)
        self._finding = judged.finding
        self._waiver = suggested_waiver(judged, host, by)

    def heading(self) -> str:
        """Name the rule."""
        return f"Waive {self._finding.rule}"

    def compose_body(self) -> ComposeResult:
        """Lay out what was found, the fields, and the severities that can be waived."""
        yield Static(Content(who_words(self._finding)))
        yield Static(Content(evidence_words(self._finding)), classes="note-above")
        yield from self._line("Reason", Field(self._waiver.reason, id="reason", compact=True))
        yield from self._line("By", Field(self._waiver.by, id="by", compact=True))
        until = self._waiver.until.isoformat()
        yield from self._line("Until", Field(until, id="until", compact=True), f"at most {LONGEST} days ahead")
        yield from self._line("Ticket", Field(self._waiver.ticket, id="ticket", compact=True), "may be left empty")
        with Horizontal(id="role-field"):
            yield Label("Up to")
            yield ChoiceList(map(self._choice, SEVERITIES), self._finding.worst, id="severity")
        yield Static(Content(f"Goes into your {NAME}; nothing is sent. It stays in the report."))

    def _line(self, label: str, field: Field, beside: str = "") -> ComposeResult:
        with Horizontal(classes="field"):
            yield Label(label)
            yield field
            if beside:
                yield Static(Content(beside), classes="beside")

    def _choice(self, severity: Severity) -> Choice:
        worst = self._finding.worst
        if not at_least(severity, worst):
            return Choice(severity, severity, ((f"{severity:<6}  less than this finding", "muted"),), "less")
        here = "as it is now" if severity == worst else "also if it rises to that"
        return Choice(severity, severity, ((f"{severity:<6}  ", "plain"), (here, "muted")))

    def compose_buttons(self) -> ComposeResult:
        """Lay out "Waive" and "Cancel"."""
        yield Button("Waive", id="send", variant="primary", compact=True)
        yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Focus the reason, the only thing that cannot be suggested."""
        self.reason.focus()

    @property
    def by(self) -> str:
        """Who decides, as typed."""
        return self.query_one("#by", Input).value.strip()

    def _filled(self) -> Waiver:
        """The waiver as filled in. Raises ConfigurationError."""
        reason, by, until, ticket = (
            self.query_one(f"#{each}", Input).value for each in ("reason", "by", "until", "ticket")
        )
        severity = next(each for each in SEVERITIES if each == self.severities.chosen_id)
        return filled_in(self._waiver, severity=severity, reason=reason, by=by, until=until, ticket=ticket)

    def validation_error(self) -> FormError | None:
        """Refuse what the reader of waivers would refuse, and a date in the past."""
        try:
            self._filled()
        except ConfigurationError as error:
            field = str(error).partition(" ")[0].lower()
            return FormError(str(error), next(iter(self.query(f"#{field}")), None))
        return None

    def submit(self) -> None:
        """Add the waiver to the file."""
        self._write(self._filled())

    @work(group="write", description="")
    async def _write(self, waiver: Waiver) -> None:
        self.busy = True
        self.say("Writing…")
        try:
            path = await asyncio.to_thread(add_waiver, waiver)
        except (ConfigurationError, PrivateFileError) as error:
            self.say(f"{self.UNDONE}. {error}", "bad")
            return
        finally:
            self.busy = False
        if self.is_attached:
            self.dismiss(ChangeResult(waived_words(waiver, path)))
