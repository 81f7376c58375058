"""`semtui diff OLD [NEW]`: what has changed between two snapshots, or since one.

The exit status is 0 only if everything could be compared.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.headless import interruptible
from semtui.cli.question import (
    Choose,
    Question,
    Reply,
    add_question_options,
    first_projects,
    give,
    live_source,
    question_of,
    read_snapshot_file,
    refuse_connection,
)
from semtui.system.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.api.models import Project
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection


@dataclass(frozen=True)
class DiffOrder:
    """Which two snapshots to compare, and how to write the answer."""

    old: Path
    new: Path | None
    """None for the organization as it is now."""
    only_privilege: bool
    question: Question

    @property
    def offline(self) -> bool:
        """True if both sides are files."""
        return self.new is not None


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui diff`."""
    parser.add_argument("old", metavar="OLD", type=Path, help="a snapshot")
    parser.add_argument(
        "new", metavar="NEW", type=Path, nargs="?", help="a later snapshot; without it the organization as it is now"
    )
    parser.add_argument("--only", metavar="privilege", help="only what concerns privileged roles and permissions")
    add_question_options(parser, at_id=False, source=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
Everything is compared by id, so a new name is a rename. A list that was not read whole
both times is not compared, and nothing in it is called gone.

The exit status is 0 when everything could be compared, whether or not it differs, 1
when something could not, 2 when the two cannot be compared at all."""


def order(arguments: argparse.Namespace) -> DiffOrder:
    """What was asked for. Raises ConfigurationError."""
    if arguments.only not in (None, "privilege"):
        raise ConfigurationError("--only takes privilege.")
    if arguments.file is not None:
        raise ConfigurationError("diff takes its files as OLD and NEW; leave out --from.")
    if arguments.new is not None:
        refuse_connection(arguments, "OLD and NEW are files")
    return DiffOrder(arguments.old, arguments.new, arguments.only is not None, question_of(arguments))


def run(order: DiffOrder, connection: Connection | None) -> int:
    """Compare and write the answer; returns the exit status. Raises ConfigurationError for what cannot be compared."""
    from semtui.audit.sources import snapshot_source

    old = snapshot_source(read_snapshot_file(order.old, "OLD"))

    def work() -> int:
        return give(order.question, _compared(old, _newer(order, old, connection), order))

    return interruptible(connection, work)


def _newer(order: DiffOrder, old: Source, connection: Connection | None) -> Source:
    if order.new is not None:
        from semtui.audit.sources import snapshot_source

        return snapshot_source(read_snapshot_file(order.new, "NEW"))
    assert connection is not None
    return live_source(connection, _same_projects(old, order.question.projects))


def _same_projects(old: Source, number: int | None) -> Choose:
    """Which projects to read: those whose people the old snapshot has, since others cannot be compared."""
    if not old.projects.members:
        return first_projects(number)

    def choose(projects: Sequence[Project]) -> Sequence[Project]:
        return [project for project in projects if project.id in old.projects.members]

    return choose


def _compared(old: Source, new: Source, order: DiffOrder) -> Reply:
    from semtui.audit.comparison.diff import IncomparableError, diff
    from semtui.wording.diff import gap_words
    from semtui.wording.diff_answer import diff_answered

    try:
        found = diff(old, new)
    except IncomparableError as error:
        raise ConfigurationError(str(error)) from None
    told = found.only_privilege() if order.only_privilege else found
    answered = diff_answered(told, old, new)
    # Text and Markdown contain them.
    notes = tuple(gap_words(told)) if order.question.form in ("csv", "json") else ()
    return Reply(answered.write, answered.complete, answered.unknown, notes=notes)
