"""A change and how it ended, as the journal keeps it: one JSON line when it is sent, one more when it has ended."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

from semtui.text.clean import cleaned, raw

Action = Literal[
    "create",
    "edit",
    "role",
    "remove",
    "deactivate",
    "reactivate",
    "regenerate",
    "delete",
    "invite",
    "project role",
    "leave project",
]
Kind = Literal["person", "account", "group", "role", "secret"]
Outcome = Literal["sent", "done", "queued", "refused", "not sent", "not done", "unknown"]
"""`sent` until the answer has come; `queued` for what Semaphore accepted and was not seen to do yet; `not done`
for a request that was lost and is known not to have arrived."""
MADE: tuple[Outcome, ...] = ("done", "queued", "unknown", "sent")
"""Outcomes of changes that were made, or may have been."""
Value = str | tuple[str, ...]
Values = Mapping[str, Value]

DAMAGED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""Exceptions that reading a damaged line may raise."""
_FORMAT = 1


def new_id() -> str:
    """An id for an entry, or for changes that are made as one."""
    return os.urandom(8).hex()


@dataclass(frozen=True)
class Change:
    """A change as it is about to be sent. No value of it is ever a secret."""

    action: Action
    kind: Kind
    id: str
    """Of what is changed; empty for what is being created."""
    name: str
    before: Values | None = None
    """What the change replaces; None where that is not known."""
    after: Values = field(default_factory=dict)
    project_id: str = ""
    """Of the project the change is about; empty for the organization."""
    project: str = ""
    undoes: str = ""
    """The id of the entry that this change undoes."""
    together: str = ""
    """Shared by the changes that the user made as one; empty for a change of its own."""

    @property
    def key(self) -> str:
        """What a lost answer to it is looked up by."""
        return self.id or self.name

    @property
    def is_queued(self) -> bool:
        """Whether Semaphore only queues it and makes it later (`API.md#group-queue`)."""
        members = any(self.after.get(each) for each in ("added", "removed", "members"))
        return self.kind == "group" and (members or self.action == "delete")


def role_values(role_id: str = "", name: str = "") -> dict[str, Value]:
    """A role as a value of a change; both empty for none."""
    return {"role_id": role_id, "role": name}


def edited_values(
    name_before: str, description_before: str, name: str | None, description: str | None
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The fields that an edit changes, before and after; None stands for a field that is not edited."""
    before: dict[str, Value] = {}
    after: dict[str, Value] = {}
    for field_name, was, asked in (("name", name_before, name), ("description", description_before, description)):
        if asked is not None:
            before[field_name], after[field_name] = was, asked
    return before, after


class Verdict(Protocol):
    """What was found out about a change whose answer was lost."""

    @property
    def outcome(self) -> Literal["done", "not done", "unknown"]:
        """How it ended."""

    @property
    def sentence(self) -> str:
        """The same in words."""

    @property
    def subject_id(self) -> str:
        """The id of what was created, if that is what was looked for and found."""


@dataclass(frozen=True)
class Entry:
    """A change that was sent, and how it ended as far as is known."""

    id: str
    at: float
    """When it was sent, in epoch seconds by this computer's clock."""
    host: str
    change: Change
    outcome: Outcome = "sent"
    words: str = ""
    """Why it was refused, or what was found out; in sentences."""
    looked_up: bool = False
    """Whether the outcome was looked up because the answer was lost."""

    def ended(self, ending: Mapping[str, Any]) -> Entry:
        """The entry with how it ended, by the second kind of line. Raises what `DAMAGED` lists."""
        outcome: Outcome = ending["outcome"]
        if outcome not in get_args(Outcome):
            raise ValueError("no outcome")
        change = replace(self.change, id=cleaned(str(ending["subject_id"]))) if ending.get("subject_id") else None
        return replace(
            self,
            outcome=outcome,
            words=cleaned(str(ending.get("words", ""))),
            looked_up=bool(ending.get("looked_up", False)),
            change=change or self.change,
        )


def ending(
    entry: Entry, outcome: Outcome, words: str, *, subject_id: str = "", looked_up: bool = False
) -> dict[str, object]:
    """How a change ended, as a line of its own."""
    made = {"subject_id": raw(subject_id)} if subject_id and not entry.change.id else {}
    return {"entry": entry.id, "outcome": outcome, "words": raw(words), "looked_up": looked_up, **made}


def beginning(entry: Entry) -> dict[str, object]:
    """A change as it is sent, as a line."""
    change = entry.change
    return {
        "format": _FORMAT,
        "entry": entry.id,
        "at": entry.at,
        "host": entry.host,
        "action": change.action,
        "kind": change.kind,
        "subject_id": raw(change.id),
        "name": raw(change.name),
        "before": None if change.before is None else _sent(change.before),
        "after": _sent(change.after),
        "project_id": raw(change.project_id),
        "project": raw(change.project),
        "undoes": change.undoes,
        "together": change.together,
    }


def line_of(content: Mapping[str, object]) -> str:
    """A line of the file, in ASCII: nothing in it can act on a terminal."""
    return json.dumps(content, separators=(",", ":"))


def entries_of(lines: Sequence[str]) -> list[Entry]:
    """The entries in lines of the files, oldest first. What is damaged, or of a later format, is left out."""
    return read_lines(lines)[0]


def read_lines(lines: Sequence[str]) -> tuple[list[Entry], int]:
    """The same, and how many lines are left out."""
    found: dict[str, Entry] = {}
    left_out = 0
    for line in lines:
        try:
            content: Any = json.loads(line)
            if "host" in content:
                entry = _entry(content)
                found[entry.id] = entry
            elif (begun := found.get(content["entry"])) is not None:
                found[begun.id] = begun.ended(content)
        except DAMAGED:
            left_out += bool(line)
    return list(found.values()), left_out


def _entry(content: Mapping[str, Any]) -> Entry:
    action, kind, at = content["action"], content["kind"], float(content["at"])
    if content["format"] != _FORMAT or action not in get_args(Action) or kind not in get_args(Kind):
        raise ValueError("not of this format")
    if not math.isfinite(at):
        raise ValueError("no moment in time")
    texts = {name: cleaned(str(content[name])) for name in ("name", "project_id", "project", "undoes")}
    # Files of earlier versions have none.
    texts["together"] = cleaned(str(content.get("together", "")))
    change = Change(
        action,
        kind,
        cleaned(str(content["subject_id"])),
        before=None if content["before"] is None else _values(content["before"]),
        after=_values(content["after"]),
        **texts,
    )
    return Entry(str(content["entry"]), at, cleaned(str(content["host"])), change)


def _values(content: Mapping[str, Any]) -> dict[str, Value]:
    return {
        str(name): tuple(cleaned(str(each)) for each in value) if isinstance(value, list) else cleaned(str(value))
        for name, value in content.items()
    }


def _sent(values: Values) -> dict[str, object]:
    return {
        name: raw(value) if isinstance(value, str) else [raw(each) for each in value] for name, value in values.items()
    }
