"""`semtui trace X`: what a person or account has done last, as far as Semaphore shows."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.cli.asking import STATUSES
from semtui.cli.headless import interruptible, say
from semtui.cli.impact import ImpactOrder, named, order
from semtui.cli.question import INCOMPLETE, Reply, add_question_options, give
from semtui.cli.reading_more import read_more

if TYPE_CHECKING:
    import argparse

    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.history.record import Entry
    from semtui.organization.loading import Read
    from semtui.organization.traces import Traces

__all__ = ["add_options", "order", "run"]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui trace`."""
    import argparse

    parser.add_argument("subject", metavar="X", help="a person or service account, by id or name")
    add_question_options(parser, source=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"""\
No trace is no proof of disuse: most calls leave none. A few requests are sent for each
project.

{STATUSES}"""


def run(order: ImpactOrder, connection: Connection | None) -> int:
    """Ask; returns the exit status. Raises ConfigurationError."""
    assert connection is not None
    return interruptible(connection, lambda: _asked(order, connection))


def _asked(order: ImpactOrder, connection: Connection) -> int:
    from semtui.audit.access.graph import AccessGraph
    from semtui.organization.traces import load_traces, secret_places
    from semtui.wording.impact import trace_answered

    async def more(read: Read, source: Source) -> tuple[str, Traces]:
        found = named(AccessGraph(source.people, source.projects), order.subject, order.question)
        places = secret_places(_journal(connection), found)
        return found, await load_traces(read, found, source.projects.listing.items, places)

    try:
        source, (subject_id, traces) = read_more(connection, more, project_people=False)
    except SemaphoreError as error:
        say(str(error))
        return INCOMPLETE
    answered = trace_answered(source, source.people.by_id[subject_id], traces, time.time())
    whole = answered.complete and source.projects.listing.error is None
    return give(order.question, Reply(answered.write, whole, answered.unknown))


def _journal(connection: Connection) -> list[Entry]:
    """What semtui has done there before, which tells the secrets it put a token into. Raises ConfigurationError."""
    from semtui.history.history import History
    from semtui.session.kept_journal import kept_journal

    context = connection.chosen.context
    keeping = None if context.demo else kept_journal(os.environ, Path.home())
    return History(context.host, keeping, time.time).known()
