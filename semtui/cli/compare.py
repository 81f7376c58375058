"""`semtui compare ROLE ROLE [ROLE]`: how roles differ in what they permit in effect."""

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
class CompareOrder(AskingOrder):
    """Which roles to compare."""

    roles: tuple[str, ...]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui compare`."""
    parser.add_argument(
        "roles", metavar="ROLE", nargs="+", help="two or three roles of the organization, by id or name"
    )
    add_asking_options(parser)
    parser.epilog = STATUSES


def order(arguments: argparse.Namespace) -> CompareOrder:
    """What was asked for. Raises ConfigurationError."""
    if len(arguments.roles) not in (2, 3):
        raise ConfigurationError("compare takes two or three roles.")
    return CompareOrder(question_of(arguments), tuple(arguments.roles))


def run(order: CompareOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), None)


def _reply(order: CompareOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.wording.answered import compare

    ids = [naming.role_id(graph, each, ids_only=order.question.ids_only) for each in order.roles]
    if len(set(ids)) < len(ids):
        raise ConfigurationError("ROLE: Two of these are the same role.")
    answered = compare(source, graph, ids)
    return Reply(answered.write, answered.complete, answered.unknown)
