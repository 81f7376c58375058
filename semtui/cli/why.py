"""`semtui why X P`: whether somebody holds a permission, why, and what would end it, grant it or make it known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.asking import AskingOrder, add_asking_options, ask
from semtui.cli.question import Reply, question_of
from semtui.cli.who_can import project_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class WhyOrder(AskingOrder):
    """Which subject and permission, and the answer that --assert expects."""

    subject: str
    permission: str
    on: str | None
    expected: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui why`."""
    parser.add_argument("subject", metavar="X", help="a person, service account or group, by id or name")
    parser.add_argument("permission", metavar="P", help="a permission, as organization.people.manage or people.manage")
    parser.add_argument("--assert", dest="expected", metavar="yes|no", help="end with status 3 if it is otherwise")
    add_asking_options(parser, on=True)
    parser.epilog = """\
The exit status is 0 when it is known, whether yes or no, 1 when it is not, 2 when the
question cannot be asked, 3 when --assert says otherwise."""


def order(arguments: argparse.Namespace) -> WhyOrder:
    """What was asked for. Raises ConfigurationError."""
    if arguments.expected not in (None, "yes", "no"):
        raise ConfigurationError("--assert takes yes or no.")
    return WhyOrder(question_of(arguments), arguments.subject, arguments.permission, arguments.on, arguments.expected)


def run(order: WhyOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), order.on)


def _reply(order: WhyOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.wording.answered import why

    ids_only = order.question.ids_only
    subject_id = naming.subject_id(graph, order.subject, ids_only=ids_only)
    permission = naming.permission(graph, order.permission)
    project_id = project_of(graph, permission, order.on, ids_only=ids_only)
    answered, verdict = why(source, graph, subject_id, permission, project_id)
    otherwise = order.expected is not None and verdict not in ("unknown", order.expected)
    return Reply(answered.write, answered.complete, answered.unknown, threshold=otherwise)
