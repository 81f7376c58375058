"""What depends on people and accounts besides roles: tasks, notifications and deployment targets, read on request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from semtui.api.errors import NotOfferedError, SemaphoreError, UnauthorizedError

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Project
    from semtui.api.trace_models import DeploymentTarget, Notification, Task
    from semtui.organization.loading import Read

Ask = Callable[["SemaphoreClient"], Coroutine[Any, Any, Any]]
TieList = Literal["tasks", "deployment targets", "notifications"]
TIE_LISTS: tuple[TieList, ...] = ("tasks", "notifications", "deployment targets")
_AT_ONCE = 4


@dataclass(frozen=True)
class Reach:
    """How much of one kind was read."""

    read: int
    of: int
    """Projects that were asked, or 1 for a list of the organization."""
    why: tuple[str, ...] = ()
    """Why not all of it, in sentences; each once."""

    @property
    def whole(self) -> bool:
        """Whether everything was read."""
        return self.read == self.of


@dataclass(frozen=True)
class Ties:
    """All that was read, whoever it belongs to; `of` narrows it to one person or account."""

    tasks: tuple[tuple[Project, Task], ...] = ()
    targets: tuple[tuple[Project, DeploymentTarget], ...] = ()
    notifications: tuple[Notification, ...] = ()
    reach: Mapping[TieList, Reach] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every list was read whole."""
        return all(each.whole for each in self.reach.values())

    def of(self, subject_id: str) -> Ties:
        """What belongs to or names this person or account."""
        return Ties(
            tuple((project, task) for project, task in self.tasks if task.requester_id == subject_id),
            tuple(
                (project, target)
                for project, target in self.targets
                if any(rule.type == "USER" and rule.subject_id == subject_id for rule in target.subject_rules)
            ),
            tuple(each for each in self.notifications if each.creator_id == subject_id),
            self.reach,
        )


def few_at_once(read: Read) -> Callable[[Ask], Coroutine[Any, Any, Any]]:
    """Asks a few things at once; what Semaphore refuses is the answer, as an error, but for UnauthorizedError."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(ask: Ask) -> Any:
        async def request(client: SemaphoreClient) -> tuple[Any, ...]:
            return (await ask(client),)

        async with turn:
            try:
                return (await read(request))[0]
            except UnauthorizedError:
                raise
            except SemaphoreError as error:
                return error

    return one


async def load_ties(read: Read, projects: Sequence[Project]) -> Ties:
    """Read the notifications, and the tasks and deployment targets of these projects. What cannot be read is told by
    `reach`; raises UnauthorizedError."""
    one = few_at_once(read)

    def tasks(project: Project) -> Awaitable[Any]:
        return one(lambda client: client.list_tasks(project.id))

    def targets(project: Project) -> Awaitable[Any]:
        return one(lambda client: client.list_deployment_targets(project.id))

    found = await asyncio.gather(
        one(lambda client: client.list_notifications()), *map(tasks, projects), *map(targets, projects)
    )
    number = len(projects)
    notes, task_lists, target_lists = found[:1], found[1 : number + 1], found[number + 1 :]
    return Ties(
        _together(projects, task_lists),
        _together(projects, target_lists),
        () if isinstance(notes[0], SemaphoreError) else notes[0],
        {"tasks": reach_of(task_lists), "notifications": reach_of(notes), "deployment targets": reach_of(target_lists)},
    )


def _together(projects: Sequence[Project], lists: Sequence[Any]) -> tuple[tuple[Project, Any], ...]:
    pairs = zip(projects, lists, strict=True)
    return tuple((project, each) for project, items in pairs if not isinstance(items, SemaphoreError) for each in items)


def reach_of(lists: Sequence[Any]) -> Reach:
    """How much was read, from answers some of which are errors."""
    # Where the organization does not have them at all, there are none.
    errors = [each for each in lists if isinstance(each, SemaphoreError) and not isinstance(each, NotOfferedError)]
    return Reach(len(lists) - len(errors), len(lists), tuple(dict.fromkeys(map(str, errors))))
