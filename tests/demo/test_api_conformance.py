"""What Semaphore promises on the wire, asked of the demo organization with plain HTTP.

Written from .github/API.md, and deliberately not with semtui's own client. The tests that only read and only look at
shapes are asked of a real Semaphore instead when SEMTUI_CONFORMANCE_HOST and SEMTUI_CONFORMANCE_TOKEN are set.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest

from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer

NOBODY = "00000000-0000-4000-8000-000000000000"
BAD_UUID = "Invalid uuid passed as an argument where uuid v4 was expected."
# Loading the certificates takes longer than most of these tests.
TLS = httpx.create_ssl_context(trust_env=False)
DEFAULT_ROLE = "This is the default role and it can not be edited nor deleted."


class Clock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.now = float(REFERENCE_TIME)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class World:
    """A server of one edition, its clock, and clients for whoever calls."""

    def __init__(self, server: DemoServer, clock: Clock, stack: ExitStack) -> None:
        self.server = server
        self.organization = server.organization
        self.clock = clock
        self._stack = stack

    def client(self, token: str, **headers: str) -> httpx.Client:
        return self._stack.enter_context(_client(self.server.address, {**_authorization(token), **headers}))

    def as_(self, who: str) -> httpx.Client:
        """A client of the owner, the admin, the support person or the plain member."""
        return self.client(self.server.tokens[who])

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


def _authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}


def _client(address: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=f"{address}/api/v1alpha", headers=headers, verify=TLS, trust_env=False)


def _world(edition: Any) -> Iterator[World]:
    clock = Clock()
    with DemoServer(edition=edition, clock=clock) as server, ExitStack() as stack:
        yield World(server, clock, stack)


@pytest.fixture
def ee() -> Iterator[World]:
    yield from _world("ee")


@pytest.fixture
def ce() -> Iterator[World]:
    yield from _world("ce")


@pytest.fixture
def owner(ee: World) -> httpx.Client:
    return ee.as_("owner")


@pytest.fixture
def admin(ee: World) -> httpx.Client:
    return ee.as_("admin")


@pytest.fixture(scope="module")
def reader() -> Iterator[httpx.Client]:
    """Somebody who may read everything: here, or in a real organization."""
    host, token = os.environ.get("SEMTUI_CONFORMANCE_HOST"), os.environ.get("SEMTUI_CONFORMANCE_TOKEN")
    if host and token:
        address = host if "://" in host else f"https://{host}"
        with _client(address, _authorization(token)) as client:
            yield client
        return
    with DemoServer() as server, _client(server.address, _authorization(server.tokens["owner"])) as client:
        yield client


def refused(response: httpx.Response, status: int, message: str) -> None:
    """Assert a refusal in Semaphore's usual form: one JSON string."""
    assert (response.status_code, response.json()) == (status, message)


def refused_in_text(response: httpx.Response, status: int, message: str) -> None:
    """Assert a refusal in bare text."""
    assert (response.status_code, response.text) == (status, message)


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


# Shapes, which a real Semaphore has too


def test_members_are_an_object_with_a_count_of_pages(reader: httpx.Client) -> None:
    answer = ok(reader.get("/members"))
    assert set(answer) == {"members", "total_pages"}
    for member in answer["members"]:
        assert set(member) == {"id", "name", "subject_type", "roles"}
        assert str(UUID(member["id"])) == member["id"]
        assert member["subject_type"] == "user"
        assert member["roles"]
        for role in member["roles"]:
            assert set(role) == {"role_id", "role_name", "source"}


def test_a_service_account_has_eight_fields_and_no_role(reader: httpx.Client) -> None:
    answer = ok(reader.get("/service_accounts"))
    assert set(answer) == {"service_accounts", "next_page_token"}
    assert isinstance(answer["next_page_token"], str)
    for account in answer["service_accounts"]:
        assert {field: type(value) for field, value in account.items()} == {
            "id": str,
            "name": str,
            "description": str,
            "org_id": str,
            "creator_id": str,
            "created_at": int,
            "updated_at": int,
            "deactivated": bool,
        }


