"""Rows of the lists as the steps of an action tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from semtui.cli.actions.step import Part, Result, Step
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from semtui.api.models import Role
    from semtui.organization.subject import Subject


def about(subject: Subject) -> tuple[str, str, str]:
    """Kind, id and name of a row."""
    return subject.kind, subject.id, subject.name


def unchanged(subject: tuple[str, str, str], sentence: str, seen: Mapping[str, Any]) -> Step:
    """A step that has nothing to send, because everything is as it was to become; a sentence says so."""

    async def nothing() -> Result:
        return Result((Part("done", f"{sentence} Nothing was sent."),), subject[1])

    return Step(sentence, nothing, subject=subject, seen=seen, idle=True)


def as_it_is(subject: Subject, sentence: str) -> Step:
    """The same for a row."""
    return unchanged(about(subject), sentence, seen_of(subject))


def seen_of(subject: Subject) -> dict[str, Any]:
    """The facts about a row that a change of it relies on."""
    roles = None if subject.roles is None else sorted((held.role_id, held.source) for held in subject.roles)
    return {
        "id": subject.id,
        "name": subject.name,
        "description": subject.description,
        "state": subject.state,
        "roles": roles and [list(each) for each in roles],
        "members": None if subject.member_ids is None else sorted(subject.member_ids),
        "updated_at": subject.updated_at,
    }


def role_seen(role: Role) -> dict[str, Any]:
    """The facts about a role that giving or changing it relies on."""
    return {
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "permissions": sorted(role.permissions),
    }


def said(subject: Subject) -> str:
    """`the group ops`; an account's or a person's name stands alone."""
    return f"the group {name_of(subject)}" if subject.kind == "group" else name_of(subject)
