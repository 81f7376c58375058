"""An organization as one text: everything its lists told, when they were read, and what is missing.

`content` is what the organization is, and the same organization gives the same text and so the same hash whenever it
is read. `head` is how and when it was read. `snapshot_reading` reads it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from semtui.audit.canonical import canonical, canonical_list, quoted
from semtui.audit.fates import ListFate, fate_of
from semtui.audit.limits import ASSUMPTIONS, limits_of
from semtui.audit.records import RECORDS, Record, in_order, member_record, project_record, rfc3339, role_record
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

VERSION = 1
"""Of the form that is written, and the only one that is read."""

WITH_ROWS = ("partial", "stale")
"""Fates of lists that are not whole, or not of now, and have rows all the same."""

_FOREIGN_WORDS = re.compile(r"\((status \d{3}|404): .*\)", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """How a snapshot came about. Times are epoch seconds, UTC."""

    host: str
    started_at: int
    finished_at: int
    edition: str
    """`ee`, `ce` or `unknown`; Semaphore Cloud is `ee`."""
    edition_told_by: str
    tool: str
    """semtui and its version."""
    by: str | None = None
    """Who took it, as they say themselves."""
    previous_sha256: str | None = None
    """The SHA-256 of the file this one follows."""


def organization_id(people: People, projects: Projects) -> str | None:
    """The id all rows agree on; None where none has one, or they differ."""
    rows: tuple[Any, ...] = (*people.roles.items, *people.accounts.items, *projects.listing.items)
    found = {raw(row.org_id) for row in rows if row.org_id}
    return found.pop() if len(found) == 1 else None


def snapshot_text(people: People, projects: Projects, head: Head) -> str:
    """The snapshot as a whole; of a large organization it takes many megabytes."""
    return "".join(snapshot_pieces(people, projects, head))


def snapshot_pieces(people: People, projects: Projects, head: Head) -> Iterator[str]:
    """The snapshot piece by piece, so that it can be written as it is made."""
    digest = sha256()
    yield '{\n "content": '
    for piece in content_pieces(people, projects):
        digest.update(piece.encode())
        yield piece.replace("\n", "\n ")
    yield f',\n "content_sha256": {quoted(digest.hexdigest())}'
    yield f',\n "head": {canonical(_head_record(people, projects, head), 1)}'
    yield f',\n "semtui_snapshot": {VERSION}\n}}\n'


def content_sha256(people: People, projects: Projects) -> str:
    """The hash of what the organization is, in hexadecimal."""
    digest = sha256()
    for piece in content_pieces(people, projects):
        digest.update(piece.encode())
    return digest.hexdigest()


def content_pieces(people: People, projects: Projects) -> Iterator[str]:
    """What the hash is over: the content as it would stand in a file of its own, without a line end after it."""
    parts: dict[str, Iterator[str]] = {name: _list(people.listing(name), RECORDS[name]) for name in LIST_NAMES}
    parts["organization"] = iter((canonical({"id": organization_id(people, projects)}, 1),))
    parts["projects"] = _list(projects.listing, lambda project: _project(project, projects))
    parts["project_roles"] = canonical_list(map(role_record, in_order(projects.roles.values())), 1)
    parts["seen"] = iter((canonical(_seen(people, projects), 1),))
    between = "{"
    for name in sorted(parts):
        yield f"{between}\n {quoted(name)}: "
        yield from parts[name]
        between = ","
    yield "\n}"


def _list(listing: Listing[Any], record: Any) -> Iterator[str]:
    """A list that is whole and of now; null for any other, which may lack rows."""
    if fate_of(listing).fate != "ok":
        yield "null"
        return
    yield from canonical_list(map(record, in_order(listing.items)), 1)


def _project(project: Any, projects: Projects) -> Record:
    people = projects.members_of(project.id)
    whole = fate_of(people).fate == "ok"
    return project_record(project) | {"people": list(map(member_record, in_order(people.items))) if whole else None}


def _seen(people: People, projects: Projects) -> Record:
    """Rows of lists that are not whole, or not of now: they are there, and others may be too."""

    def rows(listing: Listing[Any], record: Any) -> list[Record]:
        return [record(item) for item in in_order(listing.items)] if fate_of(listing).fate in WITH_ROWS else []

    found: Record = {name: rows(people.listing(name), RECORDS[name]) for name in LIST_NAMES}
    found["projects"] = rows(projects.listing, lambda project: _project(project, projects))
    listings = {project_id: projects.members_of(project_id) for project_id in _project_ids(projects)}
    on_projects = {raw(each): rows(listing, member_record) for each, listing in listings.items()}
    found["project_people"] = {each: records for each, records in on_projects.items() if records}
    return {name: records for name, records in found.items() if records}


def _project_ids(projects: Projects) -> list[str]:
    """Projects whose people were asked for, as far as they are listed."""
    return [project.id for project in projects.listing.items if project.id in projects.members]


def _head_record(people: People, projects: Projects, head: Head) -> Record:
    return {
        "assumptions": list(ASSUMPTIONS),
        "by": head.by,
        "coverage": coverage_record(people, projects),
        "edition": head.edition,
        "edition_told_by": head.edition_told_by,
        "finished_at": rfc3339(head.finished_at),
        "host": raw(head.host),
        "limits": list(limits_of(head.edition, head.host)),
        "previous_sha256": head.previous_sha256,
        "removed": _removed(people),
        "started_at": rfc3339(head.started_at),
        "tool": head.tool,
    }


def coverage_record(people: People, projects: Projects) -> Record:
    """What became of each list, by name; for `projects` also of the people of each that was asked about."""
    found: Record = {name: _fate_record(fate_of(people.listing(name))) for name in LIST_NAMES}
    asked = {each: fate_of(projects.members_of(each)) for each in _project_ids(projects)}
    found["projects"] = _fate_record(fate_of(projects.listing)) | {
        "people": {raw(each): _fate_record(fate) for each, fate in asked.items()},
        "people_read": sum(fate.fate == "ok" for fate in asked.values()),
    }
    return found


def _fate_record(fate: ListFate) -> Record:
    # Semaphore's own words, quoted in parentheses, are part of an answer's body, of which nothing is kept.
    reason = None if fate.reason is None else _FOREIGN_WORDS.sub(r"(\1)", fate.reason)
    return {
        "at": rfc3339(fate.at),
        "fate": fate.fate,
        "items": fate.items,
        "missing": fate.missing_permission or None,
        "reason": reason,
    }


def _removed(people: People) -> Record:
    """Accounts and groups that lists of roles still showed though they were deleted."""
    shown = {member.id for name in LIST_NAMES[:3] for member in people.listing(name).items}
    shown |= {account.id for account in people.accounts.items}
    return {
        "deleted": sorted(raw(each) for each in people.deleted & shown),
        "former": [{"id": raw(each), "name": raw(name)} for each, name in sorted(people.former) if each in shown],
        "gone": sorted(raw(each) for each in people.gone & shown),
    }
