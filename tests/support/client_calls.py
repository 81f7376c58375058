"""Calls of the client, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import SemaphoreError
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer

Call = Callable[[SemaphoreClient], Awaitable[object]]
NOBODY = "00000000-0000-4000-8000-000000000000"
WRITES: dict[str, Call] = {
    "create": lambda client: client.create_service_account("ci-bot", ""),
    "regenerate": lambda client: client.regenerate_token(NOBODY, "ci-bot"),
    "update": lambda client: client.update_service_account(NOBODY, name="ci-bot"),
    "delete": lambda client: client.delete_service_account(NOBODY),
    "deactivate": lambda client: client.deactivate_service_account(NOBODY),
    "reactivate": lambda client: client.reactivate_service_account(NOBODY),
    "assign": lambda client: client.assign_role(NOBODY, NOBODY),
    "remove": lambda client: client.remove_member(NOBODY),
    "invite": lambda client: client.invite_member("github", "octocat"),
    "create role": lambda client: client.create_role("Ops", "", "org", ["organization.view"]),
    "update role": lambda client: client.update_role(NOBODY, name="Ops"),
    "delete role": lambda client: client.delete_role(NOBODY),
    "create group": lambda client: client.create_group("Crew", "Sails", []),
    "update group": lambda client: client.update_group(NOBODY, add=[NOBODY]),
    "delete group": lambda client: client.delete_group(NOBODY),
    "assign in project": lambda client: client.assign_project_role(NOBODY, NOBODY, NOBODY),
    "retract in project": lambda client: client.retract_project_role(NOBODY, NOBODY),
}
every_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


def account_id(server: DemoServer, name: str = "terraform") -> str:
    account = server.organization.service_account_named(name)
    assert account is not None
    return account.id


def sent(server: DemoServer, method: str) -> int:
    return sum(request.method == method for request in server.requests)


def answering(server: DemoServer, path: str, *bodies: object) -> None:
    for body in bodies:
        server.inject(Fault(path=path, kind="wrong_json", body=json.dumps(body)))


async def failing(client: SemaphoreClient) -> SemaphoreError:
    with pytest.raises(SemaphoreError) as raised:
        await client.list_groups()
    return raised.value
