"""Reads the manifest of an access review and validates the fields that are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from semtui.audit.access.answers import Level, Path
from semtui.audit.reviews.access import Access, GroupRef
from semtui.audit.reviews.manifest import VERSION
from semtui.audit.snapshots.fields import (
    SnapshotError,
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
)
from semtui.audit.snapshots.records import Record
from semtui.text.clean import cleaned

_LEVEL = one_of("Owner", "Admin", "Owner/Admin", "none")
_HELD = fields(
    {
        "role_id": text,
        "role_name": text,
        "source": text,
        "group_id": optional(text),
        "group_name": optional(text),
    }
)
_SUBJECT = fields(
    {
        "row_id": filled,
        "id": filled,
        "kind": one_of("person", "account", "group", "unlisted"),
        "name": text,
        "state": one_of("active", "deactivated", "being removed", "unknown", "not in the API"),
        "checksums": text,
        "privileged": one_of("yes", "no", "unknown"),
        "reasons": list_of(text),
        "held": list_of(_HELD),
        "groups": list_of(fields({"id": text, "name": text})),
        "level": _LEVEL,
        "level_possible": _LEVEL,
        "sensitive": list_of(text),
        "sensitive_unknown": list_of(text),
        "roles_known": truth,
        "groups_known": truth,
        "updated_at": optional(number),
    }
)
_TABLE = fields(
    {
        "name": text,
        "format": one_of("csv", "md", "vanta"),
        "sha256": sha,
        "columns": list_of(text),
        "rows": count_of,
        "cut": count_of,
        "without_status": count_of,
    }
)
_NUMBERS = fields(dict.fromkeys(("person", "account", "group", "unlisted", "total"), count_of))
_RELIED_ON = {
    "semtui_review": number,
    "review_id": filled,
    "host": text,
    "organization_id": optional(text),
    "edition": one_of("ee", "ce", "unknown"),
    "finished_at": instant,
    "complete": truth,
    "everybody": _NUMBERS,
    "rows": _NUMBERS,
    "table": _TABLE,
    "subjects": list_of(_SUBJECT),
}


class ManifestError(SnapshotError):
    """Not a valid manifest of a review; the message says why."""


@dataclass(frozen=True)
class Expected:
    """A row as the review was written."""

    row_id: str
    subject_id: str
    checksums: str
    privileged: str
    access: Access
    updated_at: int | None
    """Of a service account; epoch seconds."""


@dataclass(frozen=True)
class Manifest:
    """The contents of a manifest."""

    review_id: str
    host: str
    organization_id: str | None
    edition: str
    taken_at: int
    """When the lists had been read; epoch seconds."""
    complete: bool
    """Whether everything was known when the review was written."""
    left_out: int
    """The number of subjects without a row, because only privileged access was reviewed."""
    form: str
    columns: tuple[str, ...]
    rows: Mapping[str, Expected]
    """The rows by their ids."""
    record: Record
    """The whole JSON object."""


def read_manifest(content: str) -> Manifest:
    """Parse a manifest. Raises ManifestError."""
    try:
        claimed = load(content)
        if not isinstance(claimed, dict) or "semtui_review" not in claimed:
            raise ManifestError("This is no manifest of a review: `semtui review` writes them.")
        if number(claimed["semtui_review"], "semtui_review") != VERSION:
            raise ManifestError(f"The manifest is of another version; this semtui reads version {VERSION}.")
        relied_on = fields(_RELIED_ON)({key: claimed[key] for key in _RELIED_ON if key in claimed}, "manifest")
    except ManifestError:
        raise
    except SnapshotError as error:
        raise ManifestError(str(error).replace("snapshot", "manifest")) from None
    return _manifest(relied_on, claimed)


def _manifest(found: Record, record: Record) -> Manifest:
    rows = {each["row_id"]: _expected(each) for each in found["subjects"]}
    if len(rows) != len(found["subjects"]):
        raise ManifestError("The manifest has been changed: two of its rows have one id.")
    if len(rows) != found["rows"]["total"] or len(rows) > found["everybody"]["total"]:
        raise ManifestError("The manifest has been changed: it does not have as many rows as it says.")
    return Manifest(
        review_id=found["review_id"],
        host=cleaned(found["host"]),
        organization_id=found["organization_id"],
        edition=found["edition"],
        taken_at=found["finished_at"],
        complete=found["complete"],
        left_out=found["everybody"]["total"] - len(rows),
        form=found["table"]["format"],
        columns=found["table"]["columns"],
        rows=rows,
        record=record,
    )


def _expected(found: Record) -> Expected:
    access = Access(
        kind=found["kind"],
        name=cleaned(found["name"]),
        state=found["state"],
        held=tuple(_path(each) for each in found["held"]),
        groups=tuple(GroupRef(cleaned(each["id"]), cleaned(each["name"])) for each in found["groups"]),
        level=Level(found["level"], found["level_possible"]),
        sensitive=found["sensitive"],
        sensitive_unknown=found["sensitive_unknown"],
        roles_known=found["roles_known"],
        groups_known=found["groups_known"],
    )
    its_id = cleaned(found["id"])
    return Expected(found["row_id"], its_id, found["checksums"], found["privileged"], access, found["updated_at"])


def _path(found: Mapping[str, Any]) -> Path:
    texts = {key: None if value is None else cleaned(cast(str, value)) for key, value in found.items()}
    return Path(
        texts["role_id"] or "", texts["role_name"] or "", texts["source"] or "", texts["group_id"], texts["group_name"]
    )
