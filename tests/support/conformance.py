"""The demo organization asked with plain HTTP, as whoever calls, and what its answers must be."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx

from semtui.demo.server import DemoServer
from tests.support.clock import Clock

NOBODY = "00000000-0000-4000-8000-000000000000"
BAD_UUID = "Invalid uuid passed as an argument where uuid v4 was expected."
# Loading the certificates takes longer than most of these tests.
TLS = httpx.create_ssl_context(trust_env=False)
DEFAULT_ROLE = "This is the default role and it can not be edited nor deleted."


class World:
    """A server of one edition, its clock, and clients for whoever calls."""

    def __init__(self, server: DemoServer, clock: Clock, stack: ExitStack) -> None:
        self.server = server
        self.organization = server.organization
        self.clock = clock
        self._stack = stack

    def client(self, token: str, **headers: str) -> httpx.Client:
        return self._stack.enter_context(client_of(self.server.address, {**authorization(token), **headers}))

    def as_(self, who: str) -> httpx.Client:
        """A client of the owner, the admin, the support person or the plain member."""
        return self.client(self.server.tokens[who])

    def at(self, api: str, who: str = "owner") -> httpx.Client:
        """A client of the owner, the admin, the support person or the plain member, for another API than v1alpha."""
        return self.with_token(api, self.server.tokens[who])

    def with_token(self, api: str, token: str) -> httpx.Client:
        """A client of whoever has this token, for another API than v1alpha."""
        address = f"{self.server.address}/api/{api}"
        client = httpx.Client(base_url=address, headers=authorization(token), verify=TLS, trust_env=False)
        return self._stack.enter_context(client)

    def account_id(self, name: str) -> str:
        account = self.organization.service_account_named(name)
        assert account is not None
        return account.id

    def person_id(self, name: str) -> str:
        person_id = self.organization.person_named(name)
        assert person_id is not None
        return person_id

    def role_id(self, name: str) -> str:
        role = self.organization.role_named(name)
        assert role is not None
        return role.id

    def group_id(self, name: str) -> str:
        group = self.organization.group_named(name)
        assert group is not None
        return group.id

    def project_id(self, name: str) -> str:
        project = self.organization.project_named(name)
        assert project is not None
        return project.id


def authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}


def client_of(address: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=f"{address}/api/v1alpha", headers=headers, verify=TLS, trust_env=False)


def world(edition: Any) -> Iterator[World]:
    clock = Clock()
    with DemoServer(edition=edition, clock=clock) as server, ExitStack() as stack:
        yield World(server, clock, stack)


def refused(response: httpx.Response, status: int, message: str) -> None:
    """Assert a refusal in Semaphore's usual form: one JSON string."""
    assert (response.status_code, response.json()) == (status, message)


def refused_in_text(response: httpx.Response, status: int, message: str) -> None:
    """Assert a refusal in bare text."""
    assert (response.status_code, response.text) == (status, message)


def refused_by_gateway(response: httpx.Response, status: int, code: int, message: str) -> None:
    """Assert a refusal of a service behind the gRPC gateway: an object, with its content type."""
    assert (response.status_code, response.json()) == (status, {"code": code, "message": message, "details": []})
    assert response.headers["content-type"] == "application/json"


def ok(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


def create(client: httpx.Client, name: str, description: str = "") -> tuple[dict[str, Any], str]:
    answer = ok(client.post("/service_accounts", json={"name": name, "description": description}))
    return answer["service_account"], answer["api_token"]


def listed(client: httpx.Client, member_type: str = "user") -> dict[str, dict[str, Any]]:
    """The members of one type, by name."""
    answer = ok(client.get("/members", params={"member_type": member_type}))
    return {member["name"]: member for member in answer["members"]}


def group_named(client: httpx.Client, name: str) -> dict[str, Any]:
    groups: list[dict[str, Any]] = ok(client.get("/groups"))["groups"]
    return next(group for group in groups if group["name"] == name)
