"""`semtui impact X`: what depends on a person or account, and would break, stop or lose its owner with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.cli import naming
from semtui.cli.asking import STATUSES
from semtui.cli.headless import interruptible, say
from semtui.cli.question import INCOMPLETE, Question, Reply, add_question_options, give, question_of
from semtui.cli.reading_more import read_more
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    import argparse

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.organization.loading import Read
    from semtui.organization.ties import Ties


@dataclass(frozen=True)
class ImpactOrder:
    """Whom to ask about."""

    question: Question
    subject: str
    offline: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui impact`."""
    import argparse

    parser.add_argument("subject", metavar="X", help="a person or service account, by id or name")
    add_question_options(parser, source=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"Two requests are sent for each project, and one for its people.\n\n{STATUSES}"


def order(arguments: argparse.Namespace) -> ImpactOrder:
    """What was asked for. Raises ConfigurationError."""
    return ImpactOrder(question_of(arguments), arguments.subject)


def run(order: ImpactOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    assert connection is not None
    return interruptible(connection, lambda: _asked(order, connection))


def _asked(order: ImpactOrder, connection: Connection) -> int:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.impact import impact
    from semtui.organization.ties import load_ties
    from semtui.wording.impact import impact_answered

    async def more(read: Read, source: Source) -> tuple[str, Ties]:
        graph = AccessGraph(source.people, source.projects)
        found = named(graph, order.subject, order.question)
        return found, await load_ties(read, source.projects.listing.items)

    try:
        source, (subject_id, ties) = read_more(connection, more, project_people=True)
    except SemaphoreError as error:
        say(str(error))
        return INCOMPLETE
    graph = AccessGraph(source.people, source.projects)
    answered = impact_answered(source, impact(graph, source.people.by_id[subject_id], ties))
    return give(order.question, Reply(answered.write, answered.complete, answered.unknown))


def named(graph: AccessGraph, given: str, question: Question) -> str:
    """The id of the person or account that is meant. Raises ConfigurationError."""
    found = naming.subject_id(graph, given, ids_only=question.ids_only)
    row = graph.people.by_id.get(found)
    if row is None or row.kind == "group":
        raise ConfigurationError("X should be a person or a service account that is listed.")
    return found