def test_service_accounts_come_oldest_first(reader: httpx.Client) -> None:
    accounts = ok(reader.get("/service_accounts"))["service_accounts"]
    keys = [(account["created_at"], account["id"]) for account in accounts]
    assert keys == sorted(keys)


def test_roles_are_a_bare_array_with_a_scope_in_numbers(reader: httpx.Client) -> None:
    answer = ok(reader.get("/roles"))
    assert isinstance(answer, list)
    assert {"Owner", "Admin", "Member"} <= {role["name"] for role in answer}
    for role in answer:
        assert role["scope"] == 1
        assert role["maps_to"] is None
        assert role["inherited_role"] is None
        assert [one["name"] for one in role["rbac_permissions"]] == role["permissions"]


def test_one_role_has_its_scope_in_a_word(reader: httpx.Client) -> None:
    first = ok(reader.get("/roles"))[0]
    role = ok(reader.get(f"/roles/{first['id']}"))
    assert set(role) == {"id", "name", "org_id", "scope", "description", "permissions", "readonly"}
    assert role["scope"] == "org"


def test_permissions_have_names_and_descriptions(reader: httpx.Client) -> None:
    permissions = ok(reader.get("/permissions"))["permissions"]
    assert all(set(one) == {"id", "name", "description"} for one in permissions)
    assert "organization.view" in {one["name"] for one in permissions}
    of_projects = ok(reader.get("/permissions", params={"scope": "project"}))["permissions"]
    assert all(one["name"].startswith("project.") for one in of_projects)


def test_projects_say_in_headers_whether_there_are_more(reader: httpx.Client) -> None:
    response = reader.get("/projects")
    assert all({"id", "name", "owner_id", "org_id"} <= set(one["metadata"]) for one in ok(response))
    assert response.headers["x-page"] == "1"
    assert response.headers["x-has-more"] in ("true", "false")


@pytest.mark.parametrize("path", ["/members", "/service_accounts", "/roles", "/permissions", "/projects"])
def test_no_answer_names_its_content_type(reader: httpx.Client, path: str) -> None:
    assert "content-type" not in reader.get(path).headers


def test_an_unknown_id_is_not_found_in_a_json_string(reader: httpx.Client) -> None:
    refused(reader.get(f"/service_accounts/{NOBODY}"), 404, f"Service account {NOBODY} not found")
    refused(reader.get(f"/roles/{NOBODY}"), 404, f"Role with id {NOBODY} not found")


def test_an_id_that_is_no_uuid_is_refused(reader: httpx.Client) -> None:
    refused(reader.get("/service_accounts/nonsense"), 400, BAD_UUID)
    refused(reader.get("/roles/nonsense"), 400, BAD_UUID)


def test_there_is_no_route_for_one_group_nor_a_405(reader: httpx.Client) -> None:
    refused_in_text(reader.get(f"/groups/{NOBODY}"), 404, "oops")
    refused_in_text(reader.put("/permissions"), 404, "oops")


# Transport


@pytest.mark.parametrize("scheme", ["Token", "Bearer"])
def test_two_words_may_stand_before_a_token(ee: World, scheme: str) -> None:
    token = ee.server.tokens["owner"]
    with _client(ee.server.address, {"Authorization": f"{scheme} {token}"}) as client:
        ok(client.get("/members"))


@pytest.mark.parametrize("value", ["token {}", "bearer {}", "{}", "Token  {}", "Basic {}", "Token"])
def test_any_other_authorization_is_unauthorized(ee: World, value: str) -> None:
    with _client(ee.server.address, {"Authorization": value.format(ee.server.tokens["owner"])}) as client:
        refused_in_text(client.get("/members"), 401, "Unauthorized")


def test_no_token_is_unauthorized_whatever_the_path(ee: World) -> None:
    with _client(ee.server.address, {}) as client:
        refused_in_text(client.get("/members"), 401, "Unauthorized")
        refused_in_text(client.get("/nowhere"), 401, "Unauthorized")


def test_a_header_only_semaphore_may_set_is_not_found(ee: World) -> None:
    client = ee.client(ee.server.tokens["owner"], **{"X-Semaphore-Org-Id": "anything"})
    refused_in_text(client.get("/members"), 404, "Not Found")


