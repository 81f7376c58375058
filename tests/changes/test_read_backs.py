"""What is true after a lost answer, for removals, groups, custom roles and project roles."""

from __future__ import annotations

from contextlib import aclosing

import pytest

from semtui.api.client import SemaphoreClient
from semtui.changes import assign_role, custom_role, delete_group, edit_group, group_queue, project_role, remove_member
from semtui.changes.reconcile import Reconciliation
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from tests.conftest import QUICK

pytestmark = pytest.mark.anyio


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None
    return found


def group_id(server: DemoServer, name: str) -> str:
    found = server.organization.group_named(name)
    assert found is not None
    return found.id


def role_id(server: DemoServer, name: str) -> str:
    found = server.organization.role_named(name)
    assert found is not None
    return found.id


# Removal and roles


async def test_a_removed_person_is_a_member_no_more(server: DemoServer, client: SemaphoreClient) -> None:
    noor = person(server, "Noor Haddad")
    assert (await remove_member.check_removal(client, noor, "Noor")).outcome == "not done"
    server.organization.remove_member(noor)
    verdict = await remove_member.check_removal(client, noor, "Noor")
    assert verdict == Reconciliation("done", "Noor is not a member of the organization any more.")


async def test_whoever_is_held_by_scim_stays_a_member(server: DemoServer, client: SemaphoreClient) -> None:
    tomasz = person(server, "Tomasz Wiśniewski")
    await client.remove_member(tomasz)
    verdict = await remove_member.check_removal(client, tomasz, "Tomasz")
    assert verdict.outcome == "done"
    assert "stays a member through Member (from SCIM provisioning)" in verdict.sentence


async def test_a_third_role_set_meanwhile_is_named(server: DemoServer, client: SemaphoreClient) -> None:
    noor, listed = person(server, "Noor Haddad"), {role.name: role for role in await client.list_roles()}
    server.organization.assign_role(noor, "Support")
    verdict = await assign_role.check_role(client, noor, "Noor", listed["Admin"], listed["Member"].id)
    assert verdict.outcome == "done"
    assert verdict.sentence.startswith("Noor now has the role Support: somebody else set it in the meantime")


# Groups


async def test_members_are_followed_until_they_are_as_asked() -> None:
    said: list[str] = []
    # A clock that moves: the queue works after a while.
    with DemoServer(group_delay=0.3) as server:
        client = SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK)
        async with aclosing(client):
            noor, sam, desk = (
                person(server, "Noor Haddad"),
                person(server, "Sam Patel"),
                group_id(server, "Support desk"),
            )
            await client.update_group(desk, add=[noor], remove=[sam])
            verdict = await group_queue.follow_members(client, desk, [noor], [sam], said.append)
    assert verdict == Reconciliation("done", "All membership changes are done.")
    assert said[0] == "0 of 1 added and 0 of 1 removed so far; Semaphore is working through its queue…"


async def test_what_the_queue_drops_is_told_without_a_reason(server: DemoServer, client: SemaphoreClient) -> None:
    said: list[str] = []
    desk = group_id(server, "Support desk")
    sam, noor = person(server, "Sam Patel"), person(server, "Noor Haddad")
    verdict = await group_queue.follow_members(client, desk, [sam, noor], [], said.append)
    assert said == ["1 of 2 added so far; Semaphore is working through its queue…"]
    assert verdict.outcome == "unknown"
    assert verdict.sentence.startswith("1 of 2 not added; Semaphore gives no reason")


async def test_a_group_that_vanishes_while_it_is_watched_is_told(server: DemoServer, client: SemaphoreClient) -> None:
    verdict = await group_queue.follow_members(client, "gone", ["x"], [], print)
    assert "no longer exists" in verdict.sentence


async def test_members_that_cannot_be_read_stay_unknown(server: DemoServer, client: SemaphoreClient) -> None:
    server.inject(Fault("GET", "/groups", "refuse", times=None))
    verdict = await group_queue.follow_members(client, "x", ["x"], [], print)
    assert verdict.outcome == "unknown"
    assert "lacks the permission" in verdict.sentence


