"""What Semaphore promises on the wire, asked of the demo organization with plain HTTP.

Written from .github/API.md, and deliberately not with semtui's own client. The tests that only read and only look at
shapes are asked of a real Semaphore instead when SEMTUI_CONFORMANCE_HOST and SEMTUI_CONFORMANCE_TOKEN are set.
"""

from uuid import UUID

import httpx
import pytest

from tests.support.conformance import BAD_UUID, NOBODY, World, client_of, create, ok, refused, refused_in_text

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
    with client_of(ee.server.address, {"Authorization": f"{scheme} {token}"}) as client:
        ok(client.get("/members"))


@pytest.mark.parametrize("value", ["token {}", "bearer {}", "{}", "Token  {}", "Basic {}", "Token"])
def test_any_other_authorization_is_unauthorized(ee: World, value: str) -> None:
    with client_of(ee.server.address, {"Authorization": value.format(ee.server.tokens["owner"])}) as client:
        refused_in_text(client.get("/members"), 401, "Unauthorized")


def test_no_token_is_unauthorized_whatever_the_path(ee: World) -> None:
    with client_of(ee.server.address, {}) as client:
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
