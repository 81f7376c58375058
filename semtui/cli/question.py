"""What every question about access shares as a command: of what it is asked, and how its answer is given.

A command adds `add_question_options`, understands them with `question_of`, and hands `answer_question` a function that
makes a `Reply` of a `Source`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from semtui import __version__
from semtui.cli.headless import deliver, interruptible, reading, say, tell_progress
from semtui.organization.loading import all_of, load_people, load_project_roles, load_projects
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new
from semtui.system.regular_files import IrregularFileError, open_regular
from semtui.text.counting import count

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.audit.contract import Source
    from semtui.audit.snapshot_reading import Snapshot
    from semtui.cli.commands import Connection

Form = Literal["text", "json", "csv", "md"]
FORMS: tuple[Form, ...] = ("text", "json", "csv", "md")
Choose = Callable[[Sequence["Project"]], Sequence["Project"]]
"""Of which projects the people are read."""

INCOMPLETE, THRESHOLD = 1, 3
_MOST_BYTES = 512 << 20
_PROJECTS = 50
"""Of how many projects the people are read if nothing is said, as on the screen."""


@dataclass(frozen=True)
class Question:
    """How a question is asked, and how its answer is to be given."""

    file: Path | None
    """The snapshot it is asked of; None asks the organization."""
    form: Form
    output: Path | None
    """A new file; None for standard output."""
    ids_only: bool = False
    """Whether a name is never taken for whom it may mean."""
    projects: int | None = _PROJECTS
    """Of how many projects the people are read; None for all."""
    allow_unknown: bool = False
    """Whether an answer that is not complete is a success too."""

    @property
    def offline(self) -> bool:
        """True if it is asked of a file."""
        return self.file is not None


@dataclass(frozen=True)
class Reply:
    """An answer: how far it goes, and what writes it."""

    write: Callable[[Form], str]
    complete: bool = True
    unknown: int = 0
    """For how many the answer is not known."""
    threshold: bool = False
    """Whether something was found that the caller wants to fail on."""
    notes: tuple[str, ...] = ()
    """Sentences beside the answer."""


# What was asked


def add_question_options(parser: argparse.ArgumentParser, *, at_id: bool = True, source: bool = True) -> None:
    """The options of every question; without `at_id` those of one that names nobody, without `source` those of one
    that takes its files otherwise."""
    # Anything is accepted here and judged by `question_of`: argparse would repeat a wrong word, which may be a token.
    if source:
        parser.add_argument(
            "--from",
            dest="file",
            metavar="FILE",
            type=Path,
            # Given before the command it must hold after it too.
            default=argparse.SUPPRESS,
            help="ask this snapshot; needs no token and no network",
        )
    parser.add_argument("--format", metavar="FORMAT", default="text", help=f"{', '.join(FORMS)}; text is the default")
    add_output_option(parser)
    if at_id:
        parser.add_argument("--at-id", action="store_true", help="take ids only, never names")
    add_projects_option(parser)
    parser.add_argument(
        "--allow-unknown", action="store_true", help="end with status 0 although something is unknown, and say how much"
    )


def add_output_option(parser: argparse.ArgumentParser) -> None:
    """Where the answer goes."""
    parser.add_argument(
        "--output", metavar="PATH", type=Path, help="write this new file, never over one that exists; else stdout"
    )


def add_projects_option(parser: argparse.ArgumentParser) -> None:
    """How many requests projects are worth."""
    words = f"read the people of the first N projects by name, one request each, or of all; {_PROJECTS} if not given"
    parser.add_argument("--projects", metavar="N|all", default=str(_PROJECTS), help=words)


def question_of(arguments: argparse.Namespace, forms: Sequence[Form] = FORMS) -> Question:
    """How it was asked. Raises ConfigurationError, in words that do not repeat it."""
    file = getattr(arguments, "file", None)
    if file is not None:
        refuse_connection(arguments, "--from asks a file")
    form = next((form for form in forms if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {', '.join(forms[:-1])} or {forms[-1]}.")
    ids_only = getattr(arguments, "at_id", False)
    output, projects = output_of(arguments), projects_of(arguments)
    return Question(file, form, output, ids_only, projects, arguments.allow_unknown)


def refuse_connection(arguments: argparse.Namespace, why: str) -> None:
    """Raises ConfigurationError where an organization is named for what needs none."""
    if arguments.demo or arguments.context or arguments.host:
        raise ConfigurationError(f"{why}, and no organization; leave out --demo, --context and --host.")


def output_of(arguments: argparse.Namespace) -> Path | None:
    """A new file, or None for standard output. Raises ConfigurationError if nothing could be written there."""
    if arguments.output is None:
        if sys.stdout is None:
            raise ConfigurationError("Standard output is closed; give a file with --output.")
        return None
    try:
        return check_new(arguments.output)
    except PrivateFileError as error:
        raise ConfigurationError(str(error)) from None


def projects_of(arguments: argparse.Namespace) -> int | None:
    """Of how many projects the people are to be read, None for all. Raises ConfigurationError."""
    given: str = arguments.projects
    if given == "all":
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 7):
        raise ConfigurationError("--projects takes a number or all.")
    return int(given)


# Of what


def first_projects(number: int | None) -> Choose:
    """The first projects by name; all for None."""
    if number is None:
        return all_of
    return lambda projects: sorted(projects, key=lambda each: (each.name.casefold(), each.id))[:number]


def open_source(question: Question, connection: Connection | None, choose: Choose | None = None) -> Source:
    """What the question is asked of. Raises ConfigurationError for a file that is no snapshot."""
    if question.file is not None:
        return snapshot_source(read_snapshot_file(question.file, "--from"))
    assert connection is not None
    return live_source(connection, choose or first_projects(question.projects))


def snapshot_source(snapshot: Snapshot) -> Source:
    """A snapshot, to be asked."""
    from semtui.audit.contract import Source

    return Source(snapshot.people, snapshot.projects, snapshot.head, False, snapshot.content_sha256)


def live_source(connection: Connection, choose: Choose, by: str | None = None, previous: str | None = None) -> Source:
    """The organization as it is now. What cannot be read is unknown in it; nothing is raised for that."""
    import asyncio

    from semtui.audit.contract import Source
    from semtui.audit.edition import edition_of
    from semtui.audit.snapshot import Head

    host = connection.chosen.context.host
    say(f"Reading {host}.")
    started = int(time.time())
    people, projects = asyncio.run(_load(connection, choose))
    edition, told_by = edition_of(people)
    head = Head(host, started, int(time.time()), edition, told_by, f"semtui {__version__}", by, previous)
    return Source(people, projects, head, live=True)


async def _load(connection: Connection, choose: Choose) -> tuple[Any, Any]:
    async with reading(connection) as read:
        people = await load_people(read, time.time, tell_progress)
        projects = await load_projects(read, time.time, choose)
        return people, await load_project_roles(read, people, projects)


def read_snapshot_file(path: Path, which: str) -> Snapshot:
    """A snapshot from a file; `which` names it in an error. Raises ConfigurationError."""
    return parse_snapshot(read_bytes(path, which), which)


def parse_snapshot(content: bytes, which: str) -> Snapshot:
    """A snapshot from what a file holds. Raises ConfigurationError."""
    from semtui.audit.reading import SnapshotError
    from semtui.audit.snapshot_reading import read_snapshot

    try:
        return read_snapshot(content.decode())
    except UnicodeDecodeError:
        raise ConfigurationError(f"{which}: This is no snapshot: it is not UTF-8.") from None
    except SnapshotError as error:
        raise ConfigurationError(f"{which}: {error}") from None


def read_bytes(path: Path, which: str) -> bytes:
    """A file of at most half a gigabyte. Raises ConfigurationError, without the path: that may be a token."""
    try:
        with open(open_regular(path.expanduser()), "rb") as file:
            if os.fstat(file.fileno()).st_size > _MOST_BYTES:
                raise ConfigurationError(f"{which}: The file is larger than any snapshot.")
            return file.read(_MOST_BYTES)
    except IrregularFileError:
        raise ConfigurationError(f"{which}: This is not a regular file.") from None
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name can be"
        raise ConfigurationError(f"{which}: The file cannot be read: {reason}.") from None


# The answer


def answer_question(
    question: Question,
    connection: Connection | None,
    ask: Callable[[Source], Reply],
    choose: Choose | None = None,
) -> int:
    """Ask, and give the answer as it is wanted; returns the exit status. Raises ConfigurationError where the question
    cannot be asked at all."""

    def work() -> int:
        return give(question, ask(open_source(question, connection, choose)))

    return interruptible(connection, work)


def give(question: Question, reply: Reply) -> int:
    """Write an answer where it is wanted; returns the exit status."""
    for note in reply.notes:
        say(note)
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
