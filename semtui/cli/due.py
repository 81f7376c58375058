"""`semtui due`: what was begun with accounts and is to be finished, from semtui's own files; asks nobody."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.cli.formats import add_format_option
from semtui.cli.headless import deliver, interruptible, say
from semtui.cli.question import THRESHOLD, add_output_option, form_of, output_of
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError

if TYPE_CHECKING:
    import argparse

    from semtui.cli.connection import Connection
    from semtui.wording.answered import Form

_FORMS: tuple[Form, ...] = ("text", "json")


@dataclass(frozen=True)
class DueOrder:
    """Which organization to tell of; None for all."""

    host: str | None
    every: bool
    form: Form
    output: Path | None
    offline: bool = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui due`."""
    import argparse

    parser.add_argument("--all", dest="every", action="store_true", help="include what is not due yet")
    add_format_option(parser, _FORMS)
    add_output_option(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
Nothing runs in the background: what is due is said here and at the next start. Every
organization is listed, or the one of --host. No request is sent, so what was finished
elsewhere is told until semtui is started the next time.

The exit status is 0 if nothing is due, 3 if something is, 1 if the files cannot be read."""


def order(arguments: argparse.Namespace) -> DueOrder:
    """What was asked for. Raises ConfigurationError."""
    from semtui.api.hosts import parse_host

    if arguments.demo or arguments.context:
        raise ConfigurationError("due reads semtui's own files; leave out --demo and --context.")
    host = arguments.host and parse_host(arguments.host, source="--host").host
    return DueOrder(host, arguments.every, form_of(arguments, _FORMS), output_of(arguments))


def run(order: DueOrder, connection: Connection | None) -> int:
    """Print what is due; returns the exit status."""
    return interruptible(connection, lambda: _told(order))


def _told(order: DueOrder) -> int:
    from semtui.history.under_way import UnderWay
    from semtui.system.private_directories import state_directory
    from semtui.wording.due import due_answered

    now = time.time()
    try:
        found = UnderWay(order.host or "", partial(state_directory, os.environ, Path.home())).all()
    except PrivateFileError as error:
        say(str(error))
        return 1
    due = [each for each in found if each.is_due(now)]
    if not deliver(due_answered(found if order.every else due, now).write(order.form), order.output):
        return 1
    return THRESHOLD if due else 0
