"""The changes that can be asked about, in words: what each is called, why it cannot be asked about, and the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.audit.access.questions import roles_known
from semtui.audit.what_if.offers import lack, members_of
from semtui.text.counting import count
from semtui.wording.access import kind_words, subject_name

if TYPE_CHECKING:
    from semtui.audit.access.graph import AccessGraph
    from semtui.audit.what_if.offers import Lack, Needs, Offer
    from semtui.audit.what_if.operations import OperationKind

_ID = 8
"""How much of an id tells two of a name apart."""
_WORDS: dict[tuple[OperationKind, Needs], str] = {
    ("role", "role"): "Change the role…",
    ("join", "group"): "Add to a group…",
    ("leave", "group"): "Remove from a group…",
    ("join", "subject"): "Add somebody to the group…",
    ("leave", "subject"): "Remove somebody from the group…",
    ("delete-group", ""): "Delete the group",
    ("edit-role", "permissions"): "Edit what the role permits…",
    ("delete-role", ""): "Delete the role",
    ("deactivate", ""): "Deactivate the account",
    ("delete", ""): "Delete the account",
}
_LACKS: dict[Lack, str] = {
    "no-group": "There is no group.",
    "in-none": "{name} is in no group.",
    "in-all": "{name} is in every group.",
    "nobody-in": "Nobody is in {name}.",
    "everybody-in": "Everybody is in {name}.",
    "members-unread": "Who is in {name} was not read.",
    "off": "{name} is deactivated already.",
    "built-in": "{name} is built in; Semaphore lets nobody edit or delete it.",
    "role-unread": "Semaphore did not say what {name} permits.",
}


def row_name(graph: AccessGraph, row_id: str) -> str:
    """The name of a subject or of a role."""
    if graph.knows(row_id):
        return subject_name(graph.subject(row_id))
    return roles_known(graph).get(row_id) or "(no name)"


def offer_words(graph: AccessGraph, offer: Offer, row_id: str) -> str:
    """What a change is called in a list: `Change the role…`."""
    if offer.kind == "remove":
        person = graph.subject(row_id).kind == "person"
        return "Remove from the organization" if person else "Remove the role assigned directly"
    return _WORDS[offer.kind, offer.needs]


def lack_words(graph: AccessGraph, offer: Offer, row_id: str) -> str:
    """Why a change cannot be asked about, in a sentence; empty if it can."""
    found = lack(graph, offer, row_id)
    return _LACKS[found].format(name=row_name(graph, row_id)) if found else ""


def question_words(graph: AccessGraph, offer: Offer, row_id: str) -> str:
    """What is to be chosen for a change: `Put Dan into which group?`"""
    name = row_name(graph, row_id)
    if offer.needs == "group":
        return f"Put {name} into which group?" if offer.kind == "join" else f"Take {name} out of which group?"
    if offer.needs == "subject":
        return f"Add whom to {name}?" if offer.kind == "join" else f"Remove whom from {name}?"
    if offer.needs == "role":
        return f"Give {name} which role?"
    return f"What would {name} permit?"


def other_words(graph: AccessGraph, offer: Offer, row_id: str, other_id: str) -> str:
    """A few words that tell a choice from the others."""
    if offer.needs == "role":
        meaning = next((each.description for each in graph.people.roles.items if each.id == other_id), "")
        held = any(role_id == other_id for role_id, _, _ in graph.profile(row_id).direct)
        return f"held now. {meaning}" if held else meaning
    short = f"id {other_id[:_ID]}"
    if offer.needs == "group":
        members = members_of(graph, other_id)
        return f"{'members not read' if members is None else count(len(members), 'member')}, {short}"
    return f"{kind_words(graph.subject(other_id))}, {short}"
