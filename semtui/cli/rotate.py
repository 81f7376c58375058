"""`semtui rotate ACTION`: replaces an account by a twin, so that its token can be handed over without an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.account import TOKEN, TOKEN_TO
from semtui.cli.actions.action import Action
from semtui.cli.actions.options import action_order, add_actions
from semtui.cli.actions.running import run_action as run
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    import argparse

    from semtui.cli.actions.action import Actions
    from semtui.cli.actions.options import ActionOrder

__all__ = ["ACTIONS", "add_options", "order", "run"]

_ACCOUNT = Argument("account", "NAME", "the account or its twin, by name or id", required=True, positional=True)
_NEXT = """\
begin, complete, then `account deactivate` the old one once its users have the new token,
`account delete` it if nothing fails (or `account reactivate`), and rename. `status` tells
how far it is; .github/LIFECYCLE.md explains it."""

ACTIONS: Actions = {
    "begin": Action(
        "create the twin of an account: the same role and description, and a token of its own",
        "twins.prepare_twin",
        (_ACCOUNT, Argument("name", "NAME", "what the twin is called; NAME-next if not given"), *TOKEN_TO),
        epilog=f"{TOKEN}\n\n{_NEXT}",
    ),
    "complete": Action(
        "give the twin the groups of the account, and its roles on projects as far as they are known",
        "twins.prepare_completion",
        (_ACCOUNT,),
        epilog=_NEXT,
    ),
    "rename": Action(
        "give the twin the name of the account it has replaced", "twins.prepare_renaming", (_ACCOUNT,), epilog=_NEXT
    ),
    "status": Action("tell how far it is, and send nothing", "twins.prepare_status", (_ACCOUNT,), epilog=_NEXT),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The actions of `semtui rotate`."""
    add_actions(parser, ACTIONS)


def order(arguments: argparse.Namespace) -> ActionOrder:
    """What was asked for. Raises ConfigurationError."""
    return action_order(arguments, "rotate", ACTIONS)
