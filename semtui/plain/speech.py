"""What the screen shows in columns and marks, as words for a screen reader or a braille display."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from semtui.system.private_files import shown_path
from semtui.text.clean import shorten
from semtui.text.counting import count
from semtui.wording.dates import date_words, whole_days
from semtui.wording.sources import LONGER, source_words
from semtui.wording.styled_text import listed
from semtui.wording.subjects import creator_words, kind_word, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.organization.people import People
    from semtui.organization.roles import KnownRole
    from semtui.organization.subject import Kind, Subject
    from semtui.wording.styled_text import Line, Piece

_DESCRIPTION = 80
"""Cells of a description in a list; the whole of it is among everything about a row."""
_COLUMNS_FROM = 13
"""Lines whose second piece begins that far to the right are columns."""


def name_alone_words() -> str:
    """Which directory a bare file name ends up in; empty while there is no current directory."""
    one = shown_path(Path("x"))
    return f"a name alone goes to {one.removesuffix('/x') or '/'}" if one else ""


def file_question(suggested: str) -> str:
    """The question for a new file, with the directory of a bare name."""
    words = (f"New file, as in {shown_path(Path(suggested)) or suggested}", name_alone_words(), "Enter goes back")
    return "; ".join(filter(None, words))


def to_speech(pieces: Iterable[Piece], *, columns: bool = False) -> str:
    """Pieces in one line, without the spaces that only align them, and without marks that repeat a word."""
    words, gap, between = "", 0, ": " if columns else ", "
    for text in (_unmarked(text) for text, _ in pieces):
        part = text.strip()
        if not part:
            gap += len(text)
            continue
        gap += len(text) - len(text.lstrip())
        if words:
            pause = between if (gap > 1 or (columns and gap)) and not words.endswith(",") else " " * gap
            words, between = words + pause, ", "
        words, gap = words + part, len(text) - len(text.rstrip())
    return words


def spoken_lines(lines: Iterable[Line]) -> list[str]:
    """Longer texts: a fact is `kind: person`, and a state a word without its mark."""
    found: list[str] = []
    for line in lines:
        columns = line.hang >= _COLUMNS_FROM
        words = to_speech(line.pieces, columns=columns)
        if columns and found and line.text.startswith(" " * line.hang):
            # A fact without a label goes on about the one before.
            found[-1] += f", {words}"
        else:
            found.append(words)
    return found


def _unmarked(text: str) -> str:
    if text in ("● active", "○ deactivated", "! no role", "? unknown"):
        return text[2:]
    # Where a role comes from, `Admin (SCIM)`.
    return f" {LONGER[text.strip()]}" if text.strip() in LONGER else text


def role_words(subject: Subject) -> str:
    """`role Member`, `roles Admin from SCIM provisioning and Member`."""
    if subject.roles is None:
        return "role not known"
    roles = [
        f"{held.role_name or 'without a name'}{'' if held.is_manual else f' {source_words(held.source)}'}"
        for held in subject.roles
    ]
    return f"{'roles' if roles[1:] else 'role'} {listed(roles)}" if roles else "no role"


def row_words(subject: Subject, people: People, now: float, tab: Kind | None = None) -> str:
    """A row in one line: what the columns show where rows of the kind `tab` are listed, or of every kind.

    `now` is in epoch seconds.
    """
    parts = [name_of(subject), *([] if tab else [_kind_words(subject)]), role_words(subject)]
    if subject.state not in ("", "no role"):
        parts.append(f"state {subject.state}" if subject.state == "unknown" else subject.state)
    if subject.groups:
        parts.append(f"in {listed(subject.groups) if tab == 'person' else count(len(subject.groups), 'group')}")
    if tab == "group":
        parts.append(_members_words(subject))
    elif tab == "account":
        parts += [_token_words(subject, now), _creation_words(subject, people)]
    elif created := date_words(subject.created_at):
        parts.append(f"created {created}")
    if tab:
        parts.append(shorten(subject.description, _DESCRIPTION))
    return ", ".join(filter(None, parts))


def _kind_words(subject: Subject) -> str:
    if subject.kind != "group":
        return kind_word(subject) if subject.kind_known else "kind unknown"
    members = subject.member_ids
    return "group, members not known" if members is None else f"group of {len(members)}"


def _members_words(subject: Subject) -> str:
    return "members not known" if subject.member_ids is None else count(len(subject.member_ids), "member")


def _token_words(subject: Subject, now: float) -> str:
    """`API.md#updated-at`."""
    days = whole_days(subject.updated_at, now)
    if days is None:
        return "token age not known"
    lower_bound = "" if subject.updated_at == subject.created_at else "at least "
    return f"token {lower_bound}{count(days, 'day')} old"


def _creation_words(subject: Subject, people: People) -> str:
    if subject.account is None:
        return "creator not known"
    created = " ".join(filter(None, ("created", date_words(subject.created_at))))
    if subject.creator_id:
        return f"{created} by {creator_words(subject, people)}"
    return f"{created}, its creator has left"


def known_role_words(known: KnownRole) -> str:
    """A role in one line."""
    from semtui.wording.roles import held_by, origin, scope_word

    number = len(known.role.permissions)
    permits = count(number, "permission") if number else "what it permits is not known"
    held = "held in projects" if known.known_by == "project" else f"held by {held_by(known)}"
    name = known.role.name or "a role without a name"
    return f"{name}, {scope_word(known.role.scope)} role, {origin(known)}, {permits}, {held}"
