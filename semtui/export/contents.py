"""Exports rows as CSV for spreadsheets or JSON for programs. Pure: rows in, text out.

CSV begins with the columns of the web page's own exports, in their order. JSON is lossless: text exactly as Semaphore
sent it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from semtui.export.csv_table import LIMIT, table
from semtui.export.records import JSON_KEYS, NOT_KNOWN, Records
from semtui.organization.listing import LIST_NAMES
from semtui.organization.loading import LIST_WORDS
from semtui.organization.relations import role_order
from semtui.text.counting import count

if TYPE_CHECKING:
    from semtui.api.models import Role
    from semtui.export.csv_table import Value
    from semtui.organization.listing import ListName
    from semtui.organization.people import People
    from semtui.organization.projects import Projects
    from semtui.organization.subject import Kind

What = Literal["people", "service-accounts", "groups", "roles", "projects", "all"]
Format = Literal["csv", "json"]
WHATS: tuple[What, ...] = ("people", "service-accounts", "groups", "roles", "projects", "all")
FORMATS: tuple[Format, ...] = ("csv", "json")


@dataclass(frozen=True)
class Shape:
    """A file format offered in a list."""

    words: str
    form: Format
    bom: bool = False


SHAPES = (Shape("CSV", "csv"), Shape("CSV for Excel", "csv", bom=True), Shape("JSON", "json"))

KINDS_OF: dict[What, tuple[Kind, ...]] = {
    "people": ("person",),
    "service-accounts": ("account",),
    "groups": ("group",),
    "roles": (),
    "projects": (),
    "all": ("person", "account", "group"),
}
"""The kinds of rows in each export."""

_WEB_PEOPLE = ("name", "email", "github_login", "bitbucket_login", "gitlab_login")
_WEB_ACCOUNTS = ("description", "deactivated", "created_at", "updated_at")
_MEMBERS = ("members", "member_names", "member_ids")
_OURS = ("id", "kind", "role", "source", "effective", "state")
COLUMNS: dict[What, tuple[str, ...]] = {
    "people": (*_WEB_PEOPLE, *_OURS),
    "service-accounts": ("name", *_WEB_ACCOUNTS, *_OURS),
    "groups": ("name", "description", *_MEMBERS, *_OURS),
    "roles": (
        *("name", "description", "scope", "permissions", "origin"),
        *("people", "service_accounts", "groups", "deactivated_service_accounts", "id", "permission_names"),
    ),
    "projects": ("name", "description", *_MEMBERS, "member_roles", "owner", "owner_id", "org_id", "id"),
    "all": (*_WEB_PEOPLE, *_WEB_ACCOUNTS, *_MEMBERS, *_OURS),
}
"""The columns of each table. The API has no e-mail addresses or logins, so those columns of people stay empty."""


# What is missing


@dataclass(frozen=True)
class Gaps:
    """What an export is missing, in sentences."""

    missing: tuple[str, ...] = ()
    """About lists of the rows themselves: without them there is nothing to export."""
    doubts: tuple[str, ...] = ()
    """About lists that add to the rows: without them some cells stay empty."""


_REQUIRED: dict[What, tuple[ListName, ...]] = {
    "people": ("users",),
    "service-accounts": ("accounts",),
    "groups": ("groups",),
    "roles": ("roles",),
    "projects": (),
    "all": ("users", "accounts", "groups"),
}
# Community lists service accounts' roles among those of people (`API.md#subject-types`).
_FURTHER: dict[What, tuple[ListName, ...]] = {
    # People and accounts also hold roles through groups.
    "people": ("accounts", "groups", "group_members"),
    "service-accounts": ("account_members", "users", "groups", "group_members"),
    "groups": ("group_members", "users", "accounts"),
    "roles": ("users", "account_members", "group_members", "accounts"),
    # For the names of owners.
    "projects": ("users", "accounts"),
    "all": ("account_members", "group_members"),
}


def required_lists(what: What, form: Format) -> tuple[ListName, ...]:
    """The lists whose items an export consists of."""
    # `all` as a table has no rows for roles; as JSON it has a list of them.
    return (*_REQUIRED[what], "roles") if (what, form) == ("all", "json") else _REQUIRED[what]


def lists_for(what: What, form: Format) -> tuple[ListName, ...]:
    """The lists to load for an export."""
    needed = {*required_lists(what, form), *_FURTHER[what]}
    if needed & {"groups", "group_members"}:
        # The roles show whether this is Community, which has no groups.
        needed.add("roles")
    return tuple(name for name in LIST_NAMES if name in needed)


def gaps(people: People, what: What, form: Format, projects: Projects | None = None) -> Gaps:
    """What the loaded lists leave out of this export; `projects` is needed for an export of projects."""
    required = required_lists(what, form)
    missing = [name for name in required if not _known(people, name)]
    old = [name for name in required if name not in missing and _load_error(people, name)]
    further = [name for name in _FURTHER[what] if _load_error(people, name)]
    lacking = Gaps(
        tuple(_sentences(people, missing, "could not be read")),
        (
            *_sentences(people, old, "could not be reloaded, so older data is written"),
            *_further_sentences(people, what, further),
        ),
    )
    if what != "projects":
        return lacking
    of_projects = _project_gaps(projects)
    return Gaps(of_projects.missing, (*of_projects.doubts, *lacking.doubts))


def _further_sentences(people: People, what: What, names: Sequence[ListName]) -> Iterable[str]:
    """One sentence for each list that adds to the rows and could not be read."""
    hint = "What only that would tell is left empty"
    hints = {hint: names}
    if what in ("people", "service-accounts"):
        of_groups = [name for name in names if name in ("groups", "group_members")]
        hints = {
            "Service accounts may stand among the people" if what == "people" else hint: [
                name for name in names if name not in of_groups
            ],
            f"Roles that groups may give stand as {NOT_KNOWN} in the column effective": of_groups,
        }
    for words, concerned in hints.items():
        for sentence in _sentences(people, concerned, "could not be read"):
            yield f"{sentence} {words}."


def _project_gaps(projects: Projects | None) -> Gaps:
    if projects is None or not projects.listing.is_known:
        error = projects and projects.listing.error
        return Gaps(missing=(f"The list of projects could not be read: {error or 'It has not arrived yet.'}",))
    doubts = []
    if projects.listing.error is not None:
        reason = projects.listing.error
        doubts.append(f"The list of projects could not be reloaded, so older data is written: {reason}")
    asked = [projects.members_of(project.id) for project in projects.listing.items]
    if unread := sum(not each.is_known and each.error is None for each in asked):
        doubts.append(f"The people of {count(unread, 'project')} are not read yet; their cells are left empty.")
    refused = Counter(str(each.error) for each in asked if not each.is_known and each.error is not None)
    for why, number in refused.items():
        doubts.append(f"The people of {count(number, 'project')} could not be read: {why} Their cells are left empty.")
    older = Counter(str(each.error) for each in asked if each.is_known and each.error is not None)
    for why, number in older.items():
        words = "could not be reloaded, so older data is written"
        doubts.append(f"The people of {count(number, 'project')} {words}: {why}")
    return Gaps(doubts=tuple(doubts))


def _known(people: People, name: ListName) -> bool:
    return people.listing(name).is_known or (name == "groups" and people.community)


def _load_error(people: People, name: ListName) -> str:
    """Why a list is missing or out of date; "" when it is neither."""
    listing = people.listing(name)
    if listing.error is not None and not (name == "groups" and people.community):
        return str(listing.error)
    return "" if _known(people, name) else "It has not arrived yet."


def _sentences(people: People, names: Iterable[ListName], what_happened: str) -> Iterable[str]:
    """One sentence, with the reason, for all the lists that share that reason."""
    by_reason: dict[str, list[str]] = {}
    for name in sorted(names, key=LIST_NAMES.index):
        by_reason.setdefault(_load_error(people, name), []).append(LIST_WORDS[name])
    for reason, words in by_reason.items():
        listed = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
        yield f"The list{'s' if words[1:] else ''} of {listed} {what_happened}: {reason}"


# The text

_PEOPLE_ONLY = "Groups and service accounts may have access to a project too; Semaphore shows its people only."


@dataclass(frozen=True)
class Exported:
    """The text of an export, and what the user should know about it."""

    text: str
    cut: tuple[str, ...] = ()
    """A sentence saying that something did not fit into its cells; the export is then not complete."""
    notes: tuple[str, ...] = ()
    """Anything else worth knowing, in sentences; the export is complete all the same."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """`cut` and `notes` together."""
        return (*self.notes, *self.cut)


def export_text(
    rows: Sequence[Any],
    people: People,
    form: Format,
    what: What,
    roles: Sequence[Role] | None = None,
    projects: Projects | None = None,
) -> Exported:
    """`rows` (subjects, roles or projects, by `what`) in the order given, except roles, which are in the web's order.

    `people` and `projects` say who holds each role and who the members are. `all` as JSON also lists `roles`, if given.
    """
    records = Records(people, projects)
    notes = (_PEOPLE_ONLY,) if what == "projects" else ()
    if form == "csv":
        written = table(COLUMNS[what], export_cells(records, what, rows))
        return Exported(written.text, _cut_words(written.cut), notes)
    lists = export_lists(records, what, rows, roles)
    text = json.dumps(lists, ensure_ascii=True, indent=2) + "\n"
    return Exported(text, notes=(*notes, *_mended_words(records.mended)))


def export_lists(
    records: Records, what: What, rows: Sequence[Any], roles: Sequence[Role] | None = None
) -> dict[str, Any]:
    """What the JSON consists of: a list of each kind, by its key."""
    lists: dict[str, Any] = {
        JSON_KEYS[kind]: [records.subject_record(row) for row in rows if row.kind == kind] for kind in KINDS_OF[what]
    }
    if what == "projects":
        lists["projects"] = [records.project_record(project) for project in rows]
    elif what == "roles" or roles is not None:
        lists["roles"] = [records.role_record(role) for role in _in_order(rows if what == "roles" else roles or ())]
    return lists


def export_cells(records: Records, what: What, rows: Sequence[Any]) -> Iterable[dict[str, Value]]:
    """The cells of a table's rows, by column."""
    if what == "roles":
        return map(records.role_cells, _in_order(rows))
    if what == "projects":
        return map(records.project_cells, rows)
    return (records.subject_cells(row) for row in rows if row.kind in KINDS_OF[what])


def _in_order(roles: Iterable[Role]) -> list[Role]:
    return sorted(roles, key=lambda role: (role_order(role.name), role.id))


def _cut_words(cut: Counter[str]) -> tuple[str, ...]:
    """How many cells were cut, and in which columns."""
    number = cut.total()
    if not number:
        return ()
    cells = "1 cell was" if number == 1 else f"{number:,} cells were"
    return (
        f"{cells} longer than the {LIMIT:,} characters a spreadsheet takes and cut, in {', '.join(sorted(cut))}; "
        "JSON has all of it.",
    )


def _mended_words(mended: int) -> tuple[str, ...]:
    if not mended:
        return ()
    texts = "1 text holds" if mended == 1 else f"{mended:,} texts hold"
    return (f"{texts} half of a character, which JSON cannot; U+FFFD stands there.",)
