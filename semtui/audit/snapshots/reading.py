"""Reads a snapshot back into lists, after checking every field and the hash.

Each list has the fate it had when the snapshot was taken, so what was unknown then is unknown still.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from semtui.api.errors import IncompleteListError, NoAnswerError, PermissionDeniedError, SemaphoreError
from semtui.audit.snapshots.fields import (
    Check,
    SnapshotError,
    by_key,
    count_of,
    fields,
    filled,
    instant,
    list_of,
    load,
    number,
    one_of,
    optional,
    sha,
    text,
    truth,
    wrong,
)
from semtui.audit.snapshots.records import Record, rfc3339
from semtui.audit.snapshots.snapshot import VERSION, WITH_ROWS, Head, content_sha256, head_sha256, organization_id
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.people import People
from semtui.organization.projects import Projects
from semtui.system.errors import ConfigurationError
from semtui.text.clean import cleaned

_BINDING = fields({"role_id": text, "role_name": text, "source": text})
_MEMBER = {"id": filled, "name": text, "roles": list_of(_BINDING), "subject_type": text}
_ACCOUNT = {
    "created_at": optional(number),
    "created_at_utc": optional(text),
    "creator_id": text,
    "deactivated": truth,
    "description": text,
    "id": filled,
    "name": text,
    "org_id": text,
    "updated_at": optional(number),
    "updated_at_utc": optional(text),
}
_GROUP = {"description": text, "id": filled, "member_ids": list_of(text), "name": text}
_ROLE = {
    "description": text,
    "id": filled,
    "name": text,
    "org_id": text,
    "permissions": list_of(text),
    "readonly": truth,
    "scope": text,
}
_PROJECT = {
    "description": text,
    "id": filled,
    "name": text,
    "org_id": text,
    "owner_id": text,
    "people": optional(list_of(fields(_MEMBER))),
}
_ROWS: dict[str, Mapping[str, Check]] = {
    "users": _MEMBER,
    "account_members": _MEMBER,
    "group_members": _MEMBER,
    "accounts": _ACCOUNT,
    "groups": _GROUP,
    "roles": _ROLE,
    "projects": _PROJECT,
}
_LISTS = {name: list_of(fields(row)) for name, row in _ROWS.items()}
_CONTENT = fields(
    {name: optional(check) for name, check in _LISTS.items()}
    | {
        "organization": fields({"id": optional(text)}),
        "project_roles": list_of(fields(_ROLE)),
        "seen": fields(_LISTS | {"project_people": by_key(list_of(fields(_MEMBER)))}, all_of_them=False),
    }
)
_FATE = {
    "at": optional(instant),
    "fate": one_of("ok", "refused", "failed", "partial", "stale"),
    "items": count_of,
    "missing": optional(text),
    "reason": optional(text),
}
_COVERAGE = fields(
    {name: fields(_FATE) for name in LIST_NAMES}
    | {"projects": fields(_FATE | {"people": by_key(fields(_FATE)), "people_read": count_of})}
)
_HEAD = fields(
    {
        "assumptions": list_of(text),
        "by": optional(text),
        "coverage": _COVERAGE,
        "edition": one_of("ee", "ce", "unknown"),
        "edition_told_by": text,
        "finished_at": instant,
        "host": text,
        "limits": list_of(text),
        "previous_sha256": optional(sha),
        "removed": fields(
            {"deleted": list_of(text), "former": list_of(fields({"id": text, "name": text})), "gone": list_of(text)}
        ),
        "started_at": instant,
        "tool": text,
    }
)


_SNAPSHOT = fields(
    {"content": _CONTENT, "content_sha256": sha, "head": _HEAD, "head_sha256": sha, "semtui_snapshot": number}
)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot: the lists as they were, and how they were read."""

    people: People
    projects: Projects
    head: Head
    content_sha256: str


def parse_snapshot(content: bytes, which: str) -> Snapshot:
    """A snapshot from the bytes of a file; `which` names it in an error. Raises ConfigurationError."""
    try:
        return read_snapshot(content.decode())
    except UnicodeDecodeError:
        raise ConfigurationError(f"{which}: This is no snapshot: it is not UTF-8.") from None
    except SnapshotError as error:
        raise ConfigurationError(f"{which}: {error}") from None


def read_snapshot(snapshot: str) -> Snapshot:
    """The lists of a snapshot. Raises SnapshotError if the text is not a snapshot, is damaged or altered, or was
    written by an incompatible semtui."""
    claimed = load(snapshot)
    if not isinstance(claimed, dict) or "semtui_snapshot" not in claimed:
        raise SnapshotError("This is no snapshot: `semtui snapshot` writes them.")
    if number(claimed["semtui_snapshot"], "semtui_snapshot") != VERSION:
        raise SnapshotError(f"The snapshot is of another version; this semtui reads version {VERSION}.")
    checked = _SNAPSHOT(claimed, "snapshot")
    # Of the head as it stands there, before its times were understood.
    of_head = head_sha256(claimed["head"], checked["content_sha256"])
    del claimed
    content, head = checked["content"], checked["head"]
    understood = _head(head)
    people, projects = _people(content, head), _projects(content, head["coverage"]["projects"])
    _check_hash(checked, people, projects)
    if of_head != checked["head_sha256"]:
        raise SnapshotError("The snapshot has been changed: its head does not have the hash that is written in it.")
    return Snapshot(people, projects, understood, checked["content_sha256"])


