"""What is listed, taken away as a file: CSV for a spreadsheet, JSON for a program. Pure: rows in, text out.

CSV begins with the columns of the web page's own exports, in their order, and every cell is made inert: what could
make a spreadsheet compute is told to be text (`security.md` §4), and control characters are written as pictures of
themselves. JSON is the lossless form: the very text Semaphore sent.
"""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from semtui.lists import LIST_WORDS
from semtui.people import LIST_NAMES, role_order
from semtui.text import clean, raw

if TYPE_CHECKING:
    from semtui.models import Role, RoleBinding
    from semtui.people import Kind, ListName, People, Subject

What = Literal["people", "service-accounts", "groups", "roles", "all"]
Format = Literal["csv", "json"]
WHATS: tuple[What, ...] = ("people", "service-accounts", "groups", "roles", "all")
FORMATS: tuple[Format, ...] = ("csv", "json")

KINDS_OF: dict[What, tuple[Kind, ...]] = {
    "people": ("person",),
    "service-accounts": ("account",),
    "groups": ("group",),
    "roles": (),
    "all": ("person", "account", "group"),
}
"""The rows that belong to each export."""

_WEB_PEOPLE = ("name", "email", "github_login", "bitbucket_login", "gitlab_login")
_WEB_ACCOUNTS = ("description", "deactivated", "created_at", "updated_at")
_MEMBERS = ("members", "member_names", "member_ids")
_OURS = ("id", "kind", "role", "source", "state")
COLUMNS: dict[What, tuple[str, ...]] = {
    "people": (*_WEB_PEOPLE, *_OURS),
    "service-accounts": ("name", *_WEB_ACCOUNTS, *_OURS),
    "groups": ("name", "description", *_MEMBERS, *_OURS),
    "roles": (
        *("name", "description", "scope", "permissions", "origin"),
        *("people", "service_accounts", "groups", "id", "permission_names"),
    ),
    "all": (*_WEB_PEOPLE, *_WEB_ACCOUNTS, *_MEMBERS, *_OURS),
}
"""The columns of each table. The API gives no e-mail and no logins, so those of people stay empty."""

NO_ROLE = "(none)"
"""Stands in the role cell of who holds none; an empty cell says that it is not known."""

_KIND_WORDS: dict[Kind, str] = {"person": "person", "account": "service_account", "group": "group"}
_JSON_KEYS: dict[Kind, str] = {"person": "people", "account": "service_accounts", "group": "groups"}
_BETWEEN = "; "

# A spreadsheet passes over white space and a byte order mark before it looks. Where a semicolon divides columns, as
# in much of Europe, a text may also begin after one, and our quotes are then taken amiss, so these are passed over
# too. ␀ ␉ ␊ ␍ stand where the characters themselves were.
_COMPUTES = re.compile(r"(^|;)(?=(?:[\s\"]|‹FEFF›)*[=+\-@＝＋－＠␀␉␊␍])")
_LONGEST_STAND_IN = len("‹10FFFF›")


# What is lacking


class Gaps(NamedTuple):
    """What an export lacks, in sentences."""

    missing: tuple[str, ...] = ()
    """Lists of what was asked for: without them there is nothing to export."""
    doubts: tuple[str, ...] = ()
    """Lists that tell more of it: without them cells stay empty."""


_REQUIRED: dict[What, tuple[ListName, ...]] = {
    "people": ("users",),
    "service-accounts": ("accounts",),
    "groups": ("groups",),
    "roles": ("roles",),
    "all": ("users", "accounts", "groups"),
}
# Community lists the roles of service accounts among people's (`api.md` §3.2).
_FURTHER: dict[What, tuple[ListName, ...]] = {
    "people": ("accounts",),
    "service-accounts": ("account_members", "users"),
    "groups": ("group_members", "users", "accounts"),
    "roles": ("users", "account_members", "group_members", "accounts"),
    "all": ("account_members", "group_members"),
}


def required_lists(what: What, form: Format) -> tuple[ListName, ...]:
    """The lists whose items an export consists of."""
    # The table of all has no rows for roles, the JSON of all has a list of them.
    return (*_REQUIRED[what], "roles") if (what, form) == ("all", "json") else _REQUIRED[what]


def lists_for(what: What, form: Format) -> tuple[ListName, ...]:
    """The lists to load for an export."""
    needed = {*required_lists(what, form), *_FURTHER[what]}
    if needed & {"groups", "group_members"}:
        # They tell whether this is Community, which has no groups.
        needed.add("roles")
    return tuple(name for name in LIST_NAMES if name in needed)


