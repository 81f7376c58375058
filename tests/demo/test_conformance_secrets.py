"""What Semaphore promises of secrets of the organization and of projects, by v1beta and v1."""

import base64
from typing import Any

import httpx
import pytest

from tests.support.conformance import NOBODY, World, ok, refused_by_gateway

UNAUTHORIZED = "User is not authorized to perform this operation"
CLOSED = "Secret can not be updated with API"


@pytest.fixture
def secrets(ee: World) -> httpx.Client:
    """The owner's client for v1beta."""
    return ee.at("v1beta")


def new(name: str, value: str = "v", **more: Any) -> dict[str, Any]:
    """The body of a secret with one variable."""
    return {"metadata": {"name": name}, "data": {"env_vars": [{"name": "T", "value": value}], "files": []}, **more}


def bare(ee: World, *permissions: str) -> str:
    """The token of an account with a role of just these permissions."""
    account, token = ee.organization.create_service_account("probe")
    ee.organization.create_role("Just enough", ["organization.view", *permissions])
    ee.organization.assign_role(account.id, "Just enough")
    return token


# Shape


def test_a_secret_comes_without_its_values_and_with_its_times_as_text(ee: World, secrets: httpx.Client) -> None:
    found = ok(secrets.get("/secrets/deployer-token"))
    assert set(found) == {"metadata", "data", "org_config"}
    assert found["org_config"] is None
    metadata = found["metadata"]
    assert set(metadata) == {"name", "id", "create_time", "update_time", "checkout_at", "content_included"}
    assert metadata["content_included"] is False
    assert int(metadata["create_time"]) == int(metadata["update_time"]) < int(metadata["checkout_at"])
    assert found["data"] == {"env_vars": [{"name": "SEMAPHORE_API_TOKEN", "value": ""}], "files": []}
    assert ok(secrets.get("/secrets/payments-signing"))["metadata"]["checkout_at"] == "0"
    token = ee.organization.token_of(ee.account_id("ci-deployer"))
    stored = ee.organization.secret_store.named("deployer-token")
    assert stored is not None
    assert stored.env_vars == {"SEMAPHORE_API_TOKEN": token}


def test_values_come_in_clear_where_contents_are_exposed(ee: World, secrets: httpx.Client) -> None:
    ee.organization.features.add("secrets_exposed_content")
    made = ok(secrets.post("/secrets", json=new("open", "in clear")))
    for found in (made, ok(secrets.get("/secrets/open"))):
        assert found["metadata"]["content_included"] is True
        assert found["data"]["env_vars"] == [{"name": "T", "value": "in clear"}]


def test_a_secret_is_found_by_id_and_by_encoded_name(secrets: httpx.Client) -> None:
    made = ok(secrets.post("/secrets", json=new("a b:c@d")))
    assert ok(secrets.get("/secrets/a%20b%3Ac%40d")) == made
    assert ok(secrets.get(f"/secrets/{made['metadata']['id']}")) == made


# Lists


def test_secrets_are_listed_by_name_a_page_at_a_time(secrets: httpx.Client) -> None:
    whole = ok(secrets.get("/secrets"))
    names = [secret["metadata"]["name"] for secret in whole["secrets"]]
    assert names == sorted(names)
    assert len(names) == 3
    assert whole["next_page_token"] == ""
    first = ok(secrets.get("/secrets", params={"page_size": 2}))
    second = ok(secrets.get("/secrets", params={"page_size": 2, "page_token": first["next_page_token"]}))
    assert first["secrets"] + second["secrets"] == whole["secrets"]
    assert second["next_page_token"] == ""
    assert ok(secrets.get("/secrets", params={"page_size": 0})) == whole


def test_secrets_may_be_listed_by_age(secrets: httpx.Client) -> None:
    found = ok(secrets.get("/secrets", params={"order": "BY_CREATE_TIME_ASC"}))["secrets"]
    ages = [int(secret["metadata"]["create_time"]) for secret in found]
    assert ages == sorted(ages)
    assert found[0]["metadata"]["name"] == "aws-production"
    assert secrets.get("/secrets", params={"order": "BY_SIZE"}).status_code == 400


