"""The same change for many rows: planned first, then made row by row, each with its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from semtui.api.errors import (
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    SemaphoreError,
    TooManyRequestsError,
    UnauthorizedError,
)
from semtui.changes import (
    assign_role,
    delete_account,
    remove_member,
    switch_account,
)
from semtui.changes.availability import UNLISTED, being_removed, removal_obstacle
from semtui.changes.reconcile import reconciled
from semtui.history.history import as_one
from semtui.history.record import new_id
from semtui.organization.loading import MEMBER_LISTS, load_complete

if TYPE_CHECKING:
    from semtui.api.client import SemaphoreClient
    from semtui.api.models import NewToken, Role, RoleBinding, ServiceAccount
    from semtui.changes.reconcile import Reconciliation
    from semtui.history.record import Change
    from semtui.organization.people import People
    from semtui.organization.subject import Subject
    from semtui.session.session import Session

Write = Callable[["SemaphoreClient"], Coroutine[Any, Any, None]]
Check = Callable[["SemaphoreClient"], Coroutine[Any, Any, "Reconciliation"]]
BulkAction = Literal["deactivate", "reactivate", "role", "delete", "regenerate", "twin", "complete", "rename", "undo"]
RowOutcome = Literal["planned", "impossible", "under way", "done", "partly", "refused", "unknown", "not done"]
"""`partly`: done, but for the rest of it that its words name, such as a token that is not where it was to go."""
_OPEN: tuple[RowOutcome, ...] = ("planned", "not done")
RECHECKING = "Checking whether somebody else has changed these rows…"
"""Said while `recheck_plan` runs."""
STOPPING = (NotSentError, UnauthorizedError, TooManyRequestsError)
"""Errors that every remaining row would run into as well."""


@dataclass(frozen=True)
class PlannedRow:
    """One row of a plan and its outcome."""

    subject: Subject
    words: str
    """What will happen, why it cannot, or what happened."""
    outcome: RowOutcome = "planned"
    caution: str = ""
    """What to double-check about its name, in sentences; empty for nothing, and once the row has its outcome."""
    key: str = ""
    """Tells it from another row of the same subject."""
    token: NewToken | None = None
    """A token that has arrived here, and not where it was to go."""

    @property
    def id(self) -> str:
        """Its key or else the id of the subject; steps are shown as rows."""
        return self.key or self.subject.id

    def ended(self, outcome: RowOutcome, words: str, token: NewToken | None = None) -> PlannedRow:
        """A copy of the row with its outcome, and the token that is still here."""
        return replace(self, outcome=outcome, words=words, caution="", token=token)


class RowWork(Protocol):
    """How the rows of a plan are changed where that is more than one request without an answer."""

    async def recheck(self, session: Session, plan: Plan) -> Plan:
        """The plan without rows that cannot be changed any more. Raises SemaphoreError."""

    async def run(self, session: Session, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
        """Change one row; with the error if the others had better wait."""


@dataclass(frozen=True)
class Plan:
    """A change and the rows it applies to."""

    verb: BulkAction
    steps: tuple[PlannedRow, ...]
    role: Role | None = None
    work: RowWork | None = None
    remember: Callable[[PlannedRow], None] | None = None
    """Told each row that was changed, right after it was."""
    id: str = field(default_factory=new_id)
    """What its changes share in the journal."""

    @property
    def open(self) -> tuple[PlannedRow, ...]:
        """The rows still to be done: not started, or known not to have reached Semaphore."""
        return tuple(step for step in self.steps if step.outcome in _OPEN)

    def with_step(self, step: PlannedRow) -> Plan:
        """A copy with one row in its new state."""
        return replace(self, steps=tuple(step if old.id == step.id else old for old in self.steps))


def make_plan(verb: BulkAction, subjects: Sequence[Subject], people: People, role: Role | None = None) -> Plan:
    """What `verb` would do to each of `subjects`; `role` is the one to give. `delete` removes people."""
    obstacles: dict[BulkAction, Callable[[Subject], str]] = {
        "deactivate": lambda subject: _switch_obstacle(subject, "deactivated"),
        "reactivate": lambda subject: _switch_obstacle(subject, "active"),
        "role": lambda subject: _role_obstacle(subject, role),
        "delete": lambda subject: _delete_obstacle(subject, people),
    }
    steps = []
    for subject in subjects:
        obstacle = obstacles[verb](subject)
        if obstacle:
            steps.append(PlannedRow(subject, obstacle, "impossible"))
        else:
            steps.append(PlannedRow(subject, _expected_result(verb, subject, role), caution=people.caution(subject)))
    return Plan(verb, in_order(steps), role)


def in_order(steps: Sequence[PlannedRow]) -> tuple[PlannedRow, ...]:
    """First the rows to look at twice; and a long list of impossible ones must not hide the others."""
    return tuple(sorted(steps, key=lambda step: (step.outcome == "impossible", not step.caution)))


def _switch_obstacle(subject: Subject, wanted: str) -> str:
    if subject.kind != "account":
        return f"a {subject.kind} cannot be {'deactivated' if wanted == 'deactivated' else 'reactivated'}"
    if subject.account is None:
        return unknown_account(subject)
    is_deactivated = subject.state == "deactivated"
    return f"is {wanted} already" if is_deactivated == (wanted == "deactivated") else ""


def _role_obstacle(subject: Subject, role: Role | None) -> str:
    if subject.state == "being removed":
        return being_removed(subject)
    manual = subject.manual_role
    return f"holds {manual.role_name} already" if manual and role and manual.role_id == role.id else ""


def _delete_obstacle(subject: Subject, people: People) -> str:
    if subject.kind == "group":
        return "groups are deleted one at a time"
    if subject.kind == "account":
        return "" if subject.account else unknown_account(subject)
    return removal_obstacle(subject, community=people.community)


def unknown_account(subject: Subject) -> str:
    """Why an account that is only in the list of roles cannot be changed, in words that follow its name."""
    return being_removed(subject) if subject.state == "being removed" else UNLISTED


def _expected_result(verb: BulkAction, subject: Subject, role: Role | None) -> str:
    if verb == "role":
        manual = subject.manual_role
        return f"{manual.role_name if manual else 'no role'} → {role.name if role else '?'}"
    if verb != "delete":
        return f"will be {verb}d"
    if subject.kind == "account":
        return "will be deleted, for good"
    staying = sorted({binding.role_name for binding in subject.roles or () if not binding.is_manual})
    return f"stays through {', '.join(staying)}; loses the rest" if staying else "will be removed"


async def recheck_plan(session: Session, plan: Plan) -> Plan:
    """The plan without rows that somebody else has changed since it was made. Raises SemaphoreError.

    Called once, right before the first row: calling it for each row would read a list of thousands each time.
    """
    if plan.work is not None:
        return await plan.work.recheck(session, plan)
    kinds = {step.subject.kind for step in plan.open}
    accounts: dict[str, ServiceAccount] = {}
    manual: dict[str, RoleBinding] = {}
    if plan.verb != "role" and "account" in kinds:
        accounts = {account.id: account for account in await load_complete(session.read, "accounts")}
    if plan.verb == "role" or kinds != {"account"}:
        # Community shows accounts among people (`API.md#subject-types`), so both lists are read whatever the rows are.
        for name in MEMBER_LISTS if "group" in kinds else MEMBER_LISTS[:2]:
            for member in await load_complete(session.read, name):
                manual.update((member.id, held) for held in member.roles if held.is_manual)

    def seen_again(step: PlannedRow) -> PlannedRow:
        if step.outcome not in _OPEN:
            return step
        if plan.verb == "role" or step.subject.kind != "account":
            return _recheck_role(step, manual.get(step.id), plan.role)
        return _recheck_account(step, accounts.get(step.id), plan.verb)

    return replace(plan, steps=tuple(map(seen_again, plan.steps)))


def _recheck_role(step: PlannedRow, held: RoleBinding | None, wanted: Role | None) -> PlannedRow:
    before = step.subject.manual_role
    now, was = held.role_id if held else "", before.role_id if before else ""
    if wanted is not None and now == wanted.id:
        return step.ended("done", f"is {wanted.name} already: changed by somebody else")
    if now == was:
        return step
    words = f"holds {held.role_name} now" if held else "no longer has a directly assigned role"
    return step.ended("refused", f"{words}: changed by somebody else; left alone")


def _recheck_account(step: PlannedRow, now: ServiceAccount | None, verb: BulkAction) -> PlannedRow:
    if now is None:
        outcome: RowOutcome = "done" if verb == "delete" else "refused"
        return step.ended(outcome, "was deleted by somebody else")
    if verb == "delete":
        same = now.name == step.subject.name
        return step if same else step.ended("refused", f"was renamed to {now.name}; left alone")
    if now.deactivated == (verb == "deactivate"):
        return step.ended("done", f"is {verb}d already: changed by somebody else")
    return step


def deleted_accounts(plan: Plan) -> tuple[str, ...]:
    """Ids of the service accounts that a plan has deleted, or found deleted."""
    if plan.verb != "delete":
        return ()
    return tuple(step.id for step in plan.steps if step.outcome == "done" and step.subject.kind == "account")


async def run_plan(session: Session, plan: Plan, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
    """Change one row. Returns it with its outcome, and the error if every remaining row would fail the same way."""
    with as_one(plan.id):
        ended, error = await (plan.work.run(session, step) if plan.work else _changed(session, plan, step))
    if plan.remember is not None and ended.outcome == "done":
        plan.remember(ended)
    return ended, error


async def _changed(session: Session, plan: Plan, step: PlannedRow) -> tuple[PlannedRow, Exception | None]:
    write, check = _requests(plan, step)
    try:
        await session.write(write, _recorded(plan, step))
    except OutcomeUnknownError:
        return await _reconciled(session, step, check), None
    except NotFoundError:
        return step.ended("done" if plan.verb == "delete" else "refused", "had already been deleted"), None
    except SemaphoreError as error:
        return not_done(session, step, error)
    return step.ended("done", _done_words(plan, step)), None


def not_done(
    session: Session, step: PlannedRow, error: SemaphoreError, words: str = ""
) -> tuple[PlannedRow, Exception | None]:
    """A row that was refused or not sent, in `words` or those of the error, with the error if every remaining row would
    fail the same way."""
    session.permissions.note_refusal(error)
    stops = isinstance(error, STOPPING)
    return step.ended("not done" if stops else "refused", words or str(error)), error if stops else None


def _done_words(plan: Plan, step: PlannedRow) -> str:
    if plan.verb == "role" and plan.role:
        return f"is {plan.role.name} now"
    if plan.verb == "delete":
        return "deleted" if step.subject.kind == "account" else "removed"
    return f"{plan.verb}d"


def _recorded(plan: Plan, step: PlannedRow) -> Change:
    """What is sent for one row, for the journal."""
    subject = step.subject
    if plan.verb == "role":
        assert plan.role is not None, "a plan to change roles names one"
        return assign_role.role_change(subject, assign_role.held_values(subject), plan.role)
    if plan.verb == "delete":
        deleted = subject.kind == "account"
        return delete_account.deletion_change(subject) if deleted else remove_member.removal_change(subject)
    return switch_account.activation_change(subject)


def _requests(plan: Plan, step: PlannedRow) -> tuple[Write, Check]:
    """The request for one row, and the check that finds out whether a lost one arrived."""
    subject, name, role = step.subject, step.subject.name, plan.role
    if plan.verb == "role":
        assert role is not None, "a plan to change roles names one"
        before = subject.manual_role.role_id if subject.manual_role else ""
        return (
            lambda client: client.assign_role(subject.id, role.id),
            lambda client: assign_role.check_role(client, subject.id, name, role, before),
        )
    if plan.verb == "delete" and subject.kind == "account":
        return (
            lambda client: client.delete_service_account(subject.id),
            lambda client: delete_account.check_deletion(client, subject.id, name),
        )
    if plan.verb == "delete":
        return (
            lambda client: client.remove_member(subject.id),
            lambda client: remove_member.check_removal(client, subject.id, name),
        )
    if plan.verb == "deactivate":
        return (
            lambda client: client.deactivate_service_account(subject.id),
            lambda client: switch_account.check_activation(client, subject.id, name, True),
        )
    return (
        lambda client: client.reactivate_service_account(subject.id),
        lambda client: switch_account.check_activation(client, subject.id, name, False),
    )


async def _reconciled(session: Session, step: PlannedRow, check: Check) -> PlannedRow:
    try:
        result = await reconciled(session, step.id, check)
    except SemaphoreError as error:
        return step.ended("unknown", f"the answer was lost. {error}")
    outcomes: dict[str, RowOutcome] = {"done": "done", "not done": "not done", "unknown": "unknown"}
    return step.ended(outcomes[result.outcome], result.sentence)


async def confirm_removals(session: Session, plan: Plan) -> Plan:
    """The same plan with each removed person looked up again: a role from elsewhere keeps them members
    (API.md#removing)."""
    removed = {step.id: step for step in plan.steps if step.outcome == "done" and step.subject.kind == "person"}
    if plan.verb != "delete" or not removed:
        return plan
    try:
        members = {member.id: member for member in await load_complete(session.read, "users")}
    except SemaphoreError as error:
        for step in removed.values():
            plan = plan.with_step(
                step.ended("unknown", f"Semaphore accepted the request, but the result could not be read back. {error}")
            )
        return plan
    for step in removed.values():
        staying = ", ".join(binding.role_name for binding in members[step.id].roles) if step.id in members else ""
        if staying:
            plan = plan.with_step(step.ended("done", f"stays a member through {staying}"))
    return plan
