"""Writes an organization as one text: everything in its lists, when they were read, and what is missing.

`content` describes the organization: if nothing has changed, its text and hash are the same whenever it is read. `head`
says how and when it was read; its hash binds it to that content. `snapshot_reading` reads it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from semtui.audit.access.fates import ListFate, fate_of
from semtui.audit.limits import ASSUMPTIONS, limits_of
from semtui.audit.snapshots.canonical import canonical, canonical_list, quoted
from semtui.audit.snapshots.records import (
    RECORDS,
    Record,
    in_order,
    member_record,
    project_record,
    rfc3339,
    role_record,
)
from semtui.organization.listing import LIST_NAMES, Listing
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.projects import Projects

VERSION = 1
"""The version of the format that is written, and the only one that is read."""

WITH_ROWS = ("partial", "stale")
"""Fates of lists that are incomplete or out of date, but have rows."""

_FOREIGN_WORDS = re.compile(r"\((status \d{3}|404): .*\)", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """How a snapshot was taken. Times are epoch seconds."""

    host: str
    started_at: int
    finished_at: int
    edition: str
    """`ee`, `ce` or `unknown`; Semaphore Cloud is `ee`."""
    edition_told_by: str
    tool: str
    """`semtui` and its version."""
    by: str | None = None
    """Who took it, as stated by themselves."""
    previous_sha256: str | None = None
    """The SHA-256 of the previous snapshot's file."""


def organization_id(people: People, projects: Projects) -> str | None:
    """The organization id all rows agree on; None if no row has one, or they differ."""
    rows: tuple[Any, ...] = (*people.roles.items, *people.accounts.items, *projects.listing.items)
    found = {raw(row.org_id) for row in rows if row.org_id}
    return found.pop() if len(found) == 1 else None


def snapshot_text(people: People, projects: Projects, head: Head) -> str:
    """The whole snapshot as one text; many megabytes for a large organization."""
    return "".join(snapshot_pieces(people, projects, head))


def snapshot_pieces(people: People, projects: Projects, head: Head) -> Iterator[str]:
    """The snapshot in pieces, so that it can be written as it is made."""
    digest = sha256()
    yield '{\n "content": '
    for piece in content_pieces(people, projects):
        digest.update(piece.encode())
        yield piece.replace("\n", "\n ")
    record = _head_record(people, projects, head)
    yield f',\n "content_sha256": {quoted(digest.hexdigest())}'
    yield f',\n "head": {canonical(record, 1)}'
    yield f',\n "head_sha256": {quoted(head_sha256(record, digest.hexdigest()))}'
    yield f',\n "semtui_snapshot": {VERSION}\n}}\n'


def content_sha256(people: People, projects: Projects) -> str:
    """The SHA-256 of `content`, in hexadecimal."""
    digest = sha256()
    for piece in content_pieces(people, projects):
        digest.update(piece.encode())
    return digest.hexdigest()


def head_sha256(record: Record, of_content: str) -> str:
    """The hash of a head as it is written, together with that of the content it belongs to, in hexadecimal."""
    return sha256(canonical({"content_sha256": of_content, "head": record}).encode()).hexdigest()


def content_pieces(people: People, projects: Projects) -> Iterator[str]:
    """The text that is hashed: `content` as if in a file of its own, without a final line feed."""
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
    """A list that is whole and current; null for any other."""
    if fate_of(listing).fate != "ok":
        yield "null"
        return
    yield from canonical_list(map(record, in_order(listing.items)), 1)


def _project(project: Any, projects: Projects) -> Record:
    people = projects.members_of(project.id)
    whole = fate_of(people).fate == "ok"
    return project_record(project) | {"people": list(map(member_record, in_order(people.items))) if whole else None}


def _seen(people: People, projects: Projects) -> Record:
    """The rows of lists that are incomplete or out of date: there may be others."""

    def rows(listing: Listing[Any], record: Any) -> list[Record]:
        return [record(item) for item in in_order(listing.items)] if fate_of(listing).fate in WITH_ROWS else []

    found: Record = {name: rows(people.listing(name), RECORDS[name]) for name in LIST_NAMES}
    found["projects"] = rows(projects.listing, lambda project: _project(project, projects))
    listings = {project_id: projects.members_of(project_id) for project_id in _project_ids(projects)}
    on_projects = {raw(each): rows(listing, member_record) for each, listing in listings.items()}
    found["project_people"] = {each: records for each, records in on_projects.items() if records}
    return {name: records for name, records in found.items() if records}


def _project_ids(projects: Projects) -> list[str]:
    """The listed projects whose people were requested."""
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
    """How each list was read, by name; for `projects` also how the people of each requested one were."""
    found: Record = {name: _fate_record(fate_of(people.listing(name))) for name in LIST_NAMES}
    asked = {each: fate_of(projects.members_of(each)) for each in _project_ids(projects)}
    found["projects"] = _fate_record(fate_of(projects.listing)) | {
        "people": {raw(each): _fate_record(fate) for each, fate in asked.items()},
        "people_read": sum(fate.fate == "ok" for fate in asked.values()),
    }
    return found


def _fate_record(fate: ListFate) -> Record:
    # Semaphore's own words, in parentheses, are part of an answer's body, which is never written to a file.
    reason = None if fate.reason is None else _FOREIGN_WORDS.sub(r"(\1)", fate.reason)
    return {
        "at": rfc3339(fate.at),
        "fate": fate.fate,
        "items": fate.items,
        "missing": fate.missing_permission or None,
        "reason": reason,
    }


def _removed(people: People) -> Record:
    """Deleted accounts and groups that the lists of roles still contained."""
    shown = {member.id for name in LIST_NAMES[:3] for member in people.listing(name).items}
    shown |= {account.id for account in people.accounts.items}
    return {
        "deleted": sorted(raw(each) for each in people.deleted & shown),
        "former": [{"id": raw(each), "name": raw(name)} for each, name in sorted(people.former) if each in shown],
        "gone": sorted(raw(each) for each in people.gone & shown),
    }
