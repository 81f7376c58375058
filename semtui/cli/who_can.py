"""`semtui who-can P [--on PROJECT]`: who holds a permission, and by what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.asking import STATUSES, AskingOrder, add_asking_options, ask, rows_of
from semtui.cli.filtering import add_filter_option, check_filter, filtered
from semtui.cli.question import Reply, question_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.wording.access_answer import AnswerText
    from semtui.wording.answered import Answered, Form

_SHOWN = ("kind", "name", "holds", "role", "source", "group", "project_role")
"""The columns that stand beside those of other organizations."""


@dataclass(frozen=True)
class WhoCanOrder(AskingOrder):
    """Which permission, and on which project."""

    permission: str
    on: str | None
    search: str
    """Words and terms that holders have to match; empty for all of them."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui who-can`."""
    parser.add_argument("permission", metavar="P", help="a permission, as organization.people.manage or people.manage")
    add_filter_option(parser, "only holders that match these words and terms")
    add_asking_options(parser, on=True, contexts=True)
    parser.epilog = STATUSES


def order(arguments: argparse.Namespace) -> WhoCanOrder:
    """What was asked for. Raises ConfigurationError."""
    return WhoCanOrder(question_of(arguments), arguments.permission, arguments.on, check_filter(arguments.filter))


def run(order: WhoCanOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), order.on)


def project_of(graph: AccessGraph, permission: str, on: str | None, *, ids_only: bool) -> str | None:
    """The id of the project a permission is asked about. Raises ConfigurationError."""
    if on is None:
        return None
    if not permission.startswith("project."):
        raise ConfigurationError("--on is for permissions of projects; this one is held in the organization.")
    return naming.project_id(graph, on, ids_only=ids_only)


def _reply(order: WhoCanOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.wording.answered import who_can

    permission = naming.permission(graph, order.permission)
    project_id = project_of(graph, permission, order.on, ids_only=order.question.ids_only)
    answered = who_can(source, graph, permission, project_id)
    if order.search:
        return _filtered(order, source, answered)
    return Reply(answered.write, answered.complete, answered.unknown, rows=lambda: rows_of(_text_of(answered), _SHOWN))


def _text_of(answered: Answered) -> AnswerText:
    assert answered.text is not None, "it is answered in rows too"
    return answered.text()


def _filtered(order: WhoCanOrder, source: Source, answered: Answered) -> Reply:
    """The answer about those that match."""
    import json

    from semtui.audit.snapshots.canonical import canonical
    from semtui.organization.filters.language import unknown_words
    from semtui.wording.listings import aligned, as_texts

    matching = filtered(source.people, source.projects, order.search, source.head.finished_at)
    whole = _text_of(answered)
    matched = replace(whole, rows=[row for row in whole.rows if row.get("id") in matching.ids])
    unknown = sum(row.get("holds") == "unknown" for row in matched.rows)

    def write(form: Form) -> str:
        if form == "json":
            answer = json.loads(answered.write("json"))
            for found in (answer["answer"], answer):
                for key, each in found.items():
                    if isinstance(each, list):
                        found[key] = [one for one in each if not isinstance(one, dict) or one["id"] in matching.ids]
            return canonical(answer) + "\n"
        if form == "text":
            return aligned(_SHOWN, as_texts(matched.rows))
        return matched.as_csv() if form == "csv" else matched.as_markdown(source)

    undecided = len(matching.undecided)
    notes = tuple(filter(None, [unknown_words(undecided)]))
    return Reply(write, answered.complete, unknown + undecided, notes=notes, rows=lambda: rows_of(matched, _SHOWN))