def gaps(people: People, what: What, form: Format) -> Gaps:
    """What the lists do not give of this export."""
    required = required_lists(what, form)
    missing = [name for name in required if not _known(people, name)]
    old = [name for name in required if name not in missing and _trouble(people, name)]
    further = [name for name in _FURTHER[what] if _trouble(people, name)]
    hint = "What only that would tell is left empty."
    if what == "people":
        hint = "Service accounts may stand among the people."
    return Gaps(
        tuple(_sentences(people, missing, "could not be read")),
        (
            *_sentences(people, old, "could not be read anew, so what is written is older"),
            *(f"{sentence} {hint}" for sentence in _sentences(people, further, "could not be read")),
        ),
    )


def _known(people: People, name: ListName) -> bool:
    return people.listing(name).known or (name == "groups" and people.community)


def _trouble(people: People, name: ListName) -> str:
    """Why a list is not there, or not as new as it could be; empty when it is."""
    listing = people.listing(name)
    if listing.trouble is not None and not (name == "groups" and people.community):
        return str(listing.trouble)
    return "" if _known(people, name) else "It has not arrived yet."


def _sentences(people: People, names: Iterable[ListName], what_happened: str) -> Iterable[str]:
    """One sentence and its reason for all the lists that share the reason."""
    by_reason: dict[str, list[str]] = {}
    for name in sorted(names, key=LIST_NAMES.index):
        by_reason.setdefault(_trouble(people, name), []).append(LIST_WORDS[name])
    for reason, words in by_reason.items():
        listed = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
        yield f"The list{'s' if words[1:] else ''} of {listed} {what_happened}: {reason}"


# The text


def export_text(
    subjects: Sequence[Subject],
    people: People,
    form: Format,
    what: What,
    roles: Sequence[Role] | None = None,
) -> str:
    """The rows of this kind, in the order given; `people` tells the names of groups' members and who holds a role.

    Roles are a table of their own (`what="roles"`); JSON of all lists them beside the rows when they are given.
    """
    rows = [subject for subject in subjects if subject.kind in KINDS_OF[what]]
    known = _Known(people)
    if form == "json":
        lists: dict[str, Any] = {
            _JSON_KEYS[kind]: [known.subject_record(row) for row in rows if row.kind == kind] for kind in KINDS_OF[what]
        }
        if roles is not None or what == "roles":
            lists["roles"] = [known.role_record(role) for role in _in_order(roles or ())]
        return json.dumps(lists, ensure_ascii=True, indent=2) + "\n"
    if what == "roles":
        return _table(COLUMNS[what], map(known.role_cells, _in_order(roles or ())))
    return _table(COLUMNS[what], map(known.subject_cells, rows))


def inert(text: str) -> str:
    """A cell that every spreadsheet takes for text."""
    return _COMPUTES.sub(r"\1'", text)


