"""Warnings before irreversible changes, and what must be typed to confirm them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.text.counting import count
from semtui.wording.dates import clock_time, date_words
from semtui.wording.role_bindings import role_pieces
from semtui.wording.styled_text import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semtui.organization.subject import Subject

_LONGEST_NAME_TO_TYPE = 40
_SHORTEST_CODE = 8
REGENERATION = (
    "The current token stops working within 5 minutes, and whatever uses it is locked out "
    "until it is given the new one. There is no way back to the old token. To switch over without an outage, "
    "replace the account by a twin instead."
)
DEACTIVATED_ALREADY = "The account is deactivated: the new token works only after it is reactivated."
DEACTIVATION = (
    "Its token stops working within 5 minutes, and whatever uses the account is locked "
    "out. Role and token are kept: reactivating makes the same token work again."
)
REACTIVATION = "Its token works again, with the role the account has."
DELETION = "Whatever uses this account loses access, for good. There is no undo."


def revoke_now_words(subject: Subject) -> str:
    """What `Revoke now` does about a leaked token; "" where there is no role to remove."""
    if subject.manual_role is None:
        return ""
    # Roles held through a group are not in `subject.roles`.
    held = {f"the role {held.role_name}" for held in subject.roles or () if not held.is_manual}
    elsewhere = sorted(held | {f"the group {name}" for name in subject.groups})
    left = f"only what comes through {' and '.join(elsewhere)}" if elsewhere else "no permissions"
    return (
        f"Leaked? “Revoke now” first removes the role {subject.manual_role.role_name}, which takes effect at once: "
        f"the old token may be accepted for up to 5 more minutes, with {left}. Then the token is regenerated."
    )


def revoking_question(subject: Subject) -> str:
    """The question before the role is removed and the token replaced."""
    role = f"the role {subject.manual_role.role_name}" if subject.manual_role else "its role"
    return (
        f"Nothing was sent yet. This removes {role} from {subject.name} at once, and whatever uses the account "
        "loses it. Press “Revoke now” again to do it."
    )


def removal_question(subject: Subject) -> str:
    """The question before a person or group loses its role."""
    if subject.kind == "group":
        return f"Nothing was sent yet. Press the button again to remove the role of {subject.name}."
    return f"Nothing was sent yet. Press the button again to remove {subject.name}."


def group_deletion_words(subject: Subject) -> str:
    """What deleting a group means for its members."""
    members = subject.member_ids
    number = "its members" if members is None else count(len(members), "member")
    return f"Deletes the group and removes its role from {number}. There is no undo."


def identity(subject: Subject) -> list[Piece]:
    """Id, roles and age: enough to tell an account or group from a look-alike."""
    roles: list[Piece] = role_pieces(subject.roles) or [("no role", "warn")]
    pieces: list[Piece] = [(f"id {subject.id} · ", "muted"), *roles]
    if subject.kind == "account":
        pieces.append((f" · created {date_words(subject.created_at) or 'at an unknown time'}", "muted"))
    return pieces


def code_to_type(name: str, row_id: str, alike: Iterable[str] = ()) -> str:
    """What to type: the name, or the start of the id if the name is hard to type or ambiguous.

    `alike` are the ids of everything else whose name looks the same.
    """
    others = [each for each in alike if each != row_id]
    easy = name.isascii() and name == name.strip() and "  " not in name and 3 <= len(name) <= _LONGEST_NAME_TO_TYPE
    if easy and not others:
        return name
    length = _SHORTEST_CODE
    while length < len(row_id) and any(other.startswith(row_id[:length]) for other in others):
        length += 1
    return row_id[:length]


def acceptance_words(accepted: bool, asked_at: float) -> str:
    """Whether Semaphore accepts a token, and as of when: it caches a yes for minutes (`API.md#authentication`)."""
    if accepted:
        of_when = f"Asked at {clock_time(asked_at)}; one that was replaced may pass for up to 5 minutes more."
        return f"Semaphore accepts this token. {of_when}"
    why = "replaced meanwhile, or its account is deactivated"
    return f"Semaphore does not accept this token: {why}. Asked at {clock_time(asked_at)}."