async def test_a_lost_group_is_found_by_its_exact_name(server: DemoServer, client: SemaphoreClient) -> None:
    before = {group.id for group in await client.list_groups()}
    assert (await edit_group.check_group_creation(client, "Contractors", before)).outcome == "not done"
    made = await client.create_group("Crew", "Sails.", [])
    assert (await edit_group.check_group_creation(client, "Crew", before)).subject_id == made.id
    found = await edit_group.check_group_creation(client, "Crew", before, "Sails.")
    # Who made it is not known.
    assert (found.outcome, found.sentence.startswith("There is now a group Crew as you asked")) == ("done", True)
    assert (await edit_group.check_group_creation(client, "Crew", before, "")).outcome == "unknown"
    assert (await edit_group.check_group_details(client, made.id, "Crew", "Sails.")).outcome == "done"
    assert (await edit_group.check_group_details(client, made.id, "Crew", "Rows.")).outcome == "not done"
    still = await delete_group.check_group_deletion(client, made.id, "Crew")
    assert still.outcome == "unknown"
    assert "still listed" in still.sentence
    await client.delete_group(made.id)
    assert (await delete_group.check_group_deletion(client, made.id, "Crew")).outcome == "done"


# Roles


@pytest.fixture
def auditor(server: DemoServer) -> str:
    return server.organization.create_role("Auditor", ["organization.view"], "Reads.").id


@pytest.mark.parametrize(
    ("description", "permissions", "outcome"),
    [
        ("Reads.", ["organization.view"], "done"),
        ("Reads.", [], "done"),
        ("Writes.", ["organization.view"], "unknown"),
        ("", ["organization.view"], "unknown"),
        ("Reads.", ["organization.view", "organization.people.view"], "unknown"),
    ],
)
async def test_a_role_made_up_otherwise_is_not_taken_for_the_lost_one(
    server: DemoServer, client: SemaphoreClient, auditor: str, description: str, permissions: list[str], outcome: str
) -> None:
    verdict = await custom_role.check_role_creation(client, "Auditor", "org", set(), description, permissions)
    assert verdict.outcome == outcome
    assert ("ask before you change it" in verdict.sentence) == (outcome == "unknown")
    assert bool(verdict.subject_id) == (outcome == "done")


async def test_a_group_described_otherwise_is_not_taken_for_the_lost_one(
    server: DemoServer, client: SemaphoreClient
) -> None:
    await client.create_group("Crew", "Sails.", [])
    verdict = await edit_group.check_group_creation(client, "Crew", set(), "Rows.")
    assert (verdict.outcome, verdict.subject_id) == ("unknown", "")
    assert "ask before you change it" in verdict.sentence


async def test_a_lost_role_is_found_changed_and_gone(server: DemoServer, client: SemaphoreClient, auditor: str) -> None:
    assert (await custom_role.check_role_creation(client, "Auditor", "org", set())).subject_id == auditor
    assert (await custom_role.check_role_creation(client, "Auditor", "org", {auditor})).outcome == "not done"
    assert (await custom_role.check_role_creation(client, "Auditor", "project", set())).outcome == "unknown"
    as_asked = ("Auditor", "Reads.", ["organization.view"])
    assert (await custom_role.check_role_edit(client, auditor, *as_asked)).outcome == "done"
    assert (await custom_role.check_role_edit(client, auditor, "Auditor", "Other.", as_asked[2])).outcome == "not done"
    assert (await custom_role.check_role_deletion(client, auditor, "Auditor")).outcome == "not done"
    await client.delete_role(auditor)
    assert (await custom_role.check_role_deletion(client, auditor, "Auditor")).outcome == "done"


async def test_a_role_in_a_project_is_read_back(server: DemoServer, client: SemaphoreClient) -> None:
    project, noor = (await client.list_projects())[0].id, person(server, "Noor Haddad")
    known = {
        binding.role_name: binding.role_id
        for member in await client.list_project_members(project)
        for binding in member.roles
    }
    await client.assign_project_role(project, noor, known["Admin"])
    assert (await project_role.check_project_role(client, project, noor, "Noor", known["Admin"])).outcome == "done"
    assert (await project_role.check_project_role(client, project, noor, "Noor", "")).outcome == "done"
    assert (await project_role.check_project_role(client, project, noor, "Noor", None)).outcome == "not done"
    await client.retract_project_role(project, noor)
    assert (await project_role.check_project_role(client, project, noor, "Noor", None)).outcome == "done"
    assert (await project_role.check_project_role(client, project, noor, "Noor", known["Admin"])).outcome == "not done"
