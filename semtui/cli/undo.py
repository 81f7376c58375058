"""`semtui undo last`: undoes the last change of the journal that has an inverse, as `u` does on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.options import action_order, add_actions
from semtui.cli.actions.running import run_action as run
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    import argparse

    from semtui.cli.actions.action import Actions
    from semtui.cli.actions.options import ActionOrder

__all__ = ["ACTIONS", "add_options", "order", "run"]

ACTIONS: Actions = {
    "last": Action(
        "undo the last change that can be undone",
        "undoing.prepare_undo",
        (Argument("anyway", "", "undo it although somebody has changed the same since", flag=True),),
        epilog="--dry-run tells what would be sent. .github/LIFECYCLE.md tells what can be undone.",
    ),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The actions of `semtui undo`."""
    add_actions(parser, ACTIONS)


def order(arguments: argparse.Namespace) -> ActionOrder:
    """What was asked for. Raises ConfigurationError."""
    return action_order(arguments, "undo", ACTIONS)
