"""What Semaphore promises of members, their roles and invitations, asked of the demo organization with plain HTTP."""

from typing import Any

import httpx
import pytest

from semtui.demo.server import DemoServer
from tests.support.conformance import (
    BAD_UUID,
    NOBODY,
    World,
    authorization,
    client_of,
    create,
    listed,
    ok,
    refused,
    refused_in_text,
)

# Listing members


def test_members_are_people_unless_asked_otherwise(owner: httpx.Client) -> None:
    people = set(listed(owner))
    assert set(listed(owner, "anything")) == people
    assert "terraform" in listed(owner, "service_account")
    assert set(listed(owner, "SERVICE_ACCOUNT")) == set(listed(owner, "service_account"))
    assert "Release crew" in listed(owner, "GROUP")
    assert not people & {"terraform", "Release crew"}


def test_only_those_with_a_role_are_members(owner: httpx.Client) -> None:
    assert "fresh-runner" not in listed(owner, "service_account")
    assert "Ingrid Bakke" not in listed(owner)


def test_a_deactivated_account_keeps_its_role(owner: httpx.Client) -> None:
    assert listed(owner, "service_account")["nightly-backup"]["roles"][0]["role_name"] == "Member"


def test_a_person_may_hold_a_role_from_each_source(owner: httpx.Client) -> None:
    roles = listed(owner)["Tomasz Wiśniewski"]["roles"]
    assert [(role["role_name"], role["source"]) for role in roles] == [
        ("Member", "scim"),
        ("Release manager", "manually"),
    ]


def test_a_renamed_account_keeps_its_old_name_among_members(ee: World, owner: httpx.Client) -> None:
    account, _ = create(owner, "before")
    ee.organization.assign_role(account["id"], "Member")
    ok(owner.patch(f"/service_accounts/{account['id']}", json={"name": "after"}))
    assert "before" in listed(owner, "service_account")
    assert "after" not in listed(owner, "service_account")


def test_pages_of_members_count_from_zero(owner: httpx.Client) -> None:
    everyone = ok(owner.get("/members"))["members"]
    pages = [ok(owner.get("/members", params={"page_no": number, "page_size": 5}))["members"] for number in range(4)]
    assert [len(page) for page in pages] == [5, 5, 5, 1]
    assert {one["id"] for page in pages for one in page} == {one["id"] for one in everyone}
    assert ok(owner.get("/members?page_size=5"))["total_pages"] == 4
    assert ok(owner.get("/members?page_size=5&page_no=4")) == {"members": [], "total_pages": 4}


@pytest.mark.parametrize(("size", "count"), [("3abc", 3), ("-3", 16), ("abc", 16), ("0", 16), ("5000", 16)])
def test_a_page_size_of_members_is_read_generously(owner: httpx.Client, size: str, count: int) -> None:
    assert len(ok(owner.get("/members", params={"page_size": size}))["members"]) == count


def test_a_page_size_of_zero_means_twenty() -> None:
    with DemoServer(size=50) as server, client_of(server.address, authorization(server.tokens["owner"])) as one:
        answer = ok(one.get("/members?page_size=0"))
        assert (len(answer["members"]), answer["total_pages"]) == (20, 3)


def test_a_page_of_members_is_in_byte_order(owner: httpx.Client) -> None:
    names = [member["name"].encode() for member in ok(owner.get("/members"))["members"]]
    assert names == sorted(names)


# Giving and taking roles


def test_assigning_replaces_the_manual_role(ee: World, owner: httpx.Client) -> None:
    person_id = ee.person_id("Noor Haddad")
    for _ in range(2):
        answer = ok(owner.put(f"/members/{person_id}/role", json={"role_id": ee.role_id("Admin")}))
        assert answer == {"status": "assigned"}
    assert ee.organization.role_names_of(person_id) == ["Admin"]


def test_assigning_leaves_roles_from_elsewhere_alone(ee: World, owner: httpx.Client) -> None:
    person_id = ee.person_id("Pam Whitfield")
    ok(owner.put(f"/members/{person_id}/role", json={"role_id": ee.role_id("Member")}))
    assert ee.organization.role_names_of(person_id) == ["Admin", "Member"]


