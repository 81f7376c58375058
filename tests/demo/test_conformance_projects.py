"""What Semaphore promises of projects, and of Community Edition, asked of the demo organization with plain HTTP."""

import httpx
import pytest

from tests.support.conformance import BAD_UUID, NOBODY, World, listed, ok, refused, refused_in_text

# Projects


def test_project_members_are_people_with_project_roles(ee: World, owner: httpx.Client) -> None:
    answer = ok(owner.get(f"/projects/{ee.project_id('web-storefront')}/members"))
    assert set(answer) == {"members"}
    found = {
        (member["name"], role["role_name"], role["source"]) for member in answer["members"] for role in member["roles"]
    }
    assert ("Noor Haddad", "Contributor", "github") in found
    assert ("Amara Okafor", "Admin", "inherited_from_org_role") in found
    assert ("Olena Kovalenko", "Contributor", "inherited_from_org_role") in found
    assert "ci-deployer" not in {name for name, _, _ in found}


def test_project_members_need_access_to_that_project(ee: World) -> None:
    noor = ee.as_("member")
    ok(noor.get(f"/projects/{ee.project_id('web-storefront')}/members"))
    refused_in_text(noor.get(f"/projects/{ee.project_id('infra-live')}/members"), 403, "Permission denied")


@pytest.mark.parametrize("project_id", [NOBODY, "nonsense"])
def test_an_unknown_project_is_not_found_with_a_small_f(owner: httpx.Client, project_id: str) -> None:
    refused_in_text(owner.get(f"/projects/{project_id}/members"), 404, "Not found")


def test_a_project_role_is_given_and_taken(ee: World, owner: httpx.Client) -> None:
    zoe = ee.person_id("Zoë Müller-Lüdenscheidt")
    role = ee.organization.state.role_named("Reader", "project")
    assert role is not None
    project = f"/projects/{ee.project_id('infra-live')}/members"
    assert ok(owner.put(f"{project}/{zoe}/role", json={"role_id": role.id})) == {"status": "assigned"}
    assert zoe in {member["id"] for member in ok(owner.get(project))["members"]}
    for _ in range(2):
        assert ok(owner.delete(f"{project}/{zoe}/role")) is True
    assert zoe not in {member["id"] for member in ok(owner.get(project))["members"]}


def test_a_project_role_that_cannot_be_given_says_why(ee: World, owner: httpx.Client) -> None:
    role = ee.organization.state.role_named("Reader", "project")
    assert role is not None
    members = f"/projects/{ee.project_id('infra-live')}/members"
    noor, stranger = ee.person_id("Noor Haddad"), ee.account_id("fresh-runner")
    for subject, role_id, message in (
        (
            noor,
            ee.role_id("Member"),
            "You are trying to assign an org level role, but supplied a project_id with request.",
        ),
        (
            stranger,
            role.id,
            "Project level role cant be assigned to a user that isn't already organization member",
        ),
        (noor, NOBODY, f"Role with id {NOBODY} does not exist."),
        (noor, "nonsense", BAD_UUID),
    ):
        refused(owner.put(f"{members}/{subject}/role", json={"role_id": role_id}), 400, message)


def test_an_admin_cannot_touch_an_owner_in_a_project_either(ee: World, admin: httpx.Client) -> None:
    role = ee.organization.state.role_named("Reader", "project")
    assert role is not None
    path = f"/projects/{ee.project_id('infra-live')}/members/{ee.person_id('Henrik Sørensen')}/role"
    refused(admin.put(path, json={"role_id": role.id}), 403, "User unauthorized")


def test_projects_are_filtered_after_the_page_is_cut(ee: World) -> None:
    ee.organization.projects.per_page = 2
    noor = ee.as_("member")
    first, second, third = (noor.get("/projects", params={"page": page}) for page in (1, 2, 3))
    assert [one["metadata"]["name"] for one in ok(first)] == ["web-storefront", "payments-api"]
    assert first.headers["x-has-more"] == "true"
    assert (ok(second), second.headers["x-has-more"]) == ([], "false")
    assert (ok(third), third.headers["x-page"]) == ([], "3")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("0", "page must be at least 1"),
        ("-1", "page must be at least 1"),
        ("101", "page must be at most 100"),
        ("abc", "page must be a number"),
    ],
)
def test_a_page_of_projects_out_of_range_says_why(owner: httpx.Client, page: str, message: str) -> None:
    response = owner.get("/projects", params={"page": page})
    assert (response.status_code, response.json()) == (400, {"message": message})


