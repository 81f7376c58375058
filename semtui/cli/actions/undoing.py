"""Prepares undoing the last change of the journal that has an inverse."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.api.errors import ConflictError, SemaphoreError
from semtui.changes import bulk
from semtui.changes.bulk_wording import heading
from semtui.changes.undo import NOTHING, Undo, last_undo
from semtui.changes.undo_several import made_as_one, undo_plan
from semtui.cli.actions.step import Confirmation, Part, Result, Step, not_begun, part_of, part_outcome
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.text.counting import count
from semtui.wording.journal import from_to, summary, what_words
from semtui.wording.subjects import name_of, names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.bulk import Plan
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted
    from semtui.history.record import Entry


async def prepare_undo(context: ActionContext, wanted: Wanted) -> Step:
    """The change the other way round. Raises ConfigurationError if there is none."""
    context.require_writable()
    try:
        entries = context.session.history.entries()
    except PrivateFileError as error:
        raise ConfigurationError(str(error)) from None
    undo, skipped = last_undo(context.session, entries, community=context.people.community)
    if undo is None:
        raise ConfigurationError(" ".join([NOTHING, *(why for _, why in skipped[:1])]))
    if several := made_as_one(entries, undo.entry):
        return await _several(context, several, anyway=wanted.flag("anyway"))
    entry, change, names = undo.entry, undo.change, names_of(context.people)
    if wanted.flag("anyway"):
        undo.overwrite()
    return Step(
        f"Undo: {what_words(entry.change)} ({summary(entry.change, names)}).",
        partial(_undone, context, undo),
        subject=(change.kind, change.id, change.name),
        warnings=[
            *(f"{what_words(later.change)} is left as it is. {why}" for later, why in skipped),
            *(f"Sent now: {label.lower()} {words}." for label, words in from_to(change, names)),
        ],
        operations=undo.operations(context.people),
        seen={"entry": entry.id},
    )


async def _several(context: ActionContext, entries: Sequence[Entry], *, anyway: bool) -> Step:
    """Changes that were made as one the other way round; one that is left alone is told, and not sent. Raises
    ConfigurationError if there is none to send."""
    try:
        plan = await undo_plan(context.session, context.people, entries, anyway=anyway)
    except SemaphoreError as error:
        raise ConfigurationError(str(error)) from None
    left = [f"{name_of(step.subject)}: {step.words}" for step in plan.steps if step.outcome == "impossible"]
    if not plan.open:
        raise ConfigurationError(" ".join([*left, "Nothing was sent."]))
    number = str(len(plan.open))
    return Step(
        "\n".join([f"{heading(plan)}:", *(f"{name_of(step.subject)}: {step.words}." for step in plan.open)]),
        partial(_several_undone, context, plan),
        subject=("", "", ", ".join(name_of(step.subject) for step in plan.open)),
        warnings=left,
        confirmation=Confirmation(f"undoes {count(len(plan.open), 'change')}", (number,), "their number"),
        seen={"entries": [step.id for step in plan.open]},
    )


async def _several_undone(context: ActionContext, plan: Plan) -> Result:
    parts: list[Part] = []
    for number, step in enumerate(plan.open, start=1):
        context.report(f"Undoing {number} of {len(plan.open)}: {name_of(step.subject)}…")
        ended, error = await bulk.run_plan(context.session, plan, step)
        parts.append(Part(part_outcome(ended.outcome), f"{name_of(step.subject)}: {ended.words.rstrip('.')}."))
        left = [name_of(each.subject) for each in plan.open[number:]]
        if error is not None and left:
            parts.append(not_begun(left))
            break
    return Result(tuple(parts))


async def _undone(context: ActionContext, undo: Undo) -> Result:
    def refusal_words(error: SemaphoreError) -> str:
        return f"{error.changed} --anyway undoes it regardless." if isinstance(error, ConflictError) else str(error)

    ended = await context.carry_out("Undoing…", undo.send, undo.check, refusal_words)
    return Result((part_of(ended),), undo.entry.change.id)
