"""Lists as tables of text: what each column shows, aligned for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from semtui.organization.role_catalog import explanation
from semtui.text.wrapping import cell_width
from semtui.wording import people_rows
from semtui.wording import projects as project_words
from semtui.wording import roles as role_words

if TYPE_CHECKING:
    from semtui.api.models import Project
    from semtui.audit.contract import Source
    from semtui.organization.roles import KnownRole
    from semtui.organization.subject import Subject
    from semtui.wording.styled_text import Piece

Listed = Literal["people", "accounts", "groups", "roles", "projects", "permissions"]
LISTED: tuple[Listed, ...] = ("people", "accounts", "groups", "roles", "projects", "permissions")
COLUMNS: dict[Listed, tuple[str, ...]] = {
    "people": ("name", "role", "source", "groups", "id"),
    "accounts": ("name", "role", "state", "age", "creator", "id"),
    "groups": ("name", "role", "members", "id", "description"),
    "roles": ("name", "scope", "origin", "permissions", "people", "accounts", "groups", "id"),
    "projects": ("name", "people", "roles", "owner", "id"),
    "permissions": ("name", "description"),
}
_HEADINGS = {
    "age": "token age",
    "creator": "created by",
    "project_role": "project role",
    "probably_also_in": "probably the same in",
}
_NUMBERS = ("age", "members", "permissions", "people", "accounts", "groups")
"""Columns of numbers, which are aligned to the right if they hold nothing else."""
_GAP = "  "
_WIDEST = 36
"""Cells: a longer cell pushes only its own line to the right. An id takes as many."""


def subject_row(subject: Subject, source: Source, now: float) -> dict[str, str]:
    """The cells of a person, an account or a group; `now` in epoch seconds."""
    return {**_plain(people_rows.cells(subject, source.people, now)), "id": subject.id, "state": subject.state}


def role_row(known: KnownRole) -> dict[str, str]:
    """The cells of a role."""
    return {**_plain(role_words.cells(known)), "id": known.id}


def project_row(project: Project, source: Source) -> dict[str, str]:
    """The cells of a project."""
    return {**_plain(project_words.cells(project, source.projects, source.people)), "id": project.id}


def permission_row(name: str) -> dict[str, str]:
    """The cells of a permission."""
    return {"name": name, "description": explanation(name)}


def _plain(cells: Mapping[str, Sequence[Piece]]) -> dict[str, str]:
    return {column: "".join(text for text, _ in pieces).strip() for column, pieces in cells.items()}


def as_texts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Cells that may hold several texts, or none, as one text each."""
    return [{column: as_text(value) for column, value in row.items()} for row in rows]


def as_text(value: Any) -> str:
    """One cell as text."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def aligned(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table as text: a line of headings, and one line for each row, however long."""
    lines = [[_HEADINGS.get(column, column).upper() for column in columns]]
    lines += [[row.get(column, "") for column in columns] for row in rows]
    widths = [min(_WIDEST, max(map(cell_width, cells))) for cells in zip(*lines, strict=True)]
    right = [column in _NUMBERS and _counts(line[at] for line in lines[1:]) for at, column in enumerate(columns)]
    return "".join(f"{_GAP.join(map(_set, line, widths, right)).rstrip()}\n" for line in lines)


def _counts(cells: Iterable[str]) -> bool:
    return all(cell[-1:].isdigit() or cell in ("", "?") or cell.endswith((" d", "*")) for cell in cells)


def _set(text: str, width: int, right: bool) -> str:
    room = " " * (width - cell_width(text))
    return room + text if right else text + room
