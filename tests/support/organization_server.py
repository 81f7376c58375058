"""Small organizations as the demo organization serves them, with what becomes of their lists done to its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from semtui.demo.faults import Fault
from semtui.demo.seed_data import (
    AccountSeed,
    GroupSeed,
    PersonSeed,
    Population,
    ProjectSeed,
    RoleSeed,
)
from semtui.demo.server import DemoServer
from tests.support.organization_lists import DAY
from tests.support.organizations import ListTrouble, Organization

TOKEN = "Owner-of-a-small-one"
"""Of the first Owner."""
_ADDRESSES = {
    "users": ("/members", "*member_type=user*"),
    "account_members": ("/members", "*member_type=service_account*"),
    "group_members": ("/members", "*member_type=group*"),
    "accounts": ("/service_accounts", "*"),
    "groups": ("/groups", "*"),
    "roles": ("/roles", "*"),
    "projects": ("/projects", "*"),
}
"""Where each list is asked for: path and query."""


@contextmanager
def serving(organization: Organization, now: float) -> Iterator[DemoServer]:
    """A server of just this organization at `now`; lists that are not whole fail from the start, but for stale ones."""
    population = population_of(organization, int(now))
    with DemoServer(
        edition=organization.edition, population=population, group_delay=0, clock=lambda: float(now)
    ) as server:
        inject(server, {name: each for name, each in organization.troubles.items() if each.fate != "stale"})
        yield server


def spoil(server: DemoServer, organization: Organization) -> None:
    """From now on the stale lists cannot be read again."""
    inject(server, {name: each for name, each in organization.troubles.items() if each.fate == "stale"})


def population_of(organization: Organization, now: int) -> Population:
    """Everybody and everything to seed."""
    owners = [each.name for each in organization.persons if any(held.role == "Owner" for held in each.roles)]
    people = [
        PersonSeed(each.name, {held.source: held.role for held in each.roles}, token=TOKEN * (each.name in owners[:1]))
        for each in organization.persons
    ]
    return Population(
        callers={"owner": owners[0]},
        people=(*people, *(PersonSeed(name, {}) for name in organization.strangers)),
        accounts=tuple(
            AccountSeed(
                each.name,
                each.name,
                each.role or None,
                _moment(now - each.created * DAY),
                _moment(now - each.updated * DAY),
                "" if each.creator == "gone" else each.creator,
                each.off,
                among_people=organization.edition == "ce",
            )
            for each in organization.accounts
        ),
        groups=tuple(GroupSeed(each.name, each.name, each.role or None, each.members) for each in organization.groups),
        roles=tuple(
            RoleSeed(each.name, each.name, each.permissions, each.maps_to) for each in organization.custom_roles
        ),
        projects=tuple(
            ProjectSeed(
                each.name,
                each.name,
                each.owner,
                tuple((person.name, held.role, held.source) for person in each.people for held in person.roles),
            )
            for each in organization.owned
        ),
    )


def inject(server: DemoServer, troubles: dict[str, ListTrouble]) -> None:
    """Do to the answers what makes these lists what they are to be."""
    for name, trouble in troubles.items():
        path, query = _ADDRESSES[name]
        always = Fault(method="GET", path=path, query=query, times=None)
        if trouble.fate == "refused":
            server.inject(replace(always, kind="refuse"))
        elif trouble.fate == "partial":
            for fault in _cut_short(server, name, trouble.rows):
                server.inject(replace(fault, method="GET", path=path, status=200, times=None))
        else:
            server.inject(replace(always, status=500, body='"Internal error"'))


def _cut_short(server: DemoServer, name: str, rows: int) -> list[Fault]:
    """Answers that count more rows than they send: the first ones by name, and then nothing."""
    organization, query = server.organization, _ADDRESSES[name][1]

    def first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(items, key=lambda item: (item["name"].casefold(), item["id"]))[:rows]

    if name == "accounts":
        items = first(organization.service_accounts.page({"page_size": "100"})["service_accounts"])
        nothing: dict[str, Any] = {"service_accounts": [], "next_page_token": ""}
        more: dict[str, Any] = {"service_accounts": items, "next_page_token": str(rows + 1)}
        return [_answering("*page_token=*", nothing), _answering(query, more)]
    if name in ("users", "account_members", "group_members"):
        kind = query.strip("*").partition("=")[2]
        items = first(organization.members.page({"member_type": kind})["members"])
        more, nothing = {"members": items, "total_pages": 9}, {"members": [], "total_pages": 9}
        return [_answering(f"{query}page_no=0*", more), _answering(query, nothing)]
    raise ValueError(f"Semaphore does not say how long {name} is, so no part of it is known to be one")


def _answering(query: str, body: dict[str, Any]) -> Fault:
    return Fault(query=query, body=json.dumps(body))


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
