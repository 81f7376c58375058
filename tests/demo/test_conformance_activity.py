"""What Semaphore promises of workflows, tasks, notifications and deployment targets: the traces of use."""

from typing import Any

import httpx
import pytest

from tests.support.conformance import NOBODY, World, ok, refused, refused_by_gateway, refused_in_text


def names(found: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in found]


# Workflows


def test_workflows_of_a_project_come_newest_first(ee: World, owner: httpx.Client) -> None:
    response = owner.get("/plumber-workflows", params={"project_id": ee.project_id("web-storefront")})
    found = ok(response)
    times = [workflow["created_at"]["seconds"] for workflow in found]
    assert times == sorted(times, reverse=True)
    assert [workflow["triggered_by"] for workflow in found] == [0, 2, 2, 2]
    assert set(found[0]["created_at"]) == {"seconds", "nanos"}
    assert {workflow["requester_id"] for workflow in found} == {
        ee.account_id("ci-deployer"),
        ee.person_id("Noor Haddad"),
    }
    assert response.headers["total"] == "4"


def test_workflows_may_be_those_of_one_requester(ee: World, owner: httpx.Client) -> None:
    params = {
        "project_id": ee.project_id("web-storefront"),
        "requester_id": ee.account_id("ci-deployer"),
        "page_size": "1",
    }
    response = owner.get("/plumber-workflows", params=params)
    (newest,) = ok(response)
    assert newest["requester_id"] == ee.account_id("ci-deployer")
    assert (response.headers["total"], response.headers["total-pages"]) == ("3", "3")
    assert 'rel="next"' in response.headers["link"]
    last = owner.get("/plumber-workflows", params={**params, "page": "3"})
    assert 'rel="next"' not in last.headers["link"]
    assert ok(owner.get("/plumber-workflows", params={**params, "page": "9"})) == ok(last)
    assert ok(owner.get("/plumber-workflows", params={**params, "requester_id": NOBODY})) == []


def test_workflows_may_be_those_of_a_time(ee: World, owner: httpx.Client) -> None:
    path, project = "/plumber-workflows", {"project_id": ee.project_id("web-storefront")}
    newest, second, *_ = ok(owner.get(path, params=project))
    moment = str(second["created_at"]["seconds"])
    assert ok(owner.get(path, params={**project, "created_after": moment})) == [newest]
    assert newest not in ok(owner.get(path, params={**project, "created_before": moment}))
    assert owner.get(path, params={**project, "created_after": "soon"}).status_code == 500


@pytest.mark.parametrize("path", ["/plumber-workflows", "/tasks", "/schedules"])
def test_without_the_permission_nothing_is_found(ee: World, owner: httpx.Client, path: str) -> None:
    noor = ee.as_("member")
    ok(noor.get(path, params={"project_id": ee.project_id("web-storefront")}))
    refused_in_text(noor.get(path, params={"project_id": ee.project_id("infra-live")}), 404, "Not Found")
    for project_id in ({"project_id": NOBODY}, {"project_id": "nonsense"}, {}):
        refused_in_text(owner.get(path, params=project_id), 404, "Not Found")


# Tasks


def test_a_task_says_in_whose_name_it_runs(ee: World, owner: httpx.Client) -> None:
    params = {"project_id": ee.project_id("infra-live")}
    found = ok(owner.get("/tasks", params=params))
    assert ok(owner.get("/schedules", params=params)) == found
    report, rotation = found
    assert (report["name"], report["requester_id"]) == ("drift-report", ee.account_id("terraform"))
    assert (report["at"], report["recurring"], report["suspended"]) == ("0 6 * * 1", True, False)
    assert (report["paused"], report["pause_toggled_by"]) == (True, ee.person_id("Kenji Watanabe"))
    assert report["updated_at"] == "2025-08-01 06:00:00.000000Z"
    # Nothing happens to a task when its account is deleted; it only fails when it is due.
    assert rotation["requester_id"] not in ee.organization.state.service_accounts


def test_a_task_outlives_its_account(ee: World, owner: httpx.Client) -> None:
    account_id = ee.account_id("abandoned-importer")
    ok(owner.delete(f"/service_accounts/{account_id}"))
    (task,) = ok(owner.get("/tasks", params={"project_id": ee.project_id("payments-api")}))
    assert task["requester_id"] == account_id


def test_tasks_come_in_pages(ee: World, owner: httpx.Client) -> None:
    params = {"project_id": ee.project_id("web-storefront"), "page_size": "1"}
    pages = [owner.get("/tasks", params={**params, "page": str(number)}) for number in (1, 2)]
    assert [names(ok(page)) for page in pages] == [["smoke-test"], ["rebuild-search"]]
    assert ['rel="next"' in page.headers["link"] for page in pages] == [True, False]
    message = "Invalid value of 'page' param: \"x\" - needs to be integer."
    refused(owner.get("/tasks", params={**params, "page": "x"}), 400, message)


# Notifications


