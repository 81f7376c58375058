"""`semtui member ACTION`: roles of people, accounts and groups, removals and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from semtui.cli.actions.action import Action
from semtui.cli.actions.command import command_of
from semtui.cli.actions.step import Argument

if TYPE_CHECKING:
    from semtui.cli.actions.action import Actions

ACTIONS: Actions = {
    "role": Action(
        "give a person, an account or a group another role",
        "members.prepare_role",
        (
            Argument("member", "NAME", "the person, account or group, by name or id", required=True, positional=True),
            Argument("role", "ROLE", "the role, by name or id", required=True, positional=True),
        ),
        dangerous=True,
        epilog="Only changing an Owner, or ending the right to manage people, takes --yes and --confirm: Semaphore\n"
        "does not tell whose API token this is, so they may be you.",
    ),
    "remove": Action(
        "remove a person from the organization, or remove a group's role",
        "members.prepare_removal",
        (Argument("member", "NAME", "the person or group, by name or id", required=True, positional=True),),
        dangerous=True,
    ),
    "offboard": Action(
        "deactivate or renew the accounts a person created, and remove the person, as one",
        "offboarding.prepare_offboarding",
        (
            Argument("person", "NAME", "the person, by name or id", required=True, positional=True),
            Argument("deactivate", "ACCOUNT", "an account they created; may be given several times", many=True),
            Argument(
                "regenerate", "ACCOUNT", "an account that gets a new token; may be given several times", many=True
            ),
            Argument("tokens-into", "DIR", "where each new token gets a new file; your home directory if not given"),
            Argument("remove", "", "remove the person too, last", flag=True),
            Argument(
                "new-owner",
                "THING=PERSON",
                "note in the receipt who is to own a project, task, notification or deployment target, which "
                "Semaphore's API cannot change; may be given several times",
                many=True,
            ),
            Argument("output", "FILE", "a new file, readable by you alone, for a receipt of what was done about each"),
        ),
        dangerous=True,
        epilog="`semtui impact NAME` shows what depends on the person; what is not named is kept as it is.",
    ),
    "invite": Action(
        "invite a person by their login at a Git provider",
        "members.prepare_invitation",
        (
            Argument("login", "LOGIN", "their login", required=True, positional=True),
            Argument("at", "PROVIDER", "github (if not given), bitbucket or gitlab"),
            Argument("uid", "UID", "their uid, which Bitbucket needs as well"),
            Argument("role", "ROLE", "their role, by name or id; Member if not given"),
        ),
    ),
}

add_options, order, run = command_of("member", ACTIONS)
