"""The rows an export must hold, from the state of the demo organization."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from semtui.demo.server import DemoServer
from semtui.export.contents import (
    COLUMNS,
    What,
)
from semtui.export.records import NO_ROLE


def roles_of(server: DemoServer, subject_id: str) -> tuple[str, str]:
    """The role and source cells of a subject."""
    state = server.organization.state
    order = ("Owner", "Admin", "Member")

    def web_order(binding: tuple[str, str]) -> tuple[int, str]:
        name = state.roles[binding[1]].name
        return (order.index(name) if name in order else 9, name)

    bindings = sorted(state.org_bindings.get(subject_id, {}).items(), key=web_order)
    names = "; ".join(state.roles[role_id].name for _, role_id in bindings)
    return names or NO_ROLE, "; ".join(source for source, _ in bindings)


def effective_of(server: DemoServer, subject_id: str) -> str:
    """The cell of the roles a subject holds, through groups too."""
    state = server.organization.state
    holders = [subject_id, *(each.id for each in state.groups.values() if subject_id in each.member_ids)]
    held = {state.roles[role].name for each in holders for role in state.org_bindings.get(each, {}).values()}
    first = ("Owner", "Admin", "Member")
    names = [*(name for name in first if name in held), *sorted(held - {*first}, key=str.casefold)]
    account = state.service_accounts.get(subject_id)
    off = ["(deactivated)"] if names and account is not None and account.deactivated else []
    return "; ".join([*names, *off]) or NO_ROLE


def web_time(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(seconds))


def people_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for person in state.people.values():
        role, source = roles_of(server, person.id)
        if role != NO_ROLE:
            rows.append({"name": person.name, "id": person.id, "kind": "person", "role": role, "source": source})
    return rows


def account_rows(server: DemoServer) -> list[dict[str, str]]:
    rows = []
    for account in server.organization.state.service_accounts.values():
        role, source = roles_of(server, account.id)
        state = "deactivated" if account.deactivated else "no role" if role == NO_ROLE else "active"
        rows.append(
            {
                "name": account.name,
                "description": account.description,
                "deactivated": str(account.deactivated).lower(),
                "created_at": web_time(account.created_at),
                "updated_at": web_time(account.updated_at),
                "id": account.id,
                "kind": "service_account",
                "role": role,
                "source": source,
                "state": state,
            }
        )
    return rows


def group_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for group in state.groups.values():
        members = [state.people.get(one) or state.service_accounts[one] for one in group.member_ids]
        members.sort(key=lambda member: member.name.casefold())
        role, source = roles_of(server, group.id)
        rows.append(
            {
                "name": group.name,
                "description": group.description,
                "members": str(len(members)),
                "member_names": "; ".join(member.name for member in members),
                "member_ids": "; ".join(member.id for member in members),
                "id": group.id,
                "kind": "group",
                "role": role,
                "source": source,
            }
        )
    return rows


def role_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for role in state.roles.values():
        if role.scope != "org":
            continue
        holders = {one for one, bindings in state.org_bindings.items() if role.id in bindings.values()}
        rows.append(
            {
                "name": role.name,
                "description": role.description,
                "scope": "org",
                "permissions": str(len(role.permissions)),
                "origin": "built-in" if role.readonly else "custom",
                "people": str(len(holders & state.people.keys())),
                "service_accounts": str(len(holders & state.service_accounts.keys())),
                "groups": str(len(holders & state.groups.keys())),
                "deactivated_service_accounts": str(
                    sum(account.deactivated for account in state.service_accounts.values() if account.id in holders)
                ),
                "id": role.id,
                "permission_names": "; ".join(sorted(role.permissions)),
            }
        )
    return rows


def project_members(server: DemoServer, project_id: str) -> list[dict[str, Any]]:
    """The people of a project, as Semaphore answers for them."""
    answer = httpx.get(
        f"{server.address}/api/v1alpha/projects/{project_id}/members",
        headers={"Authorization": f"Token {server.tokens['owner']}"},
        trust_env=False,
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["members"]
    return sorted(found, key=lambda member: (member["name"].casefold(), member["id"]))


def project_rows(server: DemoServer) -> list[dict[str, str]]:
    state = server.organization.state
    rows = []
    for project in state.projects.values():
        members = project_members(server, project.id)
        owner = state.people.get(project.owner_id)
        rows.append(
            {
                "name": project.name,
                "description": project.description,
                "members": str(len(members)),
                "member_names": "; ".join(member["name"] for member in members),
                "member_ids": "; ".join(member["id"] for member in members),
                "member_roles": "; ".join(
                    ", ".join(sorted(role["role_name"] for role in member["roles"])) for member in members
                ),
                "owner": owner.name if owner else "",
                "owner_id": project.owner_id,
                "org_id": state.org_id,
                "id": project.id,
            }
        )
    return rows


def expected(server: DemoServer, what: What) -> list[dict[str, str]]:
    """The rows an export must have, every column filled in, by id."""
    makers: dict[What, Callable[[DemoServer], list[dict[str, str]]]] = {
        "people": people_rows,
        "service-accounts": account_rows,
        "groups": group_rows,
        "roles": role_rows,
        "projects": project_rows,
        "all": lambda server: people_rows(server) + account_rows(server) + group_rows(server),
    }
    rows = makers[what](server)
    if what not in ("roles", "projects"):
        rows = [{**row, "effective": effective_of(server, row["id"])} for row in rows]
    blank = dict.fromkeys(COLUMNS[what], "")
    return sorted(({**blank, **row} for row in rows), key=lambda row: row["id"])


def by_id(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["id"])
