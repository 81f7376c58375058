"""People, accounts and groups in words: rows, sentences, details. The current time is always a parameter."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from semtui.system.timestamps import utc
from semtui.text.counting import count
from semtui.wording.dates import date_words, instant_words
from semtui.wording.role_bindings import role_pieces, role_tone
from semtui.wording.sources import source_words
from semtui.wording.styled_text import Line, Piece, fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.organization.listing import ListName
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


def cells(subject: Subject) -> dict[str, list[Piece]]:
    """What each column of the table shows for one row."""
    faded = subject.state in ("deactivated", "being removed")
    kind = kind_word(subject)
    if subject.kind == "group":
        kind = f"group {'?' if subject.member_ids is None else len(subject.member_ids)}"
    roles = role_pieces(subject.roles)
    if subject.groups:
        roles.append((f" +{count(len(subject.groups), 'group')}", "muted"))
    return {
        "name": [(name_of(subject), "muted" if faded else "plain")],
        "kind": [(kind, "muted")],
        "role": roles or [("–", "muted")],
        "state": [state_piece(subject)],
        "created": [(date_words(subject.created_at), "muted")],
        "description": [(subject.description, "muted")],
    }


def creator_words(subject: Subject, people: People) -> str:
    """Who created an account: a name, an id that no list has, or that the creator has left."""
    if not subject.creator_id:
        return "creator has left (Semaphore refuses every edit of such an account)"
    creator = people.by_id.get(subject.creator_id)
    return name_of(creator) if creator else f"someone not listed, id {subject.creator_id}"


def sentence(subject: Subject, people: People) -> list[Piece]:
    """The row in one line: name, description, creator of an account, groups or members."""
    pieces: list[Piece] = [(name_of(subject), "strong")]
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


def details(subject: Subject, people: People, now: float) -> list[Line]:
    """Everything known about a row."""
    lines = [Line([(name_of(subject), "strong")]), Line()]
    lines += _facts(subject, people, now)
    lines += _binding_lines(subject, people)
    if subject.kind == "group":
        lines += _member_lines(subject, people)
    return lines


def _facts(subject: Subject, people: People, now: float) -> Iterable[Line]:
    yield fact("kind", ("service account" if subject.kind == "account" else kind_word(subject), "plain"))
    yield fact("id", (subject.id, "plain"))
    if subject.state:
        yield fact("state", state_piece(subject))
    if subject.kind != "person":
        yield fact("description", (subject.description or "none", "plain" if subject.description else "muted"))
    if subject.account is not None:
        yield fact("created", (instant_words(subject.created_at, now), "plain"))
        yield fact("updated", (instant_words(subject.updated_at, now), "plain"))
        yield _rotation(subject, people.accounts.loaded_at)
        yield fact("created by", (creator_words(subject, people), "plain"))
        yield fact("organization", (subject.account.org_id or "–", "plain"))
    else:
        lists: dict[Kind, ListName] = {"person": "users", "account": "account_members", "group": "groups"}
        yield fact("shown", (as_read(people.listing(lists[subject.kind]).loaded_at), "muted"))
    if subject.groups:
        yield fact("groups", (", ".join(subject.groups), "plain"))


def _rotation(subject: Subject, read_at: float | None) -> Line:
    if subject.created_at is not None and subject.created_at == subject.updated_at:
        return fact("", (f"its token was never renewed, {as_read(read_at)}", "warn"))
    return fact("", (f"by a rename, a switch, or a new token, {as_read(read_at)}", "muted"))


def as_read(read_at: float | None) -> str:
    """`as read at 2025-07-16 14:02 UTC`; epoch seconds. It may have changed since."""
    moment = utc(read_at)
    return f"as read at {time.strftime('%Y-%m-%d %H:%M UTC', moment)}" if moment else "as last read"


def _binding_lines(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Roles", "strong")])]
    if subject.roles is None:
        return [*lines, Line([("not known: the list that would tell is missing", "muted")])]
    if not subject.roles:
        idle = subject.kind == "account" and (subject.state == "no role" or not subject.groups)
        gap = (
            "none: its token is accepted, but may do nothing"
            if idle
            else "none of its own"
            if subject.groups
            else "none"
        )
        return [*lines, Line([(gap, "warn")]), *_through_groups(subject)]
    roles = {role.id: role for role in people.roles.items}
    for binding in subject.roles:
        role_name = binding.role_name or "(unnamed role)"
        lines.append(
            Line([(role_name, role_tone(binding.role_name)), (f"  {source_words(binding.source)}", "muted")], 2)
        )
        role = roles.get(binding.role_id)
        if role is not None:
            lines.append(Line([(f"  {role.description}", "plain")], 2))
            lines.append(Line([(f"  {count(len(role.permissions), 'permission')}", "muted")], 2))
    return [*lines, *_through_groups(subject)]


def _through_groups(subject: Subject) -> list[Line]:
    return [Line([("More may come through the groups above.", "muted")])] if subject.groups else []


def _member_lines(subject: Subject, people: People) -> list[Line]:
    lines = [Line(), Line([("Members", "strong")])]
    if subject.member_ids is None:
        why = "the group is deleted" if subject.state == "being removed" else "the list of groups is missing"
        return [*lines, Line([(f"not known: {why}", "muted")])]
    for member_id in subject.member_ids:
        member = people.by_id.get(member_id)
        lines.append(Line([(name_of(member) if member else f"someone not listed, id {member_id}", "plain")]))
    return lines if subject.member_ids else [*lines, Line([("none", "muted")])]
