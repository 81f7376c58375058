"""What Semaphore promises of roles and groups, asked of the demo organization with plain HTTP."""

from typing import Any

import httpx
import pytest

from tests.support.conformance import DEFAULT_ROLE, NOBODY, World, group_named, listed, ok, refused, refused_in_text

# Roles


def test_project_roles_are_never_listed_but_can_be_described(ee: World, owner: httpx.Client) -> None:
    role = ee.organization.state.role_named("Reader", "project")
    assert role is not None
    assert role.id not in {one["id"] for one in ok(owner.get("/roles"))}
    assert ok(owner.get(f"/roles/{role.id}"))["scope"] == "project"


def test_a_new_role_always_views_the_organization(owner: httpx.Client) -> None:
    body = {"name": "Auditor", "permissions": ["organization.audit_logs.view"], "scope": "anything"}
    role = ok(owner.post("/roles", json=body))
    assert role["permissions"] == ["organization.view", "organization.audit_logs.view"]
    assert (role["scope"], role["readonly"], role["description"]) == ("org", False, "")
    assert role["id"] in {one["id"] for one in ok(owner.get("/roles"))}


def test_a_new_project_role_always_views_the_project(owner: httpx.Client) -> None:
    body = {"name": "Stopper", "permissions": ["project.job.stop"], "scope": "project"}
    role = ok(owner.post("/roles", json=body))
    assert (role["scope"], role["permissions"]) == ("project", ["project.view", "project.job.stop"])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "x", "permissions": "x"}, "permissions must be a list"),
        (
            {"name": "x", "permissions": ["organization.view", "made.up"]},
            "cannot grant permissions you do not hold: made.up",
        ),
        (
            {"name": "x", "permissions": ["organization.view", "organization.view"]},
            "cannot grant permissions you do not hold: organization.view",
        ),
        ({"name": "x", "permissions": ["project.view"]}, "unknown permission(s): project.view"),
        (
            {"name": "x", "scope": "project", "permissions": ["made.up", "organization.view"]},
            "unknown permission(s): made.up, organization.view",
        ),
        (
            {"name": "x", "scope": "project", "permissions": ["project.view", "project.view"]},
            "Some permissions do not exist",
        ),
        ({"name": " ", "permissions": []}, "Some required fields are misssing"),
        ({"permissions": []}, "Some required fields are misssing"),
    ],
)
def test_a_role_that_cannot_be_says_why(owner: httpx.Client, body: dict[str, Any], message: str) -> None:
    refused(owner.post("/roles", json=body), 400, message)


def test_a_role_name_in_use_is_an_internal_error(owner: httpx.Client) -> None:
    refused(owner.post("/roles", json={"name": "Support", "permissions": []}), 500, "Internal error")


def test_an_edit_of_a_role_keeps_what_is_left_out_and_loses_its_project_role(ee: World, owner: httpx.Client) -> None:
    role_id = ee.role_id("Release manager")
    before = ok(owner.get(f"/roles/{role_id}"))
    after = ok(owner.patch(f"/roles/{role_id}", json={"description": "Ships", "name": ""}))
    assert after == {**before, "description": "Ships"}
    assert ee.organization.state.roles[role_id].maps_to is None


def test_an_edit_of_a_role_replaces_its_permissions(ee: World, owner: httpx.Client) -> None:
    body = {"permissions": ["organization.secrets.view"]}
    role = ok(owner.patch(f"/roles/{ee.role_id('Support')}", json=body))
    assert role["permissions"] == ["organization.view", "organization.secrets.view"]
    refused_in_text(ee.as_("support").get("/members"), 403, "Permission denied")


def test_built_in_roles_can_be_neither_edited_nor_deleted(ee: World, owner: httpx.Client) -> None:
    role_id = ee.role_id("Member")
    refused(owner.patch(f"/roles/{role_id}", json={"name": "x"}), 400, DEFAULT_ROLE)
    refused(owner.delete(f"/roles/{role_id}"), 400, DEFAULT_ROLE)


def test_a_role_cannot_take_a_scope_nobody_knows(ee: World, owner: httpx.Client) -> None:
    response = owner.patch(f"/roles/{ee.role_id('Support')}", json={"scope": "world"})
    refused(response, 400, 'invalid scope: "world" (expected "project" or "org")')


def test_a_role_in_use_cannot_be_deleted(ee: World, owner: httpx.Client) -> None:
    response = owner.delete(f"/roles/{ee.role_id('Support')}")
    reason = "it is currently assigned to a user"
    refused(response, 400, f"The Support role cannot be deleted because {reason}.")


def test_a_role_nobody_has_can_be_deleted_once(ee: World, owner: httpx.Client) -> None:
    role = ee.organization.create_role("Idle", ["organization.view"])
    assert ok(owner.delete(f"/roles/{role.id}")) == {"status": "deleted"}
    refused(owner.delete(f"/roles/{role.id}"), 400, "The role does not exist.")


def test_the_editions_list_the_permissions_they_have(ee: World, ce: World) -> None:
    for world, counts in ((ee, (38, 31)), (ce, (24, 23))):
        client = world.as_("owner")
        found = [
            len(ok(client.get("/permissions", params={"scope": one}))["permissions"]) for one in ("org", "project")
        ]
        assert tuple(found) == counts