def test_a_page_size_is_checked_before_the_permission(ee: World) -> None:
    client = ee.at("v1beta", "support")
    refused_by_gateway(client.get("/secrets", params={"page_size": 101}), 400, 3, "Page size can't exceed 100")
    assert client.get("/secrets", params={"page_size": "many"}).json()["code"] == 3


# Who may


@pytest.mark.parametrize("who", ["owner", "admin", "member"])
def test_members_manage_secrets_too(ee: World, who: str) -> None:
    client = ee.at("v1beta", who)
    ok(client.post("/secrets", json=new("theirs")))
    assert ok(client.delete("/secrets/theirs")) == {}
    assert client.get("/secrets/theirs").status_code == 404


def test_to_view_is_not_enough(ee: World) -> None:
    client = ee.with_token("v1beta", bare(ee, "organization.secrets.view"))
    refused_by_gateway(client.get("/secrets"), 403, 7, "Can't list secrets in organization")
    refused_by_gateway(client.post("/secrets", json=new("x")), 403, 7, "You are not authorized to create secrets")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_may_not_be_seen_looks_like_what_is_absent(ee: World, secrets: httpx.Client, method: str) -> None:
    outsider = ee.at("v1beta", "support")
    message = "Secret deployer-token not found"
    refused_by_gateway(outsider.request(method, "/secrets/deployer-token"), 404, 5, message)
    refused_by_gateway(secrets.request(method, "/secrets/nothing"), 404, 5, "Secret nothing not found")
    ok(secrets.get("/secrets/deployer-token"))


def test_rights_are_remembered_for_five_minutes_both_ways(ee: World) -> None:
    ee.organization.secret_rights.memory = 300
    account, token = ee.organization.create_service_account("late", role="Member")
    client = ee.with_token("v1beta", token)
    ok(client.get("/secrets"))
    ee.organization.assign_role(account.id, "Support")
    ok(client.get("/secrets"))
    ee.clock.advance(301)
    assert client.get("/secrets").status_code == 403
    ee.organization.assign_role(account.id, "Member")
    assert client.get("/secrets").status_code == 403
    ee.clock.advance(301)
    ok(client.get("/secrets"))


def test_a_token_is_checked_as_everywhere(ee: World) -> None:
    response = ee.with_token("v1beta", "no such token").get("/secrets")
    assert (response.status_code, response.text) == (401, "Unauthorized")


# Creating


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (new("a/b"), "name can only include alpha-numeric characters, dashes, underscores and dots"),
        (new("größe"), "name can only include alpha-numeric characters, dashes, underscores and dots"),
        (new(f"for {NOBODY}"), "name should not be in uuid format"),
        (new("aws-production"), "name has already been taken"),
        (new("x", " "), "env_vars value can't be blank"),
        (
            {"metadata": {"name": "x"}, "data": {"env_vars": [{"name": "1A", "value": "v"}]}},
            "env_vars name of enviorment variable is invalid",
        ),
        (
            {"metadata": {"name": "x"}, "data": {"files": [{"path": "", "content": "eA=="}]}},
            "files path can't be blank",
        ),
        ({"metadata": {"name": "x"}, "data": {"files": [{"path": "/x"}]}}, "files content can't be blank"),
        (new("x", "v" * (6 * 1024 * 1024 + 1)), "size content is too big"),
    ],
)
def test_a_secret_that_cannot_be_says_why(secrets: httpx.Client, body: dict[str, Any], message: str) -> None:
    refused_by_gateway(secrets.post("/secrets", json=body), 400, 3, message)


@pytest.mark.parametrize("name", ["!#$%&'()*+,", "AWS-production", "a.b@c:d e", NOBODY.upper().replace("0", "A")])
def test_names_may_be_stranger_than_their_message_says(secrets: httpx.Client, name: str) -> None:
    assert ok(secrets.post("/secrets", json=new(name)))["metadata"]["name"] == name


def test_an_empty_name_is_an_unknown_error(secrets: httpx.Client) -> None:
    refused_by_gateway(secrets.post("/secrets", json=new("")), 500, 2, "Unknown error")


@pytest.mark.parametrize("body", [{}, {"metadata": {"name": "x"}}, {"data": {"env_vars": []}}])
def test_a_message_without_its_parts_fails(secrets: httpx.Client, body: dict[str, Any]) -> None:
    assert secrets.post("/secrets", json=body).status_code == 500


