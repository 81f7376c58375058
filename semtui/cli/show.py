"""`semtui show X`: everything that is known about a person, account, group, role or project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.cli import naming
from semtui.cli.asking import AskingOrder, add_asking_options, ask
from semtui.cli.question import Reply, question_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.contract import Source
    from semtui.cli.connection import Connection
    from semtui.cli.naming import Thing
    from semtui.wording.answered import Form
    from semtui.wording.styled_text import Line

_FORMS: tuple[Form, ...] = ("text", "json")


@dataclass(frozen=True)
class ShowOrder(AskingOrder):
    """Whom or what to show."""

    given: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `semtui show`."""
    parser.add_argument("given", metavar="X", help="a person, account, group, role or project, by id or name")
    add_asking_options(parser, forms=_FORMS)
    parser.epilog = """\
JSON is the record that `semtui export` writes of it.

The exit status is 0 when all lists it takes were read, 1 when one was not, 2 when
nobody and nothing has that id or name, or several have."""


def order(arguments: argparse.Namespace) -> ShowOrder:
    """What was asked for. Raises ConfigurationError."""
    return ShowOrder(question_of(arguments, _FORMS), arguments.given)


def run(order: ShowOrder, connection: Connection | None) -> int:
    """Show it; returns the exit status. Raises ConfigurationError."""
    # The people of a project that is named so are read.
    return ask(order.question, connection, lambda source, graph: _reply(order, source, graph), order.given)


def _reply(order: ShowOrder, source: Source, graph: AccessGraph) -> Reply:
    from semtui.export.contents import gaps
    from semtui.export.records import Records

    found, thing = naming.anything_id(graph, order.given, ids_only=order.question.ids_only)
    records = Records(source.people, source.projects)
    lines, record = _shown(source, records, found, thing)

    def write(form: Form) -> str:
        if form == "json":
            return json.dumps(record, ensure_ascii=True, indent=2) + "\n"
        return "".join(f"{line.text.rstrip()}\n" for line in lines)

    lacking = gaps(source.people, "roles" if thing == "role" else "all", "csv")
    notes = (*lacking.missing, *lacking.doubts)
    return Reply(write, complete=not notes, notes=notes)


def _shown(source: Source, records: Any, found: str, thing: Thing) -> tuple[Sequence[Line], dict[str, Any]]:
    """The lines and the record of something."""
    from semtui.organization.roles import known_roles
    from semtui.wording import projects, roles, subject_details

    people = source.people
    if thing == "project":
        project = next(each for each in source.projects.listing.items if each.id == found)
        return projects.details(project, source.projects, people), records.project_record(project)
    if thing == "role":
        known = next(each for each in known_roles(people, source.projects) if each.id == found)
        return roles.details(known), records.role_record(known.role)
    subject = people.by_id[found]
    lines = subject_details.details(subject, people, source.head.finished_at, source.projects.listing.items)
    # What a line leads to on the screen is a command of its own.
    here = [line for line in lines if line.leads is None or line.leads[0] != "can"]
    return here, records.subject_record(subject)