@pytest.mark.parametrize("version", ["v0.29.1", "v1.0.0"])
def test_an_outdated_cli_is_told_to_upgrade(ee: World, version: str) -> None:
    client = ee.client("any token", **{"User-Agent": f"SemaphoreCLI/{version} (linux; amd64)"})
    response = client.get("/members")
    assert response.status_code == 400
    assert response.json()["message"].startswith("Call rejected because the client is outdated.")


def test_a_current_cli_is_let_in(ee: World) -> None:
    client = ee.client(ee.server.tokens["owner"], **{"User-Agent": "SemaphoreCLI/v0.30.0 (linux; amd64)"})
    ok(client.get("/members"))


def test_another_address_is_kept_out_before_the_token_is_looked_at(ee: World) -> None:
    ee.organization.ip_allow_list = frozenset({"192.0.2.7"})
    response = ee.client("any token").get("/members")
    assert response.status_code == 404
    assert response.text.startswith("  You cannot access this organization from your current IP address (127.")


def test_a_path_of_no_api_is_a_page_of_the_web(owner: httpx.Client) -> None:
    response = owner.get("/nowhere")
    assert response.status_code == 404
    assert response.text.startswith("<!DOCTYPE html>")


def test_a_trailing_slash_matters_only_to_the_members_of_a_project(ee: World, owner: httpx.Client) -> None:
    ok(owner.get("/members/"))
    ok(owner.get("/service_accounts/"))
    project_id = ee.project_id("web-storefront")
    ok(owner.get(f"/projects/{project_id}/members"))
    refused_in_text(owner.get(f"/projects/{project_id}/members/"), 404, "oops")


def test_a_body_that_is_no_json_is_malformed_even_without_permission(ee: World) -> None:
    response = ee.as_("member").post("/service_accounts", content=b"nope", headers={"Content-Type": "application/json"})
    refused_in_text(response, 400, "Malformed request: Unexpected token at position 0: n")


