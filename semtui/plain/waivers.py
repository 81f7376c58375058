"""Waives findings in line mode: which, why, who decides, until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.plain.browser import Browser, holding
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError

if TYPE_CHECKING:
    from semtui.audit.findings.findings import Severity
    from semtui.audit.findings.waivers import Judged, Judgement, Waiver
    from semtui.plain.console import Console


def waive_one(console: Console, told: Judgement, host: str, by: str) -> Waiver | None:
    """Let the user choose a finding and waive it; the waiver that was written, or None. `by` is who decides, if not
    whoever is logged in."""
    from semtui.changes.own_waivers import add_waiver, suggested_waiver
    from semtui.wording.findings import waived_words

    judged = _chosen(console, told)
    waiver = _filled(console, suggested_waiver(judged, host, by)) if judged else None
    if waiver is None:
        return None
    try:
        console.say(waived_words(waiver, add_waiver(waiver)))
    except (ConfigurationError, PrivateFileError) as error:
        console.complain(f"Nothing was written. {error}")
        return None
    return waiver


def _chosen(console: Console, told: Judgement) -> Judged | None:
    from semtui.wording.findings import evidence_words, waiver_words, who_words

    def words(each: Judged) -> str:
        finding = each.finding
        told = f"{finding.severity}, {finding.rule}: {who_words(finding)}. {evidence_words(finding)}"
        return f"{told} {waiver_words(each)}".rstrip()

    def rows(typed: str) -> Sequence[Judged]:
        return [each for each in (*told.open, *told.waived) if holding(typed, words(each))]

    return Browser(console, "finding", rows, words).choose()


def _filled(console: Console, waiver: Waiver) -> Waiver | None:
    """The waiver with what is answered; None if there is no reason."""
    from semtui.changes.own_waivers import filled_in

    while True:
        kept = f"Enter for “{waiver.reason}”" if waiver.reason else "Enter goes back"
        reason = console.text(f"Reason; {kept}") or waiver.reason
        severity = _severity(console, waiver.severity) if reason else None
        if severity is None:
            return None
        by = console.text(f"Who decides; Enter for {waiver.by}" if waiver.by else "Who decides") or waiver.by
        until = console.text(f"Until, as {waiver.until.isoformat()}; Enter for that") or waiver.until.isoformat()
        ticket = console.text(f"Ticket; Enter for {waiver.ticket or 'none'}") or waiver.ticket
        try:
            return filled_in(waiver, severity=severity, reason=reason, by=by, until=until, ticket=ticket)
        except ConfigurationError as error:
            console.complain(str(error))


def _severity(console: Console, worst: Severity) -> Severity | None:
    """Up to which severity it is to be waived, at least `worst`."""
    from semtui.audit.findings.findings import SEVERITIES

    offered = [each for each in reversed(SEVERITIES) if SEVERITIES.index(each) <= SEVERITIES.index(worst)]
    if len(offered) == 1:
        return worst
    words = [f"{each}, as it is now" if each == worst else f"{each}, also if it rises to that" for each in offered]
    chosen = console.menu("Waived up to which severity?", words)
    return offered[chosen - 1] if chosen else None
