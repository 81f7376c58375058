"""The client on groups, roles, invitations and projects: what is asked, what arrives, what Semaphore then holds."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Literal

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NotFoundError,
    PermissionDeniedError,
    RefusedError,
    UnexpectedAnswerError,
)
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import QUICK, writes

pytestmark = pytest.mark.anyio


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None
    return found


def role(server: DemoServer, name: str) -> str:
    found = server.organization.role_named(name)
    assert found is not None
    return found.id


def project(server: DemoServer, name: str) -> str:
    found = server.organization.project_named(name)
    assert found is not None
    return found.id


def last_body(server: DemoServer) -> object:
    return json.loads(server.requests[-1].body or b"null")


# Roles


async def test_permissions_come_by_scope_and_with_their_explanations(client: SemaphoreClient) -> None:
    for scope, number, start in (("org", 38, "organization."), ("project", 31, "project.")):
        permissions = await client.list_permissions(scope)
        assert len(permissions) == number
        assert all(permission.name.startswith(start) and permission.description for permission in permissions)


async def test_a_role_is_described_by_its_id(server: DemoServer, client: SemaphoreClient) -> None:
    found = await client.describe_role(role(server, "Support"))
    assert (found.name, found.scope, found.readonly) == ("Support", "org", False)
    with pytest.raises(NotFoundError):
        await client.describe_role("00000000-0000-4000-8000-000000000000")


async def test_a_custom_role_lives_and_ends(server: DemoServer, client: SemaphoreClient) -> None:
    made = await client.create_role("Auditor", "Reads.", "org", ["organization.audit_logs.view"])
    assert set(made.permissions) == {"organization.audit_logs.view", "organization.view"}
    await client.update_role(made.id, description="Reads all.")
    assert last_body(server) == {"description": "Reads all."}
    await client.update_role(made.id, permissions=["organization.people.view"])
    held = server.organization.role_named("Auditor")
    assert held is not None
    assert (held.description, set(held.permissions)) == (
        "Reads all.",
        {"organization.people.view", "organization.view"},
    )
    await client.delete_role(made.id)
    assert server.organization.role_named("Auditor") is None


async def test_what_one_may_not_grant_is_named(server: DemoServer) -> None:
    client = SemaphoreClient(server.address, server.tokens["admin"], limits=QUICK)
    async with aclosing(client):
        with pytest.raises(PermissionDeniedError) as raised:
            await client.assign_role(person(server, "Noor Haddad"), role(server, "Owner"))
        assert raised.value.not_held == ("organization.change_owner",)
        assert "takes the permission organization.change_owner." in str(raised.value)
    server.inject(Fault(status=400, body='"cannot grant permissions you do not hold: a.b, c.d"'))
    client = SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)
    async with aclosing(client):
        with pytest.raises(RefusedError) as refused:
            await client.create_role("x", "", "org", ["a.b", "c.d"])
    assert refused.value.not_held == ("a.b", "c.d")


# Groups


async def test_a_group_lives_and_ends(server: DemoServer, client: SemaphoreClient) -> None:
    noor, sam = person(server, "Noor Haddad"), person(server, "Sam Patel")
    made = await client.create_group("Crew", "Sails.", [noor])
    group = server.organization.group_named("Crew")
    assert group is not None
    assert (group.id, list(group.member_ids)) == (made.id, [noor])
    await client.update_group(made.id, name="Crew 2", add=[sam], remove=[noor])
    assert last_body(server) == {"name": "Crew 2", "members_to_add": [sam], "members_to_remove": [noor]}
    renamed = server.organization.group_named("Crew 2")
    assert renamed is not None
    assert list(renamed.member_ids) == [sam]
    await client.delete_group(made.id)
    assert server.organization.group_named("Crew 2") is None


# People


@pytest.mark.parametrize("edition", ["ee", "ce"])
async def test_a_person_is_removed_without_naming_a_role(edition: Literal["ee", "ce"]) -> None:
    with DemoServer(edition=edition) as server:
        client = SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)
        async with aclosing(client):
            noor = person(server, "Noor Haddad")
            await client.remove_member(noor)
            assert server.organization.role_names_of(noor) == []
            assert (server.requests[-1].body, "role_id" in server.requests[-1].path) == (b"", False)


async def test_an_owner_is_not_removed(server: DemoServer, client: SemaphoreClient) -> None:
    with pytest.raises(RefusedError, match="Owner can not be removed"):
        await client.remove_member(person(server, "Amara Okafor"))


@pytest.mark.parametrize(
    ("answer", "status", "user_id"),
    [
        ({"member": {"handle": "x", "user_id": "u"}, "role": {"role_id": "r", "status": "assigned"}}, "assigned", "u"),
        ({"member": {"user_id": None}, "role": {"role_id": "r", "status": "pending"}}, "pending", ""),
        ({"member": {"user_id": "u"}, "role": {"status": "denied"}}, "denied", "u"),
        ({"role": {"role_id": None, "applied": False, "status": "defaulted_to_member"}}, "defaulted_to_member", ""),
        ({"member": {"handle": "x"}, "role": None}, "unknown", ""),
    ],
)
async def test_the_outcomes_of_an_invitation(
    server: DemoServer, client: SemaphoreClient, answer: object, status: str, user_id: str
) -> None:
    server.inject(Fault(kind="wrong_json", body=json.dumps(answer)))
    invitation = await client.invite_member("github", "octocat", role_id="r")
    assert (invitation.status, invitation.user_id) == (status, user_id)
    assert last_body(server) == {"provider": "github", "handle": "octocat", "role_id": "r"}


# Projects


async def test_projects_are_followed_while_there_are_more_though_a_page_is_empty(
    server: DemoServer, client: SemaphoreClient
) -> None:
    assert len(await client.list_projects()) == 4
    for body, more in (([], "true"), ([{"metadata": {"id": "p", "name": "p"}}], "true"), ([], "false")):
        server.inject(
            Fault("GET", "/projects", "status", status=200, body=json.dumps(body), headers={"x-has-more": more})
        )
    before = len(server.requests)
    assert [found.id for found in await client.list_projects()] == ["p"]
    assert len(server.requests) - before == 3


async def test_projects_of_another_shape_are_named(server: DemoServer, client: SemaphoreClient) -> None:
    server.inject(Fault("GET", "/projects", "wrong_json", body='[{"metadata": {"id": 7}}]'))
    with pytest.raises(UnexpectedAnswerError, match=r"in projects\[0\], id: "):
        await client.list_projects()
    server.inject(Fault("GET", "/projects", "wrong_json", body='{"projects": []}'))
    with pytest.raises(UnexpectedAnswerError, match="should be a list"):
        await client.list_projects()


async def test_a_project_role_is_given_and_taken(server: DemoServer, client: SemaphoreClient) -> None:
    first, noor = (await client.list_projects())[0], person(server, "Noor Haddad")
    roles = {
        binding.role_name: binding.role_id
        for one in await client.list_project_members(first.id)
        for binding in one.roles
    }
    await client.assign_project_role(first.id, noor, roles["Admin"])
    held = {member.id: member for member in await client.list_project_members(first.id)}
    assert ("Admin", "manually") in {(binding.role_name, binding.source) for binding in held[noor].roles}
    await client.retract_project_role(first.id, noor)
    assert "role_id" not in server.requests[-1].path
    assert server.requests[-1].body == b""
    left = {member.id: member for member in await client.list_project_members(first.id)}
    assert noor not in left or "manually" not in {binding.source for binding in left[noor].roles}


async def test_on_community_no_role_is_named_unless_asked_for() -> None:
    with DemoServer(edition="ce") as server:
        client = SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)
        async with aclosing(client):
            first, noor = (await client.list_projects())[0], person(server, "Noor Haddad")
            await client.assign_project_role(first.id, noor)
            assert last_body(server) == {}
            assert server.organization.role_names_of(noor) == ["Member"]
            assert noor in {member.id for member in await client.list_project_members(first.id)}
            await client.retract_project_role(first.id, noor)
            assert server.organization.role_names_of(noor) == ["Member"]
            assert noor not in {member.id for member in await client.list_project_members(first.id)}


@pytest.mark.parametrize(
    ("who", "edition", "lacking"),
    [
        ("owner", "ee", set()),
        ("admin", "ee", {"custom_roles"}),
        ("support", "ee", {"custom_roles", "people", "service_accounts"}),
        ("member", "ee", {"custom_roles", "people", "service_accounts"}),
        ("owner", "ce", {"custom_roles"}),
        ("admin", "ce", {"custom_roles"}),
        ("member", "ce", {"custom_roles", "people", "service_accounts"}),
    ],
)
async def test_what_a_token_may_not_manage_is_found_out_and_nothing_changed(
    who: str, edition: Literal["ee", "ce"], lacking: set[str]
) -> None:
    with DemoServer(edition=edition) as server:
        client = SemaphoreClient(server.address, server.tokens[who], limits=QUICK)
        before = server.organization.service_account_names()
        assert set(await client.missing_permissions()) == {f"organization.{name}.manage" for name in lacking}
        assert server.organization.service_account_names() == before
        assert writes(server) == []
        await client.aclose()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST", status=403, body="", times=None),
        Fault("POST", kind="drop_before", times=None),
        Fault("POST", kind="html", status=403, times=None),
        Fault("POST", status=500, times=None),
    ],
)
async def test_an_outage_tells_nothing_of_the_token(server: DemoServer, client: SemaphoreClient, fault: Fault) -> None:
    server.inject(fault)
    assert await client.missing_permissions() == ()
    server.stop()
    assert await client.missing_permissions() == ()
