"""`semtui undo last`: undoes the last change of the journal that has an inverse, as `u` does on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

ACTIONS: Actions = {
    "last": Action(
        "undo the last change that can be undone",
        "undoing.prepare_undo",
        (Argument("anyway", "", "undo it although somebody has changed the same since", flag=True),),
        # Several changes that were made as one are undone together.
        dangerous=True,
        epilog="--dry-run tells what would be sent. .github/LIFECYCLE.md tells what can be undone.",
    ),
}

add_options, order, run = command_of("undo", ACTIONS)