def test_one_project_is_found_by_its_name(ee: World, owner: httpx.Client) -> None:
    assert ok(owner.get("/projects/infra-live"))["metadata"]["id"] == ee.project_id("infra-live")
    unknown, hidden = owner.get("/projects/nope"), ee.as_("member").get("/projects/infra-live")
    assert (unknown.status_code, unknown.json()) == (404, {"message": "Not found"})
    assert (hidden.status_code, hidden.json()) == (401, {"message": "Unauthorized"})


# Community Edition

CE_OWNER = "ca5b2b01-79f7-4838-8b7b-2ebb5b7e7b5b"
CE_ADMIN = "54d0e034-a77f-466b-8e49-819e94e8a2e1"
CE_MEMBER = "1cee59c8-055d-4dc7-807f-a008937a4b27"


def test_ce_has_three_roles_of_no_organization(ce: World) -> None:
    roles = ok(ce.as_("owner").get("/roles"))
    assert [role["id"] for role in roles] == [CE_OWNER, CE_ADMIN, CE_MEMBER]
    assert {(role["org_id"], role["readonly"]) for role in roles} == {("", True)}


def test_ce_edits_no_roles_for_anybody(ce: World) -> None:
    owner = ce.as_("owner")
    for response in (
        owner.post("/roles", json={"name": "x", "permissions": []}),
        owner.patch(f"/roles/{CE_MEMBER}", json={}),
        owner.delete(f"/roles/{CE_MEMBER}"),
    ):
        refused_in_text(response, 403, "Permission denied")


def test_ce_has_no_groups(ce: World) -> None:
    owner = ce.as_("owner")
    refused(owner.get("/groups"), 500, "Internal error")
    refused(owner.post("/groups", json={}), 400, "Name must be provided")
    refused(owner.post("/groups", json={"name": "x", "description": "y"}), 500, "Internal error")
    refused(owner.delete(f"/groups/{NOBODY}"), 500, "Internal error")
    refused_in_text(ce.as_("member").get("/groups"), 403, "Permission denied")
    assert ok(owner.get("/members?member_type=group")) == {"members": [], "total_pages": 0}


def test_ce_counts_pages_from_one_and_takes_zero_for_one(ce: World) -> None:
    owner = ce.as_("owner")
    pages = [
        {one["id"] for one in ok(owner.get(f"/members?page_size=6&page_no={number}"))["members"]} for number in range(5)
    ]
    assert pages[0] == pages[1]
    assert [len(page) for page in pages] == [6, 6, 6, 4, 0]
    assert ok(owner.get("/members?page_size=6"))["total_pages"] == 3


def test_ce_knows_only_roles_given_by_hand(ce: World) -> None:
    members = listed(ce.as_("owner")).values()
    assert {role["source"] for member in members for role in member["roles"]} == {"manually"}


def test_ce_takes_a_service_account_with_a_new_role_for_a_person(ce: World) -> None:
    owner = ce.as_("owner")
    assert "terraform" in listed(owner, "service_account")
    ok(owner.put(f"/members/{ce.account_id('terraform')}/role", json={"role_id": CE_MEMBER}))
    assert "terraform" not in listed(owner, "service_account")
    assert listed(owner)["terraform"]["subject_type"] == "user"


def test_ce_looks_names_up_when_asked(ce: World) -> None:
    owner = ce.as_("owner")
    ok(owner.patch(f"/service_accounts/{ce.account_id('terraform')}", json={"name": "opentofu"}))
    assert "opentofu" in listed(owner, "service_account")


def test_ce_lets_an_admin_make_and_remove_owners(ce: World) -> None:
    admin = ce.as_("admin")
    ok(admin.put(f"/members/{ce.person_id('Noor Haddad')}/role", json={"role_id": CE_OWNER}))
    assert ok(admin.delete(f"/members/{ce.person_id('Henrik Sørensen')}")) is True
    assert "Henrik Sørensen" not in listed(admin)


