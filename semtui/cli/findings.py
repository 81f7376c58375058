"""`semtui findings`: what may be wrong in an organization, for people and for pipelines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.asking import AskingOrder, add_asking_options, ask, rows_of
from semtui.cli.filtering import add_filter_option, check_filter, filtered
from semtui.cli.question import Reply, question_of
from semtui.system.errors import ConfigurationError
from semtui.system.regular_files import read_regular

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.audit.findings.findings import Severity
    from semtui.audit.findings.waivers import Judgement, Waiver
    from semtui.cli.connection import Connection

_SHOWN = ("status", "severity", "rule", "kind", "name", "evidence")
"""The columns that stand beside those of other organizations."""
THRESHOLDS: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True)
class FindingsOrder(AskingOrder):
    """Which rules, which waivers, and what fails."""

    rules: tuple[str, ...]
    """In the order they were named; empty for all."""
    fail_on: Severity | None
    search: str
    """Words and terms that whoever a finding is about has to match; empty for all findings."""
    waivers: Path | None
    """None for the user's own file, if there is one."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui findings`."""
    parser.add_argument(
        "--rule", metavar="RULE", action="append", default=[], help="only this rule; may be given several times"
    )
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        help="end with status 3 if a finding that is not waived is as severe: high, medium or low",
    )
    parser.add_argument(
        "--waivers",
        metavar="FILE",
        type=Path,
        help="waive what this TOML file says; ~/.config/semtui/waivers.toml if not given, and there is one",
    )
    add_filter_option(parser, "only what is found about people, accounts and groups that match these words and terms")
    add_asking_options(parser, at_id=False, contexts=True)
    parser.epilog = """\
A rule whose lists are not whole is not evaluated, and never counts as passed.

The exit status is 0 when every rule was evaluated, whatever it found, 1 when
something is not known, 2 when the question cannot be asked, or a waiver is not
understood, 3 when --fail-on says so."""


def order(arguments: argparse.Namespace) -> FindingsOrder:
    """What was asked for. Raises ConfigurationError."""
    from semtui.audit.findings.rules import RULES

    if not RULES.keys() >= set(arguments.rule):
        raise ConfigurationError(f"--rule takes one of {', '.join(sorted(RULES))}.")
    fail_on = next((each for each in THRESHOLDS if each == arguments.fail_on), None)
    if arguments.fail_on is not None and fail_on is None:
        raise ConfigurationError("--fail-on takes high, medium or low.")
    rules, search = tuple(dict.fromkeys(arguments.rule)), check_filter(arguments.filter)
    return FindingsOrder(question_of(arguments), rules, fail_on, search, arguments.waivers)


def run(order: FindingsOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    waivers = read_waivers_file(order.waivers)
    return ask(order.question, connection, lambda source, graph: _reply(order, waivers, source, graph), None)


def read_waivers_file(path: Path | None) -> tuple[Waiver, ...]:
    """The waivers of a file, or for None of the user's own, if there is one. Raises ConfigurationError."""
    from semtui.changes.own_waivers import own_waivers, parse_waivers

    return own_waivers() if path is None else parse_waivers(read_regular(path, "--waivers"), "--waivers")


def _reply(order: FindingsOrder, waivers: Sequence[Waiver], source: Source, graph: AccessGraph) -> Reply:
    from semtui.audit.findings.rules import find, rules_of
    from semtui.audit.findings.waivers import judge
    from semtui.organization.filters.language import unknown_words
    from semtui.wording.findings_answer import findings_answered, findings_text

    taken_at = source.head.finished_at
    told = judge(find(graph, taken_at, order.rules or None), waivers, source.head.host, taken_at)
    matching = filtered(source.people, source.projects, order.search, taken_at)
    if order.search:
        told = replace(told, judged=tuple(each for each in told.judged if each.finding.id in matching.ids))
    answered = findings_answered(told, source, order.rules)
    elsewhere = sorted(set(order.rules) - {rule.id for rule in rules_of(graph.edition)})
    notes = [f"Not for this edition of Semaphore: {', '.join(elsewhere)}."] if elsewhere else []
    if undecided := unknown_words(len(matching.undecided)):
        notes.append(undecided)
    return Reply(
        answered.write,
        answered.complete,
        answered.unknown + len(matching.undecided),
        threshold=_fails(order, told),
        notes=tuple(notes),
        rows=lambda: rows_of(findings_text(told), _SHOWN),
    )


def _fails(order: FindingsOrder, told: Judgement) -> bool:
    from semtui.audit.findings.findings import at_least

    return order.fail_on is not None and any(at_least(each.finding.severity, order.fail_on) for each in told.open)
