"""Accounts that are being replaced by a twin, as the lists show them: the twin's description names whom it replaces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.subject import Subject

Stage = Literal["begin", "hand over", "watch", "rename"]
"""`begin`: there is no twin yet. `hand over`: both are active. `watch`: the old account is deactivated. `rename`: it is
deleted."""
STAGES: tuple[Stage, ...] = ("begin", "hand over", "watch", "rename")
SUFFIX = "-next"
_MARK = re.compile(r"Replaces (?P<name>.{1,255}?) \[(?P<id>[0-9A-Za-z-]{8,64})\]\.(?: (?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True)
class Rotation:
    """An account, and the twin that takes over from it."""

    old_id: str
    old_name: str
    old: Subject | None
    """None once it is deleted, as far as the lists show."""
    twin: Subject | None = None

    @property
    def stage(self) -> Stage:
        """How far it is."""
        if self.twin is None:
            return "begin"
        if self.old is None:
            return "rename"
        return "watch" if self.old.state == "deactivated" else "hand over"

    @property
    def description(self) -> str:
        """The twin's own description, without the mark."""
        found = _MARK.fullmatch(self.twin.description) if self.twin else None
        return (found["rest"] or "") if found else ""


def marked_description(old: Subject, longest: int) -> str:
    """A description for a twin that tells every semtui whom it replaces."""
    return f"Replaces {old.name.strip()} [{old.id}]. {old.description}".strip()[:longest]


def rotations(people: People) -> list[Rotation]:
    """Every rotation that is under way."""
    found = []
    for account in people.accounts.items:
        if account.description.startswith("Replaces ") and (mark := _MARK.fullmatch(account.description)):
            twin = people.by_id.get(account.id)
            if twin is not None and twin.state != "being removed" and mark["id"] != account.id:
                old = people.by_id.get(mark["id"])
                gone = old is None or old.state == "being removed" or old.account is None
                found.append(Rotation(mark["id"], mark["name"], None if gone else old, twin))
    return found


def rotation_of(people: People, subject: Subject) -> Rotation:
    """The rotation a service account takes part in, as the old one or the twin; or one that may begin."""
    for each in rotations(people):
        if subject.id in (each.old_id, each.twin.id if each.twin else ""):
            return each
    return Rotation(subject.id, subject.name, subject)
