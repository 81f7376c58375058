"""The journal of changes read out, and the last change undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.plain.browser import Browser, holding
from semtui.plain.effect import Effect
from semtui.plain.groups import finish
from semtui.plain.speech import spoken_lines
from semtui.system.private_files import PrivateFileError
from semtui.wording import journal as words
from semtui.wording.answer import moment_words
from semtui.wording.subjects import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.history.record import Entry
    from semtui.plain.context import PlainContext


def changes_made(context: PlainContext) -> None:
    """Offer the journal, and to undo the last change."""
    entries = ("Read the journal of changes", "Undo the last change that can be undone")
    while chosen := context.console.menu("Changes made through semtui", entries):
        (_read, _undo)[chosen - 1](context)


def _entries(context: PlainContext) -> list[Entry] | None:
    try:
        return context.session.history.entries()
    except PrivateFileError as error:
        context.console.complain(str(error))
        return None


def _read(context: PlainContext) -> None:
    if (entries := _entries(context)) is None:
        return
    if not entries:
        context.console.say(words.NOTHING)
        return
    if not context.session.history.is_kept:
        context.console.say(words.NOT_KEPT)
    names = names_of(context.people)
    undone = [each.change.undoes for each in entries]

    def rows(typed: str) -> Sequence[Entry]:
        return [each for each in reversed(entries) if holding(typed, words.haystack_of(each, names))]

    def spoken(entry: Entry) -> str:
        return f"{moment_words(entry.at)}: {words.what_words(entry.change)}, {words.outcome_piece(entry)[0]}"

    while (entry := Browser(context.console, "change", rows, spoken).choose()) is not None:
        context.console.read_out(spoken_lines(words.entry_lines(entry, names, undone)))


def _undo(context: PlainContext) -> None:
    from semtui.changes.undo import NOTHING, last_undo
    from semtui.changes.undo_several import LOOKING, made_as_one, undo_plan

    console, session = context.console, context.session
    if reason := session.read_only_reason:
        console.complain(reason)
        return
    if (entries := _entries(context)) is None:
        return
    undo, skipped = last_undo(session, entries, community=context.people.community)
    if undo is None:
        console.complain(" ".join([NOTHING, *(why for _, why in skipped[:1])]))
        return
    if several := made_as_one(entries, undo.entry):
        from semtui.plain.bulk import carry_out_agreed

        console.say(LOOKING)
        plan = context.wait(undo_plan(session, context.people, several))
        carry_out_agreed(context, plan)
        return
    lines = words.undo_lines(undo.entry, undo.change, skipped, names_of(context.people))
    console.read_out(spoken_lines(lines))
    effect = Effect(context, undo.operations(context.people))
    effect.say()
    done = None
    while done is None and effect.confirmed("Type undo to undo it", "Enter leaves it as it is", "undo"):
        done = context.carry_out("Undoing…", undo.send, undo.check)
    if done is None:
        console.say("It was left as it is.")
    else:
        finish(context, done)