# Groups


def test_groups_are_listed_by_name_with_no_count_of_pages(owner: httpx.Client) -> None:
    answer = ok(owner.get("/groups"))
    assert answer["total_pages"] == 0
    names = [group["name"] for group in answer["groups"]]
    assert names == sorted(names)
    assert all(set(group) == {"id", "name", "description", "member_ids"} for group in answer["groups"])
    second = ok(owner.get("/groups", params={"page_no": 1, "page_size": 2}))["groups"]
    assert [group["name"] for group in second] == names[2:4]


@pytest.mark.parametrize("query", ["page_no=-1", "page_size=-1"])
def test_negative_pages_of_groups_are_an_internal_error(owner: httpx.Client, query: str) -> None:
    refused(owner.get(f"/groups?{query}"), 500, "Internal error")


def test_a_page_of_no_groups_is_empty(owner: httpx.Client) -> None:
    assert ok(owner.get("/groups?page_size=0"))["groups"] == []


def test_a_new_group_gets_its_role_at_once_and_its_members_later(ee: World, owner: httpx.Client) -> None:
    noor = ee.person_id("Noor Haddad")
    body = {"name": "Readers", "description": "They read", "member_ids": [noor, 7]}
    group = ok(owner.post("/groups", json=body))
    assert group["member_ids"] == []
    assert listed(owner, "group")["Readers"]["roles"][0]["role_name"] == "Member"
    ee.clock.advance(1.9)
    assert group_named(owner, "Readers")["member_ids"] == []
    ee.clock.advance(0.1)
    assert group_named(owner, "Readers")["member_ids"] == [noor]


STRANGERS = "All of the members you want to add to the group have to already be part of the organization"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Name must be provided"),
        ({"name": ""}, 400, "Name must be provided"),
        ({"name": None}, 400, "Group name is required"),
        ({"name": "x"}, 400, "Group description is required"),
        ({"name": "x", "description": "y", "member_ids": [NOBODY]}, 400, STRANGERS),
        ({"name": "x", "description": "y", "member_ids": ["z"]}, 500, "Internal error"),
        ({"name": "Contractors", "description": "y"}, 500, "Internal error"),
        ({"name": "x" * 256, "description": "y"}, 500, "Internal error"),
    ],
)
def test_a_group_that_cannot_be_says_why(owner: httpx.Client, body: dict[str, Any], status: int, message: str) -> None:
    refused(owner.post("/groups", json=body), status, message)


def test_a_changed_group_answers_with_its_old_members(ee: World, owner: httpx.Client) -> None:
    group = group_named(owner, "Support desk")
    noor, sam = ee.person_id("Noor Haddad"), ee.person_id("Sam Patel")
    body = {"name": "", "description": "Help", "members_to_add": [noor], "members_to_remove": [sam]}
    answer = ok(owner.patch(f"/groups/{group['id']}", json=body))
    assert answer == {**group, "description": "Help"}
    ee.clock.advance(2)
    after = group_named(owner, "Support desk")["member_ids"]
    assert noor in after
    assert sam not in after


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"name": "Release crew"}, 400, "The new group name is already in use"),
        ({"name": " "}, 500, "Internal error"),
        ({"members_to_add": [NOBODY]}, 400, STRANGERS),
        ({"members_to_add": ["z"]}, 500, "Internal error"),
    ],
)
def test_a_change_of_a_group_that_cannot_be_says_why(
    ee: World, owner: httpx.Client, body: dict[str, Any], status: int, message: str
) -> None:
    refused(owner.patch(f"/groups/{ee.group_id('Contractors')}", json=body), status, message)


def test_a_malformed_id_to_remove_is_found_after_the_name_was_saved(ee: World, owner: httpx.Client) -> None:
    body = {"name": "Renamed", "members_to_remove": ["z"]}
    response = owner.patch(f"/groups/{ee.group_id('Contractors')}", json=body)
    refused(response, 500, "Internal error")
    assert group_named(owner, "Renamed")


def test_a_deleted_group_stays_until_the_queue_gets_there(ee: World, owner: httpx.Client) -> None:
    path = f"/groups/{ee.group_id('Contractors')}"
    for _ in range(2):
        assert ok(owner.delete(path)) == {"status": "deleted"}
    assert "Contractors" in listed(owner, "group")
    ee.clock.advance(2)
    refused(owner.delete(path), 404, "The group you are trying to destroy does not exist")
    refused(owner.patch(path, json={}), 404, "The group you are trying to modify does not exist")
    assert "Contractors" not in listed(owner, "group")


def test_with_no_delay_a_group_changes_at_the_next_request(ee: World, owner: httpx.Client) -> None:
    ee.organization.group_delay = 0
    noor = ee.person_id("Noor Haddad")
    body = {"members_to_add": [noor]}
    answer = ok(owner.patch(f"/groups/{ee.group_id('On-call (weekends)')}", json=body))
    assert answer["member_ids"] == []
    assert group_named(owner, "On-call (weekends)")["member_ids"] == [noor]
