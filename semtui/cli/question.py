"""What every question as a command shares: where the data comes from, and how the answer is written.

A command calls `add_question_options`, reads them with `question_of`, and gives `answer_question` a function that makes
a `Reply` from a `Source`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from semtui import __version__
from semtui.cli.formats import add_format_option
from semtui.cli.headless import deliver, interruptible, reading, say, tell_progress
from semtui.cli.known_names import remember_names
from semtui.organization.loading import all_of, load_people, load_project_roles, load_projects
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new
from semtui.system.regular_files import read_regular
from semtui.text.counting import count
from semtui.wording.answered import FORMS, Form

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.audit.contract import Source
    from semtui.audit.snapshots.reading import Snapshot
    from semtui.cli.connection import Connection

Choose = Callable[[Sequence["Project"]], Sequence["Project"]]
"""Chooses, of all projects, those whose people are read."""

INCOMPLETE, THRESHOLD = 1, 3
_PROJECTS = 50
"""The number of projects whose people are read by default, as on the screen."""


@dataclass(frozen=True)
class Question:
    """Where a question's data comes from, and how its answer is written."""

    file: Path | None
    """A snapshot; None for the organization as it is now."""
    form: Form
    output: Path | None
    """A new file; None for standard output."""
    ids_only: bool = False
    """Whether arguments are ids only, never names."""
    projects: int | None = _PROJECTS
    """The number of projects whose people are read; None for all."""
    allow_unknown: bool = False
    """Whether an incomplete answer also ends with status 0."""
    all_contexts: bool = False
    """Whether every context of ~/.sem.yaml is asked, side by side."""
    ca_file: Path | None = None

    @property
    def offline(self) -> bool:
        """True if the data comes from a file, or from every context."""
        return self.file is not None or self.all_contexts


@dataclass(frozen=True)
class Rows:
    """An answer as rows, which stand beside those of other organizations. Each has a `kind` and a `name`."""

    columns: Sequence[str]
    """Of a table as text."""
    rows: Sequence[Mapping[str, Any]]
    csv_columns: Sequence[str]
    csv_rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reply:
    """An answer: whether it is complete, and how to write it."""

    write: Callable[[Form], str]
    complete: bool = True
    unknown: int = 0
    """For how many subjects the answer is not known."""
    threshold: bool = False
    """Whether the user asked for a failing exit status in this case."""
    notes: tuple[str, ...] = ()
    """Sentences for standard error."""
    rows: Callable[[], Rows] | None = None
    """The answer as rows, if it can stand beside others."""
    nothing: bool = False
    """Whether what was asked for could not be read at all, so that nothing is written."""


# Options


def add_question_options(
    parser: argparse.ArgumentParser,
    *,
    at_id: bool = True,
    source: bool = True,
    forms: Sequence[Form] = FORMS,
    contexts: bool = False,
) -> None:
    """Add the options of every question: `at_id` for one that names somebody, `source` unless it has its own way to
    name files, `forms` if it is not answered in all of them, `contexts` if every context can be asked."""
    if source:
        parser.add_argument(
            "--from",
            dest="file",
            metavar="FILE",
            type=Path,
            # A default would override what was given before the command.
            default=argparse.SUPPRESS,
            help="ask this snapshot; needs no token and no network",
        )
    add_format_option(parser, forms)
    add_output_option(parser)
    if at_id:
        parser.add_argument("--at-id", action="store_true", help="take ids only, never names")
    add_projects_option(parser)
    if contexts:
        parser.add_argument(
            "--all-contexts",
            action="store_true",
            help="ask every context of ~/.sem.yaml, side by side; read-only",
        )
    parser.add_argument(
        "--allow-unknown", action="store_true", help="end with status 0 although something is unknown, and say how much"
    )


def add_output_option(parser: argparse.ArgumentParser) -> None:
    """Add --output."""
    parser.add_argument(
        "--output", metavar="PATH", type=Path, help="write this new file, never over one that exists; else stdout"
    )


def add_projects_option(parser: argparse.ArgumentParser) -> None:
    """Add --projects."""
    words = f"read the people of the first N projects by name, one request each, or of all; {_PROJECTS} if not given"
    parser.add_argument("--projects", metavar="N|all", default=str(_PROJECTS), help=words)


def question_of(arguments: argparse.Namespace, forms: Sequence[Form] = FORMS) -> Question:
    """Check the options of a question. Raises ConfigurationError, which does not quote them."""
    file = getattr(arguments, "file", None)
    if file is not None:
        refuse_connection(arguments, "--from asks a file")
    all_contexts = getattr(arguments, "all_contexts", False)
    if all_contexts:
        refuse_connection(arguments, "--all-contexts asks every context of ~/.sem.yaml", "not one")
        if file is not None:
            raise ConfigurationError("--all-contexts asks organizations; leave out --from.")
        forms = tuple(form for form in forms if form != "md")
    form = form_of(arguments, forms)
    ids_only = getattr(arguments, "at_id", False)
    output, projects = output_of(arguments), projects_of(arguments)
    return Question(
        file,
        form,
        output,
        ids_only,
        projects,
        arguments.allow_unknown,
        all_contexts,
        getattr(arguments, "ca_file", None),
    )


