"""`semtui project ACTION`: gives roles on projects, and takes them away."""

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

_PROJECT = Argument("project", "PROJECT", "the project, by name or id", required=True, positional=True)

ACTIONS: Actions = {
    "grant": Action(
        "give a person, an account or a group a role on a project",
        "projects.prepare_grant",
        (
            _PROJECT,
            Argument("member", "NAME", "the person, account or group, by name or id", required=True, positional=True),
            Argument("role", "ROLE", "the role on the project, by name or id; none on Community", positional=True),
        ),
        epilog="Semaphore shows the people of a project only: for accounts and groups its answer is all that tells.",
    ),
    "revoke": Action(
        "take the role away that a person was given on a project",
        "projects.prepare_revocation",
        (_PROJECT, Argument("member", "NAME", "the person, by name or id", required=True, positional=True)),
        dangerous=True,
    ),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The actions of `semtui project`."""
    add_actions(parser, ACTIONS)


def order(arguments: argparse.Namespace) -> ActionOrder:
    """What was asked for. Raises ConfigurationError."""
    return action_order(arguments, "project", ACTIONS)
