"""`semtui can X [--on PROJECT]`: everything a person, service account, group or role can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.asking import STATUSES, AskingOrder, add_asking_options, ask
from semtui.cli.question import Reply, question_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class CanOrder(AskingOrder):
    """Which subject or role, and on which project."""

    subject: str
    on: str | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui can`."""
    parser.add_argument("subject", metavar="X", help="a person, service account, group or role, by id or name")
    add_asking_options(parser, on=True)
    parser.epilog = STATUSES


def order(arguments: argparse.Namespace) -> CanOrder:
    """What was asked for. Raises ConfigurationError."""
    return CanOrder(question_of(arguments), arguments.subject, arguments.on)


def run(order: CanOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), order.on)


def _reply(order: CanOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.wording.answered import can, can_role

    ids_only = order.question.ids_only
    found, is_role = naming.subject_or_role_id(graph, order.subject, ids_only=ids_only)
    if is_role and order.on is not None:
        raise ConfigurationError("--on is for a person, service account or group, not for a role.")
    project_id = naming.project_id(graph, order.on, ids_only=ids_only) if order.on is not None else None
    answered = can_role(source, graph, found) if is_role else can(source, graph, found, project_id)
    return Reply(answered.write, answered.complete, answered.unknown)
