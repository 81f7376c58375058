"""One change for all rows found: first the plan, then row by row, each with its own outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.api.permissions import MANAGE_PEOPLE, MANAGE_SERVICE_ACCOUNTS
from semtui.changes import bulk, bulk_rotation, bulk_tokens
from semtui.changes import bulk_wording as bulk_words
from semtui.plain.context import Job
from semtui.plain.role_choice import choose_role
from semtui.plain.tokens import TokenHolder
from semtui.text.counting import count
from semtui.tokens.destination_pattern import HOW_TYPED
from semtui.wording.rotation import at_step, offers_of_several
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
    ("regenerate", Job("regenerate", "Regenerate the tokens of the service accounts", MANAGE_SERVICE_ACCOUNTS, "")),
    ("twin", Job("rotate", "Replace the service accounts by twins: what comes next", MANAGE_SERVICE_ACCOUNTS, "")),
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
    if verb == "regenerate":
        _regenerate(context, subjects)
        return
    if verb == "twin":
        _rotate(context, subjects)
        return
    role = choose_role(context) if verb == "role" else None
    if verb != "role" or role is not None:
        carry_out_agreed(context, bulk.make_plan(verb, subjects, context.people, role))


def _regenerate(context: PlainContext, subjects: Sequence[Subject]) -> None:
    def make(typed: str) -> Plan:
        return context.wait(
            bulk_tokens.regeneration_plan(context.session, subjects, context.people, typed, context.console.say)
        )

    _ask_where(context, make)


def _ask_where(context: PlainContext, make: Callable[[str], Plan]) -> None:
    """Ask where the tokens go, until that can be used, and carry out the plan that is made of it."""
    context.console.say(HOW_TYPED)
    while typed := context.console.text("Where the tokens go; Enter goes back"):
        try:
            plan = make(typed)
        except SemaphoreError as error:
            context.console.complain(str(error))
            continue
        carry_out_agreed(context, plan)
        return


def _rotate(context: PlainContext, subjects: Sequence[Subject]) -> None:
    entries = context.session.history.known()
    found = bulk_rotation.rotations_of(context.people, subjects)
    lacking = bulk_rotation.lacking_of(found, context.people, entries)
    offers = offers_of_several(found, lacking)
    if not offers:
        context.console.complain("There is no service account among them; only they can be replaced by twins.")
        return
    heading = f"Replace {count(len(found), 'account')} by twins"
    if not (chosen := context.console.menu(heading, [words for _, words in offers])):
        return
    code = offers[chosen - 1][0]
    here = at_step(code, found, lacking)
    if code == "create":
        say = context.console.say
        _ask_where(
            context,
            lambda typed: context.wait(bulk_rotation.twin_plan(context.store, here, entries, typed, say)),
        )
        return
    carry_out_agreed(context, bulk_rotation.step_plan(code, here, context.store, entries))


def carry_out_agreed(context: PlainContext, plan: Plan) -> None:
    """Carry a plan out once its number is typed."""
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
    """Change row by row, and ask whether to go on after an error that holds up the rest; then hold the tokens that were
    not delivered."""
    plan = _run(context, plan)
    while plan.open and context.console.confirmed(
        f"Type {len(plan.open)} to go on with the {len(plan.open)} that were not done; Enter leaves them",
        str(len(plan.open)),
    ):
        plan = _run(context, plan)
    for step in plan.steps:
        if step.token is not None:
            context.console.say(
                TokenHolder(context, step.token, opening=f"{name_of(step.subject)}: {step.words}").run()
            )
    context.store.deleted_ids |= {*bulk.deleted_accounts(plan)}
    context.load()


def _run(context: PlainContext, plan: Plan) -> Plan:
    console, session = context.console, context.session
    console.say(bulk.RECHECKING)
    try:
        plan = context.wait(bulk.recheck_plan(session, plan))
    except SemaphoreError as refusal:
        console.complain(bulk_words.unread(plan, refusal))
        return plan
    for step in plan.open:
        console.say(f"{name_of(step.subject)}…")
        ended, error = context.wait(bulk.run_plan(session, plan, step))
        plan = plan.with_step(ended)
        console.say(f"{name_of(step.subject)}: {ended.outcome}, {ended.words}")
        if error is not None:
            console.complain(bulk_words.stopped(step, error))
            break
    confirmed = context.wait(bulk.confirm_removals(session, plan))
    for before, after in zip(plan.steps, confirmed.steps, strict=True):
        if before != after:
            console.say(f"{name_of(after.subject)}: {after.words}")
    console.say(bulk_words.summary(confirmed)[0])
    return confirmed
