"""The terms of a filter: which values each takes, and which rows it matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from semtui.organization.filters.dates import AGES, age_seconds, period
from semtui.organization.filters.language import FilterError, Part, closest, quote
from semtui.organization.filters.lists import Lists
from semtui.organization.filters.matches import Matches, mask
from semtui.text.folding import fold, haystack

NONE, GONE = "none", "gone"
"""Values that name nothing: no role or group, and a creator who has left."""

_KINDS: dict[str, tuple[str, ...]] = {
    "person": ("people", "user", "users"),
    "account": ("accounts", "service-account", "serviceaccount", "service_account", "service account"),
    "group": ("groups",),
}
_STATES: dict[str, tuple[str, ...]] = {
    "active": ("on",),
    "off": ("deactivated", "inactive", "disabled"),
    "norole": ("no role", "no-role"),
    "removing": ("being removed", "removed", "deleted"),
    "unknown": (),
}
_STATE_NAMES = {"active": "active", "off": "deactivated", "norole": "no role", "removing": "being removed"}
_SOURCES: dict[str, tuple[str, ...]] = {
    "direct": ("manually", "manual"),
    "scim": (),
    "github": (),
    "bitbucket": (),
    "gitlab": (),
    "saml": ("saml_jit",),
    "orgrole": ("inherited_from_org_role", "from org role"),
    "unspecified": ("source not named",),
    "unknown": ("unknown source",),
}
SOURCE_OF = {"manually": "direct", "saml_jit": "saml", "inherited_from_org_role": "orgrole", "": "unknown"}
"""What this language calls a source, where Semaphore calls it something else."""


@dataclass(frozen=True)
class Term:
    """One kind of term."""

    name: str
    example: str
    signs: tuple[str, ...]
    """The signs that may follow its name, the usual one first."""
    find: Callable[[Lists, Part, float], Matches]
    """The rows it matches at a time, in epoch seconds."""
    values: Callable[[Lists], Sequence[str]]
    """The names its value can have, or suggestions where it can have any."""
    reserved: tuple[str, ...] = ()
    """Values with a meaning of their own, unless they are in quotes."""
    checked: Callable[[str], object] = str
    """Raises FilterError for a value that is wrong whatever the lists hold."""

    def check(self, part: Part) -> None:
        """Raise FilterError for a sign or a value that is wrong whatever the lists hold."""
        if part.sign not in self.signs:
            raise FilterError(f"{self.name} takes {' or '.join(self.signs)}, as in {self.example}.")
        if fold(part.value).strip():
            self.checked(part.value)

    def matches(self, lists: Lists, part: Part, now: float) -> Matches:
        """The rows it matches at a time, in epoch seconds. Raises FilterError."""
        self.check(part)
        if not fold(part.value).strip():
            raise FilterError(f"{self.name} needs a value, as in {self.example}.", self.values(lists))
        return self.find(lists, part, now)


# Values


def _one_of(term: str, given: str, values: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The values that a word names or begins."""
    typed = fold(given)
    exact = {value for value, others in values.items() if typed in (value, *others)}
    found = exact or {
        value for value, others in values.items() if any(each.startswith(typed) for each in (value, *others))
    }
    if not found:
        raise FilterError(f"{term}: no such value.", values, closest(given, list(values)))
    return frozenset(found)


def _named(given: str, hays: Mapping[str, str]) -> frozenset[str]:
    """Of folded names by some key, the keys of those that are this text, else of those that contain it."""
    typed = fold(given)
    found = [key for key, hay in hays.items() if typed in hay]
    return frozenset([key for key in found if typed in hays[key].split("\n")] or found)


def _nothing_named(term: str, noun: str, part: Part, names: Sequence[str], *, whole: bool) -> FilterError:
    so_far = "" if whole else " as far as the lists have been read"
    return FilterError(f"{term}: no {noun} has that name{so_far}.", names, closest(part.value, names))


def _is(part: Part, word: str) -> bool:
    return not part.quoted and fold(part.value) == word


# Terms


def _kind(lists: Lists, part: Part, _: float) -> Matches:
    kinds = _one_of("kind", part.value, _KINDS)
    yes = lists.of_kind(*kinds)
    if {"person", "account"} <= kinds or not kinds & {"person", "account"}:
        return Matches.known(lists.size, yes)
    # Whoever has no name may be a person, or an account that was deleted.
    unsure = mask([not row.kind_known for row in lists.people.subjects])
    return Matches(lists.size, yes & ~unsure, yes | unsure)


