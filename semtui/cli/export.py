"""`semtui export`: loads the lists, says what is missing, writes the file. No screen, and no request but GET.

The exit status is 0 only for a complete export.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from semtui.cli.connection import Connection
from semtui.cli.filtering import add_filter_option, check_filter, filtered, matching
from semtui.cli.formats import add_format_option
from semtui.cli.headless import deliver, interruptible, reading, say, tell_progress
from semtui.export.contents import (
    COLUMNS,
    FORMATS,
    KINDS_OF,
    WHATS,
    Format,
    What,
    export_text,
    gaps,
    lists_for,
    required_lists,
)
from semtui.export.csv_table import BYTE_ORDER_MARK, LIMIT
from semtui.export.records import NO_ROLE, NOT_KNOWN
from semtui.organization.listing import LIST_NAMES
from semtui.organization.loading import load_people, load_project_roles, load_projects
from semtui.organization.projects import Projects
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new

if TYPE_CHECKING:
    from semtui.export.contents import Exported
    from semtui.organization.people import People
    from semtui.settings.contexts import Chosen
    from semtui.system.debug_log import DebugLog


@dataclass(frozen=True)
class Order:
    """What to export, in which format, and where to: a new file, or standard output."""

    what: What
    form: Format
    output: Path | None
    bom: bool = False
    """Whether a CSV begins with a byte order mark."""
    offline: bool = False
    search: str = ""
    """Words and terms the rows have to match."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `semtui export`, and a description of its files to the help."""
    # Any value is accepted here and checked by `order`: argparse would quote a wrong one, which may be a token.
    parser.add_argument(
        "--what", metavar="WHAT", default="all", help=f"{', '.join(WHATS[:-1])} or {WHATS[-1]} (the default)"
    )
    add_format_option(parser, FORMATS)
    parser.add_argument(
        "--output", metavar="PATH", type=Path, help="write this new file, never over one that exists; else stdout"
    )
    parser.add_argument(
        "--bom", action="store_true", help="begin CSV with a byte order mark: Excel needs one for letters beyond ASCII"
    )
    add_filter_option(parser)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _epilog()


def _epilog() -> str:
    columns = "\n".join(f"  {what + ':':<18}{_wrapped(COLUMNS[what], 20)}" for what in WHATS)
    return f"""\
The columns of CSV, first those of the web page's own exports:
{columns}
The API gives no e-mail and no logins, so these columns stay empty. Several roles or
members stand in one cell with “; ” between them, in quotes where one holds ; or ",
sources in the same order as roles. {NO_ROLE} is who holds no role; an empty role cell
says that it is not known. The column effective has the roles held through groups too;
{NOT_KNOWN} after them says that there may be more, (deactivated) that the account can
use none of them now. Roles and projects are tables of their own and not among
the rows of all. A cell a spreadsheet would take for a formula, a number or a date
begins with an apostrophe, control characters are shown as ␛ or ‹202E›, and one longer
than {LIMIT:,} characters is cut, which is said.

JSON is lossless: an object with a list of each kind, texts as Semaphore sent them,
under the API's own names. .github/EXPORT.md explains each column and key.

The exit status is 0 when the export is complete, 1 when something could not be read
or written or was cut, or when it is not known whether rows match the filter, 2 when
it could not start or the filter is not understood. When what was asked for is missing,
nothing is written; when only roles or names of others are, their cells are empty (null
in JSON)."""


def _wrapped(words: tuple[str, ...], indent: int, width: int = 84) -> str:
    lines = [""]
    for word in words:
        if lines[-1] and indent + len(lines[-1]) + len(word) + 1 > width:
            lines[-1] += ","
            lines.append(word)
        else:
            lines[-1] += f",{word}" if lines[-1] else word
    return f"\n{' ' * indent}".join(lines)


