"""Export rows to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from semtui.export.contents import (
    KINDS_OF,
    SHAPES,
    WHATS,
    export_text,
    gaps,
)
from semtui.export.csv_table import BYTE_ORDER_MARK
from semtui.organization.roles import known_roles
from semtui.plain.speech import file_question
from semtui.system.private_files import PrivateFileError, write_new
from semtui.text.counting import count
from semtui.wording.dates import day_words

if TYPE_CHECKING:
    from semtui.export.contents import Shape, What
    from semtui.plain.context import PlainContext


def export(context: PlainContext) -> None:
    """Ask what, in which format and where to, and write it."""
    console = context.console
    if not (chosen := console.menu("Export what?", [what.replace("-", " ") for what in WHATS])):
        return
    what: What = WHATS[chosen - 1]
    if not (chosen := console.menu("In which format?", [shape.words for shape in SHAPES])):
        return
    shape = SHAPES[chosen - 1]
    if what == "projects":
        console.say("Loading the projects…")
        context.wait(context.store.load_projects(lambda: None))
    lacking = gaps(context.people, what, shape.form, context.store.projects)
    for sentence in (*lacking.missing, *lacking.doubts):
        console.say(sentence)
    if lacking.missing:
        console.complain("Nothing was written.")
        return
    if what == "roles" and (
        others := len(known_roles(context.people, context.store.projects)) - len(_rows(context, what))
    ):
        console.say(f"Only the roles Semaphore lists are written; {count(others, 'role')} it does not list stay out.")
    day = day_words(context.session.clock())
    while typed := console.text(file_question(f"~/semtui-{what}-{day}.{shape.form}")):
        if _written(context, what, shape, typed):
            return


def _rows(context: PlainContext, what: What) -> Sequence[Any]:
    """The rows to export, in the order of the lists."""
    if what == "roles":
        return context.people.roles.items
    if what == "projects":
        return context.store.projects.by_name
    return [row for row in context.people.subjects if row.kind in KINDS_OF[what]]


def _written(context: PlainContext, what: What, shape: Shape, typed: str) -> bool:
    people, rows = context.people, _rows(context, what)
    roles = people.roles.items if (what, shape.form) == ("all", "json") else None
    exported = export_text(rows, people, shape.form, what, roles, context.store.projects)
    try:
        path = write_new(Path(typed), BYTE_ORDER_MARK + exported.text if shape.bom else exported.text)
    except PrivateFileError as error:
        context.console.complain(str(error))
        return False
    beside = f" and {count(len(roles), 'role')}" if roles else ""
    context.console.say(f"Exported {count(len(rows), 'row')}{beside} to {path}.")
    for sentence in exported.remarks:
        context.console.say(sentence)
    return True
