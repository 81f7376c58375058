"""An access review in the format of Vanta's access file: people and service accounts, each with a status."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from semtui.export.csv_table import Verbatim, table
from semtui.export.records import NOT_KNOWN
from semtui.organization.relations import role_order
from semtui.system.timestamps import utc

if TYPE_CHECKING:
    from semtui.audit.reviews.review import Review, ReviewRow
    from semtui.export.csv_table import Value
    from semtui.wording.review import Listed

COLUMNS = (
    *("Account name", "Account owner", "Role", "Status"),
    *("Access Appropriate", "Date created (UTC)", "Date deactivated (UTC)"),
)
KINDS = ("person", "account")
_ACTIVE, _OFF = "Active", "Deactivated"
_NOT_A_PERSON = "Not a person"


def vanta_table(
    found: Review, people: Mapping[str, Listed] | None, *, assume_active: bool
) -> tuple[str, int, int, int]:
    """The CSV, the number of rows, of rows without a status, and of cells that were cut.

    `Access Appropriate` is left to the reviewer. The date of a deactivation is empty: the API gives only a bound.
    """
    rows = [row for row in found.rows if row.subject.kind in KINDS]
    names = Counter(map(_name, rows))
    cells = [_cells(row, people or {}, assume_active) for row in rows]
    for row, made in zip(rows, cells, strict=True):
        name = _name(row)
        made["Account name"] = f"{name} ({row.subject.id})" if names[name] > 1 else name
    made_table = table(COLUMNS, cells)
    return made_table.text, len(cells), sum(not made["Status"] for made in cells), made_table.cut.total()


def _name(row: ReviewRow) -> str:
    # Vanta refuses extra spaces.
    return " ".join(row.subject.name.split()) or row.subject.id


def _cells(row: ReviewRow, people: Mapping[str, Listed], assume_active: bool) -> dict[str, Value]:
    listed = people.get(row.subject.id)
    account = row.subject.kind == "account"
    return {
        "Account owner": _NOT_A_PERSON if account else listed.email if listed else "",
        "Role": ", ".join(_roles(row)),
        "Status": _account_status(row) if account else _status(listed, assume_active),
        "Date created (UTC)": _day(row.created_at),
    }


def _roles(row: ReviewRow) -> Iterable[str]:
    names = {path.role_name or path.role_id for path in row.access.held}
    yield from sorted(names, key=role_order)
    if not row.access.roles_known:
        yield NOT_KNOWN


def _account_status(row: ReviewRow) -> str:
    return {"active": _ACTIVE, "deactivated": _OFF, "being removed": _OFF}.get(row.subject.state, "")


def _status(listed: Listed | None, assume_active: bool) -> str:
    if listed is not None and listed.active is not None:
        return _ACTIVE if listed.active else _OFF
    return _ACTIVE if assume_active else ""


def _day(seconds: int | None) -> Verbatim:
    moment = utc(seconds)
    return Verbatim(time.strftime("%Y-%m-%d", moment)) if moment else Verbatim()
