"""`semtui snapshot`: writes everything that can be read to one file, for `diff`, questions and `--from`.

The exit status is 0 only if every list of the organization is whole.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.headless import interruptible, print_pieces, say
from semtui.cli.question import (
    add_output_option,
    add_projects_option,
    first_projects,
    live_source,
    output_of,
    projects_of,
)
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, write_private_pieces
from semtui.system.regular_files import read_regular

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection

_LONGEST_NAME = 200


@dataclass(frozen=True)
class SnapshotOrder:
    """Where to write the snapshot, and what to record in its head."""

    output: Path | None
    projects: int | None
    by: str | None
    previous: Path | None
    offline: bool = False


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui snapshot`."""
    add_output_option(parser)
    add_projects_option(parser)
    parser.add_argument("--by", metavar="NAME", help="who takes it, written into it as stated")
    parser.add_argument(
        "--previous", metavar="FILE", type=Path, help="the snapshot before this one, whose SHA-256 is written into it"
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
The file is new, readable by you alone (mode 0600), and holds no token and no e-mail
address. Names and descriptions are as Semaphore sent them: semtui makes them harmless
when it reads a snapshot, other programs may not.

Two snapshots of an organization in which nothing has changed have the same
content_sha256. .github/AUDIT.md explains the form, and how to sign a snapshot.

The exit status is 0 when every list is whole, 1 when one is not (the snapshot says
which) or the file could not be written, 2 when it could not start."""


def order(arguments: argparse.Namespace) -> SnapshotOrder:
    """What was asked for. Raises ConfigurationError."""
    by = arguments.by
    if by is not None and not (0 < len(by) <= _LONGEST_NAME and by.isprintable()):
        raise ConfigurationError(f"--by takes a name of at most {_LONGEST_NAME} characters.")
    return SnapshotOrder(output_of(arguments), projects_of(arguments), by, arguments.previous)


def run(order: SnapshotOrder, connection: Connection | None) -> int:
    """Take the snapshot; returns the exit status. Raises ConfigurationError if --previous is not a snapshot."""
    assert connection is not None
    previous = order.previous and _hash_of(order.previous, connection.chosen.context.host)

    def work() -> int:
        return _written(order, live_source(connection, first_projects(order.projects), order.by, previous or None))

    return interruptible(connection, work)


def _hash_of(path: Path, host: str) -> str:
    """The SHA-256 of the previous snapshot's file, as sha256sum prints it. Raises ConfigurationError."""
    from hashlib import sha256

    from semtui.api.hosts import same_host
    from semtui.audit.snapshots.reading import parse_snapshot

    content = read_regular(path, "--previous")
    if not same_host(parse_snapshot(content, "--previous").head.host, host):
        raise ConfigurationError("--previous: This snapshot is of another organization.")
    return sha256(content).hexdigest()


def _written(order: SnapshotOrder, source: Source) -> int:
    from semtui.audit.access.fates import coverage, needed
    from semtui.audit.snapshots.snapshot import content_sha256, snapshot_pieces
    from semtui.wording.coverage import lacking_words, unread_people_words

    fates = needed(coverage(source.people, source.projects), source.head.edition)
    unread = sum(listing.error is not None for listing in source.projects.members.values())
    for sentence in (*lacking_words(fates), *unread_people_words(unread)):
        say(sentence)
    if not any(fate.items for fate in fates.values()) and not any(fate.fate == "ok" for fate in fates.values()):
        say("Nothing could be read, so nothing is written.")
        return 1
    pieces = snapshot_pieces(source.people, source.projects, source.head)
    if order.output is None:
        done = print_pieces(pieces)
    else:
        try:
            path = write_private_pieces(order.output, pieces)
        except PrivateFileError as error:
            say(str(error))
            return 1
        say(f"Written to {path}; the content's SHA-256 is {content_sha256(source.people, source.projects)}.")
        done = True
    return 0 if done and not unread and all(fate.fate == "ok" for fate in fates.values()) else 1
