"""Which lists were read, what the API does not show, and what is assumed, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from semtui.organization.loading import LIST_WORDS
from semtui.text.clean import clean
from semtui.text.counting import count

if TYPE_CHECKING:
    from semtui.audit.access.fates import ListFate

LIMIT_WORDS: dict[str, str] = {
    "L1": "Roles of groups and service accounts in projects are not in the API.",
    "L2": "Who gave somebody a role or put them into a group, and when, is not in the API.",
    "L3": "When a token was last used is not in the API.",
    "L4": "Whether a person can sign in is not in the API.",
    "L5": "Invitations that nobody has accepted yet are not in the API.",
    "L6": "Whether a role inherits from another is not in the API.",
    "L7": "What Semaphore's own staff may do in its cloud is not in the API.",
    "L8": "Which groups of an identity provider give which roles is not in the API.",
    "L9": "A token that was revoked may work for five minutes more.",
    "L10": "The lists were read one after another, between the two times.",
    "L11": "E-mail addresses are not in the API.",
}

ASSUMPTION_WORDS: dict[str, str] = {"A1": "It is assumed that no role inherits from another."}

_HAPPENED: dict[str, str] = {
    "refused": "could not be read",
    "failed": "could not be read",
    "partial": "may not be complete",
    "stale": "could not be reloaded, so an older one is used",
}


def list_words(name: str) -> str:
    """`service accounts` for `accounts`: the contents of a list, worded to fit inside a sentence."""
    return next((words for each, words in LIST_WORDS.items() if each == name), name.replace("_", " "))


def lacking_words(fates: Mapping[str, ListFate]) -> list[str]:
    """A sentence, with the reason, for each list that is incomplete or out of date."""
    return [_lacking(name, fate) for name, fate in fates.items() if fate.fate != "ok"]


def unread_people_words(projects: int) -> list[str]:
    """A sentence saying for how many projects the people could not be read; empty for 0."""
    return [f"The people of {count(projects, 'project')} could not be read."] if projects else []


def _lacking(name: str, fate: ListFate) -> str:
    happened = _HAPPENED[fate.fate]
    if fate.fate == "failed" and fate.reason is None:
        return f"The list of {list_words(name)} was not read."
    reason = f": {clean(fate.reason)}" if fate.reason else "."
    if fate.missing_permission:
        reason = f": this API token lacks {clean(fate.missing_permission)}."
    return f"The list of {list_words(name)} {happened}{reason}"


def coverage_words(fates: Mapping[str, ListFate]) -> list[str]:
    """Which lists were read whole and which were not, in sentences."""
    whole = [f"{count_words(name, fate.items)}" for name, fate in fates.items() if fate.fate == "ok"]
    read = [f"Read: {', '.join(whole)}."] if whole else ["Nothing was read."]
    return [*read, *lacking_words(fates)]


def count_words(name: str, number: int) -> str:
    """`1 group`, `2,000 people`, `3 roles of groups`."""
    if name == "users":
        return f"{number:,} {'person' if number == 1 else 'people'}"
    if name in ("account_members", "group_members"):
        kind = "account" if name == "account_members" else "group"
        return f"{count(number, kind)} with a role"
    return count(number, list_words(name).removesuffix("s"))


def limit_words(limits: Iterable[str], assumptions: Iterable[str] = ()) -> list[str]:
    """Limits and assumptions by number: `L2: …`."""
    known = LIMIT_WORDS | ASSUMPTION_WORDS
    return [f"{each}: {known[each]}" for each in (*limits, *assumptions) if each in known]
