"""One change for all rows found: first the plan, then row by row, each with its own outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.changes import bulk
from semtui.changes import bulk_wording as bulk_words
from semtui.plain.context import Job
from semtui.plain.role_choice import choose_role
from semtui.text.counting import count
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.changes.bulk import BulkAction, Plan
    from semtui.organization.subject import Subject
    from semtui.plain.context import PlainContext

_VERBS: tuple[tuple[BulkAction, Job], ...] = (
    ("deactivate", Job("switch", "Deactivate them", MANAGE_SERVICE_ACCOUNTS, "")),
    ("reactivate", Job("switch", "Reactivate them", MANAGE_SERVICE_ACCOUNTS, "")),
    ("role", Job("edit", "Give them a role", MANAGE_PEOPLE, "")),
    ("delete", Job("delete", "Delete the service accounts and remove the people", MANAGE_PEOPLE, "")),
)


def change_many(context: PlainContext, subjects: Sequence[Subject]) -> None:
    """Ask what to do with these rows, and do it once their number has been typed."""
    console = context.console
    chosen = console.menu(f"What to do with {count(len(subjects), 'row')}?", [job.words for _, job in _VERBS])
    if not chosen:
        return
    verb, job = _VERBS[chosen - 1]
    if obstacle := context.obstacle(job, None):
        console.complain(obstacle)
        return
    role = choose_role(context) if verb == "role" else None
    if verb != "role" or role is not None:
        plan = bulk.make_plan(verb, subjects, context.people, role)
        if _agreed(context, plan):
            _carry_out(context, plan)


def _agreed(context: PlainContext, plan: Plan) -> bool:
    console = context.console
    console.say(f"{bulk_words.heading(plan)}. {bulk_words.warning(plan)}")
    console.read_out([bulk_words.in_full(step).replace(" → ", " becomes ") for step in plan.steps])
    if not plan.open:
        console.complain("None of these rows can be changed like this.")
        return False
    prompt = f"{bulk_words.question(plan).rstrip('.')}; Enter cancels"
    if console.confirmed(prompt, str(len(plan.open))):
        return True
    console.say("Nothing was done.")
    return False


def _carry_out(context: PlainContext, plan: Plan) -> None:
    """Change row by row; stop at an error that every remaining row would run into."""
    console, session = context.console, context.session
    console.say(bulk.RECHECKING)
    try:
        plan = context.wait(bulk.recheck_plan(session, plan))
    except SemaphoreError as refusal:
        console.complain(bulk_words.unread(plan, refusal))
        return
    for step in plan.open:
        console.say(f"{name_of(step.subject)}…")
        ended, error = context.wait(bulk.run_plan(session, plan, step))
        plan = plan.with_step(ended)
        console.say(f"{name_of(step.subject)}: {ended.outcome}, {ended.words}")
        if error is not None:
            console.complain("Stopped: every remaining row would fail the same way.")
            break
    confirmed = context.wait(bulk.confirm_removals(session, plan))
    for before, after in zip(plan.steps, confirmed.steps, strict=True):
        if before != after:
            console.say(f"{name_of(after.subject)}: {after.words}")
    console.say(bulk_words.summary(confirmed)[0])
    context.store.deleted_ids |= {*bulk.deleted_accounts(plan)}
    context.load()
