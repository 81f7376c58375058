"""What has changed since a snapshot, in line mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from semtui.system.errors import ExpectedError
from semtui.text.clean import clean
from semtui.wording.answer import moment_words

if TYPE_CHECKING:
    from semtui.audit.contract import Source
    from semtui.plain.console import Console
    from semtui.plain.context import PlainContext
    from semtui.wording.answered import Answered


def changed_since(context: PlainContext, lists: Callable[[], Source]) -> Answered | None:
    """Ask for a snapshot until one can be compared with the lists; None if none is given."""
    from semtui.audit.comparison.diff import diff
    from semtui.changes.snapshot_files import in_order, load_same_projects, offered_snapshots, open_snapshot
    from semtui.wording.diff_answer import diff_answered

    console = context.console
    offered = offered_snapshots(context.session.context.host)
    while path := _chosen(console, offered):
        try:
            snapshot = open_snapshot(path)
            console.say("Loading what the snapshot has of projects…")
            context.wait(load_same_projects(context.store, snapshot))
            old, new = in_order(lists(), snapshot)
            return diff_answered(diff(old, new), old, new)
        except ExpectedError as error:
            console.complain(str(error))
    return None


def _chosen(console: Console, offered: Sequence[tuple[Path, float]]) -> Path | None:
    if offered:
        words = [f"{clean(path.name)}, written {moment_words(at)}" for path, at in offered]
        chosen = console.menu("Which snapshot?", [*words, "Another file"])
        if chosen <= len(offered):
            return offered[chosen - 1][0] if chosen else None
    typed = console.text("The snapshot's file; Enter goes back")
    return Path(typed) if typed else None
