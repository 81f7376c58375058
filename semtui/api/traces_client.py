"""Traces of use and what depends on somebody: workflows, tasks, notifications, deployments (`API.md#no-last-use`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.base_client import BaseClient, path_part
from semtui.api.errors import UnexpectedAnswerError
from semtui.api.linked_pages import linked_pages
from semtui.api.pagination import WHOLE, Page, ReadOptions, complete_list, pages_until_last
from semtui.api.permissions import VIEW_DEPLOYMENT_TARGETS, VIEW_NOTIFICATIONS, VIEW_PROJECT, VIEW_TASKS
from semtui.api.readers import DEPLOYMENT, DEPLOYMENT_TARGET, NOTIFICATION, TASK, WORKFLOW
from semtui.api.responses import Needed, field_error, next_page
from semtui.text.counting import count

if TYPE_CHECKING:
    from semtui.api.trace_models import Deployment, DeploymentTarget, Notification, Task, WorkflowTrace

_MOST_TASK_PAGES = 1_000


class TracesClient(BaseClient):
    """The endpoints that tell what somebody has done. Those of a project refuse with UndisclosedError or
    PermissionDeniedError."""

    tasks_per_page = 100
    notifications_per_page = 300

    async def trace_workflows(self, project_id: str, requester_id: str) -> WorkflowTrace:
        """The newest workflow that somebody started in a project, and how many they started there. Raises
        UnexpectedAnswerError if Semaphore sends others', whose number would be told instead (`API.md#workflows`)."""
        from semtui.api.trace_models import WorkflowTrace

        params: dict[str, str | int] = {"project_id": project_id, "requester_id": requester_id, "page_size": 1}
        needed = Needed(VIEW_PROJECT, "the project")
        answer = await self._answer("plumber-workflows", needed, params)
        entries = self._json("workflows", answer)
        found = WORKFLOW.read_list({"workflows": [_named_id(entry, "wf_id") for entry in entries]}, "workflows")
        if any(workflow.requester_id != requester_id for workflow in found):
            raise self._unfiltered("workflows")
        newest = max(found, key=lambda workflow: workflow.created_at or 0, default=None)
        if newest is None and answer.total:
            raise UnexpectedAnswerError(f"{self.host} counts {count(answer.total, 'workflow')} and sends none.")
        return WorkflowTrace(newest, answer.total)

    async def list_tasks(self, project_id: str, reading: ReadOptions = WHOLE) -> tuple[Task, ...]:
        """A project's tasks (`API.md#tasks`)."""
        size = reading.size or self.tasks_per_page

        async def ask(number: int) -> Page[Task]:
            params: dict[str, str | int] = {"project_id": project_id, "page": number, "page_size": size}
            answer = await self._answer("tasks", Needed(VIEW_TASKS, "the project"), params)
            return Page(TASK.read_list({"tasks": self._json("tasks", answer)}, "tasks"), more=answer.has_more)

        with complete_list(self.host, "tasks"):
            return await pages_until_last(ask, _MOST_TASK_PAGES, reading)

    async def list_notifications(self, reading: ReadOptions = WHOLE) -> tuple[Notification, ...]:
        """The organization's notifications (`API.md#notifications`)."""
        size = reading.size or self.notifications_per_page

        async def ask(token: str) -> Page[Notification]:
            params: dict[str, str | int] = {"page_size": size, **({"page_token": token} if token else {})}
            data = await self._read("notifications", VIEW_NOTIFICATIONS, params)
            following, more = next_page(data)
            entries = data.get("notifications") if isinstance(data, dict) else None
            if not isinstance(entries, list):
                raise field_error("notifications", "notifications", "should be a list")
            found = NOTIFICATION.read_list({"notifications": [_notification(one) for one in entries]}, "notifications")
            return Page(found, following=following, more=more)

        with complete_list(self.host, "notifications"):
            return await linked_pages(ask, size, reading, counted=False)

    async def list_deployment_targets(self, project_id: str) -> tuple[DeploymentTarget, ...]:
        """A project's deployment targets. Raises NotOfferedError where the organization has none
        (`API.md#deployment-targets`)."""
        needed = Needed(VIEW_DEPLOYMENT_TARGETS, "the project")
        data = await self._read("deployment_targets", needed, {"project_id": project_id})
        return tuple(DEPLOYMENT_TARGET.read_list({"deployment targets": data}, "deployment targets"))

    async def trace_deployments(self, target_id: str, triggered_by: str) -> tuple[Deployment, ...]:
        """The latest deployments of somebody to a target, ten at most and newest first. Raises UnexpectedAnswerError if
        Semaphore sends others' (`API.md#deployment-targets`)."""
        path = f"deployment_targets/{path_part(target_id)}/history"
        data = await self._read(path, VIEW_DEPLOYMENT_TARGETS, {"triggered_by": triggered_by})
        found = DEPLOYMENT.read_list(data, "deployments")
        if any(deployment.triggered_by != triggered_by for deployment in found):
            raise self._unfiltered("deployments")
        return tuple(sorted(found, key=lambda deployment: -(deployment.triggered_at or 0)))

    def _unfiltered(self, what: str) -> UnexpectedAnswerError:
        return UnexpectedAnswerError(
            f"{self.host} was asked for the {what} of one subject and sends others' too; theirs are not known."
        )


def _named_id(entry: object, key: str) -> object:
    return {**entry, "id": entry.get(key)} if isinstance(entry, dict) else entry


def _notification(record: object) -> object:
    """A record of the gateway as the model reads it. What is no record is left as it is, for the reader to refuse."""
    if not isinstance(record, dict) or not isinstance(record.get("metadata"), dict):
        return record
    metadata, spec = record["metadata"], record.get("spec")
    rules = spec.get("rules") if isinstance(spec, dict) else None
    filters = [rule.get("filter") for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    lists = [each.get("projects") for each in filters if isinstance(each, dict)]
    return {
        "id": metadata.get("id"),
        "name": metadata.get("name"),
        "creator_id": metadata.get("creator_id"),
        "created_at": metadata.get("create_time"),
        "updated_at": metadata.get("update_time"),
        "projects": [name for names in lists if isinstance(names, list) for name in names],
    }
