"""What an account is to be given: a role, groups and roles on projects, one request each."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from semtui.api.errors import OutcomeUnknownError, SemaphoreError
from semtui.changes import assign_role
from semtui.changes.group_queue import follow_members
from semtui.changes.lacking import Missing, ProjectRole
from semtui.changes.reconcile import Reconciliation, reconciled
from semtui.history.record import Change, role_values
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import Role
    from semtui.history.record import Entry, Outcome
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.session.session import Session


def role_of(account: Subject, people: People) -> Role | None:
    """The role that is assigned to an account directly."""
    manual = account.manual_role
    return next((each for each in people.roles.items if manual and each.id == manual.role_id), None)


def given(
    entries: Sequence[Entry], account_id: str, outcomes: tuple[Outcome, ...] = ("done",)
) -> dict[str, ProjectRole]:
    """The roles on projects that semtui gave an account and has not removed, by the journal's entries; `outcomes` is
    how that ended."""
    found: dict[str, ProjectRole] = {}
    for entry in entries:
        change = entry.change
        if change.id != account_id or entry.outcome not in outcomes:
            continue
        if change.action == "project role":
            role_id, role = (str(change.after.get(each, "")) for each in ("role_id", "role"))
            found[change.project_id] = ProjectRole(change.project_id, change.project, role_id, role)
        elif change.action == "leave project":
            found.pop(change.project_id, None)
    return found


@dataclass(frozen=True)
class Step:
    """One request that gives the account something."""

    what: str
    done: str
    change: Change
    write: Callable[[SemaphoreClient], Coroutine[Any, Any, object]]
    check: Callable[[SemaphoreClient], Coroutine[Any, Any, Reconciliation]]


async def carry_out(
    session: Session, step: Step, refusal_words: Callable[[SemaphoreError], str] = str
) -> Reconciliation:
    """Send a step once, and look up what became of it if the answer was lost. Raises no SemaphoreError."""
    try:
        await session.write(step.write, step.change)
    except OutcomeUnknownError:
        return await _looked_up(session, step)
    except SemaphoreError as error:
        session.permissions.note_refusal(error)
        return Reconciliation("not done", refusal_words(error))
    return Reconciliation("done", step.done)


async def _looked_up(session: Session, step: Step) -> Reconciliation:
    try:
        found = await reconciled(session, step.change.key, step.check)
        return replace(found, sentence="given, as was looked up") if found.outcome == "done" else found
    except SemaphoreError as error:
        return Reconciliation("unknown", f"the answer was lost. {error}")


def steps(account: Subject, lacking: Missing) -> Iterator[Step]:
    """The requests that give an account what it lacks, in order: nothing works without the role."""
    if (role := lacking.role) is not None:
        yield Step(
            f"the role {role.name}",
            "given",
            assign_role.role_change(account, role_values(), role),
            lambda client: client.assign_role(account.id, role.id),
            lambda client: assign_role.check_role(client, account.id, name_of(account), role),
        )
    for group in lacking.groups:
        yield _joining(account, group)
    for place in lacking.projects:
        yield _placing(account, place)


def _joining(account: Subject, group: Subject) -> Step:
    return Step(
        f"the group {name_of(group)}",
        "queued, and made within a minute",
        Change("edit", "group", group.id, group.name, {}, {"added": (account.id,)}),
        lambda client: client.update_group(group.id, add=(account.id,)),
        lambda client: follow_members(client, group.id, (account.id,), (), lambda words: None),
    )


def _placing(account: Subject, place: ProjectRole) -> Step:
    async def check(_: SemaphoreClient) -> Reconciliation:
        return Reconciliation("unknown", "the answer was lost, and Semaphore shows no accounts of a project")

    before, after = role_values(), role_values(place.role_id, place.role)
    return Step(
        place.words,
        "given, as Semaphore said; it shows no accounts of a project",
        Change("project role", "account", account.id, account.name, before, after, place.project_id, place.project),
        lambda client: client.assign_project_role(place.project_id, account.id, place.role_id),
        check,
    )