def test_unknown_fields_and_the_content_type_do_not_matter(secrets: httpx.Client) -> None:
    headers = {"Content-Type": "text/plain"}
    body = b'{"apiVersion":"v1beta","kind":"Secret","metadata":{"name":"loose"},"data":{}}'
    assert ok(secrets.post("/secrets", content=body, headers=headers))["metadata"]["name"] == "loose"
    for bad in (b"{", b"[]", b'{"metadata":{"name":7},"data":{}}'):
        assert secrets.post("/secrets", content=bad).json()["code"] == 3


def test_a_file_is_stored_as_it_was_sent(ee: World, secrets: httpx.Client) -> None:
    content = base64.b64encode(b"[default]").decode()
    file = {"path": "/home/semaphore/x", "content": content}
    found = ok(secrets.post("/secrets", json={"metadata": {"name": "f"}, "data": {"files": [file]}}))
    assert found["data"]["files"] == [{"path": "/home/semaphore/x", "content": ""}]
    stored = ee.organization.secret_store.named("f")
    assert stored is not None
    assert stored.files == {"/home/semaphore/x": content}


# Replacing


def test_a_secret_cannot_be_replaced(ee: World, secrets: httpx.Client) -> None:
    refused_by_gateway(secrets.patch("/secrets/aws-production", json=new("x")), 400, 9, CLOSED)
    refused_by_gateway(secrets.patch("/secrets/nothing", json=new("x")), 400, 9, CLOSED)
    project = f"/projects/{ee.project_id('web-storefront')}/secrets/storefront-deploy"
    refused_by_gateway(ee.at("v1").patch(project, json=new("x")), 400, 9, CLOSED)


def test_where_contents_are_exposed_a_replacement_is_whole(ee: World, secrets: httpx.Client) -> None:
    ee.organization.features.add("secrets_exposed_content")
    before = ok(secrets.get("/secrets/aws-production"))
    ee.clock.advance(60)
    after = ok(secrets.patch("/secrets/aws-production", json=new("aws-next")))
    assert after["metadata"]["id"] == before["metadata"]["id"]
    assert after["metadata"]["name"] == "aws-next"
    assert after["data"] == {"env_vars": [{"name": "T", "value": "v"}], "files": []}
    refused_by_gateway(secrets.patch("/secrets/aws-next", json=new("")), 500, 2, "Unknown error")


# Who may use it

RESTRICTED = {"projects_access": "NONE", "debug_access": "JOB_DEBUG_NO"}


def test_a_policy_is_dropped_without_a_word_where_there_are_none(ee: World, secrets: httpx.Client) -> None:
    assert ok(secrets.post("/secrets", json=new("shut", org_config=RESTRICTED)))["org_config"] is None
    stored = ee.organization.secret_store.named("shut")
    assert stored is not None
    assert stored.policy is None


def test_a_policy_is_dropped_without_a_word_for_whoever_may_not_set_it(ee: World) -> None:
    ee.organization.features.add("secrets_access_policy")
    found = ok(ee.at("v1beta", "member").post("/secrets", json=new("shut", org_config=RESTRICTED)))
    assert found["org_config"] == {
        "projects_access": "ALL",
        "project_ids": [],
        "debug_access": "JOB_DEBUG_YES",
        "attach_access": "JOB_ATTACH_YES",
    }


def test_a_policy_holds_where_there_are_some(ee: World, secrets: httpx.Client) -> None:
    ee.organization.features.add("secrets_access_policy")
    found = ok(secrets.post("/secrets", json=new("shut", org_config=RESTRICTED)))["org_config"]
    assert (found["projects_access"], found["debug_access"], found["attach_access"]) == (
        "NONE",
        "JOB_DEBUG_NO",
        "JOB_ATTACH_YES",
    )
    only = {"projects_access": "ALLOWED", "project_ids": [ee.project_id("infra-live")]}
    assert ok(secrets.post("/secrets", json=new("one", org_config=only)))["org_config"]["project_ids"] == [
        ee.project_id("infra-live")
    ]
    nobody = {"projects_access": "ALLOWED", "project_ids": []}
    assert ok(secrets.post("/secrets", json=new("none", org_config=nobody)))["org_config"]["projects_access"] == "NONE"


# Secrets of a project