def test_a_role_is_what_makes_a_service_account_a_member(ee: World, owner: httpx.Client) -> None:
    account, token = create(owner, "newcomer")
    refused_in_text(ee.client(token).get("/members"), 403, "Permission denied")
    ok(owner.put(f"/members/{account['id']}/role", json={"role_id": ee.role_id("Admin")}))
    assert listed(owner, "service_account")["newcomer"]["id"] == account["id"]
    ok(ee.client(token).get("/members"))


def test_a_group_can_be_given_a_role(ee: World, owner: httpx.Client) -> None:
    group_id = ee.group_id("Contractors")
    ok(owner.put(f"/members/{group_id}/role", json={"role_id": ee.role_id("Support")}))
    assert ee.organization.role_names_of(group_id) == ["Support"]


@pytest.mark.parametrize("body", [{}, {"role_id": None}, {"role_id": ""}, {"role_id": "nonsense"}])
def test_a_role_id_that_is_no_uuid_is_refused(ee: World, owner: httpx.Client, body: dict[str, Any]) -> None:
    refused(owner.put(f"/members/{ee.person_id('Noor Haddad')}/role", json=body), 400, BAD_UUID)


def test_arguments_are_checked_before_what_the_caller_may_grant(ee: World, admin: httpx.Client) -> None:
    owner_id = ee.person_id("Henrik Sørensen")
    response = admin.put(f"/members/{owner_id}/role", json={"role_id": NOBODY})
    refused(response, 400, f"Role with id {NOBODY} does not exist.")
    refused(admin.put("/members/nonsense/role", json={"role_id": ee.role_id("Owner")}), 400, BAD_UUID)


def test_a_project_role_cannot_be_given_in_the_organization(ee: World, owner: httpx.Client) -> None:
    role = ee.organization.state.role_named("Reader", "project")
    assert role is not None
    response = owner.put(f"/members/{ee.person_id('Noor Haddad')}/role", json={"role_id": role.id})
    refused(response, 400, BAD_UUID)


def test_a_subject_that_does_not_exist_is_an_internal_error(ee: World, owner: httpx.Client) -> None:
    response = owner.put(f"/members/{NOBODY}/role", json={"role_id": ee.role_id("Member")})
    refused(response, 500, "Internal error")


def test_an_admin_can_neither_make_nor_change_an_owner(ee: World, admin: httpx.Client) -> None:
    make = admin.put(f"/members/{ee.person_id('Noor Haddad')}/role", json={"role_id": ee.role_id("Owner")})
    refused(make, 403, "User unauthorized")
    change = admin.put(f"/members/{ee.person_id('Henrik Sørensen')}/role", json={"role_id": ee.role_id("Member")})
    refused(change, 403, "User unauthorized")


def test_an_admin_may_grant_what_an_admin_holds(ee: World, admin: httpx.Client) -> None:
    for role in ("Admin", "Support", "Release manager", "Member"):
        person = f"/members/{ee.person_id('Noor Haddad')}/role"
        ok(admin.put(person, json={"role_id": ee.role_id(role)}))


def test_nobody_grants_a_permission_they_do_not_hold(ee: World, admin: httpx.Client) -> None:
    role = ee.organization.create_role(
        "Too much", ["organization.view", "organization.delete", "organization.custom_roles.manage"]
    )
    response = admin.put(f"/members/{ee.person_id('Noor Haddad')}/role", json={"role_id": role.id})
    lacking = "organization.custom_roles.manage, organization.delete"
    refused(response, 403, f"Cannot assign a role granting permissions you do not hold: {lacking}")


def test_what_a_group_gives_counts_as_held(ee: World) -> None:
    kenji = ee.client(ee.organization.tokens.issue(ee.person_id("Kenji Watanabe")))
    ok(kenji.put(f"/members/{ee.person_id('Noor Haddad')}/role", json={"role_id": ee.role_id("Admin")}))


def test_the_last_owner_can_step_down(ee: World, owner: httpx.Client) -> None:
    for name in ("Henrik Sørensen", "Amara Okafor"):
        ok(owner.put(f"/members/{ee.person_id(name)}/role", json={"role_id": ee.role_id("Member")}))
    refused_in_text(owner.get("/members"), 403, "Permission denied")


def test_an_owner_cannot_be_removed_by_anybody(ee: World, owner: httpx.Client, admin: httpx.Client) -> None:
    for client in (owner, admin):
        response = client.delete(f"/members/{ee.person_id('Henrik Sørensen')}")
        refused(response, 400, "Owner can not be removed")


