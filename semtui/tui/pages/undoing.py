"""Finds the last change that can be undone, and opens the dialog that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.api.errors import SemaphoreError
from semtui.changes.undo import NOTHING, last_undo
from semtui.changes.undo_several import LOOKING, made_as_one, undo_plan
from semtui.system.private_files import PrivateFileError
from semtui.tui.pages.follow_up import FollowUp
from semtui.tui.screens.undo import UndoChange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from semtui.changes.bulk import Plan
    from semtui.history.record import Entry
    from semtui.tui.pages.frame import PageFrame


def ask_to_undo(page: PageFrame) -> None:
    """Open the dialog, or say why there is nothing to undo."""
    session, store = page.session, page.store
    if reason := session.read_only_reason:
        page.say(reason, "warn")
        return
    try:
        entries = session.history.entries()
    except PrivateFileError as error:
        page.say(str(error), "bad")
        return
    undo, skipped = last_undo(session, entries, community=store.people.community)
    if undo is None:
        page.say(" ".join([NOTHING, *(why for _, why in skipped[:1])]), "warn")
    elif several := made_as_one(entries, undo.entry):
        page.run_worker(_undo_several(page, several), group="undo", exclusive=True, description="")
    else:
        page.app.push_screen(UndoChange(store, undo, skipped), FollowUp(page).after)


async def _undo_several(page: PageFrame, entries: Sequence[Entry]) -> None:
    """Show what undoing changes that were made as one would do, to be carried out once their number is typed."""
    from semtui.changes.bulk_wording import summary
    from semtui.tui.screens.bulk import BulkScreen

    asked_on = page.app.screen
    page.say(LOOKING)
    try:
        plan = await undo_plan(page.session, page.store.people, entries)
    except SemaphoreError as error:
        page.say(str(error), "bad")
        return
    page.say("")

    def ended(plan: Plan | None) -> None:
        if plan is not None:
            page.reload("", *summary(plan))

    if page.app.screen is asked_on:
        page.app.push_screen(BulkScreen(page.session, plan), ended)
