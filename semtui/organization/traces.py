"""Traces of what a person or account has done, read on request (`API.md#no-last-use`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from semtui.api.errors import SemaphoreError
from semtui.organization.ties import Reach, few_at_once, reach_of
from semtui.text.clean import raw

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Project
    from semtui.api.secret_models import Secret
    from semtui.api.trace_models import Deployment, WorkflowTrace
    from semtui.history.record import Entry
    from semtui.organization.loading import Read


@dataclass(frozen=True)
class Traces:
    """What was found of one person or account."""

    workflows: tuple[tuple[Project, WorkflowTrace], ...]
    """For each project where they started some."""
    deployments: tuple[tuple[Project, Deployment], ...]
    """The newest to each deployment target."""
    secrets: tuple[Secret, ...]
    """Secrets that semtui put the account's token into."""
    workflow_reach: Reach
    deployment_reach: Reach
    secret_reach: Reach


SecretPlace = tuple[str, str]
"""A secret's id or name, and its project's id or nothing."""


def secret_places(entries: Sequence[Entry], account_id: str) -> list[SecretPlace]:
    """The secrets that hold the account's token, as far as the journal tells; `entries` are in its order."""
    found: dict[SecretPlace, SecretPlace] = {}
    for entry in entries:
        change = entry.change
        if change.kind != "secret" or entry.outcome != "done":
            continue
        place = (raw(change.name), change.project_id)
        if change.after.get("account_id") == account_id:
            found[place] = (change.id or raw(change.name), change.project_id)
        else:
            # Deleted, or another account's token put in its place.
            found.pop(place, None)
    return list(found.values())


async def load_traces(
    read: Read, subject_id: str, projects: Sequence[Project], secrets: Sequence[SecretPlace] = ()
) -> Traces:
    """Ask every project for the newest workflow and deployments of somebody, and look at `secrets`. Raises
    UnauthorizedError."""
    one = few_at_once(read)

    def workflows(project: Project) -> Awaitable[Any]:
        return one(lambda client: client.trace_workflows(project.id, subject_id))

    def deployments(project: Project) -> Awaitable[Any]:
        async def ask(client: SemaphoreClient) -> list[Deployment]:
            targets = await client.list_deployment_targets(project.id)
            lists = [await client.trace_deployments(target.id, subject_id) for target in targets]
            return [each[0] for each in lists if each]

        return one(ask)

    def secret(place: SecretPlace) -> Awaitable[Any]:
        return one(lambda client: client.describe_secret(*place))

    started = await asyncio.gather(*map(workflows, projects))
    deployed = await asyncio.gather(*map(deployments, projects))
    found = await asyncio.gather(*map(secret, secrets))
    return Traces(
        tuple((project, each) for project, each in zip(projects, started, strict=True) if _has_newest(each)),
        tuple(
            (project, each)
            for project, lists in zip(projects, deployed, strict=True)
            if not isinstance(lists, SemaphoreError)
            for each in lists
        ),
        tuple(each for each in found if not isinstance(each, SemaphoreError)),
        *map(reach_of, (started, deployed, found)),
    )


def _has_newest(trace: Any) -> bool:
    return not isinstance(trace, SemaphoreError) and trace.newest is not None