def order(arguments: argparse.Namespace) -> Order:
    """Check the arguments. Raises ConfigurationError, which does not quote them."""
    what = next((what for what in WHATS if what == arguments.what), None)
    if what is None:
        raise ConfigurationError(f"--what takes {', '.join(WHATS[:-1])} or {WHATS[-1]}.")
    form = next((form for form in FORMATS if form == arguments.format), None)
    if form is None:
        raise ConfigurationError(f"--format takes {' or '.join(FORMATS)}.")
    if arguments.bom and form != "csv":
        raise ConfigurationError("--bom is for CSV: JSON has no byte order mark.")
    search = check_filter(arguments.filter, what)
    if arguments.output is None:
        if sys.stdout is None:
            raise ConfigurationError("Standard output is closed; give a file with --output.")
        return Order(what, form, None, arguments.bom, search=search)
    try:
        return Order(what, form, check_new(arguments.output), arguments.bom, search=search)
    except PrivateFileError as error:
        raise ConfigurationError(str(error)) from None


def run(order: Order, connection: Connection | None) -> int:
    """Export; returns the exit status."""
    assert connection is not None
    return export(connection.chosen, order, ca_file=connection.ca_file, log=connection.log)


def export(chosen: Chosen, order: Order, *, ca_file: Path | None = None, log: DebugLog | None = None) -> int:
    """Load and export `chosen`; returns the exit status."""
    connection = Connection(chosen, ca_file, log)
    return interruptible(connection, lambda: _export(connection, order))


def _export(connection: Connection, order: Order) -> int:
    # Imported here and below, because the screen and `semtui --version` do without them.
    import asyncio

    say(f"Reading {connection.chosen.context.host}.")
    people, projects = asyncio.run(_load(connection, order))
    lacking = gaps(people, order.what, order.form, projects)
    for sentence in (*lacking.missing, *lacking.doubts):
        say(sentence)
    if lacking.missing:
        say("Nothing was exported.")
        return 1
    if order.what in ("groups", "all") and people.community:
        say("Semaphore Community has no groups.")
    rows, unknown = _rows(people, projects, order)
    if unknown:
        say(unknown)
    exported = _exported(rows, people, projects, order)
    for sentence in exported.remarks:
        say(sentence)
    complete = not (lacking.doubts or exported.cut or unknown)
    return 0 if _written(order, exported.text) and complete else 1


def _rows(people: People, projects: Projects, order: Order) -> tuple[tuple[Any, ...], str]:
    """The rows to write, and for how many more it is not known, in words.

    Raises ConfigurationError for a filter that names something that does not exist.
    """
    from semtui.organization.filters.language import unknown_words
    from semtui.organization.filters.row_filter import project_filter, role_filter
    from semtui.organization.roles import known_roles

    if order.what == "roles":
        listed = (each for each in known_roles(people, projects) if each.known_by == "listed")
        rows, unknown = matching(role_filter(), listed, order.search)
        return tuple(each.role for each in rows), unknown_words(unknown)
    if order.what == "projects":
        rows, unknown = matching(project_filter(people, projects), projects.by_name, order.search)
        return tuple(rows), unknown_words(unknown)
    found = filtered(people, projects, order.search, time.time(), KINDS_OF[order.what])
    return tuple(found.rows), unknown_words(len(found.undecided))


def _exported(rows: tuple[Any, ...], people: People, projects: Projects, order: Order) -> Exported:
    roles = people.roles.items if "roles" in required_lists(order.what, order.form) else None
    return export_text(rows, people, order.form, order.what, roles, projects)


async def _load(connection: Connection, order: Order) -> tuple[People, Projects]:
    async with reading(connection) as read:
        # A filter may ask for anything; which project roles come along shows on projects.
        lists = LIST_NAMES if order.search else lists_for(order.what, order.form)
        people = await load_people(read, time.time, tell_progress, lists)
        if order.what != "projects" and not (KINDS_OF[order.what] and _asks_access(order.search)):
            return people, Projects()
        projects = await load_projects(read, time.time)
        return people, await load_project_roles(read, people, projects) if order.search else projects


def _asks_access(search: str) -> bool:
    """Whether a filter asks who can do something."""
    if not search:
        return False
    from semtui.organization.filters.language import split

    return any(part.name == "can" for part in split(search))


def _written(order: Order, text: str) -> bool:
    """Write the export to its destination; returns whether all of it was written."""
    text = BYTE_ORDER_MARK + text if order.bom else text
    return deliver(text, order.output, done="Exported")