def test_a_notification_says_who_made_it(ee: World, owner: httpx.Client) -> None:
    answer = ok(owner.get("/notifications"))
    assert set(answer) == {"notifications", "next_page_token"}
    first, second = answer["notifications"]
    assert set(first["metadata"]) == {"name", "id", "create_time", "update_time", "creator_id"}
    assert first["metadata"]["creator_id"] == ee.person_id("Priya Raghunathan")
    assert first["spec"]["rules"][0]["filter"]["projects"] == ["web-storefront"]
    page = ok(owner.get("/notifications", params={"page_size": 1}))
    assert page["notifications"] == [first]
    rest = ok(owner.get("/notifications", params={"page_size": 1, "page_token": page["next_page_token"]}))
    assert (rest["notifications"], rest["next_page_token"]) == ([second], "")


def test_members_see_notifications_and_others_do_not(ee: World) -> None:
    ok(ee.as_("member").get("/notifications"))
    message = "Can't list notifications in organization"
    refused_by_gateway(ee.as_("support").get("/notifications"), 403, 7, message)
    response = ee.as_("support").get("/notifications", params={"page_size": 301})
    refused_by_gateway(response, 400, 3, "Page size can't exceed 300")


# Deployment targets


def test_a_deployment_target_names_those_who_may_use_it(ee: World, owner: httpx.Client) -> None:
    found = ok(owner.get("/deployment_targets", params={"project_id": ee.project_id("web-storefront")}))
    assert names(found) == ["production", "staging"]
    production, staging = found
    assert production["created_by"] == ee.person_id("Desmond O'Connor")
    rules = [(rule["type"], rule["subject_id"]) for rule in production["subject_rules"]]
    admin = ee.organization.role_named("Admin", "project")
    assert admin is not None
    assert rules == [
        ("USER", ee.person_id("Zoë Müller-Lüdenscheidt")),
        ("USER", ee.account_id("ci-deployer")),
        ("ROLE", admin.id),
        ("AUTO", ""),
    ]
    assert production["last_deployment"]["triggered_at"] == "2026-11-22T18:13:30.000000Z"
    assert staging["last_deployment"] is None


def test_the_history_of_a_target_may_be_that_of_one_subject(ee: World, owner: httpx.Client) -> None:
    production, staging = ok(owner.get("/deployment_targets", params={"project_id": ee.project_id("web-storefront")}))
    path = f"/deployment_targets/{production['id']}/history"
    answer = ok(owner.get(path))
    assert set(answer) == {"deployments", "cursor_before", "cursor_after"}
    assert answer["deployments"][0] == production["last_deployment"]
    assert [each["triggered_by"] for each in answer["deployments"]] == [ee.account_id("ci-deployer")] * 2
    assert ok(owner.get(path, params={"triggered_by": ee.account_id("ci-deployer")})) == answer
    assert ok(owner.get(path, params={"triggered_by": NOBODY}))["deployments"] == []
    assert ok(owner.get(f"/deployment_targets/{staging['id']}/history"))["deployments"] == []
    refused(owner.get(f"/deployment_targets/{NOBODY}/history"), 404, "Target not found")
    refused(owner.get("/deployment_targets/nonsense/history"), 400, "target_id must be a valid UUID")


def test_the_history_has_ten_at_most(ee: World, owner: httpx.Client) -> None:
    target = ee.organization.state.activity.targets[0]
    target.deployments = target.deployments * 6
    answer = ok(owner.get(f"/deployment_targets/{target.id}/history"))
    assert len(answer["deployments"]) == 10
    assert answer["cursor_before"] > 0


def test_a_missing_right_to_targets_looks_like_a_bad_token(ee: World, owner: httpx.Client) -> None:
    outsider, project_id = ee.as_("member"), ee.project_id("infra-live")
    path = "/deployment_targets"
    refused_in_text(outsider.get(path, params={"project_id": project_id}), 401, "Permission denied")
    target = ee.organization.state.activity.targets[0]
    ok(outsider.get(f"{path}/{target.id}/history"))
    target.project_id = project_id
    refused_in_text(outsider.get(f"{path}/{target.id}/history"), 401, "Permission denied")
    refused_in_text(owner.get(path, params={"project_id": NOBODY}), 404, "Not found")
    refused_in_text(owner.get(path), 404, "Project not found")
    refused(owner.get(path, params={"project_id": "x"}), 400, "project id must be a valid UUID")


def test_deployment_targets_may_be_off(ee: World, owner: httpx.Client) -> None:
    ee.organization.features.discard("deployment_targets")
    response = owner.get("/deployment_targets", params={"project_id": ee.project_id("web-storefront")})
    assert response.status_code == 403
    assert response.text.startswith("The deployment targets feature is not enabled for your organization.")


def test_nobody_sees_targets_on_community(ce: World) -> None:
    response = ce.as_("owner").get("/deployment_targets", params={"project_id": ce.project_id("web-storefront")})
    refused_in_text(response, 401, "Permission denied")
