"""`semtui steps [Owner|Admin|PERMISSION]`: who can come to hold it by calls Semaphore lets them make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.cli import naming
from semtui.cli.asking import STATUSES, AskingOrder, add_asking_options, ask
from semtui.cli.filtering import add_filter_option, check_filter, filtered
from semtui.cli.question import Reply, question_of
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection

_DEEPEST = 9


@dataclass(frozen=True)
class StepsOrder(AskingOrder):
    """Which role or permission to reach, and in how many steps."""

    target: str
    depth: int
    search: str
    """Words and terms that whoever is a step away has to match; empty for everybody."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui steps`."""
    parser.add_argument(
        "target", metavar="TARGET", nargs="?", default="Owner", help="Owner (the default), Admin or a permission"
    )
    parser.add_argument("--depth", metavar="N", default="1", help="in at most so many steps; 1 if not given")
    add_filter_option(parser, "only people and accounts that match these words and terms")
    add_asking_options(parser, at_id=False)
    parser.epilog = STATUSES


def order(arguments: argparse.Namespace) -> StepsOrder:
    """What was asked for. Raises ConfigurationError."""
    depth = next((each for each in range(1, _DEEPEST + 1) if str(each) == arguments.depth), None)
    if depth is None:
        raise ConfigurationError(f"--depth takes a number from 1 to {_DEEPEST}.")
    return StepsOrder(question_of(arguments), arguments.target, depth, check_filter(arguments.filter))


def run(order: StepsOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), None)


def _reply(order: StepsOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.organization.filters.language import unknown_words
    from semtui.wording.answered import steps

    named = order.target in ("Owner", "Admin")
    target = order.target if named else naming.permission(graph, order.target, place="TARGET")
    if not order.search:
        answered = steps(source, graph, target, order.depth)
        return Reply(answered.write, answered.complete)
    matching = filtered(source.people, source.projects, order.search, source.head.finished_at)
    answered = steps(source, graph, target, order.depth, among=matching.ids)
    undecided = len(matching.undecided)
    return Reply(answered.write, answered.complete, undecided, notes=tuple(filter(None, [unknown_words(undecided)])))
