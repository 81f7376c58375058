"""Traces of use by the client: what is kept of them, and what is said when they cannot be had."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path

import pytest

from semtui.api.client import SemaphoreClient
from semtui.api.errors import (
    NotFoundError,
    NotOfferedError,
    PermissionDeniedError,
    SemaphoreError,
    UndisclosedError,
    UnexpectedAnswerError,
)
from semtui.api.trace_models import SubjectRule
from semtui.demo.faults import Fault
from semtui.demo.server import DemoServer
from semtui.system.debug_log import DebugLog
from tests.conftest import QUICK
from tests.support.client_calls import NOBODY, account_id, answering

pytestmark = pytest.mark.anyio


def project(server: DemoServer, name: str = "web-storefront") -> str:
    found = server.organization.project_named(name)
    assert found is not None
    return found.id


def person(server: DemoServer, name: str) -> str:
    found = server.organization.person_named(name)
    assert found is not None
    return found


@pytest.fixture
async def member(server: DemoServer) -> AsyncIterator[SemaphoreClient]:
    """A client of somebody who sees some projects only."""
    async with aclosing(SemaphoreClient(server.address, server.tokens["member"], limits=QUICK)) as client:
        yield client


async def error_of(call: Awaitable[object]) -> SemaphoreError:
    with pytest.raises(SemaphoreError) as raised:
        await call
    return raised.value


# Workflows


async def test_the_newest_workflow_of_an_account_is_told_with_their_number(
    server: DemoServer, client: SemaphoreClient
) -> None:
    deployer = account_id(server, "ci-deployer")
    trace = await client.trace_workflows(project(server), deployer)
    assert trace.newest is not None
    assert (trace.newest.requester_id, trace.newest.triggered_by, trace.total) == (deployer, "api", 3)
    times = [one.created_at for one in server.organization.state.activity.workflows if one.requester_id == deployer]
    assert trace.newest.created_at == max(times)
    nothing = await client.trace_workflows(project(server, "mobile-app"), deployer)
    assert (nothing.newest, nothing.total) == (None, 0)


@pytest.mark.parametrize(
    ("sent", "word"), [(0, "hook"), (3, "manual_run"), (9, "unknown"), ("HOOK", "hook"), (None, "")]
)
async def test_how_a_workflow_was_started_is_a_word(
    server: DemoServer, client: SemaphoreClient, sent: object, word: str
) -> None:
    answering(server, "/plumber-workflows", [{"wf_id": "w", "requester_id": NOBODY, "triggered_by": sent}])
    trace = await client.trace_workflows(project(server), NOBODY)
    assert trace.newest is not None
    assert (trace.newest.triggered_by, trace.total) == (word, None)


async def test_somebody_elses_workflow_is_not_taken_for_theirs(server: DemoServer, client: SemaphoreClient) -> None:
    answering(server, "/plumber-workflows", [{"wf_id": "w", "requester_id": NOBODY}])
    error = await error_of(client.trace_workflows(project(server), account_id(server)))
    assert isinstance(error, UnexpectedAnswerError)
    assert "sends others' too; theirs are not known." in str(error)


async def test_workflows_that_are_counted_and_not_sent_are_not_called_none(
    server: DemoServer, client: SemaphoreClient
) -> None:
    server.inject(Fault(status=200, body="[]", headers={"total": "7"}))
    error = await error_of(client.trace_workflows(project(server), account_id(server)))
    assert str(error).endswith("counts 7 workflows and sends none.")


# Tasks


async def test_tasks_are_read_page_by_page(server: DemoServer, client: SemaphoreClient) -> None:
    whole = await client.list_tasks(project(server))
    assert [(task.name, task.at, task.recurring) for task in whole] == [
        ("smoke-test", "*/30 * * * *", True),
        ("rebuild-search", "", False),
    ]
    assert whole[0].requester_id == account_id(server, "ci-deployer")
    client.tasks_per_page = 1
    server.requests.clear()
    assert await client.list_tasks(project(server)) == whole
    assert len(server.requests) == 2
    (drift, _) = await client.list_tasks(project(server, "infra-live"))
    assert (drift.paused, drift.pause_toggled_by) == (True, person(server, "Kenji Watanabe"))


# Notifications


async def test_a_notification_is_kept_without_its_addresses(server: DemoServer, client: SemaphoreClient) -> None:
    found = await client.list_notifications()
    assert [(each.name, each.projects) for each in found] == [
        ("deploys to #releases", ("web-storefront",)),
        ("failures of everything", ("/.*/",)),
    ]
    assert found[0].creator_id == person(server, "Priya Raghunathan")
    assert "hook" not in json.dumps([asdict(each) for each in found])
    client.notifications_per_page = 1
    assert await client.list_notifications() == found


@pytest.mark.parametrize("record", [7, {}, {"metadata": {"id": None}}, {"metadata": 7}])
async def test_a_notification_of_another_shape_is_said_to_be_one(
    server: DemoServer, client: SemaphoreClient, record: object
) -> None:
    answering(server, "/notifications", {"notifications": [record], "next_page_token": ""})
    assert isinstance(await error_of(client.list_notifications()), UnexpectedAnswerError)


async def test_rules_of_another_shape_are_passed_over(server: DemoServer, client: SemaphoreClient) -> None:
    rules = [7, {}, {"filter": 7}, {"filter": {"projects": None}}, {"filter": {"projects": ["web\x1b"]}}]
    record = {"metadata": {"id": "n"}, "spec": {"rules": rules}}
    answering(server, "/notifications", {"notifications": [record], "next_page_token": ""})
    (found,) = await client.list_notifications()
    assert found.projects == ("web␛",)


# Deployment targets


async def test_a_target_names_those_who_may_use_it(server: DemoServer, client: SemaphoreClient) -> None:
    production, staging = await client.list_deployment_targets(project(server))
    assert production.created_by == person(server, "Desmond O'Connor")
    assert SubjectRule("USER", account_id(server, "ci-deployer")) in production.subject_rules
    assert [rule.type for rule in staging.subject_rules] == ["ANY"]
    assert production.last_deployment is not None
    deployments = await client.trace_deployments(production.id, account_id(server, "ci-deployer"))
    assert deployments[0] == production.last_deployment
    assert len(deployments) == 2
    assert "1.2.3" not in repr((production, deployments))
    assert await client.trace_deployments(staging.id, account_id(server)) == ()


async def test_somebody_elses_deployment_is_not_taken_for_theirs(server: DemoServer, client: SemaphoreClient) -> None:
    target = server.organization.state.activity.targets[0]
    body = {"deployments": [{"id": "d", "triggered_by": "Pipeline Done request"}]}
    answering(server, f"/deployment_targets/{target.id}/history", body)
    assert isinstance(await error_of(client.trace_deployments(target.id, account_id(server))), UnexpectedAnswerError)


# Refusals


@pytest.mark.parametrize(
    ("call", "permission"),
    [
        (lambda client, where: client.trace_workflows(where, NOBODY), "project.view"),
        (lambda client, where: client.list_tasks(where), "project.scheduler.view"),
    ],
    ids=["workflows", "tasks"],
)
async def test_what_may_not_be_seen_is_not_called_absent(
    server: DemoServer,
    member: SemaphoreClient,
    call: Callable[[SemaphoreClient, str], Awaitable[object]],
    permission: str,
) -> None:
    for where in (project(server, "infra-live"), NOBODY):
        error = await error_of(call(member, where))
        assert isinstance(error, UndisclosedError)
        assert str(error) == (
            f"Semaphore did not find the project, or this API token lacks the permission {permission}: it answers both "
            "alike."
        )


async def test_a_missing_right_to_targets_is_not_called_a_bad_token(
    server: DemoServer, member: SemaphoreClient
) -> None:
    target = server.organization.state.activity.targets[0]
    target.project_id = project(server, "infra-live")
    for call in (
        member.list_deployment_targets(target.project_id),
        member.trace_deployments(target.id, NOBODY),
    ):
        error = await error_of(call)
        assert isinstance(error, PermissionDeniedError)
        assert error.missing == "project.deployment_targets.view"
    assert isinstance(await error_of(member.list_deployment_targets(NOBODY)), UndisclosedError)
    assert isinstance(await error_of(member.trace_deployments(NOBODY, NOBODY)), NotFoundError)


async def test_targets_that_are_not_offered_are_said_to_be_so(server: DemoServer, client: SemaphoreClient) -> None:
    server.organization.features.discard("deployment_targets")
    assert isinstance(await error_of(client.list_deployment_targets(project(server))), NotOfferedError)


async def test_a_missing_right_to_notifications_is_named(server: DemoServer) -> None:
    async with aclosing(SemaphoreClient(server.address, server.tokens["support"], limits=QUICK)) as support:
        error = await error_of(support.list_notifications())
    assert str(error) == "This API token lacks the permission organization.notifications.view."


async def test_ids_of_people_are_not_logged(server: DemoServer, tmp_path: Path) -> None:
    log = DebugLog({"XDG_STATE_HOME": str(tmp_path)}, tmp_path)
    async with aclosing(SemaphoreClient(server.address, server.tokens["owner"], limits=QUICK, log=log)) as client:
        await client.trace_workflows(project(server), account_id(server))
        await client.list_notifications()
    log.close()
    text = log.path.read_text()
    assert "#1 GET plumber-workflows?project_id=…&requester_id=…&page_size=1\n" in text
    assert "#2 GET notifications?page_size=300\n" in text
    assert account_id(server) not in text