def test_removing_a_member_answers_true_again_and_again(ee: World, admin: httpx.Client) -> None:
    person_id = ee.person_id("Zoë Müller-Lüdenscheidt")
    for _ in range(2):
        assert ok(admin.delete(f"/members/{person_id}")) is True
    assert "Zoë Müller-Lüdenscheidt" not in listed(admin)
    refused(admin.delete("/members/nonsense"), 400, BAD_UUID)


def test_a_member_from_scim_stays_when_removed(ee: World, admin: httpx.Client) -> None:
    assert ok(admin.delete(f"/members/{ee.person_id('Tomasz Wiśniewski')}")) is True
    assert [role["source"] for role in listed(admin)["Tomasz Wiśniewski"]["roles"]] == ["scim"]


def test_a_removed_member_leaves_projects_at_once_and_groups_later(ee: World, owner: httpx.Client) -> None:
    person_id = ee.person_id("Kenji Watanabe")
    token = ee.organization.tokens.issue(person_id)
    ok(owner.delete(f"/members/{person_id}"))
    members = ok(owner.get(f"/projects/{ee.project_id('payments-api')}/members"))["members"]
    assert "Kenji Watanabe" not in {member["name"] for member in members}
    ok(ee.client(token).get("/members"))
    ee.clock.advance(2)
    refused_in_text(ee.client(token).get("/members"), 403, "Permission denied")


def test_a_service_account_without_its_role_still_exists(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    ok(owner.delete(f"/members/{account_id}"))
    assert "terraform" not in listed(owner, "service_account")
    assert ok(owner.get(f"/service_accounts/{account_id}"))["name"] == "terraform"


# Inviting people


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "provider must be one of: github, bitbucket, gitlab"),
        ({"provider": "svn", "handle": "x"}, "provider must be one of: github, bitbucket, gitlab"),
        ({"provider": "GitHub"}, "handle must be provided"),
        ({"provider": "github", "handle": ""}, "handle must be provided"),
        ({"provider": "github", "handle": 7}, "handle must be a string"),
        ({"provider": "bitbucket", "handle": "x"}, "uid must be provided for bitbucket invitees"),
        (
            {"provider": "github", "handle": "nobody-at-all"},
            "Login nobody-at-all cannot be found. "
            "Please check the login and try again or contact support if the problem persists.",
        ),
        ({"provider": "gitlab", "handle": "nobody-at-all"}, "error finding id in the body []"),
    ],
)
def test_an_invitation_that_makes_no_sense_says_why(owner: httpx.Client, body: dict[str, Any], message: str) -> None:
    refused(owner.post("/members", json=body), 400, message)


def test_inviting_somebody_new_leaves_the_role_pending(ee: World, owner: httpx.Client) -> None:
    body = {"provider": "github", "handle": "octocat", "role_id": ee.role_id("Admin"), "email": "o@example.com"}
    answer = ok(owner.post("/members", json=body))
    assert answer["member"] == {
        "email": "o@example.com",
        "name": "",
        "provider": "",
        "handle": "octocat",
        "uid": "583231",
        "user_id": None,
    }
    assert answer["role"] == {"role_id": ee.role_id("Admin"), "applied": False, "status": "pending"}


def test_inviting_somebody_known_makes_them_a_member_first(ee: World, admin: httpx.Client) -> None:
    person_id = ee.person_id("Ingrid Bakke")
    body = {"provider": "github", "handle": "IngridB"}
    answer = ok(admin.post("/members", json=body))
    assert answer["member"]["user_id"] == person_id
    assert answer["role"] == {"role_id": None, "applied": False, "status": "defaulted_to_member"}
    denied = ok(admin.post("/members", json={**body, "role_id": ee.role_id("Owner")}))
    assert denied["role"]["status"] == "denied"
    assert ee.organization.role_names_of(person_id) == ["Member"]
    assigned = ok(admin.post("/members", json={**body, "role_id": ee.role_id("Admin")}))
    assert assigned["role"] == {"role_id": ee.role_id("Admin"), "applied": True, "status": "assigned"}
    assert ee.organization.role_names_of(person_id) == ["Admin"]


def test_a_full_plan_takes_nobody_more(ee: World, owner: httpx.Client) -> None:
    ee.organization.members.limit = 16
    response = owner.post("/members", json={"provider": "github", "handle": "octocat"})
    refused(response, 400, "You have exceeded the maximum number of members allowed in your organization.")