def _state(lists: Lists, part: Part, _: float) -> Matches:
    asked = _one_of("state", part.value, _STATES)
    states = {_STATE_NAMES.get(value, value) for value in asked}
    rows = lists.people.subjects
    yes = mask([row.state in states for row in rows])
    maybe = yes
    if asked & {"active", "off", "norole"} and "unknown" not in asked:
        maybe |= mask([row.state == "unknown" and row.kind == "account" for row in rows])
    if "norole" in asked:
        maybe |= lists.roles_unread & mask([row.state == "active" for row in rows])
    return Matches(lists.size, yes, maybe)


def _sources(lists: Lists) -> list[str]:
    held = {SOURCE_OF.get(each.source, each.source) for roles in lists.distinct_roles.values() for each in roles}
    return [*_SOURCES, *sorted(held - _SOURCES.keys())]


def _source(lists: Lists, part: Part, _: float) -> Matches:
    asked = _one_of("source", part.value, {name: _SOURCES.get(name, ()) for name in _sources(lists)})
    found = {
        key: any(SOURCE_OF.get(each.source, each.source) in asked for each in roles)
        for key, roles in lists.distinct_roles.items()
    }
    yes = mask([found[id(row.roles)] for row in lists.people.subjects])
    return Matches(lists.size, yes, yes | lists.roles_unread)


def _role(lists: Lists, part: Part, _: float) -> Matches:
    if _is(part, NONE):
        return lists.access().holding(())
    names = lists.people.role_names
    found = _named(part.value, {name: haystack(name) for name in names})
    if not found:
        whole = lists.known("roles", "users", "account_members", "group_members")
        raise _nothing_named("role", "role", part, (*names, NONE), whole=whole)
    return lists.access().holding(found)


def _groups(lists: Lists) -> list[str]:
    return sorted({group.name for group in lists.people.groups.items}, key=str.casefold)


def _group(lists: Lists, part: Part, _: float) -> Matches:
    people, rows = lists.people, lists.people.subjects
    if people.community:
        raise FilterError("group: Semaphore Community has no groups.")
    if _is(part, NONE):
        seen = mask([bool(row.groups) for row in rows])
    else:
        names = _groups(lists)
        found = _named(part.value, {name: haystack(name) for name in names})
        if not found:
            raise _nothing_named("group", "group", part, (*names, NONE), whole=people.groups.is_known)
        ids = {each for group in people.groups.items if group.name in found for each in group.member_ids}
        seen = mask([row.id in ids for row in rows])
    members = lists.of_kind("person", "account")
    seen &= members
    # Without the whole list, whoever is not seen in a group may be in one.
    inside = Matches(lists.size, seen, seen if people.groups.is_known else members)
    return ~inside & Matches.known(lists.size, members) if _is(part, NONE) else inside


def _creators(lists: Lists) -> list[str]:
    by_id = lists.people.by_id
    return sorted({name for each in lists.creators if (name := by_id[each].name)}, key=str.casefold)


def _by(lists: Lists, part: Part, _: float) -> Matches:
    people, made_by = lists.people, lists.made_by
    whole = lists.known("users", "accounts", "account_members")
    unlisted = mask([bool(each) and each not in people.by_id for each in made_by])
    if _is(part, GONE):
        yes = mask([each == "" for each in made_by]) | (unlisted if whole else 0)
    else:
        ids = _creator_ids(lists, part, whole)
        yes = mask([each in ids for each in made_by])
    unread = lists.of_kind("account") & mask([row.account is None for row in people.subjects])
    return Matches(lists.size, yes, yes | unread | (0 if whole else unlisted))


def _creator_ids(lists: Lists, part: Part, whole: bool) -> frozenset[str]:
    """The ids of the creators that a value means; perhaps of somebody who has created nothing."""
    if found := _named(part.value, lists.creators):
        return found
    given, people = fold(part.value), lists.people
    if given in people.by_id or given in lists.made_by:
        return frozenset((given,))
    if found := _named(part.value, {row.id: haystack(row.name) for row in people.subjects}):
        return found
    raise _nothing_named("by", "creator", part, (*_creators(lists), GONE), whole=whole)


