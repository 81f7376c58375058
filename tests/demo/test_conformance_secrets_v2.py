"""What Semaphore promises of secrets by v2, where it is open."""

import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.support.conformance import World, ok, refused


@pytest.fixture
def v2(ee: World) -> httpx.Client:
    """The owner's client for v2, switched on."""
    ee.organization.features.add("public_api_v1")
    return ee.at("v2")


def body(name: str, value: str = "v", kind: str = "Secret", **spec: Any) -> dict[str, Any]:
    data = {"env_vars": [{"name": "T", "value": value}], "files": []}
    return {"apiVersion": "v2", "kind": kind, "spec": {"name": name, "data": data, **spec}}


def md5(text: str) -> str:
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()


def not_found(response: httpx.Response) -> bool:
    answer = response.json()
    return response.status_code == 404 and answer["message"].lower() == "not found" and "documentation_url" in answer


def test_it_is_closed_as_shipped(ee: World) -> None:
    response = ee.at("v2").get("/secrets")
    assert response.status_code == 404
    assert response.json()["message"].startswith("APIv2 is not enabled for your organization.")


def test_a_secret_has_the_digests_of_its_values(ee: World, v2: httpx.Client) -> None:
    token = ee.organization.token_of(ee.account_id("ci-deployer"))
    assert token is not None
    found = ok(v2.get("/secrets/deployer-token"))
    assert (found["apiVersion"], found["kind"]) == ("v2", "Secret")
    assert found["spec"]["data"]["env_vars"] == [{"name": "SEMAPHORE_API_TOKEN", "value": md5(token)}]
    assert found["metadata"]["last_used_at"] == "2026-11-22T18:02:11Z"
    assert found["metadata"]["created_by"] == {"id": ee.person_id("Amara Okafor")}
    path = f"/projects/{ee.project_id('web-storefront')}/secrets"
    (project,) = ok(v2.get(path))
    assert project["kind"] == "ProjectSecret"
    assert project["spec"]["data"]["env_vars"] == [{"name": "DEPLOY_TOKEN", "value": md5(token)}]
    assert ok(v2.get("/projects/web-storefront/secrets/storefront-deploy")) == project


def test_a_replacement_works_where_v1beta_refuses_it(ee: World, v2: httpx.Client) -> None:
    sent = body("deployer-token", "another", description="Rotated")
    before = ok(v2.get("/secrets/deployer-token"))
    found = ok(v2.put("/secrets/deployer-token", json={**sent, "metadata": before["metadata"]}))
    assert found["metadata"]["id"] == before["metadata"]["id"]
    assert found["metadata"]["description"] == "Rotated"
    assert found["spec"]["data"]["env_vars"] == [{"name": "T", "value": md5("another")}]
    stored = ee.organization.secret_store.named("deployer-token")
    assert stored is not None
    assert stored.env_vars == {"T": "another"}


def test_a_page_comes_in_reverse_and_without_restricted_secrets(v2: httpx.Client) -> None:
    for number in range(3):
        ok(v2.post("/secrets", json=body(f"extra-{number}")))
    first = v2.get("/secrets", params={"page_size": 4})
    names = [entry["metadata"]["name"] for entry in ok(first)]
    assert names == ["extra-1", "extra-0", "deployer-token", "aws-production"]
    second = v2.get("/secrets", params={"page_size": 4, "page_token": first.headers["next-page-token"]})
    # payments-signing is restricted to a project.
    assert [entry["metadata"]["name"] for entry in ok(second)] == ["extra-2"]
    assert "next-page-token" not in second.headers
    assert v2.get("/secrets/payments-signing").status_code == 500


def test_without_the_permission_nothing_is_there(ee: World, v2: httpx.Client) -> None:
    outsider = ee.at("v2", "support")
    assert not_found(outsider.get("/secrets"))
    assert not_found(outsider.put("/secrets/deployer-token", json=body("deployer-token")))
    assert not_found(v2.get("/secrets/nothing"))
    assert not_found(ee.at("v2", "member").get(f"/projects/{ee.project_id('infra-live')}/secrets"))


def test_validation_comes_before_the_permission(ee: World, v2: httpx.Client) -> None:
    outsider = ee.at("v2", "support")
    sent = body("x", description="d" * 256)
    for bad, pointer in (
        ({**body("x"), "apiVersion": "v1"}, "/apiVersion"),
        ({**body("x"), "kind": "ProjectSecret"}, "/kind"),
        ({"apiVersion": "v2", "kind": "Secret"}, "/spec"),
        (sent, "/spec/description"),
    ):
        response = outsider.put("/secrets/deployer-token", json=bad)
        assert response.status_code == 422
        answer = response.json()
        assert answer["message"] == "Validation Failed"
        assert answer["errors"][0]["source"] == {"pointer": pointer}
        assert set(answer["errors"][0]) == {"title", "detail", "source"}
    assert v2.get("/secrets", params={"page_size": 101}).status_code == 422


def test_what_the_store_refuses_is_a_json_string(v2: httpx.Client) -> None:
    refused(v2.post("/secrets", json=body("aws-production")), 400, "name has already been taken")
    response = v2.post("/projects/web-storefront/secrets", json=body("storefront-deploy", kind="ProjectSecret"))
    refused(response, 400, "name: name must be unique in project")


def test_a_policy_that_may_not_be_set_keeps_the_stored_one(ee: World, v2: httpx.Client) -> None:
    shut = {"project_access": "NONE", "project_ids": [], "debug_access": "NO", "attach_access": "YES"}
    answer = ok(v2.put("/secrets/aws-production", json=body("aws-production", access_config=shut)))
    assert answer["spec"]["access_config"]["project_access"] == "ALL"
    ee.organization.features.add("secrets_access_policy")
    answer = ok(v2.put("/secrets/aws-production", json=body("aws-production", access_config=shut)))
    assert answer["spec"]["access_config"] == shut
    opened = {**shut, "project_access": "ALL"}
    answer = ok(ee.at("v2", "member").put("/secrets/aws-production", json=body("aws-production", access_config=opened)))
    assert answer["spec"]["access_config"] == shut


def test_a_deletion_tells_the_id(v2: httpx.Client) -> None:
    made = ok(v2.post("/secrets", json=body("short-lived")))
    assert ok(v2.delete("/secrets/short-lived")) == {"secret_id": made["metadata"]["id"]}
    assert v2.get("/secrets/short-lived").status_code == 404
