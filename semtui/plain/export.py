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
from semtui.wording.dates import day_words
from semtui.wording.styled_text import count

if TYPE_CHECKING:
    from semtui.export.contents import Shape, What
    from semtui.plain.context import PlainContext


def export(desk: PlainContext) -> None:
    """Ask what, in which format and where to, and write it."""
    shell = desk.shell
    if not (chosen := shell.menu("Export what?", [what.replace("-", " ") for what in WHATS])):
        return
    what: What = WHATS[chosen - 1]
    if not (chosen := shell.menu("In which format?", [shape.words for shape in SHAPES])):
        return
    shape = SHAPES[chosen - 1]
    if what == "projects":
        shell.say("Loading the projects…")
        desk.wait(desk.roster.load_projects(lambda: None))
    lacking = gaps(desk.people, what, shape.form, desk.roster.projects)
    for sentence in (*lacking.missing, *lacking.doubts):
        shell.say(sentence)
    if lacking.missing:
        shell.complain("Nothing was written.")
        return
    if what == "roles" and (others := len(known_roles(desk.people, desk.roster.projects)) - len(_rows(desk, what))):
        shell.say(f"Only the roles Semaphore lists are written; {count(others, 'role')} it does not list stay out.")
    day = day_words(desk.session.clock())
    while typed := shell.text(file_question(f"~/semtui-{what}-{day}.{shape.form}")):
        if _written(desk, what, shape, typed):
            return


def _rows(desk: PlainContext, what: What) -> Sequence[Any]:
    """The rows to export, in the order of the lists."""
    if what == "roles":
        return desk.people.roles.items
    if what == "projects":
        return sorted(desk.roster.projects.found(""), key=lambda project: project.name.casefold())
    return [row for row in desk.people.subjects if row.kind in KINDS_OF[what]]


def _written(desk: PlainContext, what: What, shape: Shape, typed: str) -> bool:
    people, rows = desk.people, _rows(desk, what)
    roles = people.roles.items if (what, shape.form) == ("all", "json") else None
    exported = export_text(rows, people, shape.form, what, roles, desk.roster.projects)
    try:
        path = write_new(Path(typed), BYTE_ORDER_MARK + exported.text if shape.bom else exported.text)
    except PrivateFileError as error:
        desk.shell.complain(str(error))
        return False
    beside = f" and {count(len(roles), 'role')}" if roles else ""
    desk.shell.say(f"Exported {count(len(rows), 'row')}{beside} to {path}.")
    for sentence in exported.remarks:
        desk.shell.say(sentence)
    return True
