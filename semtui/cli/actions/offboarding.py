"""Prepares the offboarding of a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.api.permissions import MANAGE_PEOPLE
from semtui.changes import offboard
from semtui.cli.actions.rows import about, seen_of, unchanged
from semtui.cli.actions.step import Part, Result, Step
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new, write_private
from semtui.wording.offboarding import NOT_WHOLE
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from semtui.changes.offboard import Item, Offboarding, Treatment
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import PartOutcome, Wanted
    from semtui.organization.subject import Subject

_PARTS: Mapping[str, PartOutcome] = {"done": "done", "partly": "done", "unknown": "unknown"}
"""What an outcome is as a part of the command; any other is not done."""


async def prepare_offboarding(context: ActionContext, wanted: Wanted) -> Step:
    """What is chosen for the accounts a person created, and for the person. Raises ConfigurationError."""
    person = context.row(wanted.text("person"), "person", place="NAME", noun="person")
    context.require("delete", MANAGE_PEOPLE, None)
    plan = await _plan(context, person)
    for treatment in ("deactivate", "regenerate"):
        for given in wanted.texts(treatment):
            item = _item(context, plan, given, f"--{treatment}")
            plan = _chosen(plan, item, treatment)
    if wanted.flag("remove"):
        plan = _chosen(plan, plan.items[-1], "remove")
    kept = [f"{each.kind} {each.name} is kept as it is" for each in plan.items if each.treatment == "keep"]
    receipt = _new_file(wanted.given("output"))
    if not plan.to_send:
        if receipt is not None:
            raise ConfigurationError("Nothing is chosen, so there is no receipt to write. Nothing was sent.")
        return unchanged(about(person), f"{'. '.join(kept)}. Nothing is chosen.", seen_of(person))
    folder = Path(wanted.text("tokens_into") or "~")
    return Step(
        f"Offboard {name_of(person)}: {'; '.join(f'{each.name}: {each.told}' for each in plan.to_send)}.",
        partial(_carried_out, context, plan, folder, receipt),
        subject=about(person),
        warnings=[*([] if plan.whole else [NOT_WHOLE]), *(f"{each[0].upper()}{each[1:]}." for each in kept)],
        confirmation=context.row_confirmation("changes what others may still use", person),
        seen={**seen_of(person), "chosen": [[each.id, each.treatment] for each in plan.to_send]},
    )


async def _plan(context: ActionContext, person: Subject) -> Offboarding:
    from semtui.audit.impact import impact
    from semtui.organization.ties import load_ties

    await context.load_projects()
    try:
        ties = await load_ties(context.session.read, context.store.projects.listing.items)
        entries = context.session.history.entries()
    except (SemaphoreError, PrivateFileError) as error:
        raise ConfigurationError(str(error)) from None
    found = await asyncio.to_thread(impact, context.graph, person, ties)
    return offboard.offboarding(found, entries, community=context.people.community)


def _item(context: ActionContext, plan: Offboarding, given: str, place: str) -> Item:
    names = {each.id: each.name for each in plan.items if each.kind == "account"}
    item_id = context.named(names, given, place, "service account they created")
    return next(each for each in plan.items if each.id == item_id)


def _chosen(plan: Offboarding, item: Item, treatment: Treatment) -> Offboarding:
    if treatment not in item.choices:
        raise ConfigurationError(f"{item.name} {item.words or 'cannot be treated like this'}. Nothing was sent.")
    return plan.chosen(item.id, treatment)


def _new_file(given: str | None) -> Path | None:
    """Where the receipt goes. Raises ConfigurationError if it could not be written there."""
    try:
        return None if given is None else check_new(Path(given))
    except PrivateFileError as error:
        raise ConfigurationError(f"--output: {error} Nothing was sent.") from None


async def _carried_out(context: ActionContext, plan: Offboarding, folder: Path, receipt: Path | None) -> Result:
    plan = await offboard.carry_out(context.session, plan, folder, lambda _, words: context.report(words))
    parts = []
    for each in plan.items:
        if each.treatment != "keep":
            words = f"{each.name}, {each.told}: {each.words.rstrip('.') or 'not begun'}."
            parts.append(Part(_PARTS.get(each.outcome, "not done"), words))
            if each.outcome == "partly":
                parts.append(Part("not done", f"The new token of {each.name} was not delivered."))
    if receipt is not None:
        try:
            written = write_private(receipt, offboard.receipt(context.session, plan).write(context.form))
        except PrivateFileError as error:
            parts.append(Part("not done", f"The receipt was not written. {error}"))
        else:
            context.report(f"The receipt was written to {written}.")
    return Result(tuple(parts), plan.person.id)