def form_of(arguments: argparse.Namespace, forms: Sequence[Form] = FORMS) -> Form:
    """The --format. Raises ConfigurationError, which does not quote it."""
    form = next((form for form in forms if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {', '.join(forms[:-1])} or {forms[-1]}.")
    return form


def refuse_connection(arguments: argparse.Namespace, why: str, but: str = "and no organization") -> None:
    """Raise ConfigurationError if an organization is named although none is needed; `why` begins the sentence."""
    if arguments.demo or arguments.context or arguments.host:
        raise ConfigurationError(f"{why}, {but}; leave out --demo, --context and --host.")


def output_of(arguments: argparse.Namespace) -> Path | None:
    """The --output file, or None for standard output. Raises ConfigurationError if it cannot be written."""
    if arguments.output is None:
        if sys.stdout is None:
            raise ConfigurationError("Standard output is closed; give a file with --output.")
        return None
    try:
        return check_new(arguments.output)
    except PrivateFileError as error:
        raise ConfigurationError(str(error)) from None


def projects_of(arguments: argparse.Namespace) -> int | None:
    """The number of projects whose people are to be read, None for all. Raises ConfigurationError."""
    given: str = arguments.projects
    if given == "all":
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 7):
        raise ConfigurationError("--projects takes a number or all.")
    return int(given)


# Sources


def first_projects(number: int | None) -> Choose:
    """The first projects by name; all for None."""
    if number is None:
        return all_of
    return lambda projects: sorted(projects, key=lambda each: (each.name.casefold(), each.id))[:number]


def open_source(question: Question, connection: Connection | None, choose: Choose | None = None) -> Source:
    """Read the question's data. Raises ConfigurationError for a file that is not a snapshot."""
    if question.file is not None:
        from semtui.audit.sources import snapshot_source

        return snapshot_source(read_snapshot_file(question.file, "--from"))
    assert connection is not None
    return live_source(connection, choose or first_projects(question.projects))


def live_source(connection: Connection, choose: Choose, by: str | None = None, previous: str | None = None) -> Source:
    """The organization as it is now. Lists that cannot be read are marked unknown; nothing is raised for them."""
    import asyncio

    return asyncio.run(read_source(connection, choose, by, previous))


async def read_source(
    connection: Connection, choose: Choose, by: str | None = None, previous: str | None = None
) -> Source:
    """The same, for several organizations at once."""
    from semtui.audit.access.edition import edition_of
    from semtui.audit.contract import Source
    from semtui.audit.snapshots.snapshot import Head

    host = connection.chosen.context.host
    say(f"Reading {host}.")
    started = int(time.time())
    async with reading(connection) as read:
        people = await load_people(read, time.time, tell_progress)
        projects = await load_project_roles(read, people, await load_projects(read, time.time, choose))
    if not connection.chosen.context.demo:
        remember_names(host, people, projects)
    edition, told_by = edition_of(people)
    head = Head(host, started, int(time.time()), edition, told_by, f"semtui {__version__}", by, previous)
    return Source(people, projects, head, live=True)


def read_snapshot_file(path: Path, which: str) -> Snapshot:
    """A snapshot from a file; `which` names it in an error. Raises ConfigurationError."""
    from semtui.audit.snapshots.reading import parse_snapshot

    return parse_snapshot(read_regular(path, which), which)


# The answer


def answer_question(
    question: Question,
    connection: Connection | None,
    ask: Callable[[Source], Reply],
    choose: Choose | None = None,
) -> int:
    """Read the data, answer by `ask`, and write the answer; returns the exit status. Raises ConfigurationError if the
    question cannot be asked at all."""

    def work() -> int:
        return give(question, ask(open_source(question, connection, choose)))

    return interruptible(connection, work)


def give(question: Question, reply: Reply) -> int:
    """Write an answer to its destination; returns the exit status."""
    for note in reply.notes:
        say(note)
    if reply.nothing:
        say("Nothing was written.")
        return INCOMPLETE
    if not deliver(reply.write(question.form), question.output):
        return INCOMPLETE
    if reply.threshold:
        return THRESHOLD
    if reply.complete and not reply.unknown:
        return 0
    if question.allow_unknown:
        say(f"Not known: {count(reply.unknown, 'answer')}." if reply.unknown else "The answer is not complete.")
        return 0
    return INCOMPLETE
