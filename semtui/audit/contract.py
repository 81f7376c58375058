"""The answers as JSON, the same from screen, line mode and command. `.github/answers.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.audit.access.fates import ListFate, coverage
from semtui.audit.limits import limits_of
from semtui.audit.snapshots.records import Record, rfc3339
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.audit.access.answers import Path
    from semtui.audit.snapshots.snapshot import Head
    from semtui.organization.people import People
    from semtui.organization.projects import Projects


@dataclass(frozen=True)
class Source:
    """The data a question is about: the organization's lists as they are now, or as a snapshot has them."""

    people: People
    projects: Projects
    head: Head
    live: bool
    content_sha256: str | None = None
    """The hash written in the snapshot, if it is one."""


def subject_record(subject_id: str, name: str | None, kind: str, state: str) -> Record:
    """A subject, or the role or project a change is about; texts are as Semaphore sent them."""
    return {"id": raw(subject_id), "name": None if name is None else raw(name), "kind": kind, "state": state}


def unknown_record(subject: Record, reasons: Iterable[str]) -> Record:
    """A subject for whom the answer is not known, with the codes of the reasons."""
    return subject | {"reasons": sorted(reasons)}


def path_record(path: Path) -> Record:
    """One way a subject holds a permission; keys that do not apply are null."""
    return {
        "group_id": _sent(path.group_id),
        "group_name": _sent(path.group_name),
        "role_id": raw(path.role_id),
        "role_name": raw(path.role_name),
        "source": raw(path.source),
        "mapped_to": _sent(path.mapped_to),
        "project_id": _sent(path.project_id),
    }


def _sent(text: str | None) -> str | None:
    return None if text is None else raw(text)


def by_id(records: Iterable[Record]) -> list[Record]:
    """Records of subjects in the contract's order: by id."""
    return sorted(records, key=lambda record: (record["id"], record["kind"]))


def envelope(question: str, source: Source, answer: Any, *, complete: bool, unknown: Sequence[Record] = ()) -> Record:
    """An answer with what it is based on: the organization, the time, the lists, and what the API does not show."""
    head = source.head
    return {
        "question": question,
        "host": raw(head.host),
        "taken_at": rfc3339(head.finished_at),
        "source": "live" if source.live else "snapshot",
        "edition": head.edition,
        "answer": answer,
        "complete": complete,
        "unknown": by_id(unknown),
        "coverage": coverage_record(source.people, source.projects),
        "limits": list(limits_of(head.edition, head.host)),
    }


def coverage_record(people: People, projects: Projects) -> Record:
    """How each list was read, and for how many projects the people were."""
    found: Record = {name: fate_record(fate) for name, fate in coverage(people, projects).items()}
    found["projects"]["people_read"] = sum(
        listing.is_known and listing.error is None for listing in projects.members.values()
    )
    return found


def fate_record(fate: ListFate) -> Record:
    """How one list was read."""
    return {
        "fate": fate.fate,
        "items": fate.items,
        "at": rfc3339(fate.at),
        "missing": fate.missing_permission or None,
        "reason": fate.reason,
    }