@pytest.mark.parametrize("body", [b'{"name":', b"[" * 100_000, b'{"name": NaN}', b"\xff", b'"\\ud800"'])
def test_no_body_is_too_strange_to_be_malformed(owner: httpx.Client, body: bytes) -> None:
    response = owner.post("/service_accounts", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.text.startswith("Malformed request: ")


def test_what_the_parser_says_is_escaped_for_html(owner: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    response = owner.post("/service_accounts", content=b"<b>", headers=headers)
    assert response.text == "Malformed request: Unexpected token at position 0: &lt;"


def test_permission_comes_before_parameters(ee: World, owner: httpx.Client) -> None:
    refused_in_text(ee.as_("support").post("/service_accounts", json={}), 403, "Permission denied")
    refused(owner.post("/service_accounts", json={}), 400, "Name must be provided")
    refused_in_text(ee.as_("member").get("/service_accounts/nonsense"), 403, "Permission denied")


@pytest.mark.parametrize("content_type", ["text/plain", ""])
def test_a_body_of_another_content_type_is_ignored(owner: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    response = owner.post("/service_accounts", content=b'{"name":"bot"}', headers=headers)
    refused(response, 400, "Name must be provided")


def test_a_form_is_read_like_json(owner: httpx.Client) -> None:
    account = ok(owner.post("/service_accounts", data={"name": "formal"}))["service_account"]
    assert account["name"] == "formal"


@pytest.mark.parametrize("body", ["[1]", '"name"', "null", ""])
def test_a_body_that_is_no_object_is_ignored(owner: httpx.Client, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    refused(owner.post("/service_accounts", content=body, headers=headers), 400, "Name must be provided")


def test_the_body_outranks_the_query_and_the_path_outranks_both(ee: World, owner: httpx.Client) -> None:
    account, _ = create(owner, "first")
    answer = ok(
        owner.patch(
            f"/service_accounts/{account['id']}?name=from-query",
            json={"name": "from-body", "id": ee.account_id("terraform")},
        )
    )
    assert (answer["id"], answer["name"]) == (account["id"], "from-body")


def test_a_value_of_the_wrong_type_is_an_internal_error(ee: World, owner: httpx.Client) -> None:
    refused(owner.post("/service_accounts", json={"name": 7}), 500, "Internal error")
    response = owner.put(f"/members/{ee.person_id('Noor Haddad')}/role", json={"role_id": 7})
    refused(response, 500, "Internal error")


def test_a_query_that_cannot_be_decoded_goes_wrong(owner: httpx.Client, ee: World) -> None:
    response = owner.get(f"{ee.server.address}/api/v1alpha/members?member_type=%zz")
    refused_in_text(response, 400, "Something went wrong")


def test_a_body_above_eight_million_bytes_is_too_large(owner: httpx.Client) -> None:
    response = owner.post("/service_accounts", content=b" " * 8_000_001, headers={"Content-Type": "application/json"})
    refused_in_text(response, 413, "Something went wrong")


def test_an_upper_case_id_finds_the_same_account(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    assert ok(owner.get(f"/service_accounts/{account_id.upper()}"))["id"] == account_id


# Who may call what

ENDPOINTS = [
    ("GET", "/members", "organization.people.view"),
    ("POST", "/members", "organization.people.manage"),
    ("PUT", f"/members/{NOBODY}/role", "organization.people.manage"),
    ("DELETE", f"/members/{NOBODY}", "organization.people.manage"),
    ("GET", "/roles", "organization.custom_roles.view"),
    ("GET", f"/roles/{NOBODY}", "organization.custom_roles.view"),
    ("POST", "/roles", "organization.custom_roles.manage"),
    ("PATCH", f"/roles/{NOBODY}", "organization.custom_roles.manage"),
    ("DELETE", f"/roles/{NOBODY}", "organization.custom_roles.manage"),
    ("GET", "/permissions", "organization.custom_roles.view"),
    ("GET", "/groups", "organization.people.view"),
    ("POST", "/groups", "organization.people.manage"),
    ("PATCH", f"/groups/{NOBODY}", "organization.people.manage"),
    ("DELETE", f"/groups/{NOBODY}", "organization.people.manage"),
    ("GET", "/service_accounts", "organization.service_accounts.view"),
    ("POST", "/service_accounts", "organization.service_accounts.manage"),
    ("GET", f"/service_accounts/{NOBODY}", "organization.service_accounts.view"),
    ("PATCH", f"/service_accounts/{NOBODY}", "organization.service_accounts.manage"),
    ("DELETE", f"/service_accounts/{NOBODY}", "organization.service_accounts.manage"),
    ("POST", f"/service_accounts/{NOBODY}/deactivate", "organization.service_accounts.manage"),
    ("POST", f"/service_accounts/{NOBODY}/reactivate", "organization.service_accounts.manage"),
    ("POST", f"/service_accounts/{NOBODY}/regenerate_token", "organization.service_accounts.manage"),
]


@pytest.mark.parametrize(("method", "path", "permission"), ENDPOINTS)
def test_an_endpoint_asks_for_its_one_permission(ee: World, method: str, path: str, permission: str) -> None:
    account, token = ee.organization.create_service_account("probe", role="Member")
    client = ee.client(token)
    refused_in_text(client.request(method, path), 403, "Permission denied")
    ee.organization.create_role("Just enough", ["organization.view", permission])
    ee.organization.assign_role(account.id, "Just enough")
    assert client.request(method, path).status_code != 403


def test_somebody_without_a_role_authenticates_and_may_nothing(ee: World) -> None:
    token = ee.organization.token_of(ee.account_id("fresh-runner"))
    assert token is not None
    client = ee.client(token)
    refused_in_text(client.get("/members"), 403, "Permission denied")
    assert ok(client.get("/projects")) == []


def test_what_a_group_may_its_members_may(ee: World) -> None:
    token = ee.organization.tokens.issue(ee.person_id("Kenji Watanabe"))
    ok(ee.client(token).get("/service_accounts"))


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
    with DemoServer(size=50) as server, _client(server.address, _authorization(server.tokens["owner"])) as one:
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
    assert _group(owner, "Readers")["member_ids"] == []
    ee.clock.advance(0.1)
    assert _group(owner, "Readers")["member_ids"] == [noor]


def _group(client: httpx.Client, name: str) -> dict[str, Any]:
    groups: list[dict[str, Any]] = ok(client.get("/groups"))["groups"]
    return next(group for group in groups if group["name"] == name)


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
    group = _group(owner, "Support desk")
    noor, sam = ee.person_id("Noor Haddad"), ee.person_id("Sam Patel")
    body = {"name": "", "description": "Help", "members_to_add": [noor], "members_to_remove": [sam]}
    answer = ok(owner.patch(f"/groups/{group['id']}", json=body))
    assert answer == {**group, "description": "Help"}
    ee.clock.advance(2)
    after = _group(owner, "Support desk")["member_ids"]
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
    assert _group(owner, "Renamed")


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
    assert _group(owner, "On-call (weekends)")["member_ids"] == [noor]


# Service accounts: pages


def test_pages_of_service_accounts_follow_a_token(owner: httpx.Client) -> None:
    seen: list[str] = []
    token = ""
    while True:
        answer = ok(owner.get("/service_accounts", params={"page_size": 5, "page_token": token}))
        seen += [account["id"] for account in answer["service_accounts"]]
        token = answer["next_page_token"]
        if token == "":
            break
    everything = ok(owner.get("/service_accounts"))["service_accounts"]
    assert seen == [account["id"] for account in everything]


@pytest.mark.parametrize(("size", "count"), [("1", 1), ("100", 46), ("0", 20), ("-1", 20), ("101", 20)])
def test_a_page_size_out_of_range_becomes_twenty(size: str, count: int) -> None:
    with DemoServer(size=300) as server, _client(server.address, _authorization(server.tokens["owner"])) as one:
        accounts = ok(one.get("/service_accounts", params={"page_size": size}))["service_accounts"]
        assert len(accounts) == count


@pytest.mark.parametrize("size", ["abc", "10x", ""])
def test_a_page_size_must_be_an_integer(owner: httpx.Client, size: str) -> None:
    response = owner.get("/service_accounts", params={"page_size": size})
    refused(response, 400, f"Invalid value of 'page_size' param: \"{size}\" - needs to be integer.")


@pytest.mark.parametrize("token", ["abc", "-1", "1.5"])
def test_a_page_token_must_be_a_non_negative_integer(owner: httpx.Client, token: str) -> None:
    response = owner.get("/service_accounts", params={"page_token": token})
    refused(response, 400, f"Invalid value of 'page_token' param: \"{token}\" - must be a non-negative integer.")


def test_beyond_the_end_there_is_nothing(owner: httpx.Client) -> None:
    answer = ok(owner.get("/service_accounts?page_token=5000"))
    assert answer == {"service_accounts": [], "next_page_token": ""}
    refused(owner.get(f"/service_accounts?page_token={2**63}"), 500, "Internal error")


def test_a_deletion_between_pages_hides_an_account_from_the_sweep(ee: World, owner: httpx.Client) -> None:
    first = ok(owner.get("/service_accounts?page_size=5"))
    skipped = ok(owner.get("/service_accounts?page_size=1&page_token=5"))["service_accounts"][0]
    ee.organization.delete_service_account(first["service_accounts"][0]["id"])
    rest = ok(owner.get("/service_accounts", params={"page_token": first["next_page_token"]}))
    assert skipped["id"] not in {account["id"] for account in rest["service_accounts"]}


# Service accounts: creating


def test_a_new_account_has_a_token_that_authenticates_and_no_role(ee: World, owner: httpx.Client) -> None:
    account, token = create(owner, "  ci-bot  ", "  builds  ")
    assert (account["name"], account["description"]) == ("ci-bot", "builds")
    assert account["creator_id"] == ee.person_id("Amara Okafor")
    assert account["created_at"] == account["updated_at"] == REFERENCE_TIME
    assert account["deactivated"] is False
    assert re.fullmatch(r"[A-Za-z0-9_-]{20}", token)
    refused_in_text(ee.client(token).get("/service_accounts"), 403, "Permission denied")
    assert ok(ee.client(token).get("/projects")) == []


def test_an_account_can_create_accounts(ee: World) -> None:
    creator, token = ee.organization.create_service_account("creator", role="Admin")
    account, _ = create(ee.client(token), "created")
    assert account["creator_id"] == creator.id
    ee.organization.delete_service_account(creator.id)
    assert ok(ee.as_("owner").get(f"/service_accounts/{account['id']}"))["creator_id"] == ""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Name must be provided"),
        ({"name": ""}, "Name must be provided"),
        ({"name": None}, "Service account name cannot be empty"),
        ({"name": " \t"}, "Service account name cannot be empty"),
        ({"name": "x" * 256}, "Failed to create service account"),
        ({"name": "x", "description": "y" * 501}, "Failed to create service account"),
        ({"name": "terraform"}, "Failed to create service account"),
    ],
)
def test_an_account_that_cannot_be_says_why(owner: httpx.Client, body: dict[str, Any], message: str) -> None:
    refused(owner.post("/service_accounts", json=body), 400, message)


@pytest.mark.parametrize("name", ["CI Bot", "ci-bot", "ci_bot", "ci.bot", "cI/bOT"])
def test_names_that_look_alike_as_an_address_collide(owner: httpx.Client, name: str) -> None:
    create(owner, "Ci Bot")
    response = owner.post("/service_accounts", json={"name": name})
    refused(response, 400, "Failed to create service account")


def test_each_byte_of_a_foreign_letter_is_a_dash(owner: httpx.Client) -> None:
    create(owner, "é")
    refused(owner.post("/service_accounts", json={"name": "--"}), 400, "Failed to create service account")
    create(owner, "-")


def test_a_deactivated_account_keeps_its_name(owner: httpx.Client) -> None:
    response = owner.post("/service_accounts", json={"name": "nightly backup"})
    refused(response, 400, "Failed to create service account")


def test_a_former_name_stays_taken(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("docs-preview")
    ok(owner.patch(f"/service_accounts/{account_id}", json={"name": "docs"}))
    response = owner.post("/service_accounts", json={"name": "docs-preview"})
    refused(response, 400, "Failed to create service account")


def test_a_deleted_name_is_free_once_the_queue_got_there(ee: World, owner: httpx.Client) -> None:
    ok(owner.delete(f"/service_accounts/{ee.account_id('docs-preview')}"))
    response = owner.post("/service_accounts", json={"name": "docs-preview"})
    refused(response, 400, "Failed to create service account")
    ee.clock.advance(2)
    create(owner, "docs-preview")


def test_a_name_too_long_for_its_address_is_an_internal_error(owner: httpx.Client) -> None:
    refused(owner.post("/service_accounts", json={"name": "x" * 250}), 500, "Internal error")
    account, _ = create(owner, "short")
    assert ok(owner.patch(f"/service_accounts/{account['id']}", json={"name": "x" * 250}))


# Service accounts: changing


def test_a_description_only_edit_leaves_updated_at(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    before = ok(owner.get(f"/service_accounts/{account_id}"))
    after = ok(owner.patch(f"/service_accounts/{account_id}", json={"description": ""}))
    assert after == {**before, "description": ""}


def test_a_new_name_moves_updated_at(ee: World, owner: httpx.Client) -> None:
    account = ok(owner.patch(f"/service_accounts/{ee.account_id('terraform')}", json={"name": " opentofu ", "x": 1}))
    assert (account["name"], account["updated_at"]) == ("opentofu", REFERENCE_TIME)


@pytest.mark.parametrize("body", [{}, {"name": None, "description": None}, {"name": "terraform"}])
def test_an_edit_of_nothing_changes_nothing(ee: World, owner: httpx.Client, body: dict[str, Any]) -> None:
    path = f"/service_accounts/{ee.account_id('terraform')}"
    before = ok(owner.get(path))
    assert ok(owner.patch(path, json=body)) == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": ""}, "Service account name cannot be empty"),
        ({"name": "  "}, "Service account name cannot be empty"),
        ({"name": "x" * 256}, "Failed to update service account"),
        ({"description": "y" * 501}, "Failed to update service account"),
        ({"name": "CI DEPLOYER"}, "Failed to update service account"),
    ],
)
def test_an_edit_that_cannot_be_says_why(ee: World, owner: httpx.Client, body: dict[str, Any], message: str) -> None:
    refused(owner.patch(f"/service_accounts/{ee.account_id('terraform')}", json=body), 400, message)


def test_an_account_whose_creator_is_gone_cannot_be_edited(ee: World, owner: httpx.Client) -> None:
    path = f"/service_accounts/{ee.account_id('abandoned-importer')}"
    assert ok(owner.get(path))["creator_id"] == ""
    response = owner.patch(path, json={"description": "new"})
    refused(response, 400, "Failed to update service account")
    ok(owner.post(f"{path}/regenerate_token"))


def test_a_deactivated_account_is_locked_out_until_reactivated(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    path, token = f"/service_accounts/{account_id}", ee.organization.token_of(account_id) or ""
    ok(ee.client(token).get("/members"))
    assert ok(owner.post(f"{path}/deactivate")) == {"status": "deactivated"}
    assert ok(owner.get(path))["deactivated"] is True
    refused_in_text(ee.client(token).get("/members"), 401, "Unauthorized")
    assert ok(owner.post(f"{path}/reactivate")) == {"status": "reactivated"}
    ok(ee.client(token).get("/members"))


def test_only_a_repeated_deactivation_moves_updated_at_again(ee: World, owner: httpx.Client) -> None:
    path = f"/service_accounts/{ee.account_id('terraform')}"
    times = []
    for action in ("deactivate", "deactivate", "reactivate", "reactivate"):
        ee.clock.advance(10)
        ok(owner.post(f"{path}/{action}"))
        times.append(ok(owner.get(path))["updated_at"] - REFERENCE_TIME)
    assert times == [10, 20, 30, 30]


def test_a_new_token_replaces_the_old_one(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    old = ee.organization.token_of(account_id) or ""
    new = ok(owner.post(f"/service_accounts/{account_id}/regenerate_token"))["api_token"]
    assert new != old
    ok(ee.client(new).get("/members"))
    refused_in_text(ee.client(old).get("/members"), 401, "Unauthorized")
    assert ok(owner.get(f"/service_accounts/{account_id}"))["updated_at"] == REFERENCE_TIME


def test_a_deactivated_account_may_get_a_token_for_later(ee: World, owner: httpx.Client) -> None:
    path = f"/service_accounts/{ee.account_id('nightly-backup')}"
    token = ok(owner.post(f"{path}/regenerate_token"))["api_token"]
    refused_in_text(ee.client(token).get("/projects"), 401, "Unauthorized")
    ok(owner.post(f"{path}/reactivate"))
    ok(ee.client(token).get("/projects"))


def test_a_withdrawn_token_may_work_on_for_as_long_as_it_is_remembered(ee: World, owner: httpx.Client) -> None:
    ee.organization.revocation_delay = 300
    account_id = ee.account_id("terraform")
    client = ee.client(ee.organization.token_of(account_id) or "")
    ok(client.get("/members"))
    ok(owner.post(f"/service_accounts/{account_id}/regenerate_token"))
    ee.clock.advance(299)
    ok(client.get("/members"))
    ee.clock.advance(1)
    refused_in_text(client.get("/members"), 401, "Unauthorized")


def test_a_deleted_account_is_gone_and_lingers_among_members(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("terraform")
    token = ee.organization.token_of(account_id) or ""
    path = f"/service_accounts/{account_id}"
    assert ok(owner.delete(path)) == {"status": "deleted"}
    for response in (owner.delete(path), owner.get(path), owner.post(f"{path}/deactivate")):
        refused(response, 404, f"Service account {account_id} not found")
    refused_in_text(ee.client(token).get("/members"), 401, "Unauthorized")
    assert "terraform" in listed(owner, "service_account")
    ee.clock.advance(2)
    assert "terraform" not in listed(owner, "service_account")
    assert account_id not in _group(owner, "Platform engineering")["member_ids"]


def test_an_account_that_is_an_owner_can_be_deleted_by_an_admin(ee: World, admin: httpx.Client) -> None:
    ok(admin.delete(f"/service_accounts/{ee.account_id('break-glass')}"))


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
