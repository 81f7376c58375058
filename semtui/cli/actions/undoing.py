"""Prepares undoing the last change of the journal that has an inverse."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from semtui.api.errors import ConflictError, SemaphoreError
from semtui.changes.undo import NOTHING, Undo, last_undo
from semtui.cli.actions.step import Result, Step, part_of
from semtui.system.errors import ConfigurationError
from semtui.system.private_files import PrivateFileError
from semtui.wording.journal import from_to, summary, what_words
from semtui.wording.subjects import names_of

if TYPE_CHECKING:
    from semtui.cli.actions.context import ActionContext
    from semtui.cli.actions.step import Wanted


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


async def _undone(context: ActionContext, undo: Undo) -> Result:
    def refusal_words(error: SemaphoreError) -> str:
        return f"{error.changed} --anyway undoes it regardless." if isinstance(error, ConflictError) else str(error)

    ended = await context.carry_out("Undoing…", undo.send, undo.check, refusal_words)
    return Result((part_of(ended),), undo.entry.change.id)
