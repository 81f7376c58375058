"""People, accounts and groups in words: rows, sentences, details. The current time is always a parameter."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from semtui.system.timestamps import utc
from semtui.text.counting import count
from semtui.wording.role_bindings import role_pieces
from semtui.wording.styled_text import Piece

if TYPE_CHECKING:
    from semtui.organization.people import People
    from semtui.organization.subject import Kind, Subject


KIND_WORDS: dict[Kind, str] = {"person": "person", "account": "account", "group": "group"}


def kind_word(subject: Subject) -> str:
    """The kind, or `unknown` where Semaphore does not say."""
    return KIND_WORDS[subject.kind] if subject.kind_known else "unknown"


def state_piece(subject: Subject) -> Piece:
    """State as a mark and a word, where there is one to show."""
    words: dict[str, Piece] = {
        "": ("", "plain"),
        "active": ("● active", "good"),
        "deactivated": ("○ deactivated", "muted"),
        "no role": ("! no role", "warn"),
        "unknown": ("? unknown", "muted"),
        "being removed": ("being removed", "muted"),
    }
    return words[subject.state]


def name_of(subject: Subject) -> str:
    """The name to show; Community may send none (`API.md#members`)."""
    return subject.name.strip() or f"(no name) {subject.id[:8]}"


def names_of(people: People) -> Mapping[str, str]:
    """The names of everybody and every group by id, looked up when they are asked for."""
    return _Names(people)


class _Names(Mapping[str, str]):
    def __init__(self, people: People) -> None:
        self._people = people

    def __getitem__(self, subject_id: str) -> str:
        return name_of(self._people.by_id[subject_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._people.by_id)

    def __len__(self) -> int:
        return len(self._people.by_id)


def creator_words(subject: Subject, people: People) -> str:
    """Who created an account: a name, an id that no list has, or that the creator has left."""
    if not subject.creator_id:
        return "creator has left (Semaphore refuses every edit of such an account)"
    creator = people.by_id.get(subject.creator_id)
    return name_of(creator) if creator else f"someone not listed, id {subject.creator_id}"


def sentence(subject: Subject, people: People, *, whole: bool = False) -> list[Piece]:
    """The row in one line: name, roles if there is more to them than one, description, creator, groups or members.

    With `whole` also the kind, any role and the state, which columns show otherwise.
    """
    pieces: list[Piece] = [(name_of(subject), "strong")]
    roles = subject.roles or ()
    if whole:
        held: list[Piece] = role_pieces(subject.roles) or [("no role", "warn")]
        pieces += [(f" · {kind_word(subject)} · ", "muted"), *held]
        if subject.state not in ("", "no role"):
            pieces.append((f" · {subject.state}", "plain"))
    elif len(roles) > 1 or any(not binding.is_manual for binding in roles):
        pieces += [(" · ", "muted"), *role_pieces(roles)]
    if subject.account is not None and subject.groups:
        pieces.append((f" · {_groups_words(subject, people)}", "muted"))
    if subject.description:
        pieces.append((f" · {subject.description}", "plain"))
    if subject.account is not None:
        made = f"created by {creator_words(subject, people)}" if subject.creator_id else "its creator has left"
        pieces.append((f" · {made}", "muted"))
    if subject.kind == "person":
        pieces.append((f" · {_groups_words(subject, people)}", "muted"))
    if subject.kind == "group":
        known = subject.member_ids is not None
        pieces.append((f" · {count(len(subject.member_ids or ()), 'member') if known else 'members unknown'}", "muted"))
    return pieces


def _groups_words(subject: Subject, people: People) -> str:
    if subject.groups:
        return "in " + ", ".join(subject.groups)
    return "in no group" if people.groups.is_known or people.community else "groups not known"


def read_words(read_at: float | None) -> str:
    """`2025-07-16 14:02 UTC`; epoch seconds."""
    moment = utc(read_at)
    return time.strftime("%Y-%m-%d %H:%M UTC", moment) if moment else "at an unknown time"


def as_read(read_at: float | None) -> str:
    """`as read at 2025-07-16 14:02 UTC`; epoch seconds. It may have changed since."""
    return "as last read" if read_at is None else f"as read at {read_words(read_at)}"
