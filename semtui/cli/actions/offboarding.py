"""Prepares the offboarding of a person."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.api.errors import NotSentError, SemaphoreError
from semtui.api.permissions import MANAGE_PEOPLE
from semtui.changes import offboard
from semtui.changes.token_delivery import require_deliverable
from semtui.cli.actions.rows import about, seen_of, unchanged
from semtui.cli.actions.step import Part, Result, Step, part_outcome
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError, check_new, write_private
from semtui.tokens.destination_pattern import shared
from semtui.wording.offboarding import NOT_WHOLE
from semtui.wording.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.offboard import Item, Offboarding, Treatment
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.organization.subject import Subject


async def prepare_offboarding(context: ActionContext, wanted: Wanted) -> Step:
    """What is chosen for what depends on a person, and for the person. Raises ConfigurationError."""
    person = context.row(wanted.text("person"), "person", place="NAME", noun="person")
    context.require("delete", MANAGE_PEOPLE, None)
    plan = await _plan(context, person)
    for treatment in ("deactivate", "regenerate"):
        for given in wanted.texts(treatment):
            accounts = [each for each in plan.items if each.kind == "account"]
            item = _item(context, accounts, given, f"--{treatment}", "service account they created")
            if item.treatment not in ("keep", treatment):
                raise ConfigurationError(f"{item.name}: Give either --deactivate or --regenerate. Nothing was sent.")
            plan = _chosen(plan, item, treatment)
    for given in wanted.texts("new_owner"):
        plan = _noted(context, plan, given)
    if wanted.flag("remove"):
        plan = _chosen(plan, plan.items[-1], "remove")
    kept = [
        f"{each.kind.capitalize()} {each.name} is kept as it is." for each in plan.items if each.treatment == "keep"
    ]
    chosen = [each for each in plan.items if each.treatment != "keep"]
    receipt = _new_file(wanted.given("output"))
    if receipt is None and any(each.treatment == "new owner" for each in chosen):
        raise ConfigurationError("--new-owner is noted in the receipt alone: give --output too. Nothing was sent.")
    if not chosen:
        if receipt is not None:
            raise ConfigurationError("Nothing is chosen, so there is no receipt to write. Nothing was sent.")
        return unchanged(about(person), f"{' '.join(kept)} Nothing is chosen.", seen_of(person))
    folder = Path(wanted.text("tokens_into") or "~")
    await _check_places(context, plan, folder)
    sure = context.row_confirmation("changes what others may still use", person) if plan.to_send else None
    return Step(
        f"Offboard {name_of(person)}: {'; '.join(f'{each.name}: {each.treatment_words}' for each in chosen)}.",
        partial(_carried_out, context, plan, folder, receipt),
        subject=about(person),
        warnings=[*([] if plan.whole else [NOT_WHOLE]), *kept],
        confirmation=sure,
        seen={**seen_of(person), "chosen": [[each.id, each.treatment, each.note] for each in chosen]},
    )


async def _check_places(context: ActionContext, plan: Offboarding, folder: Path) -> None:
    """Raise ConfigurationError if a new token could not be written: the person would go, and the old token would stay
    with them."""
    places = {each.id: offboard.token_place(each, folder) for each in plan.to_send if each.treatment == "regenerate"}
    for other in shared(places).values():
        raise ConfigurationError(
            f"--tokens-into: Several tokens would go to the file {places[other].path}; regenerate one by itself. "
            "Nothing was sent."
        )
    try:
        for to in places.values():
            await require_deliverable(context.session, to)
    except NotSentError as error:
        raise ConfigurationError(f"--tokens-into: {error}") from None


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


def _item(context: ActionContext, items: Sequence[Item], given: str, place: str, noun: str) -> Item:
    item_id = context.named({each.id: each.name for each in items}, given, place, noun)
    return next(each for each in items if each.id == item_id)


def _noted(context: ActionContext, plan: Offboarding, given: str) -> Offboarding:
    """The plan with a new owner, written as THING=PERSON."""
    place = "--new-owner"
    thing, _, person = given.rpartition("=")
    if not (thing and person):
        raise ConfigurationError(f"{place} is written as THING=PERSON.")
    owned = [each for each in plan.items if "new owner" in each.choices]
    item = _item(context, owned, thing, place, "project, task, notification or deployment target of theirs")
    owner = context.row(person, "person", place=place, noun="person")
    if owner.id == plan.person.id:
        raise ConfigurationError(f"{place}: {name_of(owner)} is who is offboarded; name somebody else.")
    return _chosen(plan, item, "new owner", f"{name_of(owner)} [{owner.id}]")


def _chosen(plan: Offboarding, item: Item, treatment: Treatment, note: str = "") -> Offboarding:
    if treatment not in item.choices:
        raise ConfigurationError(f"{item.name} {item.words or 'cannot be treated like this'}. Nothing was sent.")
    return plan.chosen(item.id, treatment, note)


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
        if each.treatment not in ("keep", "new owner"):
            words = f"{each.name}, {each.treatment_words}: {each.words.rstrip('.') or 'not begun'}."
            parts.append(Part(part_outcome(each.outcome), words))
            if each.outcome == "partly":
                parts.append(Part("not done", f"The new token of {each.name} was not delivered."))
    if receipt is not None:
        try:
            written = write_private(receipt, offboard.receipt(context.session, plan).write(context.form))
        except PrivateFileError as error:
            parts.append(Part("not done", f"The receipt was not written. {error}"))
        else:
            noted = [each for each in plan.items if each.treatment == "new owner"]
            parts += [Part("done", f"{each.name}, {each.treatment_words}, noted in the receipt.") for each in noted]
            context.report(f"The receipt was written to {written}.")
    return Result(tuple(parts), plan.person.id)
