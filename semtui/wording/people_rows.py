"""The rows of the People page: what each column shows of a person, an account or a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.wording.dates import date_words, whole_days
from semtui.wording.role_bindings import role_tone
from semtui.wording.sources import short_source
from semtui.wording.subjects import kind_word, name_of, state_piece

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.wording.styled_text import Piece


def cells(subject: Subject, people: People, now: float) -> dict[str, list[Piece]]:
    """What each column shows for one row; `now` in epoch seconds."""
    faded = subject.state in ("deactivated", "being removed")
    return {
        "name": [(name_of(subject), "muted" if faded else "plain")],
        "kind": [(_kind(subject), "muted")],
        "role": _role(subject, people),
        "source": [(_sources(subject), "muted")],
        "groups": [(_groups(subject, people), "muted")],
        "state": [state_piece(subject)],
        "age": [_token_age(subject, now)],
        "creator": [_creator(subject, people)],
        "members": [("      ?" if subject.member_ids is None else f"{len(subject.member_ids):>7,}", "muted")],
        "created": [(date_words(subject.created_at), "muted")],
        "description": [(subject.description, "muted")],
    }


def _kind(subject: Subject) -> str:
    """The kind; a group also says how many members it has."""
    if subject.kind != "group":
        return kind_word(subject)
    return f"group {'?' if subject.member_ids is None else len(subject.member_ids)}"


def _role(subject: Subject, people: People) -> list[Piece]:
    """The strongest role, and the number of other roles and groups."""
    if subject.roles is None:
        return [("?", "muted")]
    more = len(subject.groups)
    if not subject.roles:
        return [("–", "muted"), (f" +{more}" if more else "", "muted")]
    names = sorted({binding.role_name for binding in subject.roles}, key=people.relations.role_strength)
    more += len(names) - 1
    pieces: list[Piece] = [(names[0] or "(unnamed role)", role_tone(names[0]))]
    return [*pieces, (f" +{more}", "muted")] if more else pieces


def _sources(subject: Subject) -> str:
    if subject.roles is None:
        return "?"
    return ", ".join(dict.fromkeys(short_source(binding.source) for binding in subject.roles))


def _groups(subject: Subject, people: People) -> str:
    if subject.groups:
        return ", ".join(subject.groups)
    return "–" if people.groups.is_known or people.community else "?"


def _token_age(subject: Subject, now: float) -> Piece:
    """`= 133 d` for a token as old as its account, `≥ 40 d` for one that may have been renewed before that; right
    aligned. `updated_at` moves for other reasons too (`API.md#updated-at`)."""
    if subject.account is None:
        return ("", "muted")
    days = whole_days(subject.updated_at, now)
    if days is None:
        return ("      ?", "muted")
    sign = "=" if subject.updated_at == subject.created_at else "≥"
    return (f"{f'{sign} {days:,} d':>9}", "plain")


def _creator(subject: Subject, people: People) -> Piece:
    if subject.account is None:
        return ("", "muted")
    if not subject.creator_id:
        return ("(left)", "warn")
    creator = people.by_id.get(subject.creator_id)
    return (name_of(creator), "muted") if creator else ("(not listed)", "warn")
