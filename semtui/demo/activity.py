"""Workflows, tasks and deployment targets of projects (API.md#workflows, API.md#tasks, API.md#deployment-targets)."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_OID, uuid5

from semtui.demo.access import Access
from semtui.demo.activity_records import DeploymentRecord, TargetRecord, TaskRecord, WorkflowRecord
from semtui.demo.errors import PERMISSION_DENIED, RefusedError, internal_error, invalid, missing
from semtui.demo.records import Params, State, is_uuid, leading_integer

DEPLOYMENT_TARGETS = "deployment_targets"
VIEW_TARGETS = "project.deployment_targets.view"
NOT_ENABLED = (
    "The deployment targets feature is not enabled for your organization. "
    "See more details here: https://semaphoreci.com/pricing"
)
MOST_DEPLOYMENTS = 10
Paged = tuple[list[dict[str, Any]], dict[str, str]]


class ProjectActivity:
    """What happens in projects. Without the permission these endpoints answer 404 or 401, never 403."""

    def __init__(self, state: State, access: Access) -> None:
        self._state = state
        self._access = access
        self.default_page = 30
        """How many rows a page has unless asked otherwise."""

    # Workflows

    def workflows(self, caller: str, params: Params) -> Paged:
        """One page of a project's workflows, newest first, perhaps of one requester."""
        project_id = self._visible(caller, params, "project.view")
        after, before = _seconds(params, "created_after"), _seconds(params, "created_before")
        found = [
            one
            for one in self._state.activity.workflows
            if one.project_id == project_id
            and params.get("requester_id", "") in ("", one.requester_id)
            and params.get("branch_name", "") in ("", one.branch)
            and (after is None or one.created_at > after)
            and (before is None or one.created_at < before)
        ]
        found.sort(key=lambda one: (-one.created_at, one.id))
        number, size = leading_integer(params.get("page"), 1), leading_integer(params.get("page_size"), 0)
        return self._page(
            [self._workflow(one) for one in found],
            "plumber-workflows",
            params,
            number if number > 0 else 1,
            size if size > 0 else self.default_page,
        )

    def _workflow(self, one: WorkflowRecord) -> dict[str, Any]:
        return {
            "wf_id": one.id,
            "triggered_by": one.triggered_by,
            "rerun_of": "",
            "requester_id": one.requester_id,
            "repository_id": _derived(one.project_id, "repository"),
            "project_id": one.project_id,
            "organization_id": self._state.org_id,
            "initial_ppl_id": _derived(one.id, "pipeline"),
            "hook_id": _derived(one.id, "hook"),
            "created_at": {"seconds": one.created_at, "nanos": 131742000},
            "commit_sha": _derived(one.id, "commit").replace("-", "") + "00000000",
            "branch_name": one.branch,
            "branch_id": _derived(one.project_id, one.branch),
        }

    # Tasks

    def tasks(self, caller: str, params: Params) -> Paged:
        """One page of a project's tasks."""
        project_id = self._visible(caller, params, "project.scheduler.view")
        number, size = _integer(params, "page", 1), _integer(params, "page_size", self.default_page)
        found = [self._task(one) for one in self._state.activity.tasks if one.project_id == project_id]
        return self._page(found, "tasks", params, max(number, 1), size if size > 0 else self.default_page)

    def _task(self, one: TaskRecord) -> dict[str, Any]:
        return {
            "id": one.id,
            "name": one.name,
            "project_id": one.project_id,
            "organization_id": self._state.org_id,
            "description": one.description,
            "branch": "main",
            "reference": "refs/heads/main",
            "at": one.at,
            "recurring": bool(one.at),
            "pipeline_file": ".semaphore/semaphore.yml",
            "parameters": [],
            "requester_id": one.requester_id,
            "paused": one.paused,
            "pause_toggled_by": one.paused_by,
            "pause_toggled_at": _spaced(one.updated_at) if one.paused_by else "",
            "suspended": one.suspended,
            "inserted_at": _spaced(one.created_at),
            "updated_at": _spaced(one.updated_at),
        }

    # Deployment targets

    def targets(self, caller: str, params: Params) -> list[dict[str, Any]]:
        """A project's deployment targets."""
        given = params.get("project_id")
        if given is not None and not is_uuid(given):
            raise invalid("project id must be a valid UUID")
        self._check_enabled()
        if given is None:
            raise RefusedError(404, "Project not found", "text")
        project_id = self._may_view_targets(caller, given.lower())
        return [self._target(one) for one in self._state.activity.targets if one.project_id == project_id]

    def history(self, caller: str, params: Params) -> dict[str, Any]:
        """The latest deployments to a target, perhaps of whoever triggered them."""
        target_id = params["target_id"]
        if not is_uuid(target_id):
            raise invalid("target_id must be a valid UUID")
        self._check_enabled()
        target = next((one for one in self._state.activity.targets if one.id == target_id.lower()), None)
        if target is None:
            raise missing("Target not found")
        self._may_view_targets(caller, target.project_id)
        who = params.get("triggered_by", "")
        found = [one for one in target.deployments if who in ("", one.triggered_by)]
        found.sort(key=lambda one: -one.triggered_at)
        shown = found[:MOST_DEPLOYMENTS]
        more = len(found) > MOST_DEPLOYMENTS
        return {
            "deployments": [_deployment(target, one) for one in shown],
            "cursor_before": shown[-1].triggered_at * 1_000_000 if more else 0,
            "cursor_after": 0,
        }

    def _check_enabled(self) -> None:
        if DEPLOYMENT_TARGETS not in self._state.features:
            raise RefusedError(403, NOT_ENABLED, "text")

    def _may_view_targets(self, caller: str, project_id: str) -> str:
        """The project's id. The missing permission is a 401 here, as if the token were bad."""
        if project_id not in self._state.projects:
            raise RefusedError(404, "Not found", "text")
        if not self._access.holds(caller, VIEW_TARGETS, project_id):
            raise RefusedError(401, PERMISSION_DENIED, "text")
        return project_id

    def _target(self, one: TargetRecord) -> dict[str, Any]:
        newest = max(one.deployments, key=lambda each: each.triggered_at, default=None)
        return {
            "id": one.id,
            "name": one.name,
            "description": one.description,
            "url": "",
            "organization_id": self._state.org_id,
            "project_id": one.project_id,
            "created_by": one.created_by,
            "created_at": _iso(one.created_at),
            "updated_by": one.created_by,
            "updated_at": _iso(one.created_at),
            "state": "USABLE",
            "state_message": "",
            "subject_rules": [{"type": kind, "subject_id": subject} for kind, subject in one.rules],
            "object_rules": [{"type": "BRANCH", "pattern": "", "match_mode": "ALL"}],
            "last_deployment": _deployment(one, newest) if newest else None,
            "active": True,
            "bookmark_parameter1": "",
            "bookmark_parameter2": "",
            "bookmark_parameter3": "",
        }

    # What they share

    def _visible(self, caller: str, params: Params, permission: str) -> str:
        """The project's id, if the caller holds the permission there; otherwise nothing is found."""
        project_id = str(params.get("project_id", "")).lower()
        if project_id not in self._state.projects or not self._access.holds(caller, permission, project_id):
            raise RefusedError(404, "Not Found", "text")
        return project_id

    def _page(self, rows: list[dict[str, Any]], path: str, params: Params, number: int, size: int) -> Paged:
        """One page and its headers; a page after the last one is the last one."""
        pages = max(-(-len(rows) // size), 1)
        number = min(number, pages)
        places = {"first": 1, "last": pages, "prev": number - 1, "next": number + 1}
        links = [
            f"<http://{self._state.org_name}.semaphoreci.com/api/v1alpha/{path}?{urlencode({**params, 'page': at})}>; "
            f'rel="{name}"'
            for name, at in places.items()
            if 1 <= at <= pages
        ]
        headers = {
            "link": ", ".join(links),
            "total": str(len(rows)),
            "per-page": str(size),
            "total-pages": str(pages),
            "page-number": str(number),
        }
        return rows[(number - 1) * size : number * size], headers


def _deployment(target: TargetRecord, one: DeploymentRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "target_id": target.id,
        "target_name": target.name,
        "triggered_by": one.triggered_by,
        "triggered_at": _iso(one.triggered_at),
        "state": "STARTED",
        "state_message": "",
        "switch_id": _derived(one.id, "switch"),
        "prev_pipeline_id": _derived(one.id, "before"),
        "pipeline_id": _derived(one.id, "pipeline"),
        "env_vars": [{"name": name, "value": value} for name, value in one.parameters.items()],
    }


def _derived(one_id: str, what: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"{what} of {one_id}"))


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def _spaced(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S.000000Z")


def _seconds(params: Params, key: str) -> int | None:
    """A time given as Unix seconds; what does not begin with a number is an unhandled exception."""
    value = params.get(key)
    if value is None:
        return None
    match = re.match(r"[+-]?[0-9]{1,18}", str(value))
    if match is None:
        raise RefusedError(500, "Something went wrong", "text")
    return int(match[0])


def _integer(params: Params, key: str, default: int) -> int:
    value = params.get(key, default)
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        raise internal_error()
    if re.fullmatch(r"[+-]?[0-9]{1,18}", value) is None:
        raise invalid(f"Invalid value of '{key}' param: \"{value}\" - needs to be integer.")
    return int(value)
