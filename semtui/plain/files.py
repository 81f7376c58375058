"""What is listed, taken away as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from semtui.export import FORMATS, KINDS_OF, WHATS, export_text, gaps
from semtui.presentation import count, day_words
from semtui.private_files import PrivateFileError, write_new

if TYPE_CHECKING:
    from semtui.export import Format, What
    from semtui.plain.desk import Desk


def export(desk: Desk) -> None:
    """Ask what, in which format and where to, and write it."""
    shell = desk.shell
    if not (chosen := shell.menu("Export what?", [what.replace("-", " ") for what in WHATS])):
        return
    what: What = WHATS[chosen - 1]
    if not (chosen := shell.menu("In which format?", [form.upper() for form in FORMATS])):
        return
    form: Format = FORMATS[chosen - 1]
    lacking = gaps(desk.people, what, form)
    for sentence in (*lacking.missing, *lacking.doubts):
        shell.say(sentence)
    if lacking.missing:
        shell.say("Nothing was written.")
        return
    day = day_words(desk.session.clock())
    while typed := shell.text(f"New file, as in ~/semtui-{what}-{day}.{form}; Enter goes back"):
        if _written(desk, what, form, typed):
            return


def _written(desk: Desk, what: What, form: Format, typed: str) -> bool:
    people = desk.people
    roles = people.roles.items if what == "roles" or (what, form) == ("all", "json") else None
    try:
        path = write_new(Path(typed), export_text(people.subjects, people, form, what, roles))
    except PrivateFileError as error:
        desk.shell.say(str(error))
        return False
    rows = len(people.roles.items) if what == "roles" else sum(row.kind in KINDS_OF[what] for row in people.subjects)
    desk.shell.say(f"Exported {count(rows, 'row')} to {path}.")
    return True