def _check_hash(checked: Record, people: People, projects: Projects) -> None:
    """Check the hash of the content written anew from the parsed lists, which also detects a misread field."""
    stated = checked["content"]["organization"]["id"]
    if content_sha256(people, projects) != checked["content_sha256"] or organization_id(people, projects) != stated:
        raise SnapshotError("The snapshot has been changed: its content does not have the hash that is written in it.")


def _head(head: Record) -> Head:
    if head["finished_at"] < head["started_at"]:
        raise SnapshotError("The snapshot cannot be read: it ends before it begins.")
    return Head(
        host=cleaned(head["host"]),
        started_at=head["started_at"],
        finished_at=head["finished_at"],
        edition=head["edition"],
        edition_told_by=cleaned(head["edition_told_by"]),
        tool=cleaned(head["tool"]),
        by=None if head["by"] is None else cleaned(head["by"]),
        previous_sha256=head["previous_sha256"],
    )


# The lists


def _people(content: Record, head: Record) -> People:
    listings: dict[ListName, Listing[Any]] = {
        name: _listing(name, content[name], content["seen"].get(name), head["coverage"][name]) for name in LIST_NAMES
    }
    removed = head["removed"]
    return People(
        **listings,
        deleted=frozenset(map(cleaned, removed["deleted"])),
        gone=frozenset(map(cleaned, removed["gone"])),
        former=frozenset((cleaned(each["id"]), cleaned(each["name"])) for each in removed["former"]),
    )


def _projects(content: Record, coverage: Record) -> Projects:
    rows = content["projects"]
    listing = _listing("projects", rows, content["seen"].get("projects"), coverage)
    seen = content["seen"].get("project_people", {})
    found = {}
    people = {row["id"]: row["people"] for row in rows or content["seen"].get("projects", ())}
    for project_id, fate in coverage["people"].items():
        if project_id not in people:
            raise SnapshotError("The snapshot cannot be read: it lists people of a project that is not in it.")
        found[cleaned(project_id)] = _listing("users", people[project_id], seen.get(project_id), fate)
    asked = coverage["people"].keys()
    if any(rows is not None and each not in asked for each, rows in people.items()) or seen.keys() - asked:
        raise SnapshotError("The snapshot cannot be read: it does not say when the people of a project were read.")
    if coverage["people_read"] != sum(fate["fate"] == "ok" for fate in coverage["people"].values()):
        raise wrong("head.coverage.projects.people_read", "the number of projects whose people were read")
    return Projects(listing, found, {role.id: role for role in _models("roles", content["project_roles"])})


def _listing(name: str, rows: Any, seen: Any, fate: Record) -> Listing[Any]:
    """A list with its fate; its rows, its seen rows and its fate must agree."""
    word, at = fate["fate"], fate["at"]
    there = rows if word == "ok" else seen if word in WITH_ROWS else None
    if (rows is not None) != (word == "ok") or (seen is not None and word not in WITH_ROWS):
        raise SnapshotError(f"The snapshot cannot be read: what it holds of {name} is not what it says of it.")
    items = _models(name, there or ())
    if len(items) != fate["items"] or (at is None) == (word in ("ok", "stale")):
        raise SnapshotError(f"The snapshot cannot be read: it does not hold as much of {name} as it says.")
    error = _error_of(fate, items)
    return Listing(items, loading=word == "partial" and error is None, loaded_at=at, error=error)


def _error_of(fate: Record, items: tuple[Any, ...]) -> SemaphoreError | None:
    word, reason = fate["fate"], fate["reason"]
    if word == "refused" or fate["missing"]:
        return PermissionDeniedError(cleaned(reason or ""), missing=cleaned(fate["missing"] or ""))
    if word == "ok" or reason is None:
        return None
    return IncompleteListError(cleaned(reason), items) if word == "partial" else NoAnswerError(cleaned(reason))


def _models(name: str, rows: tuple[Record, ...]) -> tuple[Any, ...]:
    model, texts = _maker(name)
    found = []
    for row in rows:
        for field in ("created_at", "updated_at"):
            if field in row and rfc3339(row[field]) != row[f"{field}_utc"]:
                raise SnapshotError(f"The snapshot has been changed: a {field} differs from the same time in words.")
        found.append(model({key: value for key, value in row.items() if key in texts}))
    return tuple(found)


@cache
def _maker(name: str) -> tuple[Any, frozenset[str]]:
    """The model's class for a row of a list, and the fields it takes."""
    from pydantic import TypeAdapter

    from semtui.api import models

    kinds: dict[str, Any] = {
        "accounts": models.ServiceAccount,
        "groups": models.Group,
        "roles": models.Role,
        "projects": models.Project,
    }
    model = kinds.get(name, models.Member)
    reader: TypeAdapter[Any] = TypeAdapter(model)
    taken = frozenset(_ROWS.get(name, _MEMBER)) - {"created_at_utc", "updated_at_utc", "people"}
    return reader.validate_python, taken