def test_ce_takes_a_role_for_somebody_unknown(ce: World) -> None:
    owner = ce.as_("owner")
    ok(owner.put(f"/members/{NOBODY}/role", json={"role_id": CE_MEMBER}))
    assert listed(owner)[""]["id"] == NOBODY


def test_ce_has_refusals_of_its_own_for_roles(ce: World) -> None:
    owner = ce.as_("owner")
    path = f"/members/{ce.person_id('Noor Haddad')}/role"
    refused(owner.put(path, json={}), 400, "Role ID or Project ID must be provided")
    refused(owner.put(path, json={"role_id": NOBODY}), 404, f"Role with id {NOBODY} not found")
    refused(owner.put("/members/nonsense/role", json={"role_id": CE_MEMBER}), 400, BAD_UUID)


def test_ce_removing_with_a_role_id_takes_another_branch(ce: World) -> None:
    owner = ce.as_("owner")
    fresh = ce.account_id("fresh-runner")
    assert ok(owner.delete(f"/members/{fresh}")) is True
    refused(owner.delete(f"/members/{fresh}?role_id={NOBODY}"), 404, f"Role with id {NOBODY} not found")
    response = owner.delete(f"/members/{fresh}?role_id={CE_MEMBER}")
    org_id = ce.organization.id
    refused(response, 403, f"User {fresh} doesn't have access to the organization {org_id}")


def test_ce_project_members_have_their_organization_role(ce: World) -> None:
    members = ok(ce.as_("owner").get(f"/projects/{ce.project_id('payments-api')}/members"))["members"]
    found = {member["name"]: member["roles"][0]["role_name"] for member in members}
    assert found["Amara Okafor"] == "Owner"
    assert found["Noor Haddad"] == "Member"
    assert "Zoë Müller-Lüdenscheidt" not in found


def test_ce_project_routes_act_on_the_organization_role(ce: World) -> None:
    owner = ce.as_("owner")
    zoe = ce.person_id("Zoë Müller-Lüdenscheidt")
    project = f"/projects/{ce.project_id('payments-api')}/members"
    ok(owner.put(f"{project}/{zoe}/role"))
    assert zoe in {member["id"] for member in ok(owner.get(project))["members"]}
    assert ok(owner.delete(f"{project}/{zoe}/role")) is True
    assert zoe not in {member["id"] for member in ok(owner.get(project))["members"]}
    assert ce.organization.role_names_of(zoe) == ["Member"]
    ok(owner.put(f"{project}/{zoe}/role", json={"role_id": CE_ADMIN}))
    assert ce.organization.role_names_of(zoe) == ["Admin"]
    assert ok(owner.delete(f"{project}/{zoe}/role", params={"role_id": CE_ADMIN})) is True
    assert ce.organization.role_names_of(zoe) == []


def test_ce_promotion_ends_project_memberships(ce: World) -> None:
    noor = ce.person_id("Noor Haddad")
    for role_id in (CE_ADMIN, CE_MEMBER):
        ok(ce.as_("owner").put(f"/members/{noor}/role", json={"role_id": role_id}))
    assert ok(ce.as_("member").get("/projects")) == []


def test_ce_never_frees_the_name_of_a_deleted_account(ce: World) -> None:
    owner = ce.as_("owner")
    ok(owner.delete(f"/service_accounts/{ce.account_id('docs-preview')}"))
    ce.clock.advance(3600)
    response = owner.post("/service_accounts", json={"name": "docs-preview"})
    refused(response, 400, "Failed to create service account")


def test_ce_tells_a_malformed_project_from_an_unknown_one(ce: World) -> None:
    owner, member = ce.as_("owner"), ce.as_("member")
    refused_in_text(member.get("/projects/nonsense/members"), 404, "Not found")
    refused_in_text(member.get(f"/projects/{NOBODY}/members"), 403, "Permission denied")
    assert ok(owner.get(f"/projects/{NOBODY}/members"))["members"]
