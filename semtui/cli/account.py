"""`semtui account ACTION`: creates and changes service accounts, with the code and the custody of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

_ACCOUNT = Argument("account", "NAME", "the account, by name or id", required=True, positional=True)
_ACCOUNTS = Argument(
    "account", "NAME", "one account or several, by name or id", required=True, positional=True, many=True
)


def _token_to(replaced: str) -> tuple[Argument, ...]:
    return (
        Argument(
            "token-to",
            "WHERE",
            "a new file for the token, '| COMMAND' that reads it, secret:[PROJECT/]NAME, or - for standard output; "
            f"{replaced} the account's",
            required=True,
        ),
        Argument(
            "show", "", "allow - although standard output is a terminal, where the token stays readable", flag=True
        ),
    )


TOKEN_TO = _token_to("{name} and {id} in it stand for")
TOKEN = """\
The token is held until it has arrived where it goes. One that did not is saved to a
private file, and where is said. Nothing but the token goes to standard output with -."""

ACTIONS: Actions = {
    "create": Action(
        "create a service account, give it a role, and deliver its token",
        "accounts.prepare_creation",
        (
            Argument("name", "NAME", "its name", required=True, positional=True),
            Argument("role", "ROLE", "its role in the organization, by name or id", required=True),
            Argument("description", "TEXT", "what it is for"),
            Argument("project", "PROJECT=ROLE", "a role on a project too; may be given several times", many=True),
            *_token_to("{name} in it stands for"),
        ),
        # A token of a role that permits more than Member does, in a secret that every Member manages.
        dangerous=True,
        epilog=TOKEN,
    ),
    "edit": Action(
        "change the name, description or role of an account; what is not given stays as it is",
        "accounts.prepare_edit",
        (
            _ACCOUNT,
            Argument("name", "NAME", "its new name"),
            Argument("description", "TEXT", "its new description; an empty one clears it"),
            Argument("role", "ROLE", "its new role in the organization, by name or id"),
        ),
    ),
    "regenerate": Action(
        "replace the token of an account, and deliver the new one",
        "account_state.prepare_regeneration",
        (
            _ACCOUNTS,
            *TOKEN_TO,
            Argument("revoke", "", "for a leaked token: first remove the account's role", flag=True),
        ),
        dangerous=True,
        epilog=TOKEN,
    ),
    "deactivate": Action(
        "deactivate an account; its role and token are kept",
        "account_state.prepare_deactivation",
        (_ACCOUNTS,),
        dangerous=True,
    ),
    "reactivate": Action("let a deactivated account act again", "account_state.prepare_reactivation", (_ACCOUNTS,)),
    "delete": Action("delete an account for good", "account_state.prepare_deletion", (_ACCOUNTS,), dangerous=True),
}

add_options, order, run = command_of("account", ACTIONS)
