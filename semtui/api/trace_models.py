"""What people and accounts have done and what depends on them: workflows, tasks, notifications, deployments."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from semtui.api.models import CONFIG, Id, Text, Word
from semtui.api.moments import Moment


def _empty_if_null(value: object) -> object:
    return () if value is None else value


def _triggered_by(value: object) -> object:
    """Lists write a number, everything else a word (`API.md#workflows`)."""
    if type(value) is int:
        return {0: "hook", 1: "schedule", 2: "api", 3: "manual_run"}.get(value, "unknown")
    return value.lower() if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, config=CONFIG)
class Workflow:
    """A workflow that somebody started (`API.md#workflows`)."""

    id: Id
    project_id: Word = ""
    requester_id: Word = ""
    created_at: Moment = None
    triggered_by: Annotated[Word, BeforeValidator(_triggered_by)] = "unknown"
    """`hook`, `schedule`, `api`, `manual_run`, or a word not known yet."""
    branch_name: Text = ""


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowTrace:
    """The workflows that one person or account started in one project."""

    newest: Workflow | None
    total: int | None
    """How many there are; None if Semaphore does not say."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class Task:
    """A task of a project, which runs in the name of its requester (`API.md#tasks`)."""

    id: Id
    name: Text = ""
    description: Text = ""
    project_id: Word = ""
    requester_id: Word = ""
    """Who edited it last."""
    at: Text = ""
    """When it is due, as in crontab."""
    recurring: bool = False
    paused: bool = False
    pause_toggled_by: Word = ""
    suspended: bool = False
    updated_at: Moment = None


@dataclass(frozen=True, slots=True, config=CONFIG)
class Notification:
    """A notification of the organization; where it is sent is not kept (`API.md#notifications`)."""

    id: Id
    name: Text = ""
    creator_id: Word = ""
    created_at: Moment = None
    updated_at: Moment = None
    projects: Annotated[tuple[Text, ...], BeforeValidator(_empty_if_null)] = ()
    """The names and patterns of all of its rules."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class SubjectRule:
    """Who may promote to a deployment target."""

    type: Word = "unknown"
    """`USER`, which may be an account, `ROLE`, `GROUP`, `AUTO`, `ANY`, or a word not known yet."""
    subject_id: Text = ""


@dataclass(frozen=True, slots=True, config=CONFIG)
class Deployment:
    """A promotion to a deployment target; its parameters are not kept (`API.md#deployment-targets`)."""

    id: Id
    target_id: Word = ""
    target_name: Text = ""
    triggered_by: Word = ""
    """The id of a person or account, or words of Semaphore's own."""
    triggered_at: Moment = None
    state: Word = "unknown"


@dataclass(frozen=True, slots=True, config=CONFIG)
class DeploymentTarget:
    """A deployment target of a project (`API.md#deployment-targets`)."""

    id: Id
    name: Text = ""
    description: Text = ""
    project_id: Word = ""
    created_by: Word = ""
    updated_by: Word = ""
    created_at: Moment = None
    updated_at: Moment = None
    active: bool = True
    subject_rules: Annotated[tuple[SubjectRule, ...], BeforeValidator(_empty_if_null)] = ()
    last_deployment: Deployment | None = None
