"""What Semaphore promises of service accounts, asked of the demo organization with plain HTTP."""

import re
from typing import Any

import httpx
import pytest

from semtui.demo.seed_data import REFERENCE_TIME
from semtui.demo.server import DemoServer
from tests.support.conformance import (
    World,
    authorization,
    client_of,
    create,
    group_named,
    listed,
    ok,
    refused,
    refused_in_text,
)

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
    with DemoServer(size=300) as server, client_of(server.address, authorization(server.tokens["owner"])) as one:
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
    assert account_id not in group_named(owner, "Platform engineering")["member_ids"]


def test_an_account_that_is_an_owner_can_be_deleted_by_an_admin(ee: World, admin: httpx.Client) -> None:
    ok(admin.delete(f"/service_accounts/{ee.account_id('break-glass')}"))