def _table(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([inert(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue()


def _in_order(roles: Iterable[Role]) -> list[Role]:
    return sorted(roles, key=lambda role: (role_order(role.name), role.id))


class _Known:
    """What the lists know, asked row by row."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._holders = Counter(
            (binding_id, subject.kind)
            for subject in people.subjects
            for binding_id in {binding.role_id for binding in subject.roles or ()}
        )

    def subject_cells(self, subject: Subject) -> dict[str, str]:
        """A row of a table, by column."""
        cells = {
            "name": _shown(subject.name),
            "description": _shown(subject.description),
            "created_at": _instant(subject.created_at, " "),
            "updated_at": _instant(subject.updated_at, " "),
            "id": _shown(subject.id),
            "kind": _KIND_WORDS[subject.kind],
            "state": subject.state,
        }
        if subject.account is not None:
            cells["deactivated"] = _word(subject.account.deactivated)
        if subject.roles is not None:
            bindings = _sorted_bindings(subject.roles)
            cells["role"] = _joined(binding.role_name or binding.role_id for binding in bindings) or NO_ROLE
            cells["source"] = _joined(binding.source for binding in bindings)
        members = self._members(subject)
        if members is not None:
            cells["members"] = str(len(members))
            cells["member_names"] = _joined(name or "" for _, name in members)
            cells["member_ids"] = _joined(member_id for member_id, _ in members)
        return cells

    def subject_record(self, subject: Subject) -> dict[str, Any]:
        """A row as JSON."""
        record: dict[str, Any] = {"id": raw(subject.id), "kind": _KIND_WORDS[subject.kind], "name": raw(subject.name)}
        if subject.kind == "account":
            record |= _account_record(subject)
        if subject.kind == "group":
            members = self._members(subject)
            record["description"] = None if members is None else raw(subject.description)
            record["members"] = None if members is None else [_named(*member) for member in members]
        roles = subject.roles
        record["state"] = subject.state
        record["roles"] = None if roles is None else [_binding_record(binding) for binding in _sorted_bindings(roles)]
        return record

    def role_cells(self, role: Role) -> dict[str, str]:
        """A role as a row of a table, by column."""
        return {
            "name": _shown(role.name),
            "description": _shown(role.description),
            "scope": _shown(role.scope),
            "permissions": str(len(role.permissions)),
            "origin": "built-in" if role.readonly else "custom",
            **{key: "" if number is None else str(number) for key, number in self._held_by(role).items()},
            "id": _shown(role.id),
            "permission_names": _joined(sorted(role.permissions)),
        }

    def role_record(self, role: Role) -> dict[str, Any]:
        """A role as JSON."""
        explanations = {permission.name: raw(permission.description) for permission in role.rbac_permissions}
        return {
            "id": raw(role.id),
            "name": raw(role.name),
            "description": raw(role.description),
            "scope": raw(role.scope),
            "organization_id": raw(role.org_id),
            "built_in": role.readonly,
            "held_by": self._held_by(role),
            "permissions": [
                {"name": raw(name), "description": explanations.get(name)} for name in sorted(role.permissions)
            ],
        }

    def _held_by(self, role: Role) -> dict[str, int | None]:
        """How many of each kind hold a role themselves, not through a group; None where a list is missing."""
        return {
            _JSON_KEYS[kind]: self._holders[role.id, kind] if self._roles_known(kind) else None
            for kind in KINDS_OF["all"]
        }

    def _roles_known(self, kind: Kind) -> bool:
        lists: dict[Kind, tuple[ListName, ...]] = {
            "person": ("users", "accounts"),
            "account": ("users", "account_members", "accounts"),
            "group": ("group_members",),
        }
        return all(self._people.listing(name).known for name in lists[kind])

    def _members(self, subject: Subject) -> list[tuple[str, str | None]] | None:
        """Id and name of a group's members by name, None for a name nobody lists; None when they are not known."""
        if subject.kind != "group" or subject.member_ids is None:
            return None
        found = ((member_id, self._people.by_id.get(member_id)) for member_id in subject.member_ids)
        named = [(member_id, None if member is None else member.name) for member_id, member in found]
        return sorted(named, key=lambda member: (member[1] is None, (member[1] or "").casefold(), member[0]))


def _sorted_bindings(bindings: Iterable[RoleBinding]) -> list[RoleBinding]:
    return sorted(bindings, key=lambda binding: (role_order(binding.role_name), binding.source, binding.role_id))


def _binding_record(binding: RoleBinding) -> dict[str, str]:
    return {"id": raw(binding.role_id), "name": raw(binding.role_name), "source": raw(binding.source)}


def _account_record(subject: Subject) -> dict[str, Any]:
    """What only a service account has; null throughout where the list of them does not tell."""
    account = subject.account
    return {
        "description": account and raw(account.description),
        "deactivated": account and account.deactivated,
        "organization_id": account and raw(account.org_id),
        "creator_id": account and raw(account.creator_id),
        "created_at": subject.created_at,
        "created_at_utc": _instant(subject.created_at, "T") or None,
        "updated_at": subject.updated_at,
        "updated_at_utc": _instant(subject.updated_at, "T") or None,
    }


def _named(member_id: str, name: str | None) -> dict[str, str | None]:
    return {"id": raw(member_id), "name": None if name is None else raw(name)}


def _shown(text: str) -> str:
    """The whole text, cleaned: what is cut on the screen is not cut here."""
    original = raw(text)
    return clean(original, limit=_LONGEST_STAND_IN * len(original))


def _joined(texts: Iterable[str]) -> str:
    return _BETWEEN.join(map(_shown, texts))


def _word(value: bool) -> str:
    return "true" if value else "false"


def _instant(seconds: int | None, between: str) -> str:
    """`2025-07-16 01:04:15Z`, as the web page exports it; empty for none and for what no calendar has."""
    if not seconds or seconds < 0:
        return ""
    try:
        return time.strftime(f"%Y-%m-%d{between}%H:%M:%SZ", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return ""
