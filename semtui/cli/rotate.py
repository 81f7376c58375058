"""`semtui rotate ACTION`: replaces an account by a twin, so that its token can be handed over without an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.account import TOKEN, TOKEN_TO
from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

_ACCOUNT = Argument(
    "account", "NAME", "the accounts or their twins, by name or id", required=True, positional=True, many=True
)
_NEXT = """\
begin, complete, then `account deactivate` the old one once its users have the new token,
`account delete` it if nothing fails (or `account reactivate`), and rename. `status` tells
how far it is; .github/LIFECYCLE.md explains it."""

ACTIONS: Actions = {
    "begin": Action(
        "create the twin of an account: the same role and description, and a token of its own",
        "twins.prepare_twin",
        (
            _ACCOUNT,
            Argument(
                "name", "NAME", "what the twin is called; NAME-next if not given, or NAME-next-2 where that is taken"
            ),
            *TOKEN_TO,
        ),
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
    "status": Action(
        "show how far it is, and send nothing", "twins.prepare_status", (_ACCOUNT,), sends=False, epilog=_NEXT
    ),
}

add_options, order, run = command_of("rotate", ACTIONS)