def test_a_project_has_secrets_of_its_own(ee: World) -> None:
    client, project_id = ee.at("v1"), ee.project_id("web-storefront")
    (found,) = ok(client.get(f"/projects/{project_id}/secrets"))["secrets"]
    assert found["metadata"]["name"] == "storefront-deploy"
    assert found["metadata"]["project_id_or_name"] == project_id
    assert "org_config" not in found
    assert ok(client.get("/projects/web-storefront/secrets/storefront-deploy")) == found
    assert ok(client.get(f"/projects/{ee.project_id('infra-live')}/secrets"))["secrets"] == []


def test_the_project_in_the_path_outranks_the_body(ee: World) -> None:
    client, project_id = ee.at("v1"), ee.project_id("infra-live")
    body = new("mine")
    body["metadata"]["project_id_or_name"] = ee.project_id("web-storefront")
    found = ok(client.post(f"/projects/{project_id}/secrets", json=body))
    assert found["metadata"]["project_id_or_name"] == project_id
    assert ok(client.delete(f"/projects/{project_id}/secrets/mine")) == {}


def test_project_secrets_take_a_right_on_that_project(ee: World) -> None:
    noor = ee.at("v1", "member")
    ok(noor.get(f"/projects/{ee.project_id('web-storefront')}/secrets"))
    for project_id in (ee.project_id("payments-api"), ee.project_id("infra-live"), NOBODY):
        for method, path in (("GET", ""), ("POST", ""), ("GET", "/x"), ("DELETE", "/x"), ("PATCH", "/x")):
            response = noor.request(method, f"/projects/{project_id}/secrets{path}", json=new("x"))
            refused_by_gateway(response, 403, 7, UNAUTHORIZED)


def test_an_absent_project_secret_is_told_from_a_forbidden_one(ee: World) -> None:
    path = f"/projects/{ee.project_id('infra-live')}/secrets/nothing"
    refused_by_gateway(ee.at("v1").get(path), 404, 5, "secret not found")


def test_project_secrets_have_rules_of_their_own(ee: World) -> None:
    client, path = ee.at("v1"), f"/projects/{ee.project_id('web-storefront')}/secrets"
    message = "name: name must be unique in project"
    refused_by_gateway(client.post(path, json=new("storefront-deploy")), 400, 3, message)
    refused_by_gateway(client.post(path, json=new("")), 400, 3, "name: can't be blank")
    message = "content: env_vars value can't be blank"
    refused_by_gateway(client.post(path, json=new("x", "")), 400, 3, message)
    refused_by_gateway(client.get(path, params={"page_size": 101}), 400, 3, "Page size can't exceed 100")
    made = ok(client.post(path, json=new("größe/π")))["metadata"]
    assert made["name"] == "größe/π"
    refused_by_gateway(client.get(f"{path}/gr%C3%B6%C3%9Fe%2F%CF%80"), 404, 5, "Not Found")
    assert ok(client.get(f"{path}/{made['id']}"))["metadata"] == made


def test_an_unknown_project_name_is_an_internal_failure(ee: World) -> None:
    assert ee.at("v1").get("/projects/no-such/secrets").status_code == 500


def test_a_project_name_with_a_dot_does_not_get_to_the_gateway(ee: World) -> None:
    response = ee.at("v1").get("/projects/a.b/secrets")
    assert (response.status_code, response.text[:9]) == (404, "<!DOCTYPE")


def test_project_secrets_may_be_off(ee: World) -> None:
    ee.organization.features.clear()
    message = "Project level secrets are not enabled for this organization"
    response = ee.at("v1").get(f"/projects/{ee.project_id('web-storefront')}/secrets")
    refused_by_gateway(response, 400, 9, message)


def test_a_path_or_method_the_gateway_does_not_know(secrets: httpx.Client) -> None:
    refused_by_gateway(secrets.get("/secrets/a/b"), 404, 5, "Not Found")
    refused_by_gateway(secrets.put("/secrets/a"), 501, 12, "Method Not Allowed")


def test_community_has_secrets_too(ce: World) -> None:
    ok(ce.at("v1beta", "member").post("/secrets", json=new("theirs")))
    project_id = ce.project_id("web-storefront")
    ok(ce.at("v1").get(f"/projects/{project_id}/secrets"))
    refused_by_gateway(ce.at("v1", "member").get(f"/projects/{project_id}/secrets"), 403, 7, UNAUTHORIZED)
