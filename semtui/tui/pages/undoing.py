"""Finds the last change that can be undone, and opens the dialog that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.changes.undo import NOTHING, last_undo
from semtui.system.private_files import PrivateFileError
from semtui.tui.pages.follow_up import FollowUp
from semtui.tui.screens.undo import UndoChange

if TYPE_CHECKING:
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
    else:
        page.app.push_screen(UndoChange(store, undo, skipped), FollowUp(page).after)