def permission_named(given: str, names: Sequence[str]) -> str:
    """A permission's full name, given whole or, if it is the only one, without its beginning. Raises FilterError."""
    typed = fold(given)
    found = [name for name in names if typed in (name, name.partition(".")[2])]
    exact = [name for name in found if name == typed] or found
    if len(exact) == 1:
        return exact[0]
    if exact:
        raise FilterError("can: two permissions end so.", exact)
    endings = {name.partition(".")[2]: name for name in reversed(names)}
    like = closest(given, [*names, *endings])
    near = [name for name in names if typed in name]
    raise FilterError("can: no permission has that name.", near or names, endings.get(like, like))


def _can(lists: Lists, part: Part, _: float) -> Matches:
    access = lists.access()
    return access.able(permission_named(part.value, access.permissions))


def _age(lists: Lists, part: Part, now: float) -> Matches:
    limit = now - age_seconds(part.value)
    # Times are whole seconds: before this one, or up to it.
    limit = ceil(limit) - 1 if part.sign in (">", "<=") else floor(limit)
    # A token is never younger than the last change of its account, and never older than the account
    # (`API.md#updated-at`).
    since, until = lists.created, lists.updated
    by_account = mask([time <= limit for time in since.earliest])
    by_change = mask([time <= limit for time in until.latest])
    older = Matches(lists.size, by_account & by_change, by_account | by_change)
    # Groups have no token.
    members = Matches.known(lists.size, lists.of_kind("person", "account"))
    return (older if part.sign in (">", ">=") else ~older) & members


def _created(lists: Lists, part: Part, _: float) -> Matches:
    first, after = period(part.value)
    if part.sign in ("<", ">="):
        before = _created_before(lists, first)
        return before if part.sign == "<" else ~before
    until = _created_before(lists, after)
    if part.sign in ("<=", ">"):
        return until if part.sign == "<=" else ~until
    return until & ~_created_before(lists, first)


def _created_before(lists: Lists, limit: int) -> Matches:
    latest, earliest = lists.created.latest, lists.created.earliest
    return Matches(lists.size, mask([time < limit for time in latest]), mask([time < limit for time in earliest]))


_COMPARED = (">", ">=", "<", "<=")
TERMS: dict[str, Term] = {
    term.name: term
    for term in (
        Term(
            "role",
            "role:admin",
            (":", "="),
            _role,
            lambda lists: [*lists.people.role_names, NONE],
            (NONE,),
        ),
        Term(
            "state",
            "state:active",
            (":", "="),
            _state,
            lambda _: list(_STATES),
            checked=lambda value: _one_of("state", value, _STATES),
        ),
        Term(
            "kind",
            "kind:account",
            (":", "="),
            _kind,
            lambda _: list(_KINDS),
            checked=lambda value: _one_of("kind", value, _KINDS),
        ),
        Term("source", "source:scim", (":", "="), _source, _sources),
        Term("group", "group:platform", (":", "="), _group, lambda lists: [*_groups(lists), NONE], (NONE,)),
        Term("by", "by:dana", (":", "="), _by, lambda lists: [*_creators(lists), GONE], (GONE,)),
        Term("can", "can:secrets.manage", (":", "="), _can, lambda lists: lists.access().permissions),
        Term("age", "age>180d", _COMPARED, _age, lambda _: AGES, checked=age_seconds),
        Term("created", "created<2025-01", (*_COMPARED, ":", "="), _created, lambda _: (), checked=period),
    )
}
"""Every kind of term, in the order in which they are offered."""


def written(name: str, value: str) -> str:
    """A name as the value of a term: in quotes also where the word alone would mean something else."""
    return f'"{value}"' if fold(value) in TERMS[name].reserved else quote(value)


def term_of(part: Part) -> Term:
    """The kind of a term. Raises FilterError if there is none of that name."""
    term = TERMS.get(part.name)
    if term is None:
        names = [f"{each.name}{each.signs[0]}" for each in TERMS.values()]
        like = closest(part.name, list(TERMS))
        near = f"{like}{TERMS[like].signs[0]}" if like else ""
        raise FilterError("There is no such term; put it in quotes to find it as text.", names, near)
    return term
