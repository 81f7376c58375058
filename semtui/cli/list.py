"""`semtui list WHAT`: people, accounts, groups, roles, projects or permissions, narrowed by a filter."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.cli.filtering import add_filter_option, check_filter
from semtui.cli.question import Question, Reply, Rows, add_question_options, question_of
from semtui.cli.side_by_side import answer
from semtui.system.errors import ConfigurationError
from semtui.wording.listings import COLUMNS, LISTED, Listed, aligned

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.export.contents import What
    from semtui.wording.answered import Form

_FORMS: tuple[Form, ...] = ("text", "json", "csv")
_EXPORTED: dict[Listed, What] = {
    "people": "people",
    "accounts": "service-accounts",
    "groups": "groups",
    "roles": "roles",
    "projects": "projects",
}
_READ_BY_DEFAULT = "50"
"""The number of projects whose people are read for a list of projects or roles."""


@dataclass(frozen=True)
class ListOrder:
    """What to list, and what it has to match."""

    question: Question
    what: Listed
    search: str

    @property
    def offline(self) -> bool:
        """True if the list comes from a snapshot file."""
        return self.question.offline


@dataclass(frozen=True)
class Table:
    """A list: as cells of text, as cells of CSV, and as JSON."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    csv_columns: Sequence[str]
    csv_rows: Sequence[Mapping[str, Any]]
    record: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    """Why the rows themselves could not be read, in sentences."""
    doubts: tuple[str, ...] = ()
    """What is missing of the rows, in sentences."""
    unknown: int = 0
    """Of how many rows it is not known whether they match."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui list`."""
    import argparse

    parser.add_argument("what", metavar="WHAT", help=f"{', '.join(LISTED[:-1])} or {LISTED[-1]}")
    add_filter_option(parser, "only rows that match these words and terms (permissions: words alone)")
    add_question_options(parser, at_id=False, forms=_FORMS, contexts=True)
    parser.set_defaults(projects=None)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
JSON and CSV are those of `semtui export`; a list of permissions has name and
description.

The exit status is 0 for a complete list, 1 when something could not be read or it is
not known of a row whether it matches, 2 when the filter is not understood."""


def order(arguments: argparse.Namespace) -> ListOrder:
    """What was asked for. Raises ConfigurationError."""
    what = next((each for each in LISTED if each == arguments.what), None)
    if what is None:
        raise ConfigurationError(f"WHAT is {', '.join(LISTED[:-1])} or {LISTED[-1]}.")
    if arguments.projects is None:
        # Project roles are known only from the people of projects (`API.md#listing-roles`).
        arguments.projects = _READ_BY_DEFAULT if what in ("projects", "roles") else "0"
    return ListOrder(question_of(arguments, _FORMS), what, check_filter(arguments.filter, what))


def run(order: ListOrder, connection: Connection | None) -> int:
    """List; returns the exit status. Raises ConfigurationError."""
    return answer(order.question, connection, lambda source: _reply(order, source))


def _reply(order: ListOrder, source: Source) -> Reply:
    from semtui.organization.filters.language import unknown_words

    table = table_of(order, source)
    notes = [*table.missing, *table.doubts, *filter(None, [unknown_words(table.unknown)])]

    def write(form: Form) -> str:
        if form == "json":
            return json.dumps(table.record, ensure_ascii=True, indent=2) + "\n"
        if form == "csv":
            from semtui.export.csv_table import table as csv_table

            return csv_table(table.csv_columns, table.csv_rows).text
        return aligned(table.columns, table.rows)

    rows = Rows(table.columns, table.rows, table.csv_columns, table.csv_rows)
    return Reply(
        write,
        complete=not (table.missing or table.doubts),
        unknown=table.unknown,
        notes=tuple(notes),
        rows=lambda: rows,
        nothing=bool(table.missing),
    )


def table_of(order: ListOrder, source: Source) -> Table:
    """The rows that match, in the order of the screen. Raises ConfigurationError for a filter that names something
    that does not exist."""
    from semtui.cli.listed_rows import found
    from semtui.export.contents import COLUMNS as CSV_COLUMNS
    from semtui.export.contents import export_cells, export_lists, gaps
    from semtui.export.records import Records

    rows, texts, unknown = found(order.what, source, order.search)
    if order.what == "permissions":
        return Table(COLUMNS["permissions"], texts, COLUMNS["permissions"], texts, {"permissions": texts})
    what = _EXPORTED[order.what]
    records = Records(source.people, source.projects)
    lacking = gaps(source.people, what, "csv", source.projects)
    return Table(
        COLUMNS[order.what],
        texts,
        CSV_COLUMNS[what],
        list(export_cells(records, what, rows)),
        export_lists(records, what, rows),
        lacking.missing,
        lacking.doubts,
        unknown,
    )
