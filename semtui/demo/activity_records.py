"""What people and accounts have done and left behind: workflows, tasks, notifications, deployments."""

from dataclasses import dataclass, field


@dataclass
class WorkflowRecord:
    """A workflow that somebody started."""

    id: str
    project_id: str
    requester_id: str
    created_at: int
    triggered_by: int
    """0 for a push, 1 for a task, 2 for the API, 3 by hand."""
    branch: str = "main"


@dataclass
class TaskRecord:
    """A task, which Semaphore used to call a schedule; it runs in its requester's name."""

    id: str
    project_id: str
    name: str
    description: str
    requester_id: str
    """Who edited it last."""
    at: str
    """When it is due, as in crontab; empty for one that is only run by hand."""
    created_at: int
    updated_at: int
    paused: bool = False
    paused_by: str = ""
    suspended: bool = False


@dataclass
class NotificationRecord:
    """A notification, with the projects its one rule is about."""

    id: str
    name: str
    creator_id: str
    projects: list[str]
    created_at: int
    endpoint: str
    """Where it is sent. Whoever knows it can send there too."""


@dataclass
class DeploymentRecord:
    """A promotion to a deployment target."""

    id: str
    triggered_by: str
    triggered_at: int
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass
class TargetRecord:
    """A deployment target of a project."""

    id: str
    project_id: str
    name: str
    description: str
    created_by: str
    created_at: int
    rules: list[tuple[str, str]]
    """Who may promote to it: type and subject."""
    deployments: list[DeploymentRecord] = field(default_factory=list)


@dataclass
class Activity:
    """All of it."""

    workflows: list[WorkflowRecord] = field(default_factory=list)
    tasks: list[TaskRecord] = field(default_factory=list)
    notifications: list[NotificationRecord] = field(default_factory=list)
    targets: list[TargetRecord] = field(default_factory=list)
