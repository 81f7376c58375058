"""`semtui journal [WORDS]`: what was changed through semtui, from its own files; asks nobody."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.formats import add_format_option
from semtui.cli.headless import deliver, interruptible, say
from semtui.cli.question import add_output_option, form_of, output_of
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.wording.answered import FORMS, Form

if TYPE_CHECKING:
    import argparse

    from semtui.cli.connection import Connection
    from semtui.history.record import Entry


@dataclass(frozen=True)
class JournalOrder:
    """Which entries to print, and how."""

    words: tuple[str, ...]
    host: str | None
    form: Form
    output: Path | None
    offline: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui journal`."""
    import argparse

    parser.add_argument("words", metavar="WORD", nargs="*", help="only entries that contain all of these")
    add_format_option(parser, FORMS)
    add_output_option(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
Every organization is listed, or the one of --host. No request is sent. [journal] in
config.toml sets how long it is kept, or switches it off; .github/LIFECYCLE.md tells more.

The exit status is 0, 1 if the journal cannot be read, 2 if it is not kept."""


def order(arguments: argparse.Namespace) -> JournalOrder:
    """What was asked for. Raises ConfigurationError."""
    from semtui.api.hosts import parse_host

    if arguments.demo or arguments.context:
        raise ConfigurationError("journal reads semtui's own files; leave out --demo and --context.")
    host = arguments.host and parse_host(arguments.host, source="--host").host
    return JournalOrder(tuple(arguments.words), host, form_of(arguments), output_of(arguments))


def run(order: JournalOrder, connection: Connection | None) -> int:
    """Print the journal; returns the exit status. Raises ConfigurationError."""
    return interruptible(connection, lambda: _written(order))


def _written(order: JournalOrder) -> int:
    from semtui.wording.journal import journal_answered

    try:
        entries = _entries(order)
    except PrivateFileError as error:
        say(str(error))
        return 1
    return 0 if deliver(journal_answered(entries, {}).write(order.form), order.output) else 1


def _entries(order: JournalOrder) -> list[Entry]:
    from semtui.api.hosts import same_host
    from semtui.history.record import read_lines
    from semtui.session.kept_journal import kept_journal
    from semtui.text.counting import count
    from semtui.text.folding import holds, search_words
    from semtui.wording.journal import haystack_of

    kept = kept_journal(os.environ, Path.home())
    if kept is None:
        raise ConfigurationError("The journal is switched off by keep = false under [journal] in config.toml.")
    wanted = search_words(" ".join(order.words))
    entries, left_out = read_lines(kept.lines())
    if left_out:
        say(f"{count(left_out, 'line')} left out: damaged, or of a later version of semtui.")
    return [
        each
        for each in entries
        if (order.host is None or same_host(each.host, order.host)) and holds(haystack_of(each, {}), wanted)
    ]
